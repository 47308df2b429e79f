"""One network's neurons found again in another's, in any order and at any scale."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import Network
from .bounds import UNIT, Interval, activated, interval_bounds
from .pieces import need_pieces
from .piecewise import Piecewise

NEAR = 1e-6  # relative distance up to which two neurons are taken for the same; the bound is proved, whatever it is


def mapped_onto(f: Network, g: Network, box: Array) -> float:
    """A sound upper bound of |f - g| over a box (inputs, 2), by matching neurons; inf where they do not match.

    Layer by layer, g's neuron j is taken for ``scale[j]`` times f's neuron ``order[j]`` (scales other than 1 only for
    activations with h(s z) = s h(z), s > 0). What differs in the weights then is carried to the outputs by interval
    arithmetic: |dz| <= |W|ᵀ|dh| + |dW|ᵀ|h| + |db|, and no activation stretches by more than its steepest slope.
    """
    if len(f.layers) != len(g.layers):
        return np.inf
    functions, others = need_pieces(f), need_pieces(g)
    sizes = interval_bounds(f, box).z
    order, scale = np.arange(f.inputs), np.ones(f.inputs)
    h, error = np.abs(box).max(axis=1), np.zeros(f.inputs)
    for i, (p, q, one, two) in enumerate(zip(functions, others, f.layers, g.layers, strict=True)):
        if p != q or one.outputs != two.outputs or any(p.jumps):
            return np.inf
        W, b = one.W.astype(np.float64)[order] / scale[:, None], one.b.astype(np.float64)
        V, a = two.W.astype(np.float64), two.b.astype(np.float64)
        last = i == len(f.layers) - 1
        matched = (np.arange(len(b)), np.ones(len(b))) if last else _match(W, b, V, a, homogeneous(p))
        if matched is None:
            return np.inf
        own, factor = matched
        W, b = W[:, own] * factor, b[own] * factor
        off = np.abs(V - W) + 4 * UNIT * np.abs(W)
        error = 1.001 * (error @ np.abs(V) + h @ off + np.abs(a - b) + 4 * UNIT * np.abs(b))
        steep = max(abs(float(s)) for s, _ in p.lines)
        error = steep * error
        h = activated(p, Interval(*(side[own] for side in (sizes[i].low, sizes[i].high)))).size * factor
        order, scale = own, factor
    return float(error.max())


def homogeneous(p: Piecewise) -> bool:
    """Whether h(s z) = s h(z) for s > 0: no kink but at 0, and 0 there."""
    return all(b == 0 for b in p.breaks) and not any(p.at) and all(t == 0 for _, t in p.lines)


def _match(W: Array, b: Array, V: Array, a: Array, scalable: bool) -> tuple[Array, Array] | None:
    """For each column of V the column of W it is a multiple of, and the factor."""
    one, two = np.vstack([W, b]), np.vstack([V, a])
    sizes = np.linalg.norm(one, axis=0), np.linalg.norm(two, axis=0)
    if scalable:
        one, two = one / np.where(sizes[0] > 0, sizes[0], 1), two / np.where(sizes[1] > 0, sizes[1], 1)
    free = np.ones(one.shape[1], dtype=bool)
    own = np.empty(one.shape[1], dtype=np.int64)
    for j in range(two.shape[1]):
        distance = np.where(free, np.abs(one - two[:, j : j + 1]).max(axis=0), np.inf)
        own[j] = int(distance.argmin())
        if not distance[own[j]] <= NEAR * max(1.0, float(np.abs(two[:, j]).max())):
            return None
        free[own[j]] = False
    if not scalable:
        return own, np.ones(len(own))
    first, second = sizes[0][own], sizes[1]
    return own, np.where((first > 0) & (second > 0), second / np.where(first > 0, first, 1), 1.0)
