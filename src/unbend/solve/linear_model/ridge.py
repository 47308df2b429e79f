"""`ridge`: ridge regression, its penalty chosen by exact leave-one-out cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler

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
    singular value decomposition serves all penalties. Float64 throughout; collinear columns do no harm.

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
    scaler = Scaler.of(x)
    centre = y.mean()
    n = len(y)
    u, s, vt = np.linalg.svd(scaler(x), full_matrices=False)
    rank = int(np.sum(s > s[:1] * max(x.shape) * np.finfo(np.float64).eps))
    u, s, vt = u[:, :rank], s[:rank], vt[:rank]
    projected = u.T @ (y - centre)
    # The residual of least squares, and 1 - leverage. Columns that span all rows leave none: set to 0, because
    # rounding errors must not stand in for them.
    saturated = rank >= n - 1
    unexplained = np.zeros(n) if saturated else y - centre - u @ projected
    one_minus_leverage = np.zeros(n) if saturated else np.maximum(1 - 1 / n - (u**2).sum(axis=1), 0.0)
    best: tuple[float, float, Array] | None = None
    for penalty in np.sort(np.asarray(penalties, dtype=np.float64))[::-1]:  # of equals the larger penalty wins
        # 1 - shrinkage factor, computed directly: near 0 a difference would be rounding error
        filtered_out = n * penalty / (s**2 + n * penalty)
        with np.errstate(invalid="ignore", divide="ignore"):  # an exact fit without a penalty gives 0/0
            residuals = (unexplained + u @ (filtered_out * projected)) / (one_minus_leverage + (u**2) @ filtered_out)
        error = float(np.mean(residuals**2))
        error = error if np.isfinite(error) else np.inf
        if best is None or error < best[0]:
            best = (error, float(penalty), vt.T @ (s / (s**2 + n * penalty) * projected))
    assert best is not None
    error, penalty, w = best
    W = w / scaler.scale
    return LinearModel(W=W[:, None], b=np.array([centre - scaler.centre @ W]), penalty=penalty, held_out_loss=error)
