"""`sparse_logistic`: logistic regression on the columns that differ most between the classes."""

from __future__ import annotations

import time

import numpy as np

from ...arrays import Array
from .log_loss import log_loss, minimise_log_loss
from .logistic import constant_output, sampled_folds
from .ridge import LinearModel
from .row_blocks import StandardisedRows, scaler_of_rows

SIZES = (1, 2, 4, 8, 16, 32, 64)  # numbers of columns
PENALTIES = (1e-1, 1e-2, 1e-3, 1e-4)
ROWS_PER_COLUMN = 5
TOLERANCE, PATH_TOLERANCE = 1e-7, 1e-3  # of the gradient


def sparse_logistic(
    x: Array, classes: Array, count: int, seed: int = 0, *, deadline: float | None = None
) -> LinearModel:
    """Logistic regression on a few columns: those whose means differ most between the classes, relative to their
    standard deviations (sure independence screening; Fan & Lv 2008).

    How many, and the penalty, are chosen by the folds of `logistic`, in each of which the columns are ranked by the
    training rows alone.

    Parameters
    ----------
    x : array (n, columns)
    classes : array of int (n,)
        Class numbers 0…count-1.
    count : int
    seed : int, default 0
        As for `logistic`: with the same seed the held-out losses of both are of the same rows.
    deadline : float, optional
        ``time.monotonic()`` seconds; then the best choice so far is taken.

    Returns
    -------
    LinearModel
        In raw columns, with weights 0 for most.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.sparse_logistic import sparse_logistic
    >>> x = np.random.default_rng(0).normal(size=(80, 200))
    >>> model = sparse_logistic(x, (x[:, 7] > 0).astype(int), 2)
    >>> int(np.abs(model.W[:, 0]).argmax())
    7
    """  # fmt: skip
    outputs = 1 if count == 2 else count
    sample, fold = sampled_folds(classes, outputs * x.shape[1], seed)
    sizes = [size for size in SIZES if size <= min(x.shape[1], len(sample) / ROWS_PER_COLUMN)] or [1]
    losses = np.full((int(fold.max()) + 1, len(sizes), len(PENALTIES)), np.inf)
    for k in range(len(losses)):
        train, test = sample[fold != k], sample[fold == k]
        columns = _ranking(x, train, classes, count)[: sizes[-1]]
        scaler = scaler_of_rows(x[:, columns], train)
        z, z_test = scaler(x[np.ix_(train, columns)]), scaler(x[np.ix_(test, columns)])
        for i, size in enumerate(sizes):
            if deadline is not None and time.monotonic() > deadline:
                break
            w = _start(classes[train], count, size)
            for j, penalty in enumerate(PENALTIES):
                w = minimise_log_loss(z[:, :size], classes[train], penalty, w, PATH_TOLERANCE)
                losses[k, i, j] = log_loss(z_test[:, :size] @ w[1:] + w[0], classes[test]) * float(np.mean(fold == k))
    total = losses.sum(axis=0)
    i, j = divmod(int(np.argmin(total)), len(PENALTIES))
    penalty = PENALTIES[j] * len(sample) / len(x)
    columns = _ranking(x, np.arange(len(x)), classes, count)[: sizes[i]]
    scaler = scaler_of_rows(x[:, columns], np.arange(len(x)))
    w = minimise_log_loss(
        scaler(x[:, columns]), classes, penalty, _start(classes, count, sizes[i]), TOLERANCE, deadline
    )
    W = np.zeros((x.shape[1], outputs))
    W[columns] = w[1:] / scaler.scale[:, None]
    return LinearModel(W=W, b=w[0] - scaler.centre @ W[columns], penalty=penalty, held_out_loss=float(total[i, j]))


def _start(classes: Array, count: int, columns: int) -> Array:
    constant = constant_output(classes, count)
    return np.vstack([constant, np.zeros((columns, len(constant)))])


def _ranking(x: Array, rows: Array, classes: Array, count: int) -> Array:
    """The columns, those with the largest variance between the classes first."""
    own = classes[rows]
    standardised = StandardisedRows(x, scaler_of_rows(x, rows), rows)
    sums = np.zeros((count, x.shape[1]))
    for part, z in zip(standardised.slices, standardised, strict=True):
        sums += (own[part] == np.arange(count)[:, None]).astype(np.float64) @ z
    sizes = np.maximum(np.bincount(own, minlength=count), 1)
    return np.argsort(-(sums**2 / sizes[:, None]).sum(axis=0), kind="stable")
