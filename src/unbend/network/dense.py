"""One fully connected layer: its description, and the layer with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Activation, activation
from ..arrays import Array
from ..errors import ShapeError


@dataclass(frozen=True)
class Dense:
    """Description of a layer h(x W + b) with W of shape (inputs, outputs).

    ``activation`` is a name in ``unbend.activations``, a formula in x, or a record. ``start`` chooses the initial
    weights: ``"he"`` (He et al. 2015, variance 2/inputs), ``"glorot"`` (Glorot & Bengio 2010, variance
    2/(inputs + outputs)) or None for the one that suits the activation. ``dropout`` is the share of the layer's
    values set to 0 while training (Srivastava et al. 2014, scaled by 1/(1 - dropout) so that inference needs nothing).
    """

    inputs: int
    outputs: int
    activation: str | Activation = "identity"
    start: str | None = None
    dropout: float = 0.0

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise ShapeError("network.layer_size", name=name, got=value)
        if self.start not in (None, "he", "glorot"):
            raise ShapeError("network.no_such_start", got=self.start)
        if not isinstance(self.dropout, int | float | np.number) or not 0 <= self.dropout < 1:
            raise ShapeError("network.dropout_range", got=self.dropout)
        activation(self.activation)

    @property
    def record(self) -> Activation:
        """The activation's record."""
        return activation(self.activation)

    def start_weights(self, rng: np.random.Generator) -> Array:
        """Initial W (inputs, outputs) in float64, normal with the variance of ``start``."""
        init = self.start or self.record.init
        variance = 2 / self.inputs if init == "he" else 2 / (self.inputs + self.outputs)
        return rng.normal(0.0, np.sqrt(variance), (self.inputs, self.outputs))


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer with its numbers: ``W`` (inputs, outputs) and ``b`` (outputs,), both read-only."""

    dense: Dense
    W: Array
    b: Array

    @property
    def inputs(self) -> int:
        """How many values come in."""
        return self.dense.inputs

    @property
    def outputs(self) -> int:
        """How many neurons the layer has."""
        return self.dense.outputs

    @property
    def activation(self) -> Activation:
        """The activation's record."""
        return self.dense.record

    @property
    def bends(self) -> bool:
        """False when the layer is one affine map (its activation is a straight line)."""
        return self.activation.bends

    def __call__(self, x: Array) -> Array:
        """h(x W + b): (n, inputs) -> (n, outputs)."""
        return self.activation(x @ self.W + self.b)
