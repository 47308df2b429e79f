"""``unbend.train``: one network, arrays in, a trained network and its history out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput, ShapeError
from ..network import Loss, Network, Optimizer, Recipe, Scaler, Stack, fold, loss, optimizer
from ..words import say
from .checkpoint import at
from .history import Epoch, History
from .loop import Plan, constant, cosine, train_stack

Callback = Callable[[Epoch], bool | None]

_RATES = {"sgd": 0.1, "momentum": 0.01, "adam": 0.001, "adamw": 0.001}
_SCHEDULES = {"constant": constant, "cosine": cosine}
_UNITS = {0: "nats", 1: "y", 2: "y²"}


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
    """Train a copy of ``net``; ``net`` itself stays as it is.

    ``x`` (n, inputs); ``y`` (n,) or (n, outputs) values, 0/1 for ``loss="logistic"``, class numbers (n,) or rows with
    one 1 among zeros for ``"cross_entropy"``. Without ``loss``: ``"cross_entropy"`` for whole-number y (n,) and several
    outputs, else ``"squared"``. Minibatches are drawn without replacement in an order made from ``seed``.
    ``validation`` is a share of the rows or the user's own (x, y); with it the weights of the best epoch are restored,
    and ``patience`` stops after so many epochs without a better one. ``weights`` (n,) weigh the rows. ``scale=True``
    trains on standardised columns (and y, where the last layer is straight), starting there from ``net``'s numbers, and
    folds the scales into the first and last layer, so that the result takes raw columns. ``callbacks`` get an ``Epoch``
    after every epoch; one that returns True stops. ``checkpoint`` is a folder in which the state is kept now and then;
    with ``resume`` a training that was cut, even by ``kill -9``, goes on from there and gives the same bits as an
    unbroken one (callbacks hear of each epoch once, those since the last checkpoint again). ``stack`` goes on with its
    numbers and the optimiser's memory, in place, and not from ``net``'s numbers:
    ``Stack.begin([net.arrays], optimizer)`` makes one.

    Raises ``ShapeError`` where arrays do not fit, ``BadInput`` where a layer cannot learn, numbers are missing or the
    training diverges, ``ModelError`` where the folder cannot be written or holds the checkpoint of another training.
    """
    keeper = at(checkpoint, resume)
    record, mover = _loss_of(loss, net, y), _optimizer(optimizer)
    _can_learn(net)
    _check_settings(epochs, batch_size, learning_rate, patience, schedule, weight_decay)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise BadInput("train.seed", got=seed)
    X, Y = _rows(net, record, x, y, "")
    n = len(X)
    rng = np.random.default_rng([seed, 2**31])
    if isinstance(validation, tuple | list) and len(validation) == 2:
        xv, yv = _rows(net, record, *validation, "validation ")
        X, Y = np.concatenate([X, xv]), np.concatenate([Y, yv])
        learn, judge = np.arange(n), np.arange(n, len(X))
    elif validation is not None:
        held = round(validation * n) if _number(validation) and 0 < validation < 1 else 0
        if not 0 < held < n:
            got = validation if isinstance(validation, int | float | str) else type(validation).__name__
            raise BadInput("train.validation_share", got=got, rows=n)
        mixed = rng.permutation(n)
        learn, judge = np.sort(mixed[held:]), np.sort(mixed[:held])
    else:
        learn, judge = np.arange(n), None
    row_weights = _weights(weights, n, len(X), learn, judge)
    learned = None if row_weights is None else row_weights[learn]
    x_scaler = Scaler.of(X[learn], learned) if scale else None
    straight_end = not net.layers[-1].bends and record.unit_power > 0
    y_scaler = Scaler.of(Y[learn], learned) if scale and straight_end else None
    recipe = Recipe(tuple(layer.dense for layer in net.layers), record, mover, batch_size, weight_decay)
    rate = _RATES.get(mover.name, 0.001) if learning_rate is None else learning_rate
    history = _history(record, y_scaler)
    factor = float(y_scaler.size[0] ** record.unit_power) if y_scaler is not None and len(y_scaler.size) == 1 else 1.0

    def finished(pairs: Sequence[tuple[Array, Array]]) -> Network:
        return fold(net.with_arrays(pairs), x_scaler, y_scaler) if scale else net.with_arrays(pairs)

    def watch(epoch: int, losses: Array, held_out: Array | None, stack: Stack) -> bool:
        state = Epoch(
            epoch,
            epochs,
            float(losses[0]) * factor,
            float(held_out[0]) * factor if held_out is not None else None,
            lambda: finished(stack.member(0)),
        )
        answers = [callback(state) for callback in callbacks]  # every callback is called
        return any(answers)

    with np.errstate(over="ignore"):  # too large for float32: the loss will show it
        X = (X if x_scaler is None else x_scaler(X)).astype(net.dtype)
        Y = (Y if y_scaler is None else y_scaler(Y)).astype(Y.dtype if record.classes else net.dtype)
    outcome = train_stack(
        recipe,
        [net.arrays],
        X,
        Y,
        learn[None],
        None if judge is None else judge[None],
        Plan(epochs, rate, _SCHEDULES[schedule], patience),
        seed,
        None if row_weights is None else row_weights.astype(net.dtype),
        watch,
        keeper,
        stack=stack,
    )
    if keeper is not None and keeper.failure is not None:
        warnings.warn(say("train.not_kept", reason=keeper.failure), RuntimeWarning, stacklevel=2)
    history.train_loss = [float(loss) * factor for loss in outcome.train[:, 0]]
    if outcome.validation is not None:
        history.validation_loss = [float(loss) * factor for loss in outcome.validation[:, 0]]
    history.best_epoch, history.stopped = int(outcome.best[0]), outcome.stopped
    return finished(outcome.members[0]), history


def _loss_of(which: str | Loss | None, net: Network, y: Any) -> Loss:
    if which is not None:
        return loss(which)
    numbers = np.asarray(y)
    return loss("cross_entropy" if numbers.ndim == 1 and numbers.dtype.kind in "iu" and net.outputs > 1 else "squared")


def _optimizer(which: str | Optimizer) -> Optimizer:
    return optimizer(which)


def _can_learn(net: Network) -> None:
    for i, layer in enumerate(net.layers):
        if not layer.activation.learns:
            raise BadInput("train.cannot_learn", layer=i, name=layer.activation.name)


def _check_settings(
    epochs: int, batch_size: int, rate: float | None, patience: int | None, schedule: str, decay: float
) -> None:
    for name, value in (("epochs", epochs), ("batch_size", batch_size), ("patience", patience)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1
        if not whole and not (name == "patience" and value is None):
            raise BadInput("train.whole_number", name=name, got=value)
    if rate is not None and not (_number(rate) and 0 < rate < np.inf):
        raise BadInput("train.rate", got=rate)
    if not (_number(decay) and 0 <= decay < np.inf):
        raise BadInput("train.decay", got=decay)
    if schedule not in _SCHEDULES:
        raise BadInput("train.no_such_schedule", got=schedule, known=", ".join(_SCHEDULES))


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _rows(net: Network, record: Loss, x: Any, y: Any, which: str) -> tuple[Array, Array]:
    """x (n, inputs) and y (n, outputs) in float64, or class numbers (n,); checked to fit and to be finite."""
    X = np.asarray(x)
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise ShapeError("train.x_rows", which=which, inputs=net.inputs, got=f"{X.dtype} {X.shape}")
    if X.shape[1] != net.inputs:
        raise ShapeError("train.x_columns", which=which, inputs=net.inputs, got=X.shape)
    X = X.astype(np.float64)
    Y = np.asarray(y)
    if len(X) == 0 or Y.ndim == 0 or len(Y) != len(X):
        raise ShapeError("train.same_rows", which=which, x=len(X), y=len(Y) if Y.ndim else 1)
    if record.classes:
        Y = Y.argmax(axis=1) if _one_hot(Y, net.outputs) else Y.reshape(-1)
        whole = len(Y) == len(X) and Y.dtype.kind in "fiub" and bool(np.all(Y == np.floor(Y)))
        if not whole or Y.min() < 0 or Y.max() >= net.outputs:
            raise ShapeError("train.class_numbers", which=which, outputs=net.outputs, most=net.outputs - 1)
        Y = Y.astype(np.int64)
    else:
        if Y.dtype.kind not in "fiub":
            raise ShapeError("train.y_numbers", which=which, got=str(Y.dtype))
        Y = (Y[:, None] if Y.ndim == 1 else Y).astype(np.float64)
        if Y.shape != (len(X), net.outputs):
            raise ShapeError("train.y_shape", which=which, rows=len(X), outputs=net.outputs, got=np.shape(y))
    for name, array in (("x", X), ("y", Y)):
        bad = np.flatnonzero(~np.isfinite(array).reshape(len(array), -1).all(axis=1))
        if bad.size:
            raise BadInput("train.not_finite", which=which, name=name, row=int(bad[0]), count=bad.size)
    if record.name == "logistic" and not ((Y >= 0) & (Y <= 1)).all():
        raise BadInput("train.zero_one", which=which, least=f"{Y.min():g}", most=f"{Y.max():g}")
    return X, Y


def _one_hot(Y: Array, classes: int) -> bool:
    """Whether every row holds one 1 among zeros."""
    if Y.ndim != 2 or Y.shape[1] != classes or classes == 1 or Y.dtype.kind not in "fiub":
        return False
    return bool(np.isin(Y, (0, 1)).all() and (Y.sum(axis=1) == 1).all())


def _weights(weights: Any, given: int, total: int, learn: Array, judge: Array | None) -> Array | None:
    """Row weights for all rows with mean 1 over the rows learned from; a separate validation part weighs alike."""
    if weights is None:
        return None
    w = np.asarray(weights)
    if w.shape != (given,):
        raise ShapeError("train.weights_shape", rows=given, got=w.shape)
    if w.dtype.kind not in "fiub" or not np.isfinite(w).all() or (w < 0).any():
        raise BadInput("train.weights_values")
    w = np.concatenate([w.astype(np.float64), np.ones(total - given)])
    if w[learn].sum() <= 0 or (judge is not None and w[judge].sum() <= 0):
        raise BadInput("train.weights_values")
    w[:given] /= w[learn].mean()
    return w


def _history(record: Loss, y_scaler: Scaler | None) -> History:
    several = y_scaler is not None and len(y_scaler.size) > 1
    return History("standardised" if several else _UNITS[record.unit_power])
