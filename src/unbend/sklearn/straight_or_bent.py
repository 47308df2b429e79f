"""`StraightOrBent`: ``unbend.fit`` with scikit-learn's interface."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils import ClassifierTags, RegressorTags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..arrays import Array
from ..scale import fit
from .base import seed_from
from .validation import infer_task, validate_table, with_target

_ROWS_PER_SECOND, _MAX_SECONDS = 50, 60.0  # of the default budget


def _is_classification(estimator: Any) -> bool:
    return bool(getattr(estimator, "task_", estimator.task) == "classification")


class StraightOrBent(BaseEstimator):
    """Is a linear model enough? Linear model and network compared on the same held-out rows; the verdict chooses one.

    X is an array of numbers or a data frame, whose text, categories, dates and missing cells are handled as in
    ``unbend.fit``.

    Parameters
    ----------
    task : {"regression", "classification"}, optional
        By default as y suggests (text, booleans, two values and class numbers make a classification).
    model : {"auto", "linear", "network"}, default "auto"
        Which model predicts; "auto" follows the verdict.
    budget : float, optional
        Seconds of work, by an estimate made in advance: the clock does not cut it short, so that the same seed gives
        the same result on a busy machine. By default a second for every 50 rows, from 1 to 60.
    random_state : int, numpy.random.RandomState or None, default 0

    Attributes
    ----------
    verdict_ : {"straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"}
    gain_ : float
        The share of the linear model's held-out loss that the network removes.
    interval_ : tuple of float
        The 95 % interval of ``gain_``.
    chosen_ : {"linear", "network"}
    result_ : unbend.verdict.Result
        All the evidence; ``result_.report("report.html")`` writes it down.
    task_ : {"regression", "classification"}
    classes_ : array of shape (classes,)
        The classes, sorted (classification only).
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : array of str
        Names of those columns, if X was a data frame.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.sklearn import StraightOrBent
    >>> X = np.random.default_rng(0).normal(size=(120, 2))
    >>> model = StraightOrBent(budget=1).fit(X, X @ [1.0, 2.0])
    >>> model.task_, model.chosen_
    ('regression', 'linear')
    """

    def __init__(
        self, task: str | None = None, *, model: str = "auto", budget: float | None = None, random_state: Any = 0
    ) -> None:
        self.task = task
        self.model = model
        self.budget = budget
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> StraightOrBent:
        """Compare both models and fit them on all rows.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,)

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For data that scikit-learn's checks refuse; ``unbend.errors.DataError``, one of its kind, if nothing can be
            learned, as from fewer than 10 rows.
        """
        parsed, y = validate_table(self, X, y, reset=True)
        task = infer_task(y, self.task)
        parsed, target, classes = with_target(parsed, y, task)
        rows = parsed.table.num_rows
        budget = min(max(rows / _ROWS_PER_SECOND, 1.0), _MAX_SECONDS) if self.budget is None else self.budget
        self.result_ = fit(
            parsed,
            target,
            task=task,
            model=self.model,
            budget=budget,
            seed=seed_from(self.random_state),
            by_clock=False,
        )
        self.task_ = task
        self.verdict_, self.gain_, self.interval_ = self.result_.verdict, self.result_.gain, self.result_.interval
        self.chosen_ = self.result_.chosen
        if task == "classification":
            self.classes_ = np.array(list(classes.values()))
            self._order = [self.result_.model.classes.index(label) for label in classes]
        return self

    def predict(self, X: Any) -> Array:
        """Predict by the chosen model.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n,)
            Values or classes.
        """
        if _is_classification(self):
            most_probable = self.predict_proba(X).argmax(axis=1)  # raises first if the estimator is not fitted
            predicted: Array = self.classes_[most_probable]
            return predicted
        output = self._output(X)
        return self.result_.model.prediction(output)

    @available_if(_is_classification)
    def predict_proba(self, X: Any) -> Array:
        """Predict class probabilities (classification only).

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n, classes)
        """
        output = self._output(X)
        return self.result_.model.class_probabilities(output)[:, self._order]

    @available_if(_is_classification)
    def predict_log_proba(self, X: Any) -> Array:
        """Predict the logarithms of ``predict_proba`` (classification only).

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n, classes)
        """
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R² of a regression, accuracy of a classification.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,)
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        float
        """
        measure = accuracy_score if _is_classification(self) else r2_score
        return float(measure(y, self.predict(X), sample_weight=sample_weight))

    def _output(self, X: Any) -> Array:
        check_is_fitted(self, "result_")
        model = self.result_.model
        return model.output(validate_table(self, X, None, reset=False, types=model.encoder.types)[0].table)

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
