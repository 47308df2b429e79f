"""Linear least squares for tables of many rows: pivoted QR in doubles, refined with longer residuals.

Columns are scaled to length 1. The augmented system r + X b = y, X' r = 0 is refined with residuals in extended
precision (Björck, BIT 7, 1967; Golub & Van Loan, 4th ed., 5.3.8), where the machine has such a type (``longdouble``).
"""

from __future__ import annotations

import numpy as np
from scipy import linalg

from ...arrays import Array
from .normal_equations import Solution

_STEPS = 4


def solve(columns: list[Array], response: Array, weights: Array | None = None) -> Solution:
    """Minimise sum of w*(y - X b)**2; columns (rows,) and y in ``longdouble``. See ``exact.Solution``."""
    root = np.sqrt(weights.astype(np.longdouble)) if weights is not None else np.longdouble(1)
    X = np.stack([np.broadcast_to(c, response.shape) * root for c in columns], axis=1)
    y = response * root
    size = np.sqrt(np.sum(X * X, axis=0))
    size = np.where(size == 0, 1, size)
    X = X / size
    Q, R, order = linalg.qr(X.astype(float), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int(np.sum(diagonal > max(X.shape) * np.finfo(float).eps * diagonal.max(initial=0)))
    kept, Q, R1 = order[:rank], Q[:, :rank], R[:rank, :rank]
    b, r = _refined(X[:, kept], y, Q, R1)
    rss = float(np.sum(r * r))
    constant = np.broadcast_to(root, y.shape).astype(float)
    inside = float(np.sum((Q.T @ constant) ** 2))
    centre = np.sum(y * constant) / np.sum(constant**2) if inside > np.sum(constant**2) * (1 - 1e-10) else 0
    coefficients, inverse = np.zeros(len(columns)), np.full((len(columns), len(columns)), np.nan)
    coefficients[kept] = (b / size[kept]).astype(float)
    half = linalg.solve_triangular(R1, np.eye(rank))
    spread = half / size[kept].astype(float)[:, None]
    inverse[np.ix_(kept, kept)] = spread @ spread.T
    dependent = [
        (int(j), _combination(linalg.solve_triangular(R1, R[:rank, rank + i]), kept, size, int(j)))
        for i, j in enumerate(order[rank:])
    ]
    condition = float(np.linalg.cond(R1)) if rank else 1.0
    return Solution(coefficients, inverse, rss, float(np.sum((y - centre * constant) ** 2)), rank, condition, dependent)


def _refined(X: Array, y: Array, Q: Array, R: Array) -> tuple[Array, Array]:
    """b and the residual, corrected until the correction no longer shrinks."""
    b, r = np.zeros(X.shape[1], np.longdouble), np.zeros(len(y), np.longdouble)
    before = np.inf
    for _ in range(_STEPS):
        f = (y - r - X @ b).astype(float)
        g = (-(X.T @ r)).astype(float)
        h = linalg.solve_triangular(R, g, trans="T")
        q = Q.T @ f
        step = linalg.solve_triangular(R, q - h)
        size = float(np.linalg.norm(step))
        if size > before / 2:
            break
        before = size
        b, r = b + step, r + (f - Q @ q + Q @ h)
    return b, r


def _combination(factors: Array, kept: Array, size: Array, column: int) -> dict[int, float]:
    return {int(j): float(v * size[column] / size[j]) for j, v in zip(kept, factors, strict=True) if abs(v) > 1e-12}
