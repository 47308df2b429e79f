"""`NetworkEstimator`, the base class of the network estimators: construction, scaling, training, outputs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from ..arrays import Array
from ..network import Dense, Network, Scaler, Stack, fold, optimizer
from ..train import train
from .sample_weights import WeightedRows

_MAX_BATCH = 32  # and at least eight minibatches to an epoch


def seed_from(random_state: Any) -> int:
    """A seed for ``numpy.random.Generator``: an int as it is, else drawn from scikit-learn's random state."""
    if isinstance(random_state, int | np.integer) and not isinstance(random_state, bool):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


class NetworkEstimator(BaseEstimator):
    """Trains one network on standardised columns; ``network_`` takes the raw ones, in float64."""

    n_iter_: int
    _net: Network
    _stack: Stack | None

    def __init__(
        self,
        *,
        hidden: int | Sequence[int],
        activation: Any,
        optimizer: str,
        learning_rate: float,
        schedule: str,
        batch_size: int | None,
        epochs: int,
        validation: float | None,
        patience: int | None,
        weight_decay: float,
        scale: bool,
        dtype: str,
        random_state: Any,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation = validation
        self.patience = patience
        self.weight_decay = weight_decay
        self.scale = scale
        self.dtype = dtype
        self.random_state = random_state

    def _train_from_scratch(self, rows: WeightedRows, outputs: int, loss: str, scale_y: bool) -> None:
        """Initialise and train on all rows for ``epochs``."""
        self._initialise(rows, outputs, scale_y)
        self._train(
            rows,
            loss,
            self._seed,
            epochs=self.epochs,
            validation=self.validation,
            patience=self.patience,
            schedule=self.schedule,
        )

    def _train_incrementally(self, rows: WeightedRows, outputs: int, loss: str, scale_y: bool) -> None:
        """Train for one epoch from the current weights and optimiser state."""
        if not hasattr(self, "network_"):
            self._initialise(rows, outputs, scale_y)
        stack = self._stack or Stack.begin([self._net.arrays], optimizer(self.optimizer))
        self._stack = None  # if the training diverges, the next call starts from the last good weights
        seed = int(np.random.SeedSequence([self._seed, self.n_iter_]).generate_state(1)[0])
        self._train(rows, loss, seed, epochs=1, stack=stack)
        self._stack = stack

    def _train(self, rows: WeightedRows, loss: str, seed: int, **settings: Any) -> None:
        y = rows.y
        if self._y_scaler is not None:
            y = self._y_scaler(y.reshape(len(y), -1))
        batch_size = min(_MAX_BATCH, max(4, len(y) // 8)) if self.batch_size is None else self.batch_size
        self._net, self.history_ = train(
            self._net,
            self._x_scaler(rows.x),
            y,
            loss=loss,
            optimizer=self.optimizer,
            batch_size=batch_size,
            learning_rate=self.learning_rate,
            weights=rows.uneven_weights,
            weight_decay=self.weight_decay,
            seed=seed,
            **settings,
        )
        self.n_iter_ += self.history_.epochs
        if self._y_scaler is not None:
            self.history_.unit = "standardised"
        net = self._net  # on raw columns in float64, because their values may be large relative to their spread
        activations = [layer.activation for layer in net.layers]
        self.network_ = fold(Network.from_arrays(net.arrays, activations, "float64"), self._x_scaler, self._y_scaler)

    def _initialise(self, rows: WeightedRows, outputs: int, scale_y: bool) -> None:
        """Fit the scalers on these rows and draw the network's initial weights."""
        self._seed = seed_from(self.random_state)
        columns = rows.x.shape[1]
        self._x_scaler = Scaler.of(rows.x, rows.uneven_weights) if self.scale else Scaler.none(columns)
        y = rows.y.reshape(len(rows.y), -1)
        self._y_scaler = Scaler.of(y, rows.uneven_weights) if self.scale and scale_y else None
        hidden = (self.hidden,) if isinstance(self.hidden, int | np.integer) else tuple(self.hidden)
        sizes = (columns, *hidden)
        layers = [*(Dense(a, b, self.activation) for a, b in pairwise(sizes)), Dense(sizes[-1], outputs)]
        self._net = Network(layers, seed=self._seed, dtype=self.dtype)
        self._stack = None
        self.n_iter_ = 0

    def _output(self, X: Any) -> Array:
        """(n, outputs) of the network, float64."""
        check_is_fitted(self, "network_")
        return self.network_(validate_data(self, X, dtype=np.float64, reset=False))
