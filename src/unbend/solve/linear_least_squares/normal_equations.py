"""Linear least squares by normal equations in decimals of 100 digits, for tables of moderate size.

With so many digits the normal equations are harmless: squaring the condition number costs at most 40 of them.
Their Cholesky factor is pivoted on columns scaled to length 1, so that a dependent column shows as a pivot of 0
(Golub & Van Loan, Matrix Computations, 4th ed., 4.2.8 and 5.3).
"""

from __future__ import annotations

from decimal import Decimal
from operator import mul
from typing import Any

import numpy as np

from ..precision.decimal_arithmetic import DIGITS
from .solution import LinearSolution

_ZERO_PIVOT = Decimal(10) ** -70  # of a squared length: below it a column lies in the span of the others
_ROUNDING = Decimal(10) ** (30 - 2 * DIGITS)  # of the response's squared length: a residual below it is rounding
_SAME_SPAN = Decimal(10) ** -30  # of a squared length: below it a column of ones lies in the span of the columns

Matrix = list[list[Decimal]]


def solve_normal_equations(columns: list[Any], response: Any, weights: Any = None) -> LinearSolution:
    """Minimise sum of w*(y - X b)**2; the columns of X, y and w are object arrays of Decimals (rows,).

    Must run inside ``decimal_arithmetic.context()``.
    """
    k = len(columns)
    gram = _gram([*columns, response, np.array([Decimal(1)] * len(response), dtype=object)], weights)
    order, factor, dependencies = _pivoted_cholesky([row[:k] for row in gram[:k]])
    rank = len(order)
    inverse = _inverse_from_cholesky(factor)
    moments = [gram[j][k] for j in order]
    solved = [sum(map(mul, row, moments), Decimal(0)) for row in inverse]
    residuals = response - sum((columns[j] * b for j, b in zip(order, solved, strict=True)), Decimal(0))
    rss = _dot(residuals * weights if weights is not None else residuals, residuals)
    if rss <= gram[k][k] * _ROUNDING:
        rss = Decimal(0)
    coefficients, inverse_gram = np.full(k, 0.0), np.full((k, k), np.nan)
    coefficients[order] = [float(b) for b in solved]
    inverse_gram[np.ix_(order, order)] = [[float(v) for v in row] for row in inverse]
    tss = gram[k][k] - (gram[k + 1][k] ** 2 / gram[k + 1][k + 1] if _has_intercept(gram, order, inverse, k) else 0)
    return LinearSolution(
        coefficients=coefficients,
        inverse_gram=inverse_gram,
        rss=float(rss),
        tss=float(tss),
        rank=rank,
        condition=_condition(gram, order, inverse),
        dependencies=dependencies,
    )


def _gram(vectors: list[Any], weights: Any) -> Matrix:
    """The symmetric matrix of weighted inner products."""
    n = len(vectors)
    weighted = vectors if weights is None else [v * weights for v in vectors]
    gram = [[_dot(weighted[i], vectors[j]) if j <= i else Decimal(0) for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(i):
            gram[j][i] = gram[i][j]
    return gram


def _dot(a: Any, b: Any) -> Decimal:
    return sum(map(mul, a.tolist(), b.tolist()), Decimal(0))


def _condition(gram: Matrix, order: list[int], inverse: Matrix) -> float:
    """An upper bound of the condition number of the independent columns scaled to length 1."""
    scaled = [
        [abs(inverse[a][b]) * (gram[i][i] * gram[j][j]).sqrt() for b, j in enumerate(order)]
        for a, i in enumerate(order)
    ]
    largest_row_sum = max((sum(row, Decimal(0)) for row in scaled), default=Decimal(1))
    return float((largest_row_sum * max(len(order), 1)).sqrt())


def _has_intercept(gram: Matrix, order: list[int], inverse: Matrix, k: int) -> bool:
    """Whether a column of ones lies in the span of the columns: then R² is about the mean."""
    ones = [gram[k + 1][j] for j in order]
    inside = sum((a * sum(map(mul, row, ones), Decimal(0)) for a, row in zip(ones, inverse, strict=True)), Decimal(0))
    return abs(gram[k + 1][k + 1] - inside) <= gram[k + 1][k + 1] * _SAME_SPAN


def _pivoted_cholesky(gram: Matrix) -> tuple[list[int], Matrix, list[tuple[int, dict[int, float]]]]:
    """The pivot order, the lower factor L (gram = L L' in that order), and the dependent columns."""
    schur = [row[:] for row in gram]
    remaining = [j for j in range(len(gram)) if gram[j][j] > 0]
    order: list[int] = []
    rows: dict[int, list[Decimal]] = {j: [] for j in range(len(gram))}
    while remaining:
        pivot = max(remaining, key=lambda j: schur[j][j] / gram[j][j])
        if schur[pivot][pivot] <= gram[pivot][pivot] * _ZERO_PIVOT:
            break
        remaining.remove(pivot)
        order.append(pivot)
        root = schur[pivot][pivot].sqrt()
        rows[pivot].append(root)
        for i in remaining:
            rows[i].append(schur[i][pivot] / root)
        for i in remaining:
            for j in remaining:
                if j <= i:
                    schur[i][j] = schur[j][i] = schur[i][j] - rows[i][-1] * rows[j][-1]
    factor = [rows[j] for j in order]
    dependent = [j for j in range(len(gram)) if j not in order]
    return order, factor, [(j, _combination(rows[j], factor, order)) for j in dependent]


def _combination(row: list[Decimal], factor: Matrix, order: list[int]) -> dict[int, float]:
    """Back substitution: the factors with which the pivot columns make up the dependent one."""
    factors = [Decimal(0)] * len(order)
    for i in reversed(range(len(order))):
        known = sum((factor[m][i] * factors[m] for m in range(i + 1, len(order))), Decimal(0))
        factors[i] = ((row[i] if row else Decimal(0)) - known) / factor[i][i]
    return {order[i]: float(v) for i, v in enumerate(factors) if abs(v) > Decimal(10) ** -20}


def _inverse_from_cholesky(factor: Matrix) -> Matrix:
    """(L L')^-1 from the inverse of L."""
    n = len(factor)
    lower = [[Decimal(0)] * n for _ in range(n)]
    for j in range(n):
        lower[j][j] = 1 / factor[j][j]
        for i in range(j + 1, n):
            lower[i][j] = -sum((factor[i][m] * lower[m][j] for m in range(j, i)), Decimal(0)) / factor[i][i]
    return [
        [sum((lower[m][i] * lower[m][j] for m in range(max(i, j), n)), Decimal(0)) for j in range(n)] for i in range(n)
    ]
