"""`draw_function`: the graph of a network along one input, its bends marked by layer and neuron."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..geometry import Regions, regions
from ..network import Network
from ..words import say
from .canvas import figure_with_axes, font, label_axes, write_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMED = 12  # bends labelled with their neuron; more would not be readable
_LAYER_COLOURS = ("#c1432e", "#2f6db3", "#3c8d40", "#8d5fb0", "#b8860b", "#3f8f8f")


def draw_function(
    net: Network,
    path: str | Path | None = None,
    *,
    box: Any = None,
    plane: Any = None,
    output: int = 0,
    data: Any = None,
) -> Figure:
    """Draw a network along one input, or along a segment, with each bend marked by the neuron that makes it.

    Parameters
    ----------
    net : Network
        A network whose activations are piecewise affine.
    path : str or Path, optional
        File to write, ending in .png, .svg or .pdf.
    box : array-like, default [-1, 1]
        The interval of the coordinate.
    plane : tuple of (origin, direction), optional
        The segment origin + u direction, each array-like of shape (inputs,).
    output : int, default 0
        The output that is drawn.
    data : array-like of shape (n, 2), optional
        Points (u, y) to show.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; the strongest bends are labelled <layer>.<neuron>, both counted from 1.

    Raises
    ------
    BadInput
        If the slice is a rectangle, or the file has another ending.
    ModelError
        If an activation is curved.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(1, 5, "relu"), ub.Dense(5, 1)], seed=0)
    >>> figure = ub.draw_function(net, box=[-2, 2])
    >>> figure.axes[0].get_xlabel()
    'x'
    """
    pieces = regions(net, box=box, plane=plane)
    if not isinstance(pieces, Regions) or pieces.slice.dimensions != 1:
        raise BadInput("geometry.picture_segment")
    figure, axes = figure_with_axes((7.2, 4.4))
    ends = np.array(pieces.polygons)
    values = np.stack([pieces.maps.A[:, output, 0] * ends[:, k] + pieces.maps.c[:, output] for k in (0, 1)], axis=1)
    if data is not None:
        points = np.asarray(data, dtype=np.float64)
        axes.scatter(points[:, 0], points[:, 1], s=12, color="#b0b0b0", zorder=1)
    for piece, value in zip(ends, values, strict=True):
        axes.plot(piece, value, color="#303030", lw=1.8, zorder=2)
    _mark_bends(axes, pieces, ends, values, output)
    low, high = float(values.min()), float(values.max())
    axes.set_ylim(low - 0.08 * (high - low or 1), high + 0.28 * (high - low or 1))
    axes.set_xlim(*pieces.slice.box[0])
    title = say("geometry.picture_function", count=f"{pieces.count:,}", bends=f"{pieces.count - 1:,}")
    label_axes(axes, "x" if plane is None else "u", "y", title)
    if path is not None:
        write_figure(figure, path)
    return figure


def _mark_bends(axes: Axes, pieces: Regions, ends: Array, values: Array, output: int) -> None:
    """A dot on every bend, coloured by layer; labels <layer>.<neuron> on those with the largest change of slope.

    ``ends`` and ``values`` (pieces, 2): each piece's interval, and the output at both its ends.
    """
    edges = pieces.edges
    inner = np.flatnonzero((edges.left >= 0) & (edges.right >= 0))
    if not len(inner):
        return
    x = pieces.vertices[edges.ends[inner, 0], 0]
    inner, x = inner[np.argsort(x)], np.sort(x)
    right_piece = np.searchsorted(ends[:, 0], x, side="left")
    y = values[np.clip(right_piece, 0, len(values) - 1), 0]
    change = np.abs(np.diff(pieces.maps.A[:, output, 0]))[np.clip(right_piece - 1, 0, max(len(ends) - 2, 0))]
    for layer in np.unique(edges.layer[inner]):
        own = edges.layer[inner] == layer
        colour = _LAYER_COLOURS[int(layer) % len(_LAYER_COLOURS)]
        axes.scatter(x[own], y[own], s=26, color=colour, zorder=3, label=say("geometry.layer", number=int(layer) + 1))
    left, right = pieces.slice.box[0]
    margin = 0.03 * (right - left)
    labelled: list[float] = []
    for k in np.argsort(-change, kind="stable"):
        if len(labelled) == _MOST_NAMED or any(abs(x[k] - t) < 0.055 * (right - left) for t in labelled):
            continue
        labelled.append(float(x[k]))
        name = f"{int(edges.layer[inner[k]]) + 1}.{int(edges.neuron[inner[k]]) + 1}"
        align = "left" if x[k] < left + margin else "right" if x[k] > right - margin else "center"
        axes.annotate(name, (x[k], y[k]), xytext=(0, 9), textcoords="offset points", ha=align, fontsize=8)
    axes.legend(loc="upper center", ncols=4, frameon=False, prop=font(9))
