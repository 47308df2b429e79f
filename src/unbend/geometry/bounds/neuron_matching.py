"""`matching_bound`: a bound of the difference of two networks by matching neurons, in any order and at any scale."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network import Network
from ..activation_pieces import require_exact_pieces
from ..piecewise_affine import PiecewiseAffine
from .intervals import UNIT, Interval, activation_interval, interval_bounds

NEAR = 1e-6  # relative distance up to which two neurons are matched; the bound holds whatever it is


def matching_bound(f: Network, g: Network, box: Array) -> float:
    """A sound upper bound of |f - g| over a box (inputs, 2), by matching neurons; inf where they do not match.

    Layer by layer, g's neuron j is taken for ``scale[j]`` times f's neuron ``order[j]`` (scales other than 1 only for
    activations with h(s z) = s h(z), s > 0). What differs in the weights then is carried to the outputs by interval
    arithmetic: |dz| <= |W|ᵀ|dh| + |dW|ᵀ|h| + |db|, and no activation stretches by more than its steepest slope.
    """
    if len(f.layers) != len(g.layers):
        return np.inf
    f_pieces, g_pieces = require_exact_pieces(f), require_exact_pieces(g)
    preactivations = interval_bounds(f, box).z
    order, scale = np.arange(f.inputs), np.ones(f.inputs)
    h, error = np.abs(box).max(axis=1), np.zeros(f.inputs)
    for i, (p, q, f_layer, g_layer) in enumerate(zip(f_pieces, g_pieces, f.layers, g.layers, strict=True)):
        if p != q or f_layer.outputs != g_layer.outputs or any(p.jumps):
            return np.inf
        W, b = f_layer.W.astype(np.float64)[order] / scale[:, None], f_layer.b.astype(np.float64)
        V, a = g_layer.W.astype(np.float64), g_layer.b.astype(np.float64)
        last = i == len(f.layers) - 1
        match = (np.arange(len(b)), np.ones(len(b))) if last else _match(W, b, V, a, is_homogeneous(p))
        if match is None:
            return np.inf
        order, scale = match
        W, b = W[:, order] * scale, b[order] * scale
        weight_error = np.abs(V - W) + 4 * UNIT * np.abs(W)
        error = 1.001 * (error @ np.abs(V) + h @ weight_error + np.abs(a - b) + 4 * UNIT * np.abs(b))
        steepest = max(abs(float(s)) for s, _ in p.lines)
        error = steepest * error
        z = Interval(preactivations[i].low[order], preactivations[i].high[order])
        h = activation_interval(p, z).size * scale
    return float(error.max())


def is_homogeneous(p: PiecewiseAffine) -> bool:
    """Whether h(s z) = s h(z) for s > 0: no kink but at 0, and 0 there."""
    return all(b == 0 for b in p.breaks) and not any(p.at) and all(t == 0 for _, t in p.lines)


def _match(W: Array, b: Array, V: Array, a: Array, scalable: bool) -> tuple[Array, Array] | None:
    """For each neuron (column) of V, a the neuron of W, b it is a multiple of, and the factor; None without one."""
    f_columns, g_columns = np.vstack([W, b]), np.vstack([V, a])
    f_size, g_size = np.linalg.norm(f_columns, axis=0), np.linalg.norm(g_columns, axis=0)
    if scalable:
        f_columns, g_columns = f_columns / np.where(f_size > 0, f_size, 1), g_columns / np.where(g_size > 0, g_size, 1)
    free = np.ones(f_columns.shape[1], dtype=bool)
    order = np.empty(f_columns.shape[1], dtype=np.int64)
    for j in range(g_columns.shape[1]):
        distance = np.where(free, np.abs(f_columns - g_columns[:, j : j + 1]).max(axis=0), np.inf)
        order[j] = int(distance.argmin())
        if not distance[order[j]] <= NEAR * max(1.0, float(np.abs(g_columns[:, j]).max())):
            return None
        free[order[j]] = False
    if not scalable:
        return order, np.ones(len(order))
    f_size = f_size[order]
    return order, np.where((f_size > 0) & (g_size > 0), g_size / np.where(f_size > 0, f_size, 1), 1.0)
