"""`fit_linear`: least squares or logistic regression, as a `Network` of one layer with the identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..network import Network
from ..solve.linear_model.lasso import lasso
from ..solve.linear_model.logistic import logistic, logistic_folds
from ..solve.linear_model.ridge import ridge
from ..solve.linear_model.ridge_folds import ridge_folds
from .folds import Fold

MANY = 100  # features, and a quarter of the rows, from which on a sparse linear model is tried
LASSO_CELLS = 4_000_000  # more would take long
LASSO_GAIN = 0.95  # of the ridge regression's held-out loss


def fit_linear(x: Array, y: Array, classes: int, seed: int, deadline: float | None = None) -> tuple[Network, float]:
    """The linear model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_network`.

    Where values have many features, a sparse model (`lasso`) stands in where it is clearly better on held-out rows: one
    column of 2,000 that matters is lost in a ridge regression. The penalty is always that of ridge or logistic
    regression. The search of a logistic regression ends at the ``deadline`` (``time.monotonic()`` seconds).
    """
    solution = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed, deadline=deadline)
    if classes == 0 and _is_sparse_candidate(x):
        sparse = lasso(x, y, seed)
        if sparse.held_out_loss < LASSO_GAIN * solution.held_out_loss:
            solution = replace(sparse, penalty=solution.penalty)
    return Network.from_arrays([(solution.W, solution.b)], dtype="float64"), solution.penalty


def fit_linear_folds(
    x: Array, y: Array, classes: int, folds: Sequence[Fold], seed: int, deadline: float | None = None
) -> list[Network]:
    """The linear model of each fold's training rows, as `fit_linear` fits it."""
    numbers = _fold_numbers(len(y), folds)
    if numbers is None or (classes == 0 and _is_sparse_candidate(x[folds[0][0]])):
        return [fit_linear(x[train], y[train], classes, seed, deadline)[0] for train, _ in folds]
    if classes:
        models = logistic_folds(x, y, classes, numbers, seed, deadline=deadline)
    else:
        models = ridge_folds(x, y, numbers)
    return [Network.from_arrays([(model.W, model.b)], dtype="float64") for model in models]


def _fold_numbers(rows: int, folds: Sequence[Fold]) -> Array | None:
    """(rows,) the fold whose training rows a row is not among, -1 for none; None where there are several."""
    numbers = np.full(rows, -1)
    for k, (train, _) in enumerate(folds):
        others = np.ones(rows, dtype=bool)
        others[train] = False
        if (numbers[others] >= 0).any():
            return None
        numbers[others] = k
    return numbers


def _is_sparse_candidate(x: Array) -> bool:
    """Whether there are so many features that a sparse linear model is worth a try, and few enough to try it."""
    return x.shape[1] >= max(MANY, len(x) / 4) and x.size <= LASSO_CELLS
