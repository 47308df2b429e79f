"""`to_png`: writes shapes as PNG, drawn by Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .canvas import new_figure
from .fonts import family
from .shapes import Area, Circle, Line, Shape, Text, arrow_head

_DPI = 100  # a pixel of the drawing is 1/100 inch


def to_png(shapes: Sequence[Shape], width: float, height: float, path: Path, scale: float = 2.0) -> None:
    """Write shapes on a sheet of ``width`` by ``height`` pixels, enlarged ``scale`` times."""
    figure = new_figure((width / _DPI, height / _DPI), _DPI * scale)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    for depth, shape in enumerate(shapes):
        _add(axes, shape, depth)
    figure.savefig(path, metadata={"Software": None})


def _add(axes: Any, shape: Shape, depth: int) -> None:
    """Add one shape to the axes at drawing order ``depth``."""
    from matplotlib import patches

    points = 72 / _DPI  # Matplotlib measures line widths and font sizes in points
    match shape:
        case Line():
            xs, ys = zip(*shape.points, strict=True)
            dashes: Any = (0, (7 / shape.width, 4 / shape.width)) if shape.dash else "-"
            axes.plot(xs, ys, color=shape.colour, lw=shape.width * points, ls=dashes, zorder=depth)
            if shape.arrow:
                axes.add_patch(patches.Polygon(arrow_head(shape), color=shape.colour, lw=0, zorder=depth))
        case Area():
            style: dict[str, Any] = {"facecolor": shape.fill, "edgecolor": shape.edge, "lw": points, "zorder": depth}
            axes.add_patch(patches.Polygon(shape.points, **style))
        case Circle():
            style = {"facecolor": shape.fill, "edgecolor": shape.edge, "lw": 1.5 * points, "zorder": depth}
            axes.add_patch(patches.Circle(shape.centre, shape.radius, **style))
        case Text():
            align = {"start": "left", "middle": "center", "end": "right"}[shape.anchor]
            if shape.halo:
                left, top, right, bottom = shape.box
                background = patches.Rectangle(
                    (left, top), right - left, bottom - top, color="white", lw=0, zorder=depth
                )
                axes.add_patch(background)
            axes.text(
                *shape.at, shape.text, ha=align, va="center_baseline", color=shape.colour, zorder=depth,
                fontsize=shape.size * points, family=family(), weight="bold" if shape.bold else "normal",
            )  # fmt: skip
