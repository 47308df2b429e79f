"""Ridge regression with its penalty chosen by exact leave-one-out: the straight model for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..network.dense import Array
from ..network.scaling import Scaler

# per row and per standardised column; the smallest is plain least squares but for exactly dependent columns
PENALTIES = np.concatenate([[1e-12], np.logspace(-7, 1, 25)])


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
    s = np.where(s > s[:1] * max(x.shape) * np.finfo(np.float64).eps, s, 0.0)
    projected = u.T @ (y - centre)
    best: tuple[float, float, Array] | None = None
    for penalty in np.sort(np.asarray(penalties, dtype=np.float64))[::-1]:  # ties go to the larger penalty
        with np.errstate(invalid="ignore", divide="ignore"):
            shrink = np.where(s > 0, s**2 / (s**2 + n * penalty), 0.0)
        leverage = 1 / n + (u**2) @ shrink
        residual = y - centre - u @ (shrink * projected)
        left_out = residual / np.maximum(1 - leverage, 1e-12)
        error = float(np.mean(left_out**2))
        if best is None or error < best[0]:
            with np.errstate(invalid="ignore", divide="ignore"):
                w = vt.T @ np.where(s > 0, shrink / s * projected, 0.0)
            best = (error, float(penalty), w)
    assert best is not None
    error, penalty, w = best
    W = w / scaler.size
    return Straight(W[:, None], np.array([centre - scaler.centre @ W]), penalty, error)
