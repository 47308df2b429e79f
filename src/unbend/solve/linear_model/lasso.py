"""Lasso regression along a path of penalties, the penalty chosen by cross-validation: a sparse linear model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler
from .kfold import assign_folds
from .ridge import LinearModel
from .row_blocks import StandardisedRows, scaler_of_rows

PENALTIES = 40  # candidates, from the least that leaves no column down to ``LEAST`` of it
LEAST = 0.05
FOLDS = 5
MOST, MOST_COLUMNS = 0.3, 300  # of the rows, and in all: a linear model of more columns is not sparse
ENTERING = 50  # columns at a time
OVERFIT, PATIENCE = 1.1, 5  # a held-out loss so many times the least, so many penalties later, ends a fold's path
EXACT = 1e-6  # relative excess of a slope over the penalty that counts as rounding


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
    Tibshirani (1996); Friedman, Hastie & Tibshirani (2010) for the path of penalties and covariance updates.

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
        own = _held_out_losses(x, y, np.flatnonzero(fold != k), np.flatnonzero(fold == k), penalties[: len(losses)])
        losses = losses[: len(own)] + own
    best = int(np.argmin(losses))
    W, b = lasso_path(x, y, penalties[: best + 1])
    return LinearModel(
        W=W[-1][:, None], b=b[-1:], penalty=float(penalties[len(b) - 1]), held_out_loss=float(losses[best]) / len(y)
    )


def _held_out_losses(x: Array, y: Array, train: Array, test: Array, penalties: Array) -> Array:
    """Sums of squared errors of the test rows, for the penalties up to where they rise for good."""
    losses: list[float] = []
    for columns, weights, intercept in _solutions(_Standardised.of(x, y, train), penalties):
        predicted = x[np.ix_(test, columns)] @ weights + intercept
        losses.append(float(((predicted - y[test]) ** 2).sum()))
        least = int(np.argmin(losses))
        if len(losses) > least + PATIENCE and losses[-1] > OVERFIT * losses[least]:
            break
    return np.array(losses)


def _path(x: Array, y: Array) -> Array:
    rows = StandardisedRows(x, Scaler.of(x))
    slopes = sum((z.T @ (y[own] - y.mean()) for own, z in zip(rows.slices, rows, strict=True)), np.zeros(x.shape[1]))
    return np.asarray(max(float(np.abs(slopes).max()) / len(y), 1e-300) * np.logspace(0, np.log10(LEAST), PENALTIES))


def lasso_path(x: Array, y: Array, penalties: Array) -> tuple[Array, Array]:
    """(W (penalties, columns), b (penalties,)) in raw columns, for penalties from strong to weak, warm-started.

    The path ends early where more than ``n * MOST`` or ``MOST_COLUMNS`` columns have weights.
    """
    W = np.zeros((len(penalties), x.shape[1]))
    b: list[float] = []
    for columns, weights, intercept in _solutions(_Standardised.of(x, y, np.arange(len(y))), penalties):
        W[len(b), columns] = weights
        b.append(intercept)
    return W[: len(b)], np.array(b)


@dataclass(frozen=True, eq=False)
class _Standardised:
    """Standardised columns z (n, columns) in float32, which is enough to choose among them, and the centred target."""

    z: Array
    scaler: Scaler
    target: Array
    centre: float

    @classmethod
    def of(cls, x: Array, y: Array, rows: Array) -> _Standardised:
        scaler, centre = scaler_of_rows(x, rows), float(y[rows].mean())
        standardised = StandardisedRows(x, scaler, rows)
        z = np.empty((len(rows), x.shape[1]), dtype=np.float32)
        for own in standardised.slices:
            z[own] = scaler(x[rows[own]])
        return cls(z, scaler, y[rows] - centre, centre)

    def in_raw_columns(self, columns: Array, w: Array) -> tuple[Array, float]:
        weights = w / self.scaler.scale[columns]
        return weights, self.centre - float(weights @ self.scaler.centre[columns])


def _solutions(data: _Standardised, penalties: Array) -> Iterator[tuple[Array, Array, float]]:
    """(columns, their weights, intercept) in raw columns for each penalty, from strong to weak.

    Covariance updates (Friedman et al. 2010): the slopes of all columns follow from the Gram matrix of those that ever
    entered, which is computed once for each.
    """
    n, p = data.z.shape
    products = data.z.T @ data.target.astype(np.float32) / n
    varies = data.z.any(axis=0)
    entered, gram, w = np.empty(0, dtype=np.intp), np.empty((p, 0)), np.empty(0)
    for penalty in penalties.tolist():
        w, most = _descend(gram[entered], products[entered], w, np.sign(w), penalty), ENTERING
        while most:
            slopes = products - gram @ w
            slopes[entered[w != 0]] = 0
            excess = np.where(varies, np.abs(slopes) - penalty * (1 + EXACT), 0.0)
            new = np.argsort(-excess)[:most]
            new = new[excess[new] > 0]
            fresh = np.setdiff1d(new, entered)
            gram = np.hstack([gram, data.z.T @ data.z[:, fresh] / n])
            entered, before = np.concatenate([entered, fresh]), np.pad(w, (0, len(fresh)))
            signs = np.where(np.isin(entered, new), np.sign(slopes[entered]), np.sign(before))
            w = _descend(gram[entered], products[entered], before, signs, penalty)
            if np.array_equal(w, before):  # none entered: one alone would, but for rounding
                most = 1 if len(new) > 1 else 0
        columns = entered[w != 0]
        yield columns, *data.in_raw_columns(columns, w[w != 0])
        if len(columns) > min(MOST * n, MOST_COLUMNS):
            return


def _descend(gram: Array, products: Array, w: Array, signs: Array, penalty: float) -> Array:
    """The weights that minimise w' gram w / 2 - products' w + penalty |w| among those with these ``signs`` or 0.

    From minimum to minimum of ever fewer columns: each step ends where a weight would change its sign, which then
    leaves (the feature-sign search of Lee et al. 2006).
    """
    w = w.copy()
    while True:
        active = np.flatnonzero(signs)
        matrix = gram[np.ix_(active, active)]
        matrix[np.diag_indices(len(active))] += 1e-9
        goal = np.linalg.solve(matrix, products[active] - penalty * signs[active])
        wrong = goal * signs[active] < 0
        if not wrong.any():
            w[active] = goal
            return w
        own = w[active]
        shares = np.where(wrong, own / np.where(wrong, own - goal, 1.0), np.inf)
        first = float(shares.min())
        w[active] = own + first * (goal - own)
        leaving = active[shares <= first]
        w[leaving], signs[leaving] = 0.0, 0.0
