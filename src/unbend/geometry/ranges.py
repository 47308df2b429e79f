"""The lowest and highest output over a box: exact by pieces on segments and rectangles, sound bounds above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from .bounds import linear_bounds
from .forward import float64_output
from .local import local_map
from .mesh.subdivision import subdivide
from .regions import Regions
from .slices import Slice, as_slice, input_box

STARTS = 4096  # random points, the best of which the local search starts from


@dataclass(frozen=True, eq=False)
class OutputRange:
    """The range of a network's outputs over a box, as :func:`unbend.output_range` returns it.

    Attributes
    ----------
    low, high : ndarray of shape (outputs,)
        Where ``exact``, the minimum and maximum (where the network jumps, their limits); else sound bounds: the true
        minimum and maximum lie between them and ``attained_low``, ``attained_high``.
    low_at, high_at : ndarray of shape (outputs, inputs)
        Points where ``attained_low`` and ``attained_high`` are attained.
    attained_low, attained_high : ndarray of shape (outputs,)
        The network's values there.
    exact : bool
        Whether ``low`` and ``high`` are the minimum and maximum to float rounding.
    """

    low: Array
    high: Array
    low_at: Array
    high_at: Array
    attained_low: Array
    attained_high: Array
    exact: bool


def output_range(net: Network, box: Any = None, plane: Sequence[Any] | None = None, seed: int = 0) -> OutputRange:
    """Find the range of each output over a box of the inputs, or over a slice of them.

    With one or two coordinates the range is exact: an affine function on a polygon is lowest and highest at vertices.
    With more, the bounds come from interval arithmetic and linear relaxation, and the points from a local search that
    follows the slope from the best of random points.

    Parameters
    ----------
    net : Network
        A network whose activations are piecewise affine.
    box : array-like of shape (dimensions, 2), default [-1, 1] per coordinate
        One interval per coordinate.
    plane : tuple, optional
        The slice, as in :func:`unbend.regions`.
    seed : int, default 0
        Seed of the random points.

    Returns
    -------
    OutputRange
        Bounds, the points where values are attained, and whether the bounds are exact.

    Raises
    ------
    ModelError
        If an activation is curved.
    ShapeError
        If the box or the plane does not fit.

    References
    ----------
    H. Zhang et al., "Efficient neural network robustness certification with general activation functions" (CROWN),
    NeurIPS 2018.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network.from_arrays([([[1.0, -1.0]], [0.0, 0.0]), ([[1.0], [1.0]], [0.0])],
    ...                              activations=["relu", "identity"])
    >>> found = ub.output_range(net, box=[-1, 2])
    >>> found.low, found.high, found.exact
    (array([0.]), array([2.]), True)
    """
    if plane is None and net.inputs > 2:
        return _by_bounds(net, input_box(net.inputs, box), seed)
    pieces = Regions(net, subdivide([net], as_slice(net.inputs, box, plane)))
    values, vertex = vertex_values(pieces, pieces.maps.A, pieces.maps.c)
    low, high = values.min(axis=0), values.max(axis=0)
    return OutputRange(
        low=low,
        high=high,
        low_at=_input_points(pieces.slice, pieces.vertices[vertex[values.argmin(axis=0)]]),
        high_at=_input_points(pieces.slice, pieces.vertices[vertex[values.argmax(axis=0)]]),
        attained_low=low,
        attained_high=high,
        exact=True,
    )


def vertex_values(pieces: Regions, A: Array, c: Array) -> tuple[Array, Array]:
    """The values of maps A, c at every corner of every piece, (corners, outputs), and the corners' vertices."""
    corners = pieces.corners
    vertex = np.concatenate(corners)
    piece = np.repeat(np.arange(len(corners)), [len(k) for k in corners])
    values = c[piece]
    for d in range(pieces.slice.dimensions):
        values = values + A[piece, :, d] * pieces.vertices[vertex, d : d + 1]
    return values, vertex


def _input_points(domain: Slice, uv: Array) -> Array:
    """Input points of vertices, clipped to the box."""
    return domain.points(np.clip(uv, domain.box[:, 0], domain.box[:, 1]))


def _by_bounds(net: Network, box: Array, seed: int) -> OutputRange:
    bounds = linear_bounds(net, box).output
    points = [maximize(net, box, k, sign, seed) for sign in (-1, 1) for k in range(net.outputs)]
    low_at, high_at = np.array(points[: net.outputs]), np.array(points[net.outputs :])
    attained_low, attained_high = (np.diagonal(float64_output(net, at)).copy() for at in (low_at, high_at))
    return OutputRange(
        low=bounds.low,
        high=bounds.high,
        low_at=low_at,
        high_at=high_at,
        attained_low=attained_low,
        attained_high=attained_high,
        exact=False,
    )


def maximize(net: Network, box: Array, output: int, sign: int, seed: int) -> Array:
    """A point of the box where ``sign`` * output is large: a local search from the best of random points.

    On each piece the slope points to a corner of the box; of steps towards it, each half the one before, the best is
    taken while it improves.
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(box[:, 0], box[:, 1], (STARTS, len(box)))
    value = sign * float64_output(net, x)[:, output]
    best_x, best = x[value.argmax()], float(value.max())
    for start in x[np.argsort(value)[-8:]]:
        current, current_value = start, sign * float(float64_output(net, start[None])[0, output])
        for _ in range(64):
            slope = sign * local_map(net, current).A[output]
            corner = np.where(slope > 0, box[:, 1], np.where(slope < 0, box[:, 0], current))
            steps = current + (corner - current) * 0.5 ** np.arange(20)[:, None]
            values = sign * float64_output(net, steps)[:, output]
            if values.max() <= current_value:
                break
            current, current_value = steps[values.argmax()], float(values.max())
        if current_value > best:
            best_x, best = current, current_value
    result: Array = best_x
    return result
