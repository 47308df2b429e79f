"""Loss, gradient and Hessian of logistic regression over a block: the kernel, compiled by ``kernels/sources.py``.

Standardised rows are copied to a buffer, and what it adds up to is added to the block's sums with its rounding error
(``buffer_products.py``). Two classes have one output, the log odds of class 1; more have one each (softmax).

The sums are one array: `HEADER` numbers, the loss first; the sums of the columns and of their squares, (width,) each;
the gradient (outputs, width); and the Hessian's blocks (width, width) for outputs (0, 0), (1, 0), (1, 1), (2, 0), …, of
which what is on and above the diagonal counts. The columns end with 1; there are ``width`` with zeros.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadInt64s, entry_point, inlined
from ...kernels.vector import broadcast, fma, load, store, sum_lanes, zero_vector
from .buffer_products import BUFFER, LANES, TILE, add_compensated, clear_rest, multiply_buffers, standardise

HEADER = 8


@inlined
def output_slopes(outputs: int, label: int, margins: Array, probabilities: Array) -> Any:
    """The loss of a row of class ``label``; sets the probabilities of the outputs from their margins."""
    if outputs == 1:
        m = margins[0]
        probabilities[0] = 1.0 / (1.0 + np.exp(-m))
        against = -m if label == 1 else m
        return np.log1p(np.exp(-abs(m))) + max(against, 0.0)
    largest = margins[0]
    for c in range(1, outputs):
        largest = max(largest, margins[c])
    total = 0.0
    for c in range(outputs):
        probabilities[c] = np.exp(margins[c] - largest)
        total += probabilities[c]
    for c in range(outputs):
        probabilities[c] /= total
    return np.log(total) + (largest - margins[label])


@inlined
def add_logistic_rows(
    x: Any,
    row_stride: int,
    column_stride: int,
    columns: int,
    classes: Any,
    weights: Any,
    coefficients: Any,
    centre: Any,
    factor: Any,
    high: Any,
    low: Any,
) -> None:
    """The entry points below, for x of either type."""
    width = (columns + TILE) // TILE * TILE
    outputs = len(coefficients) // width
    gradient = HEADER + 2 * width
    hessian = gradient + outputs * width
    like = zero_vector(high, LANES)
    block, left = np.zeros(BUFFER * width), np.zeros(BUFFER * width)
    ones, slopes, curvature = np.empty(BUFFER), np.empty(outputs * BUFFER), np.zeros(BUFFER)
    margins, probabilities = np.empty(outputs * BUFFER), np.empty(outputs * BUFFER)
    margin, probability = np.empty(outputs), np.empty(outputs)
    sums = np.zeros(len(high))
    for first in range(0, len(classes), BUFFER):
        count = min(BUFFER, len(classes) - first)
        standardise(x, row_stride, column_stride, columns, first, count, centre, factor, block, 0)
        clear_rest(block, 0, columns, count)
        for r in range(BUFFER):
            block[columns * BUFFER + r] = 1.0 if r < count else 0.0
            ones[r] = (weights[first + r] if len(weights) else 1.0) if r < count else 0.0
        for c in range(outputs):
            for r in range(0, BUFFER, LANES):
                total = like
                for j in range(columns + 1):
                    by = broadcast(like, coefficients[c * width + j])
                    total = fma(by, load(block, j * BUFFER + r, like), total)
                store(margins, c * BUFFER + r, total)
        sums[0] = 0.0
        for r in range(BUFFER):
            label = classes[first + r] if r < count else 0
            for c in range(outputs):
                margin[c] = margins[c * BUFFER + r]
            sums[0] += ones[r] * output_slopes(outputs, label, margin, probability)
            for c in range(outputs):
                probabilities[c * BUFFER + r] = probability[c]
                slopes[c * BUFFER + r] = ones[r] * probability[c]
            if outputs > 1 or label == 1:
                slopes[(label if outputs > 1 else 0) * BUFFER + r] -= ones[r]
        for j in range(columns + 1):
            total, squares = like, like
            for r in range(0, BUFFER, LANES):
                z = load(block, j * BUFFER + r, like)
                weighted = load(ones, r, like) * z
                total = total + weighted
                squares = fma(weighted, z, squares)
            sums[HEADER + j] = sum_lanes(total)
            sums[HEADER + width + j] = sum_lanes(squares)
            for c in range(outputs):
                total = like
                for r in range(0, BUFFER, LANES):
                    total = fma(load(slopes, c * BUFFER + r, like), load(block, j * BUFFER + r, like), total)
                sums[gradient + c * width + j] = sum_lanes(total)
        at = hessian
        for c in range(outputs):
            for d in range(c + 1):
                same = 1.0 if c == d else 0.0
                for r in range(BUFFER):
                    curvature[r] = ones[r] * probabilities[c * BUFFER + r] * (same - probabilities[d * BUFFER + r])
                for j in range(columns + 1):
                    for r in range(0, BUFFER, LANES):
                        z = load(block, j * BUFFER + r, like)
                        store(left, j * BUFFER + r, load(curvature, r, like) * z)
                multiply_buffers(left, 0, block, 0, width, sums, at)
                at += width * width
        add_compensated(sums, high, low, 0)


@entry_point
def add_float32_rows(
    x: ReadFloat32s,
    row_stride: int,
    column_stride: int,
    columns: int,
    classes: ReadInt64s,
    weights: ReadFloat64s,
    coefficients: ReadFloat64s,
    centre: ReadFloat64s,
    factor: ReadFloat64s,
    high: Float64s,
    low: Float64s,
) -> None:
    """Add the sums of [(x - centre) * factor, 1] at ``coefficients`` (outputs, width) to high and their rests to low.

    Cell (r, j) of x is at r * row_stride + j * column_stride. Without ``weights`` (rows,) all are 1.
    """
    add_logistic_rows(x, row_stride, column_stride, columns, classes, weights, coefficients, centre, factor, high, low)


@entry_point
def add_float64_rows(
    x: ReadFloat64s,
    row_stride: int,
    column_stride: int,
    columns: int,
    classes: ReadInt64s,
    weights: ReadFloat64s,
    coefficients: ReadFloat64s,
    centre: ReadFloat64s,
    factor: ReadFloat64s,
    high: Float64s,
    low: Float64s,
) -> None:
    """`add_float32_rows` of float64 columns."""
    add_logistic_rows(x, row_stride, column_stride, columns, classes, weights, coefficients, centre, factor, high, low)
