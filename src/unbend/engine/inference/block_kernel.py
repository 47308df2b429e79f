"""The kernel of `BlockNetwork`: each column's place among its knots, then block after block, a chunk of rows at a time.

This is the source of a kernel: ``codegen/generate.py`` fills in what is imported from ``stubs``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernels.vector import broadcast, fma, load, store, sum_lanes, zero_vector
from ..codegen.stubs import (
    LANES,
    Floats2D,
    ReadFloats,
    ReadFloats2D,
    ReadInts,
    ReadInts2D,
    activate,
    entry_point,
    inlined,
)
from ..large.forward import forward_layer
from ..layer_table import ACTIVATION, MOST_VECTORS, VECTORS
from .worker import CHUNK_ROWS

VECTORS_AT_ONCE = 4  # of sums that stay in registers while the columns are gone through


@inlined
def place_rows(
    x: Any, start: int, rows: int, column: Any, knots: Any, padded: Any, begin: Any, end: Any, before: Any,
    position: Any, q: int, columns: int,
) -> None:  # fmt: skip
    """The last knot before each row's value in column q of the curves, and how far on to the next it is, 0 … 1."""
    like = zero_vector(knots, LANES)
    for r in range(rows):
        value = x[start + r, column]
        reached = like
        for i in range(padded, padded + (end - begin), LANES):
            reached = reached + (load(knots, i, like) <= broadcast(like, value))
        k = padded + min(max(np.int64(sum_lanes(reached)) - 1, 0), end - begin - 2)
        s = (value - knots[k]) / (knots[k + 1] - knots[k])
        s = 0.0 if s < 0.0 else s  # a value that is no number stays so
        before[r * columns + q] = begin + k - padded
        position[r * columns + q] = 1.0 if s > 1.0 else s


@inlined
def add_curves(values: Any, before: Any, position: Any, columns: int, rows: int, vectors: int, h: Any) -> None:
    """Add the curves' values, (knots, vectors) at their knots, to the sums of rows h (rows, vectors)."""
    like, width = zero_vector(h, LANES), vectors * LANES
    full = vectors // VECTORS_AT_ONCE * VECTORS_AT_ONCE * LANES
    for r in range(rows):
        at = r * width
        for j in range(0, full, VECTORS_AT_ONCE * LANES):
            z0, z1 = load(h, at + j, like), load(h, at + j + LANES, like)
            z2, z3 = load(h, at + j + 2 * LANES, like), load(h, at + j + 3 * LANES, like)
            for q in range(columns):
                k, s = before[r * columns + q] * width + j, position[r * columns + q]
                left, right = broadcast(like, 1 - s), broadcast(like, s)
                n = k + width
                z0 = fma(left, load(values, k, like), fma(right, load(values, n, like), z0))
                z1 = fma(left, load(values, k + LANES, like), fma(right, load(values, n + LANES, like), z1))
                z2 = fma(left, load(values, k + 2 * LANES, like), fma(right, load(values, n + 2 * LANES, like), z2))
                z3 = fma(left, load(values, k + 3 * LANES, like), fma(right, load(values, n + 3 * LANES, like), z3))
            store(h, at + j, z0)
            store(h, at + j + LANES, z1)
            store(h, at + j + 2 * LANES, z2)
            store(h, at + j + 3 * LANES, z3)
        for j in range(full, width, LANES):
            z = load(h, at + j, like)
            for q in range(columns):
                k, s = before[r * columns + q] * width + j, position[r * columns + q]
                part = fma(broadcast(like, s), load(values, k + width, like), z)
                z = fma(broadcast(like, 1 - s), load(values, k, like), part)
            store(h, at + j, z)


@entry_point
def predict_blocks(
    x: ReadFloats2D, first: int, end: int, linear: ReadFloats2D, layers: ReadInts2D, p: ReadFloats2D, curved: ReadInts,
    columns: ReadInts, knots: ReadFloats, starts: ReadInts2D, values: ReadFloats2D, out: Floats2D,
) -> None:  # fmt: skip
    """out[first:end] from x[first:end].

    ============= ==================== ==============================================================================
    argument      shape                meaning
    ============= ==================== ==============================================================================
    x             (n, d)               rows of columns
    linear        (outputs, d + 1)     the linear part: the columns' coefficients and the constant of each output
    layers        (L, …)               the layer table of a block
    p             (m, floats)          the packed weights of the blocks
    curved        (m,)                 whether the curves have values in a block's first layer
    columns       (q,)                 the columns with curves
    knots         (floats,)            their knots, each curve's filled up with infinity to full vectors
    starts        (2, q + 1)           where each curve begins among ``values``, and below among ``knots``
    values        (m, knots * width)   the curves' values at the knots, ``width`` outputs each
    out           (n, outputs)
    ============= ==================== ==============================================================================
    """
    d, outputs, columns_of_x = x.shape[1], out.shape[1], 2 * CHUNK_ROWS * layers[0, MOST_VECTORS] * LANES
    h = np.empty(columns_of_x + CHUNK_ROWS * d, p.dtype)  # the values of a layer, of the next, and the rows
    before, position = np.empty(CHUNK_ROWS * len(columns), np.int64), np.empty(CHUNK_ROWS * len(columns), p.dtype)
    for start in range(first, end, CHUNK_ROWS):
        rows = min(CHUNK_ROWS, end - start)
        for r in range(rows):
            for j in range(d):
                h[columns_of_x + r * d + j] = x[start + r, j]
            for o in range(outputs):
                total = linear[o, d]
                for j in range(d):
                    total += x[start + r, j] * linear[o, j]
                out[start + r, o] = total
        for q in range(len(columns)):
            place_rows(x, start, rows, columns[q], knots, starts[1, q], starts[0, q], starts[0, q + 1], before,
                       position, q, len(columns))  # fmt: skip
        for m in range(p.shape[0]):
            source, stride, at = columns_of_x, d, 0
            for n in range(layers.shape[0]):
                width = layers[n, VECTORS] * LANES
                forward_layer(p[m], layers[n], h, source, stride, rows, h, at, width)
                if n == 0 and curved[m]:
                    add_curves(values[m], before, position, len(columns), rows, layers[n, VECTORS], h)
                activate(layers[n, ACTIVATION], h, h, at, 0, rows * layers[n, VECTORS])
                source, stride, at = at, width, columns_of_x // 2 - at
            for r in range(rows):
                for o in range(outputs):
                    out[start + r, o] += h[source + r * stride + o]
