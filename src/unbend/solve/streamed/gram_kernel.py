"""The Gram matrices of the folds of a block in float64: the kernel, compiled by ``kernels/sources.py``.

Standardised rows are copied, each to the buffer of its fold. The products of a full buffer are added up row after row,
and their sum is added to the block's with its rounding error (two-sum: Knuth, The Art of Computer Programming 2,
4.2.2). Only columns lie next to each other in a vector, never rows: the bits do not depend on the processor's vectors.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadUint8s, entry_point, inlined

BUFFER = 64  # rows
LANES = 8  # the columns of a buffer are a multiple of these, the last ones 0


@inlined
def add_buffer(left: Array, right: Array, start: Any, rows: Any, used: int, width: int, products: Array) -> None:
    """Set ``products`` (used, width) to left'right of rows of buffers from ``start``, on and above the diagonal."""
    for p in range(used * width):
        products[p] = 0.0
    for r in range(rows):
        row = start + r * width
        for i in range(used):
            first = i // LANES * LANES
            a, b = left[row + i], right[row + first : row + width]
            own = products[i * width + first : (i + 1) * width]
            for j in range(width - first):
                own[j] += a * b[j]


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
    used = columns + 2
    width = (used + LANES - 1) // LANES * LANES
    count = len(high) // (used * width)
    right = np.zeros(count * BUFFER * width)
    left = np.zeros(count * BUFFER * width) if len(weights) else right
    products = np.empty(used * width)
    rows = np.zeros(count, np.int64)
    for r in range(len(y)):
        fold = np.int64(folds[r]) if len(folds) else 0
        at = (fold * BUFFER + rows[fold]) * width
        for j in range(columns):
            right[at + j] = (x[r * row_stride + j * column_stride] - centre[j]) * factor[j]
        right[at + columns] = (y[r] - centre[columns]) * factor[columns]
        right[at + columns + 1] = 1.0
        if len(weights):
            for j in range(used):
                left[at + j] = weights[r] * right[at + j]
        rows[fold] += 1
        if rows[fold] == BUFFER:
            add_buffer(left, right, fold * BUFFER * width, BUFFER, used, width, products)
            add_compensated(products, high, low, fold * used * width)
            rows[fold] = 0
    for fold in range(count):
        add_buffer(left, right, fold * BUFFER * width, rows[fold], used, width, products)
        add_compensated(products, high, low, fold * used * width)


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
    """Add the Gram matrices (folds, columns + 2, width) of [(x - centre) * factor, y likewise, 1] to high and low.

    Cell (r, j) of x is at r * row_stride + j * column_stride. ``centre`` and ``factor`` (columns + 1,) end with those
    of y. Without ``weights`` (rows,) all are 1, without ``folds`` (rows,) there is one.
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
