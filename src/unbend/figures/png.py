"""A scene as PNG: the same shapes drawn by Matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .fonts import family
from .scene import Area, Circle, Line, Scene, Shape, Text, head

_DPI = 100


def to_png(scene: Scene, path: Path, scale: float = 2.0) -> None:
    """Write the scene at ``scale`` times its pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / _DPI, scene.height / _DPI), dpi=_DPI * scale)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.axis("off")
    for depth, shape in enumerate(scene.shapes):
        _draw(axes, shape, depth)
    figure.savefig(path, metadata={"Software": None})


def _draw(axes: Any, shape: Shape, depth: int) -> None:
    from matplotlib import patches

    points = 72 / _DPI  # Matplotlib measures widths and letters in points
    match shape:
        case Line():
            xs, ys = zip(*shape.points, strict=True)
            style: Any = (0, (7 / shape.width, 4 / shape.width)) if shape.dash else "-"
            axes.plot(xs, ys, color=shape.colour, lw=shape.width * points, ls=style, zorder=depth)
            if shape.arrow:
                axes.add_patch(patches.Polygon(head(shape), color=shape.colour, lw=0, zorder=depth))
        case Area():
            look: dict[str, Any] = {"facecolor": shape.fill, "edgecolor": shape.edge, "lw": points, "zorder": depth}
            axes.add_patch(patches.Polygon(shape.points, **look))
        case Circle():
            look = {"facecolor": shape.fill, "edgecolor": shape.edge, "lw": 1.5 * points, "zorder": depth}
            axes.add_patch(patches.Circle(shape.centre, shape.radius, **look))
        case Text():
            align = {"start": "left", "middle": "center", "end": "right"}[shape.anchor]
            if shape.halo:
                left, top, right, bottom = shape.box
                ground = patches.Rectangle((left, top), right - left, bottom - top, color="white", lw=0, zorder=depth)
                axes.add_patch(ground)
            axes.text(
                *shape.at, shape.text, ha=align, va="center_baseline", color=shape.colour, zorder=depth,
                fontsize=shape.size * points, family=family(), weight="bold" if shape.bold else "normal",
            )  # fmt: skip
