"""Lasso regression by coordinate descent, its penalty chosen by cross-validation: a sparse linear model."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler
from .kfold import assign_folds
from .ridge import LinearModel

PENALTIES = 40  # candidates, from the least that leaves no column down to ``LEAST`` of it
LEAST = 0.05
FOLDS = 5
MOST = 0.3  # of the rows: a linear model of more columns is not sparse
TOLERANCE = 1e-6  # largest change of a weight in a sweep, relative to the target's standard deviation
MAX_SWEEPS = 1000


def lasso(x: Array, y: Array, seed: int = 0) -> LinearModel:
    """Lasso regression with an intercept, its penalty chosen by ``FOLDS``-fold cross-validation.

    Minimises half the mean squared residual + penalty * sum |w| on standardised columns.

    Parameters
    ----------
    x : array (n, columns)
    y : array (n,)
    seed : int, default 0
        For the random assignment of rows to folds.

    Returns
    -------
    LinearModel
        W (columns, 1) and b (1,) in raw columns; ``held_out_loss`` is the mean squared error of held-out rows.

    References
    ----------
    Tibshirani (1996); Friedman, Hastie & Tibshirani (2010) for coordinate descent along a path of penalties.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.lasso import lasso
    >>> x = np.random.default_rng(0).normal(size=(60, 100))
    >>> model = lasso(x, 3 * x[:, 7])
    >>> np.abs(model.W[:, 0]).argmax(), round(float(model.W[7, 0]), 1)
    (np.int64(7), 2.9)
    """
    penalties = _path(x, y)
    fold = assign_folds(len(y), FOLDS, np.random.default_rng(seed))
    losses = np.zeros(len(penalties))
    for k in range(FOLDS):
        train, test = fold != k, fold == k
        W, b = lasso_path(x[train], y[train], penalties)
        penalties = penalties[: len(b)]
        losses = losses[: len(b)] + ((x[test] @ W.T + b - y[test, None]) ** 2).sum(axis=0)
    best = int(np.argmin(losses))
    W, b = lasso_path(x, y, penalties[: best + 1])
    return LinearModel(
        W=W[-1][:, None], b=b[-1:], penalty=float(penalties[len(b) - 1]), held_out_loss=float(losses[best]) / len(y)
    )


def _path(x: Array, y: Array) -> Array:
    largest = float(np.abs(Scaler.of(x)(x).T @ (y - y.mean())).max()) / len(y)
    return np.asarray(max(largest, 1e-300) * np.logspace(0, np.log10(LEAST), PENALTIES))


def lasso_path(x: Array, y: Array, penalties: Array) -> tuple[Array, Array]:
    """(W (penalties, columns), b (penalties,)) in raw columns, for penalties from strong to weak, warm-started.

    The path ends early where more than ``n * MOST`` columns have weights.
    """
    scaler = Scaler.of(x)
    z, centre = np.asfortranarray(scaler(x)), float(y.mean())
    n, p = z.shape
    w, residual = np.zeros(p), y - centre
    squares = (z**2).sum(axis=0) / n  # 1, and 0 for a column that does not vary
    tolerance = TOLERANCE * float(y.std())
    weights = np.empty((len(penalties), p))
    for k, penalty in enumerate(penalties):
        while True:
            active = np.flatnonzero(w)
            _descend(z, residual, w, active, squares, penalty, tolerance)
            violating = np.abs(z.T @ residual) / n > penalty * (1 + 1e-9)
            violating[w != 0] = False
            entering = np.flatnonzero(violating & (squares > 0))
            if not len(entering):
                break
            _descend(z, residual, w, np.union1d(active, entering), squares, penalty, tolerance)
        weights[k] = w
        if np.count_nonzero(w) > MOST * n:
            weights = weights[: k + 1]
            break
    W = weights / scaler.scale
    return W, centre - W @ scaler.centre


def _descend(
    z: Array, residual: Array, w: Array, columns: Array, squares: Array, penalty: float, tolerance: float
) -> None:
    """Sweeps over some columns until no weight changes; ``w`` and ``residual`` (n,) are updated in place."""
    n = len(residual)
    gram = z[:, columns].T @ z[:, columns] / n
    slope = z[:, columns].T @ residual / n
    own, start = w[columns].copy(), w[columns].copy()
    for _ in range(MAX_SWEEPS):
        largest = 0.0
        for j in range(len(columns)):
            square = gram[j, j]
            target = slope[j] + square * own[j]
            new = np.sign(target) * max(abs(target) - penalty, 0.0) / square if square > 0 else 0.0
            if new != own[j]:
                slope -= gram[:, j] * (new - own[j])
                largest = max(largest, abs(new - own[j]))
                own[j] = new
        if largest <= tolerance:
            break
    residual -= z[:, columns] @ (own - start)
    w[columns] = own
