"""Dual coordinate descent for several classes, each against the rest: the kernel, compiled by ``kernels/sources.py``.

The classes' weights of a column lie side by side, so that a row is read once for all of them. Every class is fitted as
`dual_kernel.logistic_pass` fits it alone.
"""

import numpy as np

from ...arrays import Array
from ...kernels.declare import (
    Float32s,
    Float64s,
    ReadFloat32s,
    ReadFloat64s,
    ReadInt32s,
    ReadInt64s,
    entry_point,
    inlined,
)
from .dual_kernel import FREEDOM, improved

CALM = 1e-3  # a gradient so small is left alone


@inlined
def add_outputs(
    row_starts: Array, columns: Array, values: Array, weights: Array, row: int, intercepts: int, out: Array
) -> None:
    """Write a row's outputs; ``intercepts`` is where those begin among the weights."""
    width = len(out)
    for j in range(width):
        out[j] = weights[intercepts + j]
    for p in range(row_starts[row], row_starts[row + 1]):
        value, at = np.float64(values[p]), np.int64(columns[p]) * width
        for j in range(width):
            out[j] += value * np.float64(weights[at + j])


@inlined
def add_steps(
    row_starts: Array, columns: Array, values: Array, weights: Array, row: int, intercepts: int, steps: Array
) -> None:
    """Add a row to the weights, times each class's step."""
    width = len(steps)
    for p in range(row_starts[row], row_starts[row + 1]):
        value, at = values[p], np.int64(columns[p]) * width
        for j in range(width):
            weights[at + j] += value * steps[j]
    for j in range(width):
        weights[intercepts + j] += np.float32(FREEDOM) * steps[j]


@entry_point
def outputs(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    weights: ReadFloat32s,
    width: int,
    rows: ReadInt64s,
    out: Float64s,
) -> None:
    """The outputs for some rows, written to ``out`` (rows * width,), of weights ((columns + 1) * width,)."""
    own = np.empty(width)
    for k in range(len(rows)):
        add_outputs(row_starts, columns, values, weights, rows[k], len(weights) - width, own)
        for j in range(width):
            out[k * width + j] = own[j]


@entry_point
def add_rows(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    factors: ReadFloat64s,
    rows: ReadInt64s,
    width: int,
    weights: Float32s,
) -> None:
    """Add some rows to the weights, each times its numbers among ``factors`` (all rows * width,)."""
    steps = np.empty(width, np.float32)
    for k in range(len(rows)):
        for j in range(width):
            steps[j] = factors[rows[k] * width + j]
        add_steps(row_starts, columns, values, weights, rows[k], len(weights) - width, steps)


@entry_point
def logistic_pass(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    norms: ReadFloat64s,
    classes: ReadInt64s,
    width: int,
    cost: float,
    order: ReadInt64s,
    alpha: Float64s,
    weights: Float32s,
) -> float:
    """One pass over the rows in the given order; returns the largest gradient met.

    ``classes`` (all rows,) are numbers, those of others than these ``width`` classes outside of 0 to ``width - 1``;
    ``alpha`` (all rows * width,) and ``weights`` ((columns + 1) * width,) are updated in place.
    """
    worst = 0.0
    own, steps = np.empty(width), np.empty(width, np.float32)
    for k in range(len(order)):
        row = order[k]
        add_outputs(row_starts, columns, values, weights, row, len(weights) - width, own)
        changed = False
        for j in range(width):
            sign = 1.0 if classes[row] == j else -1.0
            old = alpha[row * width + j]
            gradient = abs(sign * own[j] + np.log(old / (cost - old)))
            worst = max(worst, gradient)
            steps[j] = 0.0
            if gradient > CALM:
                z = improved(norms[row], sign * own[j], old, cost)
                alpha[row * width + j] = z
                steps[j] = sign * (z - old)
                changed = True
        if changed:
            add_steps(row_starts, columns, values, weights, row, len(weights) - width, steps)
    return worst
