"""The first layer's products with bins: forward by prefix sums of the weights, backward by suffix sums of the deltas.

A column's part in the sums of the first layer is piecewise linear with knots at the ends of its bins. With V the
weights times ``inverse``, 1 / the bins' scale, its value at knot i is V[first] + … + V[i - 1] - Σ centre V; a row whose
value lies in bin k, at position s, gets (1 - s) times that at knot k and s times that at knot k + 1. Backward, a row's
deltas go to the same two knots, and a weight's gradient sums those of all knots after its bin.

Weights and gradients are (B, width): a row of outputs for each bin, padded to full SIMD vectors. Knots are
(B + q, width), one more than bins in each of the q columns: bin k of column c begins at knot k + c.
"""

from __future__ import annotations

from typing import Any

from ...kernels.vector import broadcast, load, store, zero_vector
from ..codegen.stubs import LANES, inlined, optimizer_step
from ..layer_table import SLOPE, TARGET, TARGET_STRIDE, VECTORS


@inlined
def values_at_knots(w: Any, values: Any, centre: Any, inverse: Any, starts: Any, c: int, width: int) -> None:
    """Column c's part at each of its knots."""
    like, begin, end = zero_vector(w, LANES), starts[c], starts[c + 1]
    for j in range(0, width, LANES):
        total = broadcast(like, 0.0)
        for k in range(begin, end):
            total = total - broadcast(like, centre[k] * inverse[k]) * load(w, k * width + j, like)
        for k in range(begin, end):
            store(values, (k + c) * width + j, total)
            total = total + broadcast(like, inverse[k]) * load(w, k * width + j, like)
        store(values, (end + c) * width + j, total)


@inlined
def add_bins(
    bins: Any, position: Any, order: Any, columns: int, values: Any, layer: Any, h: Any, first: int, begin: int,
    end: int,
) -> None:  # fmt: skip
    """Add the bins' part to the first layer's sums of the rows begin … end of the minibatch at ``first``."""
    like, width = zero_vector(h, LANES), layer[VECTORS] * LANES
    for r in range(begin, end):
        row, at = order[first + r] * columns, layer[TARGET] + r * layer[TARGET_STRIDE]
        for c in range(columns):
            k, s = (bins[row + c] + c) * width, position[row + c]
            before, after = broadcast(like, 1 - s), broadcast(like, s)
            for j in range(0, width, LANES):
                part = before * load(values, k + j, like) + after * load(values, k + width + j, like)
                store(h, at + j, load(h, at + j, like) + part)


@inlined
def deltas_to_knots(
    bins: Any, position: Any, order: Any, columns: int, c: int, first: int, size: int, layer: Any, d: Any, knots: Any
) -> None:
    """Add the first layer's deltas of the minibatch at ``first`` to column c's knots."""
    like, width = zero_vector(d, LANES), layer[VECTORS] * LANES
    for r in range(size):
        i, at = order[first + r] * columns + c, layer[SLOPE] + r * width
        k, before, after = (bins[i] + c) * width, broadcast(like, 1 - position[i]), broadcast(like, position[i])
        for j in range(0, width, LANES):
            delta = load(d, at + j, like)
            store(knots, k + j, load(knots, k + j, like) + before * delta)
            store(knots, k + width + j, load(knots, k + width + j, like) + after * delta)


@inlined
def update_bins(
    knots: Any, w: Any, g: Any, state: Any, decay: Any, centre: Any, inverse: Any, starts: Any, c: int, width: int,
    sums: Any, rate: float, c1: float, c2: float,
) -> None:  # fmt: skip
    """The optimizer's step on the weights of column c's bins; the knots are 0 again. ``sums`` is workspace."""
    like, begin, end = zero_vector(w, LANES), starts[c], starts[c + 1]
    zero = broadcast(like, 0.0)
    for j in range(0, width, LANES):
        total = zero
        for i in range(begin + c, end + c + 1):
            total = total + load(knots, i * width + j, like)
        store(sums, j, total)
        store(sums, width + j, zero)
        store(knots, (begin + c) * width + j, zero)  # no weight lies before the first knot
    for k in range(end - 1, begin - 1, -1):
        for j in range(0, width, LANES):
            i = (k + 1 + c) * width + j
            after = load(sums, width + j, like) + load(knots, i, like)
            store(sums, width + j, after)
            store(knots, i, zero)
            gradient = after - broadcast(like, centre[k]) * load(sums, j, like)
            store(g, k * width + j, broadcast(like, inverse[k]) * gradient)
        optimizer_step(w, g, state, decay, k * width, k * width + width, rate, c1, c2)
