"""The Gram matrices of the folds of a block in float64: the kernel, compiled by ``kernels/sources.py``.

Standardised rows are written to the buffer of their fold, neighbours of one fold together; a full buffer's products are
added to the fold's sums.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadUint8s, entry_point, inlined
from ...kernels.vector import load, store, zero_vector
from .buffer_products import BUFFER, LANES, TILE, add_compensated, clear_rest, multiply_buffers, standardise


@inlined
def add_buffer(
    buffer: Array,
    weights: Array,
    at: Any,
    width: int,
    left: Array,
    products: Array,
    high: Any,
    low: Any,
    to: Any,
) -> None:
    """Add the products of the buffer that is number ``at`` to high[to:] and low, with its weights if there are any."""
    start = at * BUFFER * width
    if len(weights):
        like = zero_vector(buffer, LANES)
        for j in range(width):
            for r in range(0, BUFFER, LANES):
                weight = load(weights, at * BUFFER + r, like)
                store(left, j * BUFFER + r, weight * load(buffer, start + j * BUFFER + r, like))
        multiply_buffers(left, 0, buffer, start, width, products, 0)
    else:
        multiply_buffers(buffer, start, buffer, start, width, products, 0)
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
    width = (columns + 1 + TILE) // TILE * TILE
    size = width * width  # of a Gram matrix
    count = len(high) // size
    left, products = np.zeros(BUFFER * width), np.zeros(size)
    buffers, filled = np.zeros(count * BUFFER * width), np.zeros(count, np.int64)
    buffer_weights = np.ones(count * BUFFER if len(weights) else 0)
    first, fold = 0, np.int64(0)
    while first < len(y):
        if len(folds):
            fold = np.int64(folds[first])
        full = min(len(y), first + BUFFER - filled[fold])
        end = first + 1 if len(folds) else full
        while end < full and folds[end] == fold:
            end += 1
        start, rows = fold * width * BUFFER, end - first
        at = start + filled[fold]
        standardise(x, row_stride, column_stride, columns, first, rows, centre, factor, buffers, at)
        targets = buffers[at + columns * BUFFER : at + columns * BUFFER + rows]
        for r in range(len(targets)):
            targets[r] = (y[first + r] - centre[columns]) * factor[columns]
        buffers[at + (columns + 1) * BUFFER : at + (columns + 1) * BUFFER + rows] = 1.0
        if len(weights):
            buffer_weights[fold * BUFFER + filled[fold] : fold * BUFFER + filled[fold] + rows] = weights[first:end]
        filled[fold] += rows
        if filled[fold] == BUFFER:
            add_buffer(buffers, buffer_weights, fold, width, left, products, high, low, fold * size)
            filled[fold] = 0
        first = end
    for rest in range(count):
        if filled[rest] > 0:
            clear_rest(buffers, rest * width * BUFFER, columns + 2, filled[rest])
            add_buffer(buffers, buffer_weights, rest, width, left, products, high, low, rest * size)


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
