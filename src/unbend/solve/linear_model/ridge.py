"""`ridge`: ridge regression, its penalty chosen by exact leave-one-out cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler
from .row_blocks import StandardisedRows
from .singular_vectors import gram_matrix, right_singular_vectors

# per row and per standardised column; the smallest amounts to least squares except for exactly collinear columns, the
# largest shrinks all weights to nothing even with thousands of columns
PENALTIES = np.concatenate([[1e-12], np.logspace(-7, 4, 34)])


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A linear model: outputs x W + b in raw columns, W (columns, outputs), b (outputs,), and its ``penalty``.

    ``held_out_loss`` is the loss on held-out rows by which the penalty was chosen (mean squared error or log loss).
    """

    W: Array
    b: Array
    penalty: float
    held_out_loss: float


def ridge(x: Array, y: Array, penalties: Any = PENALTIES) -> LinearModel:
    """Ridge regression with an intercept, its penalty chosen by exact leave-one-out.

    Minimises the mean squared residual + penalty * |w|² on standardised columns; the intercept is not penalised. One
    eigendecomposition serves all penalties: of the Gram matrix of the columns, or of the rows where these are fewer;
    collinear and nearly collinear columns do no harm (`right_singular_vectors`). Float64 throughout, in blocks of rows,
    so that a table in float32 is never copied.

    Parameters
    ----------
    x : array (n, columns)
    y : array (n,)
    penalties : sequence of float, default ``PENALTIES``
        Candidates, in units per row and per standardised column.

    Returns
    -------
    LinearModel
        W (columns, 1) and b (1,) in raw columns; ``held_out_loss`` is the leave-one-out mean squared error.

    References
    ----------
    The held-out residual of row i is exactly r_i / (1 - h_ii): Allen (1974); Hastie, Tibshirani & Friedman (2009),
    eq. 7.64 with the exact h_ii.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.ridge import ridge
    >>> x = np.arange(12.0)[:, None]
    >>> model = ridge(x, 3 * x[:, 0] + 1)
    >>> model.W.round(6).tolist(), model.b.round(6).tolist()
    ([[3.0]], [1.0])
    """
    rows = StandardisedRows(x, Scaler.of(x))
    if x.shape[1] <= len(y):
        return ridge_of_columns(rows, y, gram_matrix(rows.__iter__, x.shape[1]), penalties)
    return _ridge_of_rows(rows, y, penalties)


def ridge_of_columns(rows: StandardisedRows, y: Array, gram: Array, penalties: Any = PENALTIES) -> LinearModel:
    """`ridge` of no more columns than rows, from the Gram matrix (columns, columns) of the standardised columns.

    ``y`` (n,) are the targets of these rows.
    """
    n, centre = len(y), float(y.mean())
    s, v, rounding = right_singular_vectors(gram, rows.__iter__, n)
    products = sum((z.T @ (y[own] - centre) for own, z in zip(rows.slices, rows, strict=True)), np.zeros(len(gram)))
    projected = (v.T @ products) / s
    choice = _PenaltyChoice(n, s, projected, rounding, penalties)
    for own, z in zip(rows.slices, rows, strict=True):
        choice.add(z @ v / s, y[own] - centre)
    penalty, error = choice.best()
    return _model(rows.scaler, centre, v @ (s / (s**2 + n * penalty) * projected), penalty, error)


def _ridge_of_rows(rows: StandardisedRows, y: Array, penalties: Any) -> LinearModel:
    """`ridge` of more columns than rows, from the Gram matrix (n, n) of the rows."""
    n, centre = len(y), float(y.mean())
    s, u, rounding = right_singular_vectors(gram_matrix(rows.transposed, n), rows.transposed, rows.x.shape[1])
    projected = u.T @ (y - centre)
    choice = _PenaltyChoice(n, s, projected, rounding, penalties)
    choice.add(u, y - centre)
    penalty, error = choice.best()
    dual = u @ (projected / (s**2 + n * penalty))
    w = np.concatenate([z @ dual for z in rows.transposed()])
    return _model(rows.scaler, centre, w, penalty, error)


class _PenaltyChoice:
    """The leave-one-out errors of all penalties, summed over blocks of rows."""

    def __init__(self, n: int, s: Array, projected: Array, rounding: float, penalties: Any) -> None:
        self.n, self.projected, self.rounding = n, projected, 8 * rounding
        self.saturated = len(s) >= n - 1  # the columns span all rows
        # of equals the larger penalty wins
        self.penalties = np.sort(np.asarray(penalties, dtype=np.float64))[::-1]
        # 1 - shrinkage factor (rank, penalties), computed directly: near 0 a difference would be rounding error
        self.filtered_out = n * self.penalties / (s[:, None] ** 2 + n * self.penalties)
        self.squares = np.zeros(len(self.penalties))

    def add(self, u: Array, y: Array) -> None:
        """Left singular vectors (rows, rank) and centred targets (rows,) of a block."""
        # The residual of least squares, and 1 - leverage. Where the columns fit a row exactly they are 0: rounding
        # errors must not stand in for them.
        left = 1 - 1 / self.n - (u**2).sum(axis=1)
        fitted = (left <= self.rounding) | self.saturated
        unexplained = np.where(fitted, 0.0, y - u @ self.projected)
        left = np.where(fitted, 0.0, left)
        residuals = unexplained[:, None] + u @ (self.filtered_out * self.projected[:, None])
        with np.errstate(invalid="ignore", divide="ignore"):  # an exact fit without a penalty gives 0/0
            residuals /= left[:, None] + (u**2) @ self.filtered_out
        self.squares += np.einsum("ij,ij->j", residuals, residuals)

    def best(self) -> tuple[float, float]:
        """The penalty with the least error, and this mean squared error."""
        errors = np.where(np.isfinite(self.squares), self.squares, np.inf) / self.n
        at = int(np.argmin(errors))
        return float(self.penalties[at]), float(errors[at])


def _model(scaler: Scaler, centre: float, w: Array, penalty: float, error: float) -> LinearModel:
    W = w / scaler.scale
    return LinearModel(W=W[:, None], b=np.array([centre - scaler.centre @ W]), penalty=penalty, held_out_loss=error)
