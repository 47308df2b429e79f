"""`boosted_trees`: scikit-learn's `HistGradientBoosting`, compared beside the linear model and the network."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Column, Problem
from ..errors import BadInput
from ..threads import thread_count
from .compare import ExtraModel
from .scores import constant_output

NAME = "trees"
MAX_LABELS = 250  # of a category, which gets one bin each; the rarest others share one more
ITERATIONS = 100  # scikit-learn's default; an iteration fits one tree for each of several classes
MAX_TREES = 1000  # in all, so that a comparison of many classes ends
ONE_THREAD = 500_000  # cells; below, a second thread waits longer than it works, above all beside a busy neighbour


def boosted_trees(problem: Problem, seed: int) -> ExtraModel:
    """Histogram-based gradient boosting (Ke et al. 2017) with native categories and missing values.

    Numbers, dates and booleans are taken as they are, missing cells as missing; the labels of a category as codes, by
    their frequency in the training rows. All settings are scikit-learn's defaults, with fewer iterations where there
    are more than ten classes. Raises ``BadInput`` where scikit-learn is not installed.
    """
    try:
        import sklearn.ensemble  # noqa: F401
    except ImportError:
        raise BadInput("verdict.no_scikit_learn") from None
    return ExtraModel(NAME, lambda train, test: _outputs(problem, train, test, seed))


def _outputs(problem: Problem, train: Array, test: Array, seed: int) -> Array:
    """(test rows, outputs) as those of `fit_network`: values, log odds, or one number per class."""
    from threadpoolctl import threadpool_limits

    classes, y = len(problem.classes), problem.y[train]
    seen = np.unique(y)
    if classes and len(seen) == 1:
        return np.broadcast_to(constant_output(y, classes), (len(test), 1 if classes == 2 else classes))
    cells = problem.rows * len(problem.inputs)
    with threadpool_limits(1 if cells < ONE_THREAD else thread_count()):
        model = _estimator(problem, seed).fit(_features(problem, train, train), y)
        x = _features(problem, train, test)
        output = np.asarray(model.decision_function(x) if classes else model.predict(x))
    if classes <= 2:
        return output.reshape(-1, 1)
    if len(seen) == 2:
        output = np.column_stack([np.zeros(len(test)), output])
    # a class that is not among the training rows is as likely as one row in all of them
    total = np.logaddexp.reduce(output, axis=1, keepdims=True)
    full = np.repeat(total - np.log(len(y) + classes), classes, axis=1)
    full[:, seen] = output
    return full


def _estimator(problem: Problem, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    classes = len(problem.classes)
    return (HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor)(
        max_iter=min(ITERATIONS, max(20, MAX_TREES // max(classes, 1))),
        categorical_features=[column.kind == "category" for column in _inputs(problem)],
        random_state=seed % 2**32,
    )


def _features(problem: Problem, train: Array, rows: Array) -> Array:
    """(rows, columns) numbers, NaN where missing; labels as codes of the ``train`` rows, the most frequent first."""
    return np.column_stack([_column(problem, column, train, rows) for column in _inputs(problem)])


def _inputs(problem: Problem) -> list[Column]:
    """The columns that trees take: all but text."""
    return [column for column in problem.inputs if column.kind != "text"]


def _column(problem: Problem, column: Column, train: Array, rows: Array) -> Array:
    values = problem.arrays.values(column)
    if column.kind != "category":
        return values[rows]
    levels = len(problem.arrays.codes(column.name)[1])
    counts = np.bincount(values[train] + 1, minlength=levels + 1)[1:]
    rank = np.empty(levels)
    rank[np.argsort(-counts, kind="stable")] = np.minimum(np.arange(levels), MAX_LABELS)
    rank[counts == 0] = np.nan  # unseen in training: as a missing cell
    codes: Array = np.append(rank, np.nan)[values[rows]]
    return codes
