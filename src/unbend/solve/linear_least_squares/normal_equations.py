"""Linear least squares in decimals of 100 digits, for tables of moderate size.

With so many digits the normal equations are harmless: squaring the condition number costs at most 40 of them.
Their Cholesky factor is pivoted on columns scaled to length 1, so that a dependent column shows as a pivot of 0
(Golub & Van Loan, Matrix Computations, 4th ed., 4.2.8 and 5.3).
"""

from __future__ import annotations

from decimal import Decimal
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from ..precision.decimal_arithmetic import DIGITS

_NOTHING = Decimal(10) ** -70  # of a squared length: below it a column lies in the span of the others
_ROUNDING = Decimal(10) ** (30 - 2 * DIGITS)  # of the response's squared length: a residual below it is rounding


class Solution(NamedTuple):
    """Coefficients b of X b = y and what goes with them; NaN where the data leave a coefficient open.

    ``inverse`` is (X'X)^-1 (columns, columns); ``dependent`` are (column, {other column: factor}) with
    column = sum of factor*other.
    """

    coefficients: Any
    inverse: Any
    rss: float
    centred: float  # sum of squares of the response about its mean, or about 0 without a constant
    rank: int
    condition: float
    dependent: list[tuple[int, dict[int, float]]]


def solve(columns: list[Any], response: Any, weights: Any = None) -> Solution:
    """Minimise sum of w*(y - X b)**2; the columns of X, y and w are object arrays of Decimals (rows,).

    Must run inside ``decimals.context()``.
    """
    k, ones = len(columns), np.array([Decimal(1)] * len(response), dtype=object)
    vectors = [*columns, response, ones]
    weighted = vectors if weights is None else [v * weights for v in vectors]
    gram = [[_dot(weighted[i], vectors[j]) if j <= i else Decimal(0) for j in range(k + 2)] for i in range(k + 2)]
    for i in range(k + 2):
        for j in range(i):
            gram[j][i] = gram[i][j]
    order, factor, dependent = _cholesky([row[:k] for row in gram[:k]])
    rank = len(order)
    inverse = _inverse(factor)
    moments = [gram[j][k] for j in order]
    solved = [sum(map(mul, row, moments), Decimal(0)) for row in inverse]
    residual = response - sum((columns[j] * b for j, b in zip(order, solved, strict=True)), Decimal(0))
    rss = _dot(residual * weights if weights is not None else residual, residual)
    if rss <= gram[k][k] * _ROUNDING:
        rss = Decimal(0)
    coefficients, full = np.full(k, 0.0), np.full((k, k), np.nan)
    coefficients[order] = [float(b) for b in solved]
    full[np.ix_(order, order)] = [[float(v) for v in row] for row in inverse]
    total = gram[k][k] - (gram[k + 1][k] ** 2 / gram[k + 1][k + 1] if _has_constant(gram, order, inverse, k) else 0)
    scaled = [
        [abs(inverse[a][b]) * (gram[i][i] * gram[j][j]).sqrt() for b, j in enumerate(order)]
        for a, i in enumerate(order)
    ]
    condition = float((max((sum(row, Decimal(0)) for row in scaled), default=Decimal(1)) * max(rank, 1)).sqrt())
    return Solution(coefficients, full, float(rss), float(total), rank, condition, dependent)


def _dot(a: Any, b: Any) -> Decimal:
    return sum(map(mul, a.tolist(), b.tolist()), Decimal(0))


def _has_constant(gram: list[list[Decimal]], order: list[int], inverse: list[list[Decimal]], k: int) -> bool:
    """Whether a column of ones lies in the span of the columns: then R² is about the mean."""
    ones = [gram[k + 1][j] for j in order]
    inside = sum((a * sum(map(mul, row, ones), Decimal(0)) for a, row in zip(ones, inverse, strict=True)), Decimal(0))
    return abs(gram[k + 1][k + 1] - inside) <= gram[k + 1][k + 1] * Decimal(10) ** -30


def _cholesky(
    gram: list[list[Decimal]],
) -> tuple[list[int], list[list[Decimal]], list[tuple[int, dict[int, float]]]]:
    """The pivots' order, the lower factor L (gram = L L' in that order), and the dependent columns."""
    rest = [row[:] for row in gram]
    waiting = [j for j in range(len(gram)) if gram[j][j] > 0]
    order: list[int] = []
    rows: dict[int, list[Decimal]] = {j: [] for j in range(len(gram))}
    while waiting:
        pivot = max(waiting, key=lambda j: rest[j][j] / gram[j][j])
        if rest[pivot][pivot] <= gram[pivot][pivot] * _NOTHING:
            break
        waiting.remove(pivot)
        order.append(pivot)
        root = rest[pivot][pivot].sqrt()
        rows[pivot].append(root)
        for i in waiting:
            rows[i].append(rest[i][pivot] / root)
        for i in waiting:
            for j in waiting:
                if j <= i:
                    rest[i][j] = rest[j][i] = rest[i][j] - rows[i][-1] * rows[j][-1]
    factor = [rows[j] for j in order]
    left = [j for j in range(len(gram)) if j not in order]
    return order, factor, [(j, _combination(rows[j], factor, order)) for j in left]


def _combination(row: list[Decimal], factor: list[list[Decimal]], order: list[int]) -> dict[int, float]:
    """Back substitution: the factors with which the pivot columns make up the dependent one."""
    found = [Decimal(0)] * len(order)
    for i in reversed(range(len(order))):
        known = sum((factor[m][i] * found[m] for m in range(i + 1, len(order))), Decimal(0))
        found[i] = ((row[i] if row else Decimal(0)) - known) / factor[i][i]
    return {order[i]: float(v) for i, v in enumerate(found) if abs(v) > Decimal(10) ** -20}


def _inverse(factor: list[list[Decimal]]) -> list[list[Decimal]]:
    """(L L')^-1 from the inverse of L"""
    n = len(factor)
    lower = [[Decimal(0)] * n for _ in range(n)]
    for j in range(n):
        lower[j][j] = 1 / factor[j][j]
        for i in range(j + 1, n):
            lower[i][j] = -sum((factor[i][m] * lower[m][j] for m in range(j, i)), Decimal(0)) / factor[i][i]
    return [
        [sum((lower[m][i] * lower[m][j] for m in range(max(i, j), n)), Decimal(0)) for j in range(n)] for i in range(n)
    ]
