"""The first layer's products with bins: forward by prefix sums of the weights, backward by suffix sums of the deltas.

With V the weights divided by the bins' scale, a row whose value lies in bin k of a column, at position s, gets
V[first] + … + V[k - 1] + s V[k] - Σ centre V: one row of a table and one of V. A weight's gradient sums the deltas of
the rows whose bin lies above its own, and position times delta of those in its own.

Weights, tables and gradients of bins are (B, width): a row of outputs for each bin, padded to full SIMD vectors.
"""

from __future__ import annotations

from typing import Any

from ..codegen.stubs import LANES, inlined
from ..layer_table import SLOPE, TARGET, TARGET_STRIDE, VECTORS
from ..simd.vector import broadcast, load, store, zero_vector


@inlined
def tabulate_weights(w: Any, v: Any, sums: Any, centre: Any, scale: Any, begin: int, end: int, width: int) -> None:
    """V and, for each of a column's bins begin … end, the sum of V before it less Σ centre V."""
    like = zero_vector(w, LANES)
    for j in range(0, width, LANES):
        total = broadcast(like, 0.0)
        for k in range(begin, end):
            value = load(w, k * width + j, like) / broadcast(like, scale[k])
            store(v, k * width + j, value)
            total = total - broadcast(like, centre[k]) * value
        for k in range(begin, end):
            store(sums, k * width + j, total)
            total = total + load(v, k * width + j, like)


@inlined
def add_bins(
    bins: Any, position: Any, order: Any, columns: int, v: Any, sums: Any, layer: Any, h: Any,
    first: int, begin: int, end: int,
) -> None:  # fmt: skip
    """Add the bins' part to the first layer's sums of the rows begin … end of the minibatch at ``first``."""
    like, width = zero_vector(h, LANES), layer[VECTORS] * LANES
    for r in range(begin, end):
        row, at = order[first + r] * columns, layer[TARGET] + r * layer[TARGET_STRIDE]
        for j in range(0, width, LANES):
            z = load(h, at + j, like)
            for q in range(row, row + columns):
                k = bins[q] * width + j
                z = z + (load(sums, k, like) + broadcast(like, position[q]) * load(v, k, like))
            store(h, at + j, z)


@inlined
def bin_gradients(
    bins: Any, position: Any, order: Any, columns: int, q: int, first: int, size: int, layer: Any, d: Any,
    centre: Any, scale: Any, begin: int, end: int, g: Any, deltas: Any,
) -> None:  # fmt: skip
    """The gradients of the weights of column q's bins begin … end, summed over the minibatch."""
    like, width = zero_vector(d, LANES), layer[VECTORS] * LANES
    zero = broadcast(like, 0.0)
    for i in range(begin * width, end * width, LANES):
        store(g, i, zero)
        store(deltas, i, zero)
    for r in range(size):
        i = order[first + r] * columns + q
        k, at, s = bins[i] * width, layer[SLOPE] + r * width, broadcast(like, position[i])
        for j in range(0, width, LANES):
            delta = load(d, at + j, like)
            store(deltas, k + j, load(deltas, k + j, like) + delta)
            store(g, k + j, load(g, k + j, like) + s * delta)
    for j in range(0, width, LANES):
        total, above = zero, zero
        for k in range(begin, end):
            total = total + load(deltas, k * width + j, like)
        for k in range(end - 1, begin - 1, -1):
            value = load(g, k * width + j, like) + above - broadcast(like, centre[k]) * total
            store(g, k * width + j, value / broadcast(like, scale[k]))
            above = above + load(deltas, k * width + j, like)
