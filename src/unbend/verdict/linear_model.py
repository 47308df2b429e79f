"""`fit_linear`: least squares or logistic regression, as a `Network` of one layer with the identity."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from ..solve.linear_model.blas_threads import one_blas_thread
from ..solve.linear_model.lasso import lasso
from ..solve.linear_model.logistic import logistic, logistic_folds
from ..solve.linear_model.ridge import LinearModel, ridge
from ..solve.linear_model.ridge_folds import WIDE, ridge_folds
from ..solve.linear_model.sparse_logistic import sparse_logistic
from ..threads import parallel_for
from .folds import Fold

MANY = 100  # features, and a quarter of the rows, from which on a sparse linear model is tried
SPARSE_CELLS = 40_000_000  # more would take long
SPARSE_GAIN = 0.05  # of the held-out loss of the model of all columns, or 1/sqrt(rows), where that is more


def fit_linear(x: Array, y: Array, classes: int, seed: int, deadline: float | None = None) -> tuple[Network, float]:
    """The linear model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_network`.

    Where there are many features, a sparse model (`lasso`, `sparse_logistic`) stands in where it is clearly better on
    held-out rows: one column of 2,000 that matters is lost in a model of all. The penalty is always that of ridge or
    logistic regression. The search of a logistic regression ends at the ``deadline`` (``time.monotonic()`` seconds).
    """
    with _blas_threads(x):
        solution = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed, deadline=deadline)
        best = _sparse_where_better(solution, x, y, slice(None), classes=classes, seed=seed, deadline=deadline)
    return _network(best), solution.penalty


def fit_linear_folds(
    x: Array, y: Array, classes: int, folds: Sequence[Fold], seed: int, deadline: float | None = None
) -> list[Network]:
    """The linear model of each fold's training rows, as `fit_linear` fits it."""
    numbers = _fold_numbers(len(y), folds)
    if numbers is None:
        return [fit_linear(x[train], y[train], classes, seed, deadline)[0] for train, _ in folds]
    with _blas_threads(x):
        if classes:
            models = logistic_folds(x, y, classes, numbers, seed, deadline=deadline)
        else:
            models = ridge_folds(x, y, numbers)

        def choose(k: int) -> None:
            models[k] = _sparse_where_better(
                models[k], x, y, folds[k][0], classes=classes, seed=seed, deadline=deadline
            )

        parallel_for(choose, len(folds), work=x.size if x.shape[1] > WIDE else 0)
    return [_network(model) for model in models]


def _blas_threads(x: Array) -> AbstractContextManager[Any]:
    """One for wide tables, whose folds are fitted side by side: BLAS's own threads wait for each other, which beside a
    busy neighbour takes longer than one thread alone."""  # fmt: skip
    return one_blas_thread() if x.shape[1] > WIDE else nullcontext()


def _sparse_where_better(
    dense: LinearModel, x: Array, y: Array, rows: Array | slice, *, classes: int, seed: int, deadline: float | None
) -> LinearModel:
    """A sparse model of the same rows where there are many features and it is clearly better on held-out rows."""
    y = y[rows]
    if x.shape[1] < max(MANY, len(y) / 4) or x.size > SPARSE_CELLS:
        return dense
    x = x[rows]
    sparse = sparse_logistic(x, y, classes, seed, deadline=deadline) if classes else lasso(x, y, seed)
    gain = max(SPARSE_GAIN, 1 / np.sqrt(len(y)))
    return sparse if sparse.held_out_loss < (1 - gain) * dense.held_out_loss else dense


def _network(model: LinearModel) -> Network:
    return Network.from_arrays([(model.W, model.b)], dtype="float64")


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
