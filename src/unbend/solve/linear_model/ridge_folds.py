"""`ridge_folds`: the ridge regressions of k-fold cross-validation, one for the training rows of each fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler
from ...threads import parallel_for
from .ridge import PENALTIES, LinearModel, ridge, ridge_of_columns
from .row_blocks import StandardisedRows

WIDE = 300  # columns, beyond which the folds are fitted on several threads; more than one in BLAS would cost
LEAST_VARIANCE = 1e-4  # of that of all rows: below, a difference of sums has lost too many digits


def ridge_folds(x: Array, y: Array, folds: Array, penalties: Any = PENALTIES) -> list[LinearModel]:
    """For each fold `ridge` of all rows outside of it, as ``ridge(x[folds != k], y[folds != k], penalties)``.

    The Gram matrix of a fold's training rows is that of all rows less that of the fold's own, standardised by these
    training rows' means and deviations. Columns that hardly vary in the training rows, whose difference has no digits
    left, are computed from the rows.

    Parameters
    ----------
    x : array (n, columns)
    y : array (n,)
    folds : array of int (n,)
        The fold of each row, from 0; rows with a negative one are training rows of all folds.
    penalties : sequence of float, default ``PENALTIES``
        Candidates, as in `ridge`.

    Returns
    -------
    list of LinearModel
        One for each fold.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.ridge_folds import ridge_folds
    >>> x = np.arange(12.0)[:, None]
    >>> models = ridge_folds(x, 3 * x[:, 0] + 1, np.arange(12) % 3)
    >>> [round(float(model.W[0, 0]), 6) for model in models]
    [3.0, 3.0, 3.0]
    """
    count = int(folds.max()) + 1
    if x.shape[1] > len(folds) - max(np.count_nonzero(folds == k) for k in range(count)):
        return _of_folds(lambda k: ridge(x[folds != k], y[folds != k], penalties), count, x)
    reference = Scaler.of(x)
    total = _moments(StandardisedRows(x, reference))

    def fit(k: int) -> LinearModel:
        rows = np.flatnonzero(folds != k)
        moments = total - _moments(StandardisedRows(x, reference, np.flatnonzero(folds == k)))
        own, gram = _standardised(x, rows, reference, moments)
        return ridge_of_columns(own, y[rows], gram, penalties)

    return _of_folds(fit, count, x)


def _of_folds(fit: Callable[[int], LinearModel], count: int, x: Array) -> list[LinearModel]:
    """The models of all folds, those of a wide table on several threads."""
    models: dict[int, LinearModel] = {}
    parallel_for(lambda k: models.update({k: fit(k)}), count, work=x.size if x.shape[1] > WIDE else 0)
    return [models[k] for k in range(count)]


def _moments(rows: StandardisedRows) -> Array:
    """The Gram matrix (columns + 1, columns + 1) of the standardised columns and a column of ones."""
    columns = rows.x.shape[1]
    moments = np.zeros((columns + 1, columns + 1))
    moments[-1, -1] = len(rows)
    for z in rows:
        moments[:-1, :-1] += z.T @ z
        moments[-1, :-1] += z.sum(axis=0)
    moments[:-1, -1] = moments[-1, :-1]
    return moments


def _standardised(x: Array, rows: Array, reference: Scaler, moments: Array) -> tuple[StandardisedRows, Array]:
    """These rows standardised by themselves, and their Gram matrix, from moments of columns scaled otherwise."""
    n, mean = moments[-1, -1], moments[:-1, -1] / moments[-1, -1]
    products = moments[:-1, :-1] - n * np.outer(mean, mean)
    variance = np.diag(products) / n
    lost = np.flatnonzero(variance < LEAST_VARIANCE)
    deviation = np.sqrt(np.maximum(variance, LEAST_VARIANCE))
    centre, scale = reference.centre + mean * reference.scale, deviation * reference.scale
    gram = products / np.outer(deviation, deviation)
    if len(lost):
        own = Scaler.of(x[np.ix_(rows, lost)])
        centre[lost], scale[lost] = own.centre, own.scale
    standardised = StandardisedRows(x, Scaler(centre, scale), rows)
    if len(lost):
        gram[lost] = sum(z[:, lost].T @ z for z in standardised)
        gram[:, lost] = gram[lost].T
    return standardised, gram
