"""Dual coordinate descent for linear models of sparse rows: the kernel, compiled by ``kernels/sources.py``.

A row x has the entries of a CSR matrix; the last weight is the intercept, and the penalty is sum w²/2, of the intercept
that over ``FREEDOM``. The weights are the sum of all rows, each times its dual variable, and are kept up to date while
the dual variables are improved one by one.
"""

from typing import Any

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

FREEDOM = 0.1  # of the intercept: where it was 1, more than a row's other entries, it swung from row to row


@inlined
def output(row_starts: Array, columns: Array, values: Array, weights: Array, row: int) -> Any:
    """The linear model's output for a row."""
    total = np.float64(weights[len(weights) - 1])
    for p in range(row_starts[row], row_starts[row + 1]):
        total += np.float64(weights[columns[p]]) * np.float64(values[p])
    return total


@inlined
def add_row(row_starts: Array, columns: Array, values: Array, weights: Array, row: int, factor: Any) -> None:
    """Add ``factor`` times a row to the weights."""
    for p in range(row_starts[row], row_starts[row + 1]):
        weights[columns[p]] += np.float32(factor * values[p])
    weights[len(weights) - 1] += np.float32(FREEDOM * factor)


@inlined
def improved(a: Any, margin: Any, old: Any, cost: Any) -> Any:
    """The dual variable of a row of squared length ``a`` at which the logistic loss has no slope (Newton's method).

    Yu, Huang & Lin (2011), algorithm 5: of the variable and its complement ``cost - old`` the one nearer 0 is found.
    """
    side = 1.0
    if 0.5 * a * (cost - 2.0 * old) + margin < 0.0:
        side, old = -1.0, cost - old
    b = side * margin
    z = old
    if cost - old < 0.5 * cost:
        z = 0.1 * old
    for _ in range(50):
        gradient = a * (z - old) + b + np.log(z / (cost - z))
        if abs(gradient) < 1e-6:
            break
        step = z - gradient / (a + cost / ((cost - z) * z))
        z = step if step > 0.0 else 0.1 * z
    z = min(max(z, 1e-12 * cost), cost * (1.0 - 1e-12))
    return z if side > 0.0 else cost - z


@entry_point
def outputs(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    weights: ReadFloat32s,
    rows: ReadInt64s,
    out: Float64s,
) -> None:
    """The linear model's outputs for some rows, written to ``out`` (rows,)."""
    for k in range(len(rows)):
        out[k] = output(row_starts, columns, values, weights, rows[k])


@entry_point
def add_rows(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    factors: ReadFloat64s,
    rows: ReadInt64s,
    weights: Float32s,
) -> None:
    """Add some rows, each times its number among ``factors`` (all rows,), to the weights."""
    for k in range(len(rows)):
        add_row(row_starts, columns, values, weights, rows[k], factors[rows[k]])


@entry_point
def squared_norms(row_starts: ReadInt64s, values: ReadFloat32s, out: Float64s) -> None:
    """The squared length of every row and ``FREEDOM``, written to ``out``."""
    for row in range(len(out)):
        total = FREEDOM
        for p in range(row_starts[row], row_starts[row + 1]):
            total += np.float64(values[p]) * np.float64(values[p])
        out[row] = total


@entry_point
def logistic_pass(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    norms: ReadFloat64s,
    signs: ReadFloat64s,
    cost: float,
    order: ReadInt64s,
    alpha: Float64s,
    weights: Float32s,
) -> float:
    """Improve the dual variable of each row in the given order; returns the largest gradient met.

    Minimises the penalty + cost * sum log(1 + exp(-sign * w·x)); ``alpha`` (all rows,), between 0 and ``cost``, and
    ``weights`` are updated in place.
    """
    worst = 0.0
    for k in range(len(order)):
        row = order[k]
        sign, a = signs[row], norms[row]
        margin = sign * output(row_starts, columns, values, weights, row)
        old = alpha[row]
        worst = max(worst, abs(margin + np.log(old / (cost - old))))
        alpha[row] = improved(a, margin, old, cost)
        if alpha[row] != old:
            add_row(row_starts, columns, values, weights, row, (alpha[row] - old) * sign)
    return worst


@entry_point
def squared_pass(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    norms: ReadFloat64s,
    targets: ReadFloat64s,
    cost: float,
    order: ReadInt64s,
    alpha: Float64s,
    weights: Float32s,
) -> float:
    """As `logistic_pass`, for the penalty + cost/2 * sum (target - w·x)²."""
    worst = 0.0
    for k in range(len(order)):
        row = order[k]
        gradient = targets[row] - output(row_starts, columns, values, weights, row) - alpha[row] / cost
        worst = max(worst, abs(gradient))
        step = gradient / (norms[row] + 1.0 / cost)
        alpha[row] += step
        add_row(row_starts, columns, values, weights, row, step)
    return worst
