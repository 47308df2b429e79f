"""The lowest and highest output over a box: exact by pieces on segments and rectangles, sound bounds above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from .bounds import linear_bounds
from .plane import Slice, as_box
from .regions import Regions, slice_of
from .subdivide import subdivide

STARTS = 4096  # random points the search for attained values begins from


@dataclass(frozen=True, eq=False)
class OutputRange:
    """``low`` and ``high`` (outputs,) of a network over a box.

    ``exact``: they are the minimum and maximum to float rounding (where the network jumps, their limits). Otherwise
    they are sound bounds, and the true ones lie between them and ``attained_low``, ``attained_high``, the network's
    values at the points ``low_at`` and ``high_at`` (outputs, inputs).
    """

    low: Array
    high: Array
    low_at: Array
    high_at: Array
    attained_low: Array
    attained_high: Array
    exact: bool


def output_range(net: Network, box: Any = None, plane: Sequence[Any] | None = None, seed: int = 0) -> OutputRange:
    """The range of each output over a box of the inputs, or over a slice of them (``plane`` as in ``regions``).

    With one or two coordinates it is exact: an affine function on a polygon is lowest and highest at corners. With
    more, the bounds come from intervals and linear relaxation, and the points from a search that follows the slope
    from the best of random points. Raises ``ModelError`` for curved activations, ``ShapeError`` for the box.
    """
    if plane is None and net.inputs > 2:
        return _bounded(net, as_box([[-1, 1]] * net.inputs if box is None else box, net.inputs), seed)
    found = Regions(net, subdivide([net], slice_of(net, box, plane)))
    values, vertex = corner_values(found, found.maps.A, found.maps.c)
    lowest, highest = values.argmin(axis=0), values.argmax(axis=0)
    low, high = values.min(axis=0), values.max(axis=0)
    low_at, high_at = (_points(found.slice, found.vertices[vertex[k]]) for k in (lowest, highest))
    return OutputRange(low, high, low_at, high_at, low, high, True)


def corner_values(found: Regions, A: Array, c: Array) -> tuple[Array, Array]:
    """The maps' values at every corner of every piece, (corners, outputs), and the corners' vertices."""
    corners = found.corners
    vertex = np.concatenate(corners)
    piece = np.repeat(np.arange(len(corners)), [len(k) for k in corners])
    values = c[piece]
    for d in range(found.slice.dimensions):
        values = values + A[piece, :, d] * found.vertices[vertex, d : d + 1]
    return values, vertex


def _points(where: Slice, uv: Array) -> Array:
    """Input points of vertices, kept within the box."""
    return where.points(np.clip(uv, where.box[:, 0], where.box[:, 1]))


def _bounded(net: Network, box: Array, seed: int) -> OutputRange:
    bounds = linear_bounds(net, box).output
    points = [search(net, box, k, sign, seed) for sign in (-1, 1) for k in range(net.outputs)]
    low_at, high_at = np.array(points[: net.outputs]), np.array(points[net.outputs :])
    attained_low, attained_high = (np.diagonal(float64_values(net, at)).copy() for at in (low_at, high_at))
    return OutputRange(bounds.low, bounds.high, low_at, high_at, attained_low, attained_high, False)


def search(net: Network, box: Array, output: int, sign: int, seed: int) -> Array:
    """A point of the box where ``sign`` * output is large: from the best random points along the local slope.

    On each piece the slope points to a corner of the box; halving steps towards it are kept while they help.
    """
    from .local import local_map

    rng = np.random.default_rng(seed)
    x = rng.uniform(box[:, 0], box[:, 1], (STARTS, len(box)))
    value = sign * float64_values(net, x)[:, output]
    best_x, best = x[value.argmax()], float(value.max())
    for start in x[np.argsort(value)[-8:]]:
        here, here_value = start, sign * float(float64_values(net, start[None])[0, output])
        for _ in range(64):
            slope = sign * local_map(net, here).A[output]
            corner = np.where(slope > 0, box[:, 1], np.where(slope < 0, box[:, 0], here))
            steps = here + (corner - here) * 0.5 ** np.arange(20)[:, None]
            values = sign * float64_values(net, steps)[:, output]
            if values.max() <= here_value:
                break
            here, here_value = steps[values.argmax()], float(values.max())
        if here_value > best:
            best_x, best = here, here_value
    result: Array = best_x
    return result


def float64_values(net: Network, x: Array) -> Array:
    """The network in float64, whatever its dtype."""
    h: Array = x
    for layer in net.layers:
        h = layer.activation(h @ layer.W.astype(np.float64) + layer.b)
    return h
