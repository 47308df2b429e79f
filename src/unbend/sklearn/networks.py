"""``NetworkRegressor`` and ``NetworkClassifier``: one fully connected network behind scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.validation import validate_data

from ..arrays import Array
from ..verdict.scores import probabilities
from .base import NetworkEstimator
from .class_labels import Labels
from .sample_weights import gather, row_weights


class NetworkRegressor(RegressorMixin, NetworkEstimator):
    """A network for one number or several, trained by ``unbend.train``.

    Parameters
    ----------
    hidden : int or sequence of int
        Neurons of each hidden layer; () makes a straight model.
    activation : str or unbend.Activation
        A name in ``unbend.activations``, or a formula in x.
    loss : {"squared", "absolute", "huber"}
    optimizer : {"sgd", "momentum", "adam", "adamw"}
    learning_rate, weight_decay : float
    schedule : {"cosine", "constant"}
        How the learning rate runs through ``fit``; in ``partial_fit`` it stays.
    batch_size : int or None
        None: 32, fewer where that would make less than eight minibatches.
    epochs : int
        Passes over the distinct rows in ``fit``.
    validation : float or None
        The share of the rows held out to keep the best epoch by; ``patience`` epochs without a better one end the
        training.
    scale : bool
        Train on standardised columns (and targets); ``network_`` takes and answers raw ones all the same.
    dtype : {"float32", "float64"}
        The type that is trained in.
    random_state : int, numpy.random.RandomState or None
        Initial weights, order of rows; an int (the default) makes a fit repeatable to the bit.

    Attributes
    ----------
    network_ : unbend.Network
        Takes raw columns, float64: for ``unbend.regions``, ``unbend.save`` and everything else.
    history_ : unbend.train.History
        Losses by epoch of the last call.
    n_iter_ : int
        Epochs so far.
    n_features_in_, feature_names_in_

    ``fit`` learns from the set of weighted rows: their order does not matter, a row of weight 3 is the same row three
    times, one of weight 0 is not there. ``partial_fit`` makes one pass over the rows it is given; the scales are those
    of its first call. Raises ``ValueError`` (``unbend.BadInput`` for what is particular to networks).
    """

    def __init__(
        self,
        hidden: int | Sequence[int] = (64, 64),
        *,
        activation: Any = "gelu",
        loss: str = "squared",
        optimizer: str = "adamw",
        learning_rate: float = 0.003,
        schedule: str = "cosine",
        batch_size: int | None = None,
        epochs: int = 100,
        validation: float | None = None,
        patience: int | None = None,
        weight_decay: float = 0.3,
        scale: bool = True,
        dtype: str = "float32",
        random_state: Any = 0,
    ) -> None:
        self.loss = loss
        super().__init__(hidden, activation, optimizer, learning_rate, schedule, batch_size, epochs, validation,
                         patience, weight_decay, scale, dtype, random_state)  # fmt: skip

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Learn y (n,) or (n, outputs) from X (n, columns), from new initial weights; ``sample_weight`` (n,)."""
        return self._learn(self._fit, X, y, sample_weight, True)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """One more pass over these rows, from the numbers that the last call left."""
        return self._learn(self._partial_fit, X, y, sample_weight, not hasattr(self, "network_"))

    def _learn(self, way: Any, X: Any, y: Any, sample_weight: Any, anew: bool) -> NetworkRegressor:
        x, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=anew)
        if anew:
            self._flat = y.ndim == 1
        way(gather(x, y.astype(np.float64), row_weights(sample_weight, x)), y.size // len(y), self.loss, True)
        return self

    def predict(self, X: Any) -> Array:
        """(n,) or (n, outputs), as y was."""
        output = self._output(X)
        return output[:, 0] if self._flat else output

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


class NetworkClassifier(ClassifierMixin, NetworkEstimator):
    """A network for two classes, several classes, or several labels at once, trained by ``unbend.train``.

    Two classes have one output (log odds), more a softmax; a y (n, labels) of zeros and ones has one output per label.
    ``class_weight``: {class: weight}, "balanced" (every class weighs the same; for labels both values of each) or None.
    The other parameters and attributes are those of `NetworkRegressor`; ``classes_`` holds the classes.
    """

    _labels: Labels

    def __init__(
        self,
        hidden: int | Sequence[int] = (64, 64),
        *,
        activation: Any = "gelu",
        optimizer: str = "adamw",
        learning_rate: float = 0.003,
        schedule: str = "cosine",
        batch_size: int | None = None,
        epochs: int = 100,
        validation: float | None = None,
        patience: int | None = None,
        weight_decay: float = 0.3,
        class_weight: str | Mapping[Any, float] | None = None,
        scale: bool = True,
        dtype: str = "float32",
        random_state: Any = 0,
    ) -> None:
        self.class_weight = class_weight
        super().__init__(hidden, activation, optimizer, learning_rate, schedule, batch_size, epochs, validation,
                         patience, weight_decay, scale, dtype, random_state)  # fmt: skip

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkClassifier:
        """Learn the classes y (n,), or labels (n, labels) of zeros and ones, from X (n, columns)."""
        return self._learn(self._fit, X, y, sample_weight, True, None)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> NetworkClassifier:
        """One more pass over these rows; the first call needs all ``classes`` that will ever come (labels do not)."""
        return self._learn(self._partial_fit, X, y, sample_weight, not hasattr(self, "network_"), classes)

    def _learn(self, way: Any, X: Any, y: Any, sample_weight: Any, anew: bool, classes: Any) -> NetworkClassifier:
        x, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, reset=anew)
        in_parts = way == self._partial_fit
        labels = Labels.of(y, classes, in_parts) if anew else self._labels
        rows = gather(x, labels.numbers(y), row_weights(sample_weight, x))
        rows = rows._replace(weights=rows.weights * labels.factors(rows, self.class_weight, in_parts))
        self._labels, self.classes_ = labels, labels.classes
        way(rows, labels.outputs, labels.loss, False)
        return self

    def decision_function(self, X: Any) -> Array:
        """Log odds (n,) of the second of two classes; numbers before the softmax (n, classes); log odds (n, labels)."""
        output = self._output(X)
        return output[:, 0] if self._labels.two else output

    def predict(self, X: Any) -> Array:
        """The likeliest class of each row (n,), or zeros and ones (n, labels)."""
        output = self._output(X)
        return self._labels.likeliest(output)

    def predict_proba(self, X: Any) -> Array:
        """(n, classes); for labels (n, labels), each for itself."""
        output = self._output(X)
        if not self._labels.several:
            return probabilities(output)
        return np.stack([probabilities(column[:, None])[:, 1] for column in output.T], axis=1)

    def predict_log_proba(self, X: Any) -> Array:
        """Logarithms of ``predict_proba``."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
