"""Ridge regression with its penalty chosen by exact leave-one-out: the straight model for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network.scaling import Scaler

# per row and per standardised column; the smallest is plain least squares but for exactly dependent columns, the
# largest leaves the constant alone even where thousands of columns add up
PENALTIES = np.concatenate([[1e-12], np.logspace(-7, 4, 34)])


@dataclass(frozen=True, eq=False)
class Straight:
    """A straight model: answers x W + b in raw columns, W (columns, outputs), b (outputs,), and its ``penalty``.

    ``held_out`` is the loss on left-out rows that the penalty was chosen by (mean squared error or log loss).
    """

    W: Array
    b: Array
    penalty: float
    held_out: float


def ridge(x: Array, y: Array, penalties: Any = PENALTIES) -> Straight:
    """Least squares of y (n,) on x (n, columns) with an unpenalised constant, minimising mean squared residual +
    penalty * |w|² on standardised columns.

    One singular value decomposition serves all penalties; the residual of row i left out is exactly
    r_i / (1 - h_ii) (Allen 1974; Hastie, Tibshirani & Friedman 2009, eq. 7.64 with the exact h_ii). Collinear columns
    do no harm. Float64 throughout.
    """
    scaler = Scaler.of(x)
    centre = y.mean()
    n = len(y)
    u, s, vt = np.linalg.svd(scaler(x), full_matrices=False)
    rank = int(np.sum(s > s[:1] * max(x.shape) * np.finfo(np.float64).eps))
    u, s, vt = u[:, :rank], s[:rank], vt[:rank]
    projected = u.T @ (y - centre)
    # what no column reaches; nothing where the columns span all rows: the rounding must not stand in for it
    beyond = y - centre - u @ projected if rank < n - 1 else np.zeros(n)
    room = np.maximum(1 - 1 / n - (u**2).sum(axis=1), 0.0) if rank < n - 1 else np.zeros(n)
    best: tuple[float, float, Array] | None = None
    for penalty in np.sort(np.asarray(penalties, dtype=np.float64))[::-1]:  # ties go to the larger penalty
        kept_back = n * penalty / (s**2 + n * penalty)  # 1 - shrinkage, as such: near 0 a difference would be rounding
        with np.errstate(invalid="ignore", divide="ignore"):  # without any penalty an exact fit leaves 0/0
            left_out = (beyond + u @ (kept_back * projected)) / (room + (u**2) @ kept_back)
        error = float(np.mean(left_out**2))
        error = error if np.isfinite(error) else np.inf
        if best is None or error < best[0]:
            best = (error, float(penalty), vt.T @ (s / (s**2 + n * penalty) * projected))
    assert best is not None
    error, penalty, w = best
    W = w / scaler.size
    return Straight(W[:, None], np.array([centre - scaler.centre @ W]), penalty, error)
