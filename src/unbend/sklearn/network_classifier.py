"""`NetworkClassifier`: a fully connected network for classes or labels with scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import validate_data

from ..arrays import Array
from ..verdict.scores import probabilities
from .base import NetworkEstimator
from .class_labels import ClassLabels
from .sample_weights import check_sample_weight, merge_duplicates


class NetworkClassifier(ClassifierMixin, NetworkEstimator):
    """A network for two classes, several classes, or several labels a row, trained by ``unbend.train``.

    Two classes have one output (log odds), more a softmax; a y (n, labels) of zeros and ones has one output per label.
    Weights and ``partial_fit`` are as in `NetworkRegressor`.

    Parameters
    ----------
    hidden : int or sequence of int, default (64, 64)
        Neurons of each hidden layer; () makes a linear model.
    activation : str or unbend.Activation, default "gelu"
        A name in ``unbend.activations``, or a formula in x.
    optimizer : {"sgd", "momentum", "adam", "adamw"}, default "adamw"
    learning_rate : float, default 0.003
    schedule : {"cosine", "constant"}, default "cosine"
        The schedule of the learning rate in ``fit``; in ``partial_fit`` it is constant.
    batch_size : int, optional
        By default 32, fewer if that would make less than eight minibatches.
    epochs : int, default 100
        Passes over the distinct rows in ``fit``.
    validation : float, optional
        The fraction of the rows held out to choose the best epoch by.
    patience : int, optional
        Training stops after so many epochs without a better validation loss.
    weight_decay : float, default 0.3
    class_weight : dict, "balanced" or None, default None
        {class: weight}; "balanced" gives every class the same total weight (for labels both values of each).
    scale : bool, default True
        Train on standardised columns; ``network_`` takes raw ones in any case.
    dtype : {"float32", "float64"}, default "float32"
        The precision of the training.
    random_state : int, numpy.random.RandomState or None, default 0
        For initial weights and the order of rows; an int makes a fit repeatable to the bit.

    Attributes
    ----------
    classes_ : array of shape (classes,)
        The classes, sorted; for labels their numbers.
    network_ : unbend.Network
        Takes raw columns, float64; answers log odds, or values before the softmax.
    history_ : unbend.train.History
        Losses by epoch of the last call.
    n_iter_ : int
        Epochs trained so far.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : array of str
        Names of those columns, if X was a data frame.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.sklearn import NetworkClassifier
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = np.where(X[:, 0] * X[:, 1] > 0, "same", "opposite")
    >>> model = NetworkClassifier((16,), learning_rate=0.03).fit(X, y)
    >>> model.classes_.tolist(), bool(model.score(X, y) > 0.9)
    (['opposite', 'same'], True)
    """

    _labels: ClassLabels

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
        super().__init__(
            hidden=hidden,
            activation=activation,
            optimizer=optimizer,
            learning_rate=learning_rate,
            schedule=schedule,
            batch_size=batch_size,
            epochs=epochs,
            validation=validation,
            patience=patience,
            weight_decay=weight_decay,
            scale=scale,
            dtype=dtype,
            random_state=random_state,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkClassifier:
        """Train from new initial weights.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,) or (n, labels)
            Classes, or zeros and ones for several labels.
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For data that scikit-learn's checks refuse; ``unbend.BadInput``, one of its kind, for fewer than two
            classes, for settings that no network can have and for a training that diverges.
        """
        return self._learn(X, y, sample_weight, incremental=False)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> NetworkClassifier:
        """Train for one pass over these rows, from the weights of the last call.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,) or (n, labels)
        classes : array-like of shape (classes,), optional
            All classes that any call will bring; the first call needs them, unless y holds labels.
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As ``fit``, and for a class that is not among ``classes``. After a training that diverges the model is as it
            was before.
        """
        return self._learn(X, y, sample_weight, incremental=True, classes=classes)

    def _learn(
        self, X: Any, y: Any, sample_weight: Any, *, incremental: bool, classes: Any = None
    ) -> NetworkClassifier:
        first = not (incremental and hasattr(self, "network_"))
        x, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, reset=first)
        labels = ClassLabels.infer(y, classes, incremental) if first else self._labels
        rows = merge_duplicates(x, labels.encode(y), check_sample_weight(sample_weight, x))
        rows = rows._replace(weights=rows.weights * labels.weight_factors(rows, self.class_weight, incremental))
        self._labels, self.classes_ = labels, labels.classes
        train = self._train_incrementally if incremental else self._train_from_scratch
        train(rows, labels.outputs, labels.loss, scale_y=False)
        return self

    def decision_function(self, X: Any) -> Array:
        """The network's outputs.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array
            Log odds (n,) of the second of two classes; values before the softmax (n, classes); log odds (n, labels).
        """
        output = self._output(X)
        return output[:, 0] if self._labels.binary else output

    def predict(self, X: Any) -> Array:
        """Predict the classes.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n,) or (n, labels)
            The most probable class of each row, or zeros and ones for labels.
        """
        output = self._output(X)
        return self._labels.decode(output)

    def predict_proba(self, X: Any) -> Array:
        """Predict class probabilities.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n, classes) or (n, labels)
            Rows that sum to 1; for labels the probability of each.
        """
        output = self._output(X)
        if not self._labels.multilabel:
            return probabilities(output)
        return np.stack([probabilities(column[:, None])[:, 1] for column in output.T], axis=1)

    def predict_log_proba(self, X: Any) -> Array:
        """Predict the logarithms of ``predict_proba``.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n, classes) or (n, labels)
        """
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
