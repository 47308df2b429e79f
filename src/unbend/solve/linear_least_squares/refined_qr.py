"""Linear least squares by pivoted QR in doubles with iterative refinement, for tables of many rows.

Columns are scaled to length 1. The augmented system r + X b = y, X' r = 0 is refined with residuals in extended
precision (Björck, BIT 7, 1967; Golub & Van Loan, 4th ed., 5.3.8), on machines that have such a type (``longdouble``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg

from ...arrays import Array
from ..precision.data_rounding import DataRounding
from .solution import LinearSolution

_MAX_REFINEMENTS = 4
_ROUNDING = 8 * 2.0**-53  # of the response: a variation below it is rounding


class _Problem(NamedTuple):
    """The columns X (rows, columns) scaled by their ``norms``, y (rows,), both weighted; the weighted ``ones``."""

    X: Array
    y: Array
    norms: Array
    ones: Array


def _scaled(columns: list[Array], response: Array, weights: Array | None) -> _Problem:
    sqrt_weights = np.sqrt(weights.astype(np.longdouble)) if weights is not None else np.longdouble(1)
    X = np.stack([np.broadcast_to(c, response.shape) * sqrt_weights for c in columns], axis=1)
    y = response * sqrt_weights
    norms = np.sqrt(np.sum(X * X, axis=0))
    norms = np.where(norms == 0, 1, norms)
    return _Problem(X / norms, y, norms, np.broadcast_to(sqrt_weights, y.shape).astype(float))


def solve_refined_qr(columns: list[Array], response: Array, weights: Array | None = None) -> LinearSolution:
    """Minimise sum of w*(y - X b)**2; the columns of X and y are ``longdouble`` (rows,), w doubles."""
    problem = _scaled(columns, response, weights)
    Q, R, order = linalg.qr(problem.X.astype(float), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int(np.sum(diagonal > max(problem.X.shape) * np.finfo(float).eps * diagonal.max(initial=0)))
    independent, Q, R1 = order[:rank], Q[:, :rank], R[:rank, :rank]
    b, residuals = _refine(problem.X[:, independent], problem.y, Q, R1)
    dependencies = [
        (int(j), _combination(linalg.solve_triangular(R1, R[:rank, rank + i]), independent, problem.norms, int(j)))
        for i, j in enumerate(order[rank:])
    ]
    return _solution(problem, b, residuals, Q=Q, R=R1, independent=independent, dependencies=dependencies)


def solve_nearly_dependent(
    columns: list[Array], response: Array, rounding: DataRounding, weights: Array | None = None
) -> LinearSolution:
    """The same by pivoted Gram-Schmidt in extended precision, each column made orthogonal twice.

    Columns count as dependent only if they are so at the precision of the data.
    """
    problem = _scaled(columns, response, weights)
    X, y, norms = problem.X, problem.y, problem.norms
    unweighted = np.stack([np.broadcast_to(c, response.shape) for c in columns], axis=1)
    noise = 16 * float(np.finfo(X.dtype).eps)
    remaining, order = list(range(X.shape[1])), list[int]()
    Q, R = np.zeros_like(X), np.zeros((X.shape[1], X.shape[1]), X.dtype)
    work, products = X.copy(), np.zeros((X.shape[1], X.shape[1]), X.dtype)  # products: column j on the pivots so far
    dependencies: list[tuple[int, dict[int, float]]] = []
    while remaining:
        lengths = {j: np.sqrt(np.sum(work[:, j] ** 2)) for j in remaining}
        pivot = max(remaining, key=lambda j: lengths[j])
        remaining.remove(pivot)
        rank = len(order)
        if lengths[pivot] < rounding.near:
            scaled = _solve_triangular(R[:rank, :rank], products[:rank, pivot]) * norms[pivot] / norms[order]
            residuals = (unweighted[:, pivot] - unweighted[:, order] @ scaled).astype(float)
            size = (np.abs(unweighted[:, pivot]) + np.abs(unweighted[:, order]) @ np.abs(scaled)).astype(float)
            factors = dict(zip(order, scaled, strict=True))
            found = rounding.dependence(pivot, factors, residuals, unweighted[:, order].astype(float), noise * size)
            if found is not None:
                dependencies.append((pivot, found))
                continue
        q = work[:, pivot] / lengths[pivot]
        for _ in range(2):
            q = q - Q[:, :rank] @ (Q[:, :rank].T @ q)
        q = q / np.sqrt(np.sum(q**2))
        Q[:, rank] = q
        R[: rank + 1, rank] = Q[:, : rank + 1].T @ X[:, pivot]
        order.append(pivot)
        for j in remaining:
            for _ in range(2):
                inside = q @ work[:, j]
                products[rank, j] += inside
                work[:, j] -= inside * q
    rank, independent = len(order), np.array(order, dtype=int)
    Q, R = Q[:, :rank], R[:rank, :rank]
    b, residuals = np.zeros(rank, X.dtype), y
    for _ in range(2):
        b = b + _solve_triangular(R, Q.T @ residuals)
        residuals = y - X[:, independent] @ b
    dependencies.sort(key=lambda item: item[0])
    Q, R = Q.astype(float), R.astype(float)
    return _solution(problem, b, residuals, Q=Q, R=R, independent=independent, dependencies=dependencies)


def _solve_triangular(R: Array, right: Array) -> Array:
    """R x = right by back substitution, in the precision of R."""
    x = np.zeros(len(right), R.dtype)
    for i in reversed(range(len(right))):
        x[i] = (right[i] - R[i, i + 1 :] @ x[i + 1 :]) / R[i, i]
    return x


def _solution(
    problem: _Problem,
    b: Array,
    residuals: Array,
    *,
    Q: Array,
    R: Array,
    independent: Array,
    dependencies: list[tuple[int, dict[int, float]]],
) -> LinearSolution:
    """The record, from the coefficients b of the independent scaled columns and their factors Q, R."""
    k, rank = len(problem.norms), len(b)
    norms = problem.norms[independent]
    coefficients, inverse_gram = np.zeros(k), np.full((k, k), np.nan)
    coefficients[independent] = (b / norms).astype(float)
    half = linalg.solve_triangular(R, np.eye(rank)) / norms.astype(float)[:, None]
    inverse_gram[np.ix_(independent, independent)] = half @ half.T
    return LinearSolution(
        coefficients=coefficients,
        inverse_gram=inverse_gram,
        rss=float(np.sum(residuals * residuals)),
        tss=_total_sum_of_squares(problem.y, problem.ones, Q),
        rank=rank,
        condition=float(np.linalg.cond(R)) if rank else 1.0,
        dependencies=dependencies,
    )


def _total_sum_of_squares(y: Array, ones: Array, Q: Array) -> float:
    """About the mean if the weighted column of ones (rows,) lies in the span of Q, else about 0."""
    inside = float(np.sum((Q.T @ ones) ** 2))
    mean = np.sum(y * ones) / np.sum(ones**2) if inside > np.sum(ones**2) * (1 - 1e-10) else 0
    total = float(np.sum((y - mean * ones) ** 2))
    return total if total > _ROUNDING**2 * float(np.sum(y * y)) else 0.0  # a constant response


def _refine(X: Array, y: Array, Q: Array, R: Array) -> tuple[Array, Array]:
    """b and the residuals, corrected until the correction no longer shrinks by half."""
    b, r = np.zeros(X.shape[1], np.longdouble), np.zeros(len(y), np.longdouble)
    previous = np.inf
    for _ in range(_MAX_REFINEMENTS):
        f = (y - r - X @ b).astype(float)
        g = (-(X.T @ r)).astype(float)
        h = linalg.solve_triangular(R, g, trans="T")
        q = Q.T @ f
        step = linalg.solve_triangular(R, q - h)
        size = float(np.linalg.norm(step))
        if size > previous / 2:
            break
        previous = size
        b, r = b + step, r + (f - Q @ q + Q @ h)
    return b, r


def _combination(factors: Array, independent: Array, norms: Array, column: int) -> dict[int, float]:
    """{independent column: factor} with which those make up the dependent ``column``, in unscaled columns."""
    return {
        int(j): float(v * norms[column] / norms[j]) for j, v in zip(independent, factors, strict=True) if abs(v) > 1e-12
    }
