"""`TextClassifier`, `TextRegressor`: straight models of text for scikit-learn; X is a sequence of strings."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from ..arrays import Array
from ..data.target import Task
from ..errors import BadInput
from ..text.ngrams import NGrams
from ..verdict.text import TextModel, fit_text
from .base import seed_from


class TextEstimator(BaseEstimator):
    """What both estimators share: texts in, a `TextModel` fitted."""

    model_: TextModel

    def __init__(self, *, longest: int = 5, words: int = 2, bits: int = 24, random_state: Any = 0) -> None:
        self.longest = longest
        self.words = words
        self.bits = bits
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = True
        return tags

    def _fit_model(self, X: Any, y: Any, task: Task) -> None:
        texts = as_texts(X)
        check_consistent_length(texts, y)
        grams = NGrams(self.longest, self.words, self.bits)
        self.model_ = fit_text(texts, y, task, grams, seed_from(self.random_state))

    def _output(self, X: Any) -> Array:
        check_is_fitted(self, "model_")
        return self.model_.output(as_texts(X))


class TextClassifier(ClassifierMixin, TextEstimator):
    """Logistic regression of a text's n-grams, its penalty chosen and its probabilities calibrated on held-out rows.

    Parameters
    ----------
    longest : int, default 5
        Character n-grams have 1 to so many code points.
    words : int, default 2
        0 for no words, 1 for words, 2 for words and pairs of neighbouring words.
    bits : int, default 24
        N-grams share ``2**bits`` buckets.
    random_state : int, numpy.random.RandomState or None, default 0
        For the choice of held-out rows and the order of rows.

    Attributes
    ----------
    classes_ : array of shape (classes,)
    model_ : unbend.verdict.text.TextModel
        With ``explain`` and ``save``; its ``classes`` are labels as text.

    Examples
    --------
    >>> from unbend.sklearn import TextClassifier
    >>> X = ["good film", "a very good one", "so good", "bad film", "a very bad one", "so bad"] * 5
    >>> TextClassifier().fit(X, [1, 1, 1, 0, 0, 0] * 5).predict(["good", "bad"]).tolist()
    [1, 0]
    """

    classes_: Array

    def fit(self, X: Any, y: Any) -> TextClassifier:
        """Fit to texts (n,), strings, and labels (n,). Raises ``ValueError`` for what cannot be fitted."""
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        self._fit_model(X, [str(label) for label in y.tolist()], "classification")
        return self

    def decision_function(self, X: Any) -> Array:
        """Log odds of the second of two classes (n,), or one number per class, before the softmax (n, classes)."""
        output = self._output(X)
        if len(self.classes_) == 2:
            return output[:, 0] if self._order[1] == 1 else -output[:, 0]
        return output[:, self._order]

    def predict(self, X: Any) -> Array:
        """The most probable classes (n,)."""
        scores = self.decision_function(X)
        labels: Array = self.classes_[(scores > 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]
        return labels

    def predict_proba(self, X: Any) -> Array:
        """Calibrated probabilities (n, classes), in the order of ``classes_``."""
        check_is_fitted(self, "model_")
        return self.model_.probabilities(as_texts(X))[:, self._order]

    @property
    def _order(self) -> list[int]:
        """Where each of ``classes_`` stands among the model's labels, which are text."""
        return [self.model_.classes.index(str(label)) for label in self.classes_.tolist()]


class TextRegressor(RegressorMixin, TextEstimator):
    """Least squares of a number on a text's n-grams, its penalty chosen on held-out rows.

    Parameters
    ----------
    longest, words, bits, random_state
        As in `TextClassifier`.

    Attributes
    ----------
    model_ : unbend.verdict.text.TextModel
        With ``explain`` and ``save``.

    Examples
    --------
    >>> from unbend.sklearn import TextRegressor
    >>> X = ["one star", "two stars", "three stars", "four stars", "five stars"] * 10
    >>> model = TextRegressor().fit(X, [1, 2, 3, 4, 5] * 10)
    >>> bool(model.predict(["five"]) > model.predict(["one"]))
    True
    """

    def fit(self, X: Any, y: Any) -> TextRegressor:
        """Fit to texts (n,), strings, and numbers (n,). Raises ``ValueError`` for what cannot be fitted."""
        self._fit_model(X, column_or_1d(y, dtype=np.float64, warn=True), "regression")
        return self

    def predict(self, X: Any) -> Array:
        """Predicted values (n,)."""
        return self._output(X)[:, 0]


def as_texts(X: Any) -> list[Any]:
    """A list of strings, from one, an array or a column; one column of a table is taken as such.

    Raises ``BadInput`` for a single string and for several columns.
    """
    if isinstance(X, str | bytes):
        raise BadInput("text.single_text")
    cells = np.asarray(X, dtype=object)
    if cells.ndim == 2 and cells.shape[1] == 1:
        cells = cells[:, 0]
    if cells.ndim != 1:
        raise BadInput("text.one_column", got=cells.shape)
    texts: list[Any] = cells.tolist()
    return texts
