"""The loss functions, one record each (`Loss`, by name `loss`). ``o`` is the network's output, ``y`` the target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..arrays import Array
from ..display import Registry
from ..errors import ShapeError
from ..formula.printing.numpy_functions import numpy_function


@dataclass(frozen=True)
class Loss:
    """One loss function, averaged over rows and (except for ``cross_entropy``) over outputs.

    Parameters
    ----------
    name : str
    value, slope : str
        The loss and its derivative by o, formulas in o and y.
    shared : tuple of (str, str), default ()
        (name, formula) pairs: parts that ``value`` and ``slope`` have in common.
    unit_power : int, default 0
        The loss has the unit of y to this power.
    classes : bool, default False
        True for softmax with cross-entropy (Bishop 2006, eq. 4.108): it couples the outputs of a row and is written in
        code, not as formulas.
    """

    name: str
    value: str
    slope: str
    shared: tuple[tuple[str, str], ...] = ()
    unit_power: int = 0
    classes: bool = False

    def per_row(self, output: Array, target: Array) -> tuple[Array, Array]:
        """(loss of each row (..., n), its derivative by ``output`` (..., n, k)); the target has the output's shape,
        for classes it holds class numbers (..., n)."""  # fmt: skip
        if self.classes:
            return _cross_entropy(output, target)
        value, slope = self._numpy(output, target)
        return value.mean(axis=-1), slope / output.dtype.type(output.shape[-1])

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The formulas as (name, formula) pairs that end in ``value`` and ``slope``."""
        return (*self.shared, ("value", self.value), ("slope", self.slope))

    @cached_property
    def _numpy(self) -> Callable[[Array, Array], tuple[Array, Array]]:
        return numpy_function(("o", "y"), self.steps, ("value", "slope"))


def _cross_entropy(output: Array, target: Array) -> tuple[Array, Array]:
    """-log softmax(output)[target], with the largest output subtracted so that nothing overflows."""
    shifted = output - output.max(axis=-1, keepdims=True)
    slope = np.exp(shifted)
    total = slope.sum(axis=-1, keepdims=True)
    slope /= total
    classes = target.astype(np.intp).ravel()
    observed = np.arange(len(classes)), classes
    width = output.shape[-1]
    loss = np.log(total[..., 0]) - shifted.reshape(-1, width)[observed].reshape(target.shape)
    slope.reshape(-1, width)[observed] -= 1
    return loss, slope


_R = (("r", "o - y"),)
losses: Registry[Loss] = Registry(
    [
        Loss("squared", "r*r", "2*r", _R, 2),
        Loss("absolute", "abs(r)", "sign(r)", _R, 1),
        Loss("huber", "where(abs(r) <= 1, 0.5*(r*r), abs(r) - 0.5)", "max(-1, min(r, 1))", _R, 2),
        # -y log p - (1 - y) log(1 - p) with p = sigmoid(o)
        Loss("logistic", "max(o, 0) - o*y + log1p(t)", "where(o >= 0, 1, t)/(1 + t) - y", (("t", "exp(-abs(o))"),)),
        Loss("cross_entropy", "", "", classes=True),
    ]
)


def loss(which: str | Loss) -> Loss:
    """The record of that name. Raises ``ShapeError`` for an unknown one."""
    if isinstance(which, Loss):
        return which
    if which not in losses:
        raise ShapeError("network.no_such_loss", got=which, known=", ".join(losses))
    return losses[which]


def softmax(output: Any) -> Array:
    """Probabilities from outputs, along the last axis."""
    array = np.asarray(output)
    exponential = np.exp(array - array.max(axis=-1, keepdims=True))
    return np.asarray(exponential / exponential.sum(axis=-1, keepdims=True))
