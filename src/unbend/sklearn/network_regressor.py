"""`NetworkRegressor`: a fully connected network for values with scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import validate_data

from ..arrays import Array
from .base import NetworkEstimator
from .sample_weights import check_sample_weight, merge_duplicates


class NetworkRegressor(RegressorMixin, NetworkEstimator):
    """A network for one number or several, trained by ``unbend.train``.

    ``fit`` learns from the set of weighted rows: their order does not matter, a row of weight 3 equals three copies,
    one of weight 0 none. ``partial_fit`` makes one pass over the rows it is given; the scales are those of its first
    call.

    Parameters
    ----------
    hidden : int or sequence of int, default (64, 64)
        Neurons of each hidden layer; () makes a linear model.
    activation : str or unbend.Activation, default "gelu"
        A name in ``unbend.activations``, or a formula in x.
    loss : {"squared", "absolute", "huber"}, default "squared"
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
    scale : bool, default True
        Train on standardised columns and targets; ``network_`` takes and returns raw ones in any case.
    dtype : {"float32", "float64"}, default "float32"
        The precision of the training.
    random_state : int, numpy.random.RandomState or None, default 0
        For initial weights and the order of rows; an int makes a fit repeatable to the bit.

    Attributes
    ----------
    network_ : unbend.Network
        Takes raw columns, float64: for ``unbend.regions``, ``unbend.save`` and everything else.
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
    >>> from unbend.sklearn import NetworkRegressor
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> model = NetworkRegressor((16,), learning_rate=0.03).fit(X, X[:, 0] * X[:, 1])
    >>> model.predict(X).shape, bool(model.score(X, X[:, 0] * X[:, 1]) > 0.9)
    ((200,), True)
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
        self.loss = loss

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Train from new initial weights.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,) or (n, outputs)
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For data that scikit-learn's checks refuse; ``unbend.BadInput``, one of its kind, for settings that no
            network can have and for a training that diverges.
        """
        return self._learn(X, y, sample_weight, incremental=False)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Train for one pass over these rows, from the weights of the last call.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,) or (n, outputs)
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As ``fit``. After a training that diverges the model is as it was before.
        """
        return self._learn(X, y, sample_weight, incremental=True)

    def _learn(self, X: Any, y: Any, sample_weight: Any, *, incremental: bool) -> NetworkRegressor:
        first = not (incremental and hasattr(self, "network_"))
        x, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=first)
        if first:
            self._one_dimensional = y.ndim == 1
        rows = merge_duplicates(x, y.astype(np.float64), check_sample_weight(sample_weight, x))
        train = self._train_incrementally if incremental else self._train_from_scratch
        train(rows, y.size // len(y), self.loss, scale_y=True)
        return self

    def predict(self, X: Any) -> Array:
        """Predict the targets.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n,) or (n, outputs)
            With as many dimensions as y had.
        """
        output = self._output(X)
        return output[:, 0] if self._one_dimensional else output

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
