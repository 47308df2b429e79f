"""``StraightOrBent``: ``unbend.fit`` behind scikit-learn's interface; it chooses, and keeps the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils import ClassifierTags, RegressorTags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..arrays import Array
from ..verdict import fit
from .base import seed_of
from .validation import checked, problem_table, task_of

_ROWS_A_SECOND, _MOST_SECONDS = 50, 60.0


def _of_classes(estimator: Any) -> bool:
    return bool(getattr(estimator, "task_", estimator.task) == "classification")


class StraightOrBent(BaseEstimator):
    """Is a straight model enough? Both models judged on the same held-out rows, the one that the verdict asks for kept.

    Parameters
    ----------
    task : {"regression", "classification"} or None
        None: as y suggests (text, booleans, two values and class numbers make a classification).
    model : {"auto", "linear", "network"}
        Which model predicts; auto follows the verdict.
    budget : float or None
        How many seconds' work, by an estimate made beforehand: the clock does not cut it short, so that the same seed
        gives the same answer on a busy machine. None: a second for every 50 rows, from 1 to 60.
    random_state : int, numpy.random.RandomState or None

    Attributes
    ----------
    verdict_ : {"straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"}
    gain_, interval_ : the share of the straight model's held-out loss that the network takes away, its 95 % interval
    chosen_ : {"linear", "network"}
    result_ : unbend.verdict.Result
        All the evidence; ``result_.report("report.html")`` writes it down.
    task_, classes_ (classification), n_features_in_, feature_names_in_

    X is an array of numbers or a data frame, whose text, categories, dates and missing cells are taken as in
    ``unbend.fit``. Raises ``DataError`` where nothing can be learned, as from fewer than 10 rows.
    """

    def __init__(
        self, task: str | None = None, *, model: str = "auto", budget: float | None = None, random_state: Any = 0
    ) -> None:
        self.task = task
        self.model = model
        self.budget = budget
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> StraightOrBent:
        """Compare and fit on X (n, columns) and y (n,)."""
        table, y = checked(self, X, y, True)
        task = task_of(y, self.task)
        reading, target, classes = problem_table(table, y, task)
        budget = min(max(table.num_rows / _ROWS_A_SECOND, 1.0), _MOST_SECONDS) if self.budget is None else self.budget
        self.result_ = fit(reading, target, task=task, model=self.model, budget=budget,
                           seed=seed_of(self.random_state), by_clock=False)  # fmt: skip
        self.task_ = task
        self.verdict_, self.gain_, self.interval_ = self.result_.verdict, self.result_.gain, self.result_.interval
        self.chosen_ = self.result_.chosen
        if task == "classification":
            self.classes_ = np.array(list(classes.values()))
            self._order = [self.result_.model.classes.index(label) for label in classes]
        return self

    def predict(self, X: Any) -> Array:
        """(n,) values or classes, from the chosen model."""
        if _of_classes(self):
            likeliest = self.predict_proba(X).argmax(axis=1)
            chosen: Array = self.classes_[likeliest]
            return chosen
        output = self._output(X)
        return self.result_.model.answer(output)

    @available_if(_of_classes)
    def predict_proba(self, X: Any) -> Array:
        """(n, classes)."""
        output = self._output(X)
        return self.result_.model.shares(output)[:, self._order]

    @available_if(_of_classes)
    def predict_log_proba(self, X: Any) -> Array:
        """Logarithms of ``predict_proba``."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R² of a regression, accuracy of a classification."""
        measure = accuracy_score if _of_classes(self) else r2_score
        return float(measure(y, self.predict(X), sample_weight=sample_weight))

    def _output(self, X: Any) -> Array:
        check_is_fitted(self, "result_")
        model = self.result_.model
        return model.output(checked(self, X, None, False, model.encoder.text_columns)[0])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.allow_nan = True
        task = getattr(self, "task_", self.task)
        if task == "classification":
            tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags()
        elif task == "regression":
            tags.estimator_type, tags.regressor_tags = "regressor", RegressorTags()
        return tags
