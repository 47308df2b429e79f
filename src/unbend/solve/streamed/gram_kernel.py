"""The Gram matrices of the folds of a block in float64: the kernel, compiled by ``kernels/sources.py``.

Standardised rows are copied, each to the buffer of its fold. The products of a full buffer are added up row after row,
and their sum is added to the block's with its rounding error (two-sum: Knuth, The Art of Computer Programming 2,
4.2.2). Only columns lie next to each other in a vector, never rows: the bits do not depend on the processor's vectors.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadUint8s, entry_point, inlined
from ...kernels.vector import broadcast, fma, load, store, zero_vector

BUFFER = 64  # rows
LANES = 8  # the columns of a buffer are a multiple of these, the last ones 0


@inlined
def multiply_buffers(
    left: Array, left_start: Any, right: Array, right_start: Any, rows: Any, width: int, out: Array, at: int
) -> None:
    """Set out[at:] (width, width) on and above the diagonal to left'right of rows of two buffers."""
    like = zero_vector(right, LANES)
    for i in range(0, width, 4):
        for j in range(i // LANES * LANES, width, LANES):
            s0, s1, s2, s3 = like, like, like, like
            for r in range(rows):
                row = left_start + r * width
                b = load(right, right_start + r * width + j, like)
                s0 = fma(broadcast(like, left[row + i]), b, s0)
                s1 = fma(broadcast(like, left[row + i + 1]), b, s1)
                s2 = fma(broadcast(like, left[row + i + 2]), b, s2)
                s3 = fma(broadcast(like, left[row + i + 3]), b, s3)
            store(out, at + i * width + j, s0)
            store(out, at + (i + 1) * width + j, s1)
            store(out, at + (i + 2) * width + j, s2)
            store(out, at + (i + 3) * width + j, s3)


@inlined
def add_compensated(products: Array, high: Array, low: Array, start: Any) -> None:
    """Add products to high from ``start`` on, and the rounding errors to low."""
    for p in range(len(products)):
        new, old = products[p], high[start + p]
        total = old + new
        part = total - old
        high[start + p] = total
        low[start + p] += (old - (total - part)) + (new - part)


@inlined
def standardise(
    x: Any,
    row_stride: int,
    column_stride: int,
    columns: int,
    first: int,
    count: int,
    width: int,
    centre: Any,
    factor: Any,
    out: Array,
) -> None:
    """Copy (x - centre) * factor of ``count`` rows from ``first`` on to a buffer."""
    for j in range(columns):
        middle, by = centre[j], factor[j]
        at = first * row_stride + j * column_stride
        for r in range(count):
            out[r * width + j] = (x[at + r * row_stride] - middle) * by


@inlined
def add_buffer(
    buffer: Array,
    weights: Array,
    at: Any,
    rows: Any,
    width: int,
    left: Array,
    products: Array,
    high: Any,
    low: Any,
    to: Any,
) -> None:
    """Add the products of buffered rows from ``at`` on, with their weights if there are any, to high[to:] and low."""
    like = zero_vector(buffer, LANES)
    if len(weights):
        for r in range(rows):
            weight = broadcast(like, weights[at + r])
            for j in range(0, width, LANES):
                store(left, r * width + j, weight * load(buffer, (at + r) * width + j, like))
        multiply_buffers(left, 0, buffer, at * width, rows, width, products, 0)
    else:
        multiply_buffers(buffer, at * width, buffer, at * width, rows, width, products, 0)
    add_compensated(products, high, low, to)


@inlined
def add_rows(
    x: Any,
    row_stride: int,
    column_stride: int,
    columns: int,
    y: Any,
    weights: Any,
    folds: Any,
    centre: Any,
    factor: Any,
    high: Any,
    low: Any,
) -> None:
    """The entry points below, for x of either type."""
    width = (columns + 1 + LANES) // LANES * LANES
    size = width * width  # of a Gram matrix
    count = len(high) // size
    like = zero_vector(high, LANES)
    block, left, products = np.zeros(BUFFER * width), np.zeros(BUFFER * width), np.zeros(size)
    block_weights = np.ones(BUFFER if len(weights) else 0)
    buffers = np.zeros(count * BUFFER * width if len(folds) else 0)
    buffer_weights = np.ones(count * BUFFER if len(weights) else 0)
    filled = np.zeros(count, np.int64)
    for first in range(0, len(y), BUFFER):
        rows = min(BUFFER, len(y) - first)
        standardise(x, row_stride, column_stride, columns, first, rows, width, centre, factor, block)
        for r in range(rows):
            block[r * width + columns] = (y[first + r] - centre[columns]) * factor[columns]
            block[r * width + columns + 1] = 1.0
            if len(weights):
                block_weights[r] = weights[first + r]
        if len(folds) == 0:
            add_buffer(block, block_weights, 0, rows, width, left, products, high, low, 0)
            continue
        for r in range(rows):
            fold = np.int64(folds[first + r])
            at = fold * BUFFER + filled[fold]
            for j in range(0, width, LANES):
                store(buffers, at * width + j, load(block, r * width + j, like))
            if len(weights):
                buffer_weights[at] = block_weights[r]
            filled[fold] += 1
            if filled[fold] == BUFFER:
                add_buffer(
                    buffers, buffer_weights, fold * BUFFER, BUFFER, width, left, products, high, low, fold * size
                )
                filled[fold] = 0
    for rest in range(count):
        add_buffer(buffers, buffer_weights, rest * BUFFER, filled[rest], width, left, products, high, low, rest * size)


@entry_point
def add_float32_rows(
    x: ReadFloat32s,
    row_stride: int,
    column_stride: int,
    columns: int,
    y: ReadFloat64s,
    weights: ReadFloat64s,
    folds: ReadUint8s,
    centre: ReadFloat64s,
    factor: ReadFloat64s,
    high: Float64s,
    low: Float64s,
) -> None:
    """Add the Gram matrices (folds, width, width) of [(x - centre) * factor, y likewise, 1] to high, rests to low.

    What is on and above the diagonal counts. Cell (r, j) of x is at r * row_stride + j * column_stride. ``centre`` and
    ``factor`` (columns + 1,) end with those of y. Without ``weights`` (rows,) all are 1, without ``folds`` (rows,)
    there is one.
    """
    add_rows(x, row_stride, column_stride, columns, y, weights, folds, centre, factor, high, low)


@entry_point
def add_float64_rows(
    x: ReadFloat64s,
    row_stride: int,
    column_stride: int,
    columns: int,
    y: ReadFloat64s,
    weights: ReadFloat64s,
    folds: ReadUint8s,
    centre: ReadFloat64s,
    factor: ReadFloat64s,
    high: Float64s,
    low: Float64s,
) -> None:
    """`add_float32_rows` of float64 columns."""
    add_rows(x, row_stride, column_stride, columns, y, weights, folds, centre, factor, high, low)
