"""Loss, gradient and Hessian of logistic regression over a block: the kernel, compiled by ``kernels/sources.py``.

As in ``gram_kernel.py``, standardised rows are copied to a buffer, and what a buffer adds up to is added to the block's
sums with its rounding error. Two classes have one output, the log odds of class 1; more have one each (softmax).

The sums are one array: `HEADER` numbers, the loss first; the sums of the columns and of their squares, (width,) each;
the gradient (outputs, width); and the Hessian's blocks (width, width) for outputs (0, 0), (1, 0), (1, 1), (2, 0), …, of
which what is on and above the diagonal counts. The columns end with 1; there are ``width`` with zeros.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import Float64s, ReadFloat32s, ReadFloat64s, ReadInt64s, entry_point, inlined
from ...kernels.vector import broadcast, fma, load, store, sum_lanes, zero_vector
from .gram_kernel import BUFFER, LANES, add_compensated, multiply_buffers, standardise

HEADER = LANES


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
    width = (columns + LANES) // LANES * LANES
    outputs = len(coefficients) // width
    gradient = HEADER + 2 * width
    hessian = gradient + outputs * width
    like = zero_vector(high, LANES)
    right, left = np.zeros(BUFFER * width), np.zeros(BUFFER * width)
    ones, slopes = np.ones(BUFFER), np.empty(outputs * BUFFER)
    margins, probabilities = np.empty(outputs), np.empty(outputs * BUFFER)
    sums = np.zeros(len(high))
    for first in range(0, len(classes), BUFFER):
        count = min(BUFFER, len(classes) - first)
        standardise(x, row_stride, column_stride, columns, first, count, width, centre, factor, right)
        sums[0] = 0.0
        for r in range(count):
            row = r * width
            right[row + columns] = 1.0
            if len(weights):
                ones[r] = weights[first + r]
            label = classes[first + r]
            for c in range(outputs):
                total = like
                for j in range(0, width, LANES):
                    total = fma(load(right, row + j, like), load(coefficients, c * width + j, like), total)
                margins[c] = sum_lanes(total)
            own = probabilities[r * outputs : (r + 1) * outputs]
            sums[0] += ones[r] * output_slopes(outputs, label, margins, own)
            for c in range(outputs):
                slopes[c * BUFFER + r] = ones[r] * own[c]
            if outputs > 1 or label == 1:
                slopes[(label if outputs > 1 else 0) * BUFFER + r] -= ones[r]
        for j in range(0, width, LANES):
            total, squares = like, like
            for r in range(count):
                z = load(right, r * width + j, like)
                weighted = broadcast(like, ones[r]) * z
                total = total + weighted
                squares = fma(weighted, z, squares)
            store(sums, HEADER + j, total)
            store(sums, HEADER + width + j, squares)
            for c in range(outputs):
                total = like
                for r in range(count):
                    total = fma(broadcast(like, slopes[c * BUFFER + r]), load(right, r * width + j, like), total)
                store(sums, gradient + c * width + j, total)
        at = hessian
        for c in range(outputs):
            for d in range(c + 1):
                for r in range(count):
                    p = probabilities[r * outputs + c]
                    v = ones[r] * p * ((1.0 if c == d else 0.0) - probabilities[r * outputs + d])
                    for j in range(0, width, LANES):
                        store(left, r * width + j, broadcast(like, v) * load(right, r * width + j, like))
                multiply_buffers(left, 0, right, 0, count, width, sums, at)
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
