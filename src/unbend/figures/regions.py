"""`draw_regions`: the pieces of a network on a rectangle, each filled with a colour for its slope."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..geometry import Regions
from ..words import say
from .canvas import figure_with_axes, label_axes, write_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WITHOUT_EDGES = 20_000  # pieces from which on edge lines would hide the colours


def draw_regions(
    regions: Regions,
    path: str | Path | None = None,
    *,
    data: Any = None,
    labels: Any = None,
    output: int = 0,
    names: tuple[str, str] | None = None,
) -> Figure:
    """Draw the pieces of a network on a rectangle, coloured by the slope of one output.

    The hue is the direction in which the output rises, the saturation how steeply; equal colours on both sides of an
    edge mean that the bend hardly changes the output.

    Parameters
    ----------
    regions : Regions
        Pieces on a rectangle, from :func:`unbend.regions`.
    path : str or Path, optional
        File to write, ending in .png, .svg or .pdf.
    data : array-like of shape (n, 2), optional
        Points to draw on top, in slice coordinates.
    labels : array-like of shape (n,), optional
        Numbers or classes of the points, shown as grey levels.
    output : int, default 0
        The output whose slope is shown.
    names : tuple of two str, optional
        Axis labels; by default x1 and x2, or u and v on a plane through more inputs.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    BadInput
        If the pieces are those of a segment, ``data`` has another shape, or the file another ending.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(2, 8, "relu"), ub.Dense(8, 1)], seed=0)
    >>> figure = ub.draw_regions(ub.regions(net), data=[[0.0, 0.5], [0.3, -0.2]], labels=[0, 1])
    >>> figure.axes[0].get_xlabel()
    'x1'
    """
    figure, axes = figure_with_axes((6.4, 5.6))
    add_pieces(axes, regions, output)
    if data is not None:
        points = np.asarray(data, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise BadInput("geometry.picture_points", got=points.shape)
        classes = None if labels is None else np.unique(np.asarray(labels), return_inverse=True)[1]
        axes.scatter(points[:, 0], points[:, 1], c=classes, s=14, cmap="Greys", edgecolors="black", lw=0.6, zorder=3)
    first, second = names or (("x1", "x2") if regions.slice.inputs == 2 else ("u", "v"))
    label_axes(axes, first, second, say("geometry.picture_pieces", count=f"{regions.count:,}"))
    if path is not None:
        write_figure(figure, path)
    return figure


def add_pieces(axes: Axes, regions: Regions, output: int = 0) -> None:
    """Add the pieces to given axes; raises ``BadInput`` where they lie on a segment."""
    from matplotlib.collections import PolyCollection

    if regions.slice.dimensions != 2:
        raise BadInput("geometry.picture_rectangle")
    width = 0.0 if regions.count > _WITHOUT_EDGES else min(0.7, 40 / regions.count**0.5)
    colours = slope_colours(regions.maps.A[:, output])
    axes.add_collection(PolyCollection(regions.polygons, facecolors=colours, edgecolors="#303030", linewidths=width))
    (left, right), (low, high) = regions.slice.box
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def slope_colours(slopes: Array) -> Array:
    """RGB colours (n, 3) of slopes (n, 2): hue by direction, saturation by the rank of the size, white for flat."""
    from matplotlib.colors import hsv_to_rgb

    size = np.hypot(*slopes.T)
    distinct = np.unique(size)
    rank = np.searchsorted(distinct, size) / max(1, len(distinct) - 1)
    saturation = np.where(size > 0, 0.15 + 0.6 * rank, 0.0)
    hue = (np.arctan2(slopes[:, 1], slopes[:, 0]) / (2 * np.pi)) % 1.0
    colours: Array = hsv_to_rgb(np.stack([hue, saturation, np.full(len(hue), 0.97)], axis=1))
    return colours
