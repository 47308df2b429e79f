"""`train`: a network and arrays → a trained network and its `History`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import network
from ..arrays import Array
from ..network import Loss, Network, Optimizer, Recipe, Stack
from ..words import say
from .arguments import Split, check_settings, check_trainable, chosen_loss
from .checkpoint import open_checkpoint
from .history import Epoch, History
from .loop import EpochCallback, Outcome, Plan, train_stack
from .scales import Scales
from .schedules import schedules

Callback = Callable[[Epoch], bool | None]

_DEFAULT_RATES = {"sgd": 0.1, "momentum": 0.01, "adam": 0.001, "adamw": 0.001}


def train(
    net: Network,
    x: Any,
    y: Any,
    *,
    loss: str | Loss | None = None,
    optimizer: str | Optimizer = "adam",
    learning_rate: float | None = None,
    batch_size: int = 32,
    epochs: int = 100,
    validation: float | tuple[Any, Any] | None = None,
    patience: int | None = None,
    weights: Any = None,
    weight_decay: float = 0.0,
    schedule: str = "constant",
    scale: bool = False,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    checkpoint: str | Path | None = None,
    resume: bool = False,
    stack: Stack | None = None,
) -> tuple[Network, History]:
    """Train a copy of a network; the network given stays as it is.

    Parameters
    ----------
    net : Network
    x : array_like (n, inputs)
    y : array_like (n,) or (n, outputs)
        Values; 0/1 for ``loss="logistic"``; class numbers (n,), or rows with one 1 among zeros, for
        ``loss="cross_entropy"``.
    loss : {"squared", "absolute", "huber", "logistic", "cross_entropy"} or Loss, optional
        By default ``"cross_entropy"`` for integer-valued y (n,) and several outputs, else ``"squared"``.
    optimizer : {"adam", "adamw", "sgd", "momentum"} or Optimizer, default "adam"
    learning_rate : float, optional
        By default 0.001 for adam and adamw, 0.01 for momentum, 0.1 for sgd.
    batch_size : int, default 32
        Rows per minibatch; drawn without replacement, in an order made from ``seed``.
    epochs : int, default 100
        The largest number of passes over the rows.
    validation : float or (x, y), optional
        The share of the rows to hold out, 0 < share < 1, or held-out rows of the user's own. With it, the weights of
        the best epoch are restored.
    patience : int, optional
        Stop after this many epochs without a better validation loss.
    weights : array_like (n,), optional
        Row weights, at least 0; only their ratios matter.
    weight_decay : float, default 0
        Decay of the weights W per step, in units of the learning rate; biases are exempt.
    schedule : {"constant", "cosine"}, default "constant"
        How the learning rate changes in the course of the training.
    scale : bool, default False
        Train on standardised columns (and y, where the last layer is straight), starting there from ``net``'s weights,
        and fold the scales into the first and last layer: the result takes raw columns.
    seed : int, default 0
        Of the held-out rows, the minibatches and dropout.
    callbacks : sequence of callable
        Each receives an `Epoch` after every epoch; one that returns True stops the training.
    checkpoint : str or Path, optional
        A folder in which the state is stored from time to time.
    resume : bool, default False
        Continue from the checkpoint: a training that was interrupted, even by ``kill -9``, gives the same bits as an
        uninterrupted one. Callbacks are called once per epoch, again for those since the last checkpoint.
    stack : Stack, optional
        Weights and optimizer state to continue from, changed in place, instead of ``net``'s weights;
        ``Stack.begin([net.arrays], optimizer)`` makes one.

    Returns
    -------
    trained : Network
    history : History
        Losses by epoch, the best epoch, why it stopped.

    Raises
    ------
    ShapeError
        Where arrays do not fit the network or each other.
    BadInput
        Where a setting is out of range, a layer cannot learn, numbers are missing, or the training diverges.
    ModelError
        Where the checkpoint's folder cannot be written or holds the checkpoint of another training.

    Warns
    -----
    RuntimeWarning
        Where a later checkpoint could not be written.

    Examples
    --------
    >>> import numpy as np, unbend as ub
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> net = ub.Network([ub.Dense(1, 8, "relu"), ub.Dense(8, 1)], seed=0)
    >>> trained, history = ub.train(net, x, abs(x), learning_rate=0.01, epochs=50, seed=0)
    >>> history.epochs, history.train_loss[-1] < history.train_loss[0]
    (50, True)
    """
    store = open_checkpoint(checkpoint, resume)
    loss_record, optimizer_record = chosen_loss(loss, net, y), network.optimizer(optimizer)
    check_trainable(net)
    check_settings(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, patience=patience,
                   schedule=schedule, weight_decay=weight_decay, seed=seed)  # fmt: skip
    rows = Split.of(net, loss_record, x, y, validation=validation, seed=seed)
    row_weights = rows.weights(weights)
    scales = Scales.of(net, loss_record, rows, row_weights, scale)
    with np.errstate(over="ignore"):  # too large for float32: the loss will show it
        X, Y = scales.scaled(rows)
    rate = _DEFAULT_RATES.get(optimizer_record.name, 0.001) if learning_rate is None else learning_rate
    outcome = train_stack(
        Recipe(tuple(layer.dense for layer in net.layers), loss_record, optimizer_record, batch_size, weight_decay),
        [net.arrays],
        X,
        Y,
        train_rows=rows.train[None],
        validation_rows=None if rows.validation is None else rows.validation[None],
        plan=Plan(epochs, rate, schedules[schedule], patience),
        seed=seed,
        weights=None if row_weights is None else row_weights.astype(net.dtype),
        on_epoch=_call_all(callbacks, epochs, scales),
        checkpoint=store,
        stack=stack,
    )
    if store is not None and store.failure is not None:
        warnings.warn(say("train.not_kept", reason=store.failure), RuntimeWarning, stacklevel=2)
    return scales.network(outcome.members[0]), _history(outcome, scales)


def _call_all(callbacks: Sequence[Callback], epochs: int, scales: Scales) -> EpochCallback:
    """The users' callbacks as one of the loop: every one is called, and any of them can stop the training."""

    def on_epoch(number: int, train_loss: Array, validation_loss: Array | None, stack: Stack) -> bool:
        epoch = Epoch(
            number=number,
            epochs=epochs,
            train_loss=float(train_loss[0]) * scales.loss_factor,
            validation_loss=None if validation_loss is None else float(validation_loss[0]) * scales.loss_factor,
            network=lambda: scales.network(stack.member(0)),
        )
        answers = [callback(epoch) for callback in callbacks]
        return any(answers)

    return on_epoch


def _history(outcome: Outcome, scales: Scales) -> History:
    """The first member's losses in the unit of y."""
    validation: Any = [] if outcome.validation is None else outcome.validation[:, 0]
    return History(
        unit=scales.unit,
        train_loss=[float(value) * scales.loss_factor for value in outcome.train[:, 0]],
        validation_loss=[float(value) * scales.loss_factor for value in validation],
        best_epoch=int(outcome.best[0]),
        stopped=outcome.stopped,
    )
