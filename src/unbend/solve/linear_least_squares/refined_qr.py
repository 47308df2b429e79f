"""Linear least squares by pivoted QR in doubles with iterative refinement, for tables of many rows.

Columns are scaled to length 1. The augmented system r + X b = y, X' r = 0 is refined with residuals in extended
precision (Björck, BIT 7, 1967; Golub & Van Loan, 4th ed., 5.3.8), on machines that have such a type (``longdouble``).
"""

from __future__ import annotations

import numpy as np
from scipy import linalg

from ...arrays import Array
from .solution import LinearSolution

_MAX_REFINEMENTS = 4


def solve_refined_qr(columns: list[Array], response: Array, weights: Array | None = None) -> LinearSolution:
    """Minimise sum of w*(y - X b)**2; the columns of X and y are ``longdouble`` (rows,), w doubles."""
    sqrt_weights = np.sqrt(weights.astype(np.longdouble)) if weights is not None else np.longdouble(1)
    X = np.stack([np.broadcast_to(c, response.shape) * sqrt_weights for c in columns], axis=1)
    y = response * sqrt_weights
    norms = np.sqrt(np.sum(X * X, axis=0))
    norms = np.where(norms == 0, 1, norms)
    X = X / norms
    Q, R, order = linalg.qr(X.astype(float), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int(np.sum(diagonal > max(X.shape) * np.finfo(float).eps * diagonal.max(initial=0)))
    independent, Q, R1 = order[:rank], Q[:, :rank], R[:rank, :rank]
    b, residuals = _refine(X[:, independent], y, Q, R1)
    coefficients, inverse_gram = np.zeros(len(columns)), np.full((len(columns), len(columns)), np.nan)
    coefficients[independent] = (b / norms[independent]).astype(float)
    half = linalg.solve_triangular(R1, np.eye(rank)) / norms[independent].astype(float)[:, None]
    inverse_gram[np.ix_(independent, independent)] = half @ half.T
    dependencies = [
        (int(j), _combination(linalg.solve_triangular(R1, R[:rank, rank + i]), independent, norms, int(j)))
        for i, j in enumerate(order[rank:])
    ]
    return LinearSolution(
        coefficients=coefficients,
        inverse_gram=inverse_gram,
        rss=float(np.sum(residuals * residuals)),
        tss=_total_sum_of_squares(y, np.broadcast_to(sqrt_weights, y.shape).astype(float), Q),
        rank=rank,
        condition=float(np.linalg.cond(R1)) if rank else 1.0,
        dependencies=dependencies,
    )


def _total_sum_of_squares(y: Array, ones: Array, Q: Array) -> float:
    """About the mean if the weighted column of ones (rows,) lies in the span of Q, else about 0."""
    inside = float(np.sum((Q.T @ ones) ** 2))
    mean = np.sum(y * ones) / np.sum(ones**2) if inside > np.sum(ones**2) * (1 - 1e-10) else 0
    return float(np.sum((y - mean * ones) ** 2))


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
