"""Linear least squares by normal equations in decimals of 100 digits, for tables of moderate size.

With so many digits the normal equations are harmless: squaring the condition number costs at most 40 of them.
Their Cholesky factor is pivoted on columns scaled to length 1, so that a dependent column shows as a pivot of 0
(Golub & Van Loan, Matrix Computations, 4th ed., 4.2.8 and 5.3).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import mul
from typing import Any

import numpy as np

from ..precision.data_rounding import DataRounding
from ..precision.decimal_arithmetic import DIGITS
from .solution import LinearSolution

_ZERO_PIVOT = Decimal(10) ** -70  # of a squared length: below it a column lies in the span of the others
_ROUNDING = Decimal(10) ** (30 - 2 * DIGITS)  # of the response's squared length: a residual below it is rounding
_SAME_SPAN = Decimal(10) ** -30  # of a squared length: below it a column of ones lies in the span of the columns
_NEGLIGIBLE = Decimal(10) ** -40  # of a squared length: below it a term is rounding

Matrix = list[list[Decimal]]
Factors = dict[int, float]


def solve_normal_equations(
    columns: list[Any], response: Any, weights: Any = None, rounding: DataRounding | None = None
) -> LinearSolution:
    """Minimise sum of w*(y - X b)**2; the columns of X, y and w are object arrays of Decimals (rows,).

    Columns that depend on each other count as such exactly, and with ``rounding`` also at the precision of the data.
    Must run inside ``decimal_arithmetic.context()``.
    """
    k = len(columns)
    gram = _gram([*columns, response, np.array([Decimal(1)] * len(response), dtype=object)], weights)

    def dependence(column: int, factors: dict[int, Decimal]) -> Factors | None:
        if rounding is None:
            return None
        others = [columns[j] for j in factors]
        residuals = columns[column] - sum((c * f for c, f in zip(others, factors.values(), strict=True)), Decimal(0))
        values = np.stack([c.astype(float) for c in others], axis=1) if others else np.empty((len(response), 0))
        return rounding.dependence(column, factors, residuals.astype(float), values)

    def rss(order: list[int], solved: list[Decimal]) -> Decimal:
        residuals = response - sum((columns[j] * b for j, b in zip(order, solved, strict=True)), Decimal(0))
        total: Decimal = _dot(residuals * weights if weights is not None else residuals, residuals)
        return total if total > gram[k][k] * _ROUNDING else Decimal(0)

    near = Decimal(rounding.near**2) if rounding is not None else Decimal(0)
    return solve_gram(gram, near, dependence, rss)


def solve_gram(
    gram: Matrix,
    near: Decimal,
    dependence: Callable[[int, dict[int, Decimal]], Factors | None],
    rss: Callable[[list[int], list[Decimal]], Decimal],
) -> LinearSolution:
    """The solution from the Gram matrix of the k columns, the response and a column of ones, inside ``context()``.

    A column whose squared length outside of the span of others falls below the part ``near`` of itself is dependent if
    ``dependence`` says so; ``rss`` gives the residual sum of squares from columns and their coefficients.
    """
    k = len(gram) - 2
    order, factor, dependencies = pivoted_cholesky([row[:k] for row in gram[:k]], near, dependence)
    rank = len(order)
    inverse = _inverse_from_cholesky(factor)
    moments = [gram[j][k] for j in order]
    solved = [sum(map(mul, row, moments), Decimal(0)) for row in inverse]
    coefficients, inverse_gram = np.full(k, 0.0), np.full((k, k), np.nan)
    coefficients[order] = [
        float(b) if b * b * gram[j][j] > gram[k][k] * _NEGLIGIBLE else 0.0 for j, b in zip(order, solved, strict=True)
    ]
    inverse_gram[np.ix_(order, order)] = [[float(v) for v in row] for row in inverse]
    tss = gram[k][k] - (gram[k + 1][k] ** 2 / gram[k + 1][k + 1] if _has_intercept(gram, order, inverse, k) else 0)
    return LinearSolution(
        coefficients=coefficients,
        inverse_gram=inverse_gram,
        rss=float(rss(order, solved)),
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


def pivoted_cholesky(
    gram: Matrix, near: Decimal, dependence: Callable[[int, dict[int, Decimal]], Factors | None]
) -> tuple[list[int], Matrix, list[tuple[int, Factors]]]:
    """The pivot order, the lower factor L (gram = L L' in that order), and the dependent columns.

    A column whose squared length falls below the part ``near`` of itself is dependent if ``dependence`` says so.
    """
    schur = [row[:] for row in gram]
    remaining = [j for j in range(len(gram)) if gram[j][j] > 0]
    order: list[int] = []
    rows: dict[int, list[Decimal]] = {j: [] for j in range(len(gram))}
    dependent: list[tuple[int, Factors]] = []

    def factors(j: int) -> dict[int, Decimal]:
        return _combination(rows[j], [rows[i] for i in order], order)

    while remaining:
        pivot = max(remaining, key=lambda j: schur[j][j] / gram[j][j])
        if schur[pivot][pivot] <= gram[pivot][pivot] * _ZERO_PIVOT:
            break
        remaining.remove(pivot)
        if schur[pivot][pivot] <= gram[pivot][pivot] * near:
            found = dependence(pivot, factors(pivot))
            if found is not None:
                dependent.append((pivot, found))
                continue
        order.append(pivot)
        root = schur[pivot][pivot].sqrt()
        rows[pivot].append(root)
        for i in remaining:
            rows[i].append(schur[i][pivot] / root)
        for i in remaining:
            for j in remaining:
                if j <= i:
                    schur[i][j] = schur[j][i] = schur[i][j] - rows[i][-1] * rows[j][-1]
    exact = [j for j in range(len(gram)) if j in remaining or gram[j][j] <= 0]
    dependent.extend((j, _without_rounding(gram, j, factors(j))) for j in exact)
    return order, [rows[j] for j in order], sorted(dependent, key=lambda item: item[0])


def _combination(row: list[Decimal], factor: Matrix, order: list[int]) -> dict[int, Decimal]:
    """Back substitution: the factors with which the pivot columns make up the dependent one."""
    factors = [Decimal(0)] * len(order)
    for i in reversed(range(len(order))):
        known = sum((factor[m][i] * factors[m] for m in range(i + 1, len(order))), Decimal(0))
        factors[i] = ((row[i] if row else Decimal(0)) - known) / factor[i][i]
    return dict(zip(order, factors, strict=True))


def _without_rounding(gram: Matrix, column: int, factors: dict[int, Decimal]) -> Factors:
    """The factors whose terms are not rounding errors of the 100 digits."""
    limit = gram[column][column] * _NEGLIGIBLE
    return {j: float(f) for j, f in factors.items() if f * f * gram[j][j] > limit}


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
