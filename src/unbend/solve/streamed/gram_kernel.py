"""The Gram matrices of the folds of a block in float64: the kernel, compiled by ``kernels/sources.py``.

Standardised rows are copied, each to the buffer of its fold; a full buffer's products are added to the fold's sums.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadUint8s, entry_point, inlined
from ...kernels.vector import load, store, zero_vector
from .buffer_products import BUFFER, LANES, TILE, add_compensated, multiply_buffers, standardise


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
    block, left, products = np.zeros(BUFFER * width), np.zeros(BUFFER * width), np.zeros(size)
    block_weights = np.ones(BUFFER if len(weights) else 0)
    buffers = np.zeros(count * BUFFER * width if len(folds) else 0)
    buffer_weights = np.ones(count * BUFFER if len(weights) else 0)
    filled, places, order = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(BUFFER, np.int64)
    starts = np.zeros(count + 1, np.int64)  # of the folds' rows among those of a block, ordered by fold
    for first in range(0, len(y), BUFFER):
        rows = min(BUFFER, len(y) - first)
        standardise(x, row_stride, column_stride, columns, first, rows, centre, factor, block)
        targets, ones = block[columns * BUFFER :], block[(columns + 1) * BUFFER :]
        for r in range(rows):
            targets[r] = (y[first + r] - centre[columns]) * factor[columns]
            ones[r] = 1.0
            if len(weights):
                block_weights[r] = weights[first + r]
        targets[rows:BUFFER] = 0.0
        ones[rows:BUFFER] = 0.0
        if len(folds) == 0:
            add_buffer(block, block_weights, 0, width, left, products, high, low, 0)
            continue
        starts[:] = 0
        for r in range(rows):
            starts[np.int64(folds[first + r]) + 1] += 1
        for fold in range(count):
            starts[fold + 1] += starts[fold]
        places[:] = starts[:count]
        for r in range(rows):
            own_fold = np.int64(folds[first + r])
            order[places[own_fold]] = r
            places[own_fold] += 1
        for fold in range(count):
            done = starts[fold]
            while done < starts[fold + 1]:
                taken = min(BUFFER - filled[fold], starts[fold + 1] - done)
                own = order[done : done + taken]
                for j in range(columns + 2):
                    at = (fold * width + j) * BUFFER + filled[fold]
                    for t in range(taken):
                        buffers[at + t] = block[j * BUFFER + own[t]]
                if len(weights):
                    for t in range(taken):
                        buffer_weights[fold * BUFFER + filled[fold] + t] = block_weights[own[t]]
                filled[fold] += taken
                done += taken
                if filled[fold] == BUFFER:
                    add_buffer(buffers, buffer_weights, fold, width, left, products, high, low, fold * size)
                    filled[fold] = 0
    for rest in range(count):
        if filled[rest] > 0:
            for j in range(columns + 2):
                start = (rest * width + j) * BUFFER
                buffers[start + filled[rest] : start + BUFFER] = 0.0
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
