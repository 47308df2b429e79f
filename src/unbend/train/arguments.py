"""The arguments of ``train``: checked, converted to arrays, and split into training and validation rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput, ShapeError
from ..network import Loss, Network, loss
from .schedules import schedules

BLOCK = 1 << 18  # cells looked at at a time


def chosen_loss(which: str | Loss | None, net: Network, y: Any) -> Loss:
    """The loss of that name; without one, cross-entropy for class numbers and several outputs, else squared error."""
    if which is not None:
        return loss(which)
    numbers = np.asarray(y)
    return loss("cross_entropy" if numbers.ndim == 1 and numbers.dtype.kind in "iu" and net.outputs > 1 else "squared")


def check_trainable(net: Network) -> None:
    """Raises ``BadInput`` where an activation's slope is 0 everywhere, so that no gradient passes."""
    for i, layer in enumerate(net.layers):
        if not layer.activation.learns:
            raise BadInput("train.cannot_learn", layer=i, name=layer.activation.name)


def check_settings(
    *, epochs: Any, batch_size: Any, learning_rate: Any, patience: Any, schedule: Any, weight_decay: Any, seed: Any
) -> None:
    """Raises ``BadInput`` for the first setting that is out of its range."""
    for name, value in (("epochs", epochs), ("batch_size", batch_size), ("patience", patience)):
        positive = isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1
        if not positive and not (name == "patience" and value is None):
            raise BadInput("train.whole_number", name=name, got=value)
    if learning_rate is not None and not (_is_number(learning_rate) and 0 < learning_rate < np.inf):
        raise BadInput("train.rate", got=learning_rate)
    if not (_is_number(weight_decay) and 0 <= weight_decay < np.inf):
        raise BadInput("train.decay", got=weight_decay)
    if schedule not in schedules:
        raise BadInput("train.no_such_schedule", got=schedule, known=", ".join(schedules))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise BadInput("train.seed", got=seed)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def checked_rows(net: Network, record: Loss, x: Any, y: Any, which: str = "") -> tuple[Array, Array]:
    """x (n, inputs) and y (n, outputs), or class numbers (n,); checked to fit and to be finite.

    Float32 and float64 stay as they are and are not copied; other numbers are float64. ``which`` is put before the
    names in messages. Raises ``ShapeError`` or ``BadInput``.
    """
    X = np.asarray(x)
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise ShapeError("train.x_rows", which=which, inputs=net.inputs, got=f"{X.dtype} {X.shape}")
    if X.shape[1] != net.inputs:
        raise ShapeError("train.x_columns", which=which, inputs=net.inputs, got=X.shape)
    X = _floats(X)
    Y = np.asarray(y)
    if len(X) == 0 or Y.ndim == 0 or len(Y) != len(X):
        raise ShapeError("train.same_rows", which=which, x=len(X), y=len(Y) if Y.ndim else 1)
    if record.classes:
        Y = Y.argmax(axis=1) if _is_one_hot(Y, net.outputs) else Y.reshape(-1)
        integers = len(Y) == len(X) and Y.dtype.kind in "fiub" and bool(np.all(Y == np.floor(Y)))
        if not integers or Y.min() < 0 or Y.max() >= net.outputs:
            raise ShapeError("train.class_numbers", which=which, outputs=net.outputs, most=net.outputs - 1)
        Y = Y.astype(np.int64)
    else:
        if Y.dtype.kind not in "fiub":
            raise ShapeError("train.y_numbers", which=which, got=str(Y.dtype))
        Y = _floats(Y[:, None] if Y.ndim == 1 else Y)
        if Y.shape != (len(X), net.outputs):
            raise ShapeError("train.y_shape", which=which, rows=len(X), outputs=net.outputs, got=np.shape(y))
    for name, array in (("x", X), ("y", Y)):
        bad = _not_finite(array)
        if bad:
            raise BadInput("train.not_finite", which=which, name=name, row=bad[0], count=len(bad))
    if record.name == "logistic" and not ((Y >= 0) & (Y <= 1)).all():
        raise BadInput("train.zero_one", which=which, least=f"{Y.min():g}", most=f"{Y.max():g}")
    return X, Y


def _floats(array: Array) -> Array:
    """The array itself in float32 or float64, anything else as float64."""
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _not_finite(array: Array) -> list[int]:
    """The rows with a number that is not finite, looked for in blocks of rows."""
    size = max(1, BLOCK // max(1, array[:1].size))
    rows: list[int] = []
    for start in range(0, len(array), size):
        finite = np.isfinite(array[start : start + size])
        if not finite.all():
            rows.extend((start + np.flatnonzero(~finite.reshape(len(finite), -1).all(axis=1))).tolist())
    return rows


def _is_one_hot(Y: Array, classes: int) -> bool:
    """Whether every row holds one 1 among zeros."""
    if Y.ndim != 2 or Y.shape[1] != classes or classes == 1 or Y.dtype.kind not in "fiub":
        return False
    return bool(np.isin(Y, (0, 1)).all() and (Y.sum(axis=1) == 1).all())


@dataclass(frozen=True)
class Split:
    """All rows, x (N, inputs) and y, with the numbers of those to train and to validate on (None: no validation).

    The first ``given`` rows are those of the arguments x and y; a validation set of the user's own follows them.
    """

    x: Array
    y: Array
    given: int
    train: Array
    validation: Array | None

    @classmethod
    def of(cls, net: Network, record: Loss, x: Any, y: Any, validation: Any, seed: int) -> Split:
        """From the arguments of ``train``: a share of the rows drawn at random, or the user's own (x, y)."""
        X, Y = checked_rows(net, record, x, y)
        n = len(X)
        if validation is None:
            return cls(X, Y, n, np.arange(n), None)
        if isinstance(validation, tuple | list) and len(validation) == 2:
            own_x, own_y = checked_rows(net, record, validation[0], validation[1], which="validation ")
            X, Y = np.concatenate([X, own_x]), np.concatenate([Y, own_y])
            return cls(X, Y, n, np.arange(n), np.arange(n, len(X)))
        count = round(validation * n) if _is_number(validation) and 0 < validation < 1 else 0
        if not 0 < count < n:
            got = validation if isinstance(validation, int | float | str) else type(validation).__name__
            raise BadInput("train.validation_share", got=got, rows=n)
        shuffled = np.random.default_rng([seed, 2**31]).permutation(n)
        return cls(X, Y, n, np.sort(shuffled[count:]), np.sort(shuffled[:count]))

    def weights(self, weights: Any) -> Array | None:
        """Row weights (N,) with mean 1 over the training rows; 1 for a validation set of the user's own."""
        if weights is None:
            return None
        w = np.asarray(weights)
        if w.shape != (self.given,):
            raise ShapeError("train.weights_shape", rows=self.given, got=w.shape)
        if w.dtype.kind not in "fiub" or not np.isfinite(w).all() or (w < 0).any():
            raise BadInput("train.weights_values")
        w = np.concatenate([w.astype(np.float64), np.ones(len(self.x) - self.given)])
        if w[self.train].sum() <= 0 or (self.validation is not None and w[self.validation].sum() <= 0):
            raise BadInput("train.weights_values")
        w[: self.given] /= w[self.train].mean()
        return w
