"""Pictures: pieces coloured by slope, and a function of one input with its bends marked by neuron."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..network import Network
from ..words import say
from .regions import Regions, regions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKED = 12  # bends named on a picture; more would not be readable
_LAYERS = ("#c1432e", "#2f6db3", "#3c8d40", "#8d5fb0", "#b8860b", "#3f8f8f")


def draw_regions(
    found: Regions,
    path: str | Path | None = None,
    *,
    data: Any = None,
    labels: Any = None,
    output: int = 0,
    names: tuple[str, str] | None = None,
) -> Figure:
    """The pieces of a rectangle, coloured by the slope of one output, over data points.

    The hue is the direction in which the output rises, the depth of the colour how steeply; equal colours on both
    sides of an edge mean that the bend hardly shows. ``data`` (n, 2) in slice coordinates, ``labels`` (n,) numbers or
    classes. Returns the figure, and writes it where ``path`` is given. Raises ``BadInput`` for a segment.
    """
    figure, axes = _figure((6.4, 5.6))
    draw_on(axes, found, output)
    if data is not None:
        points = np.asarray(data, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise BadInput("geometry.picture_points", got=points.shape)
        classes = None if labels is None else np.unique(np.asarray(labels), return_inverse=True)[1]
        axes.scatter(points[:, 0], points[:, 1], c=classes, s=14, cmap="Greys", edgecolors="black", lw=0.6, zorder=3)
    first, second = names or (("x1", "x2") if found.slice.inputs == 2 else ("u", "v"))
    _label(axes, first, second, say("geometry.picture_pieces", count=f"{found.count:,}"))
    return _finish(figure, path)


def draw_on(axes: Axes, found: Regions, output: int = 0) -> None:
    """The pieces on given axes."""
    from matplotlib.collections import PolyCollection

    if found.slice.dimensions != 2:
        raise BadInput("geometry.picture_rectangle")
    width = 0.0 if found.count > 20_000 else min(0.7, 40 / found.count**0.5)
    colours = slope_colours(found.maps.A[:, output])
    axes.add_collection(PolyCollection(found.polygons, facecolors=colours, edgecolors="#303030", linewidths=width))
    (left, right), (low, high) = found.slice.box
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def slope_colours(slopes: Array) -> Array:
    """(n, 3) colours of slopes (n, 2): hue by direction, white for flat, fuller for steeper (by rank)."""
    from matplotlib.colors import hsv_to_rgb

    steep = np.hypot(*slopes.T)
    rank = np.searchsorted(np.unique(steep), steep) / max(1, len(np.unique(steep)) - 1)
    depth = np.where(steep > 0, 0.15 + 0.6 * rank, 0.0)
    hue = (np.arctan2(slopes[:, 1], slopes[:, 0]) / (2 * np.pi)) % 1.0
    colours: Array = hsv_to_rgb(np.stack([hue, depth, np.full(len(hue), 0.97)], axis=1))
    return colours


def draw_function(
    net: Network,
    path: str | Path | None = None,
    *,
    box: Any = None,
    plane: Any = None,
    output: int = 0,
    data: Any = None,
) -> Figure:
    """A network along one input (or a segment), straight between marked bends, each with the neuron that makes it.

    ``data`` (n, 2) are points (u, y) to show. Raises ``BadInput`` where the slice is a rectangle.
    """
    found = regions(net, box=box, plane=plane)
    if not isinstance(found, Regions) or found.slice.dimensions != 1:
        raise BadInput("geometry.picture_segment")
    figure, axes = _figure((7.2, 4.4))
    ends = np.array(found.polygons)
    values = np.stack([found.maps.A[:, output, 0] * ends[:, k] + found.maps.c[:, output] for k in (0, 1)], axis=1)
    if data is not None:
        points = np.asarray(data, dtype=np.float64)
        axes.scatter(points[:, 0], points[:, 1], s=12, color="#b0b0b0", zorder=1)
    for piece, value in zip(ends, values, strict=True):
        axes.plot(piece, value, color="#303030", lw=1.8, zorder=2)
    _mark_bends(axes, found, ends, values, output)
    low, high = float(values.min()), float(values.max())
    axes.set_ylim(low - 0.08 * (high - low or 1), high + 0.28 * (high - low or 1))
    axes.set_xlim(*found.slice.box[0])
    title = say("geometry.picture_function", count=f"{found.count:,}", bends=f"{found.count - 1:,}")
    _label(axes, "x" if plane is None else "u", "y", title)
    return _finish(figure, path)


def _mark_bends(axes: Axes, found: Regions, ends: Array, values: Array, output: int) -> None:
    """A dot on every bend, coloured by layer; the strongest few named n<layer>.<neuron>, both from 1."""
    edges = found.edges
    inner = np.flatnonzero((edges.left >= 0) & (edges.right >= 0))
    if not len(inner):
        return
    x = found.vertices[edges.ends[inner, 0], 0]
    inner, x = inner[np.argsort(x)], np.sort(x)
    after = np.searchsorted(ends[:, 0], x, side="left")
    y = values[np.clip(after, 0, len(values) - 1), 0]
    change = np.abs(np.diff(found.maps.A[:, output, 0]))[np.clip(after - 1, 0, max(len(ends) - 2, 0))]
    for layer in np.unique(edges.layer[inner]):
        mine = edges.layer[inner] == layer
        colour = _LAYERS[int(layer) % len(_LAYERS)]
        axes.scatter(x[mine], y[mine], s=26, color=colour, zorder=3, label=say("geometry.layer", number=int(layer) + 1))
    left, right = found.slice.box[0]
    margin = 0.03 * (right - left)
    taken: list[float] = []
    for k in np.argsort(-change, kind="stable"):
        if len(taken) == MARKED or any(abs(x[k] - t) < 0.055 * (right - left) for t in taken):
            continue
        taken.append(float(x[k]))
        name = f"{int(edges.layer[inner[k]]) + 1}.{int(edges.neuron[inner[k]]) + 1}"
        side = "left" if x[k] < left + margin else "right" if x[k] > right - margin else "center"
        axes.annotate(name, (x[k], y[k]), xytext=(0, 9), textcoords="offset points", ha=side, fontsize=8)
    axes.legend(loc="upper center", ncols=4, frameon=False, prop=_font(9))


def _font(size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    from .fonts import families

    return FontProperties(family=families(), size=size)


def _label(axes: Axes, x: str, y: str, title: str) -> None:
    axes.set_xlabel(x, fontproperties=_font(10))
    axes.set_ylabel(y, fontproperties=_font(10))
    axes.set_title(title, fontproperties=_font(12))


def _figure(size: tuple[float, float]) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _finish(figure: Figure, path: str | Path | None) -> Figure:
    if path is not None:
        import io

        from ..network.files import write_file

        ending = Path(path).suffix.lower().lstrip(".")
        if ending not in ("png", "svg", "pdf"):
            raise BadInput("geometry.picture_ending", got=ending or "—", known="png, svg, pdf")
        out = io.BytesIO()
        figure.savefig(out, format=ending)
        write_file(path, out.getvalue())
    return figure
