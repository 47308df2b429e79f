"""Fully connected layers: the description of one (``Dense``), and a layer with its weights (``Layer``)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..activations import Activation, activation
from ..arrays import Array
from ..errors import ShapeError


@dataclass(frozen=True)
class Dense:
    """Description of one fully connected layer, h(x W + b) with W of shape (inputs, outputs).

    Parameters
    ----------
    inputs, outputs : int
        The number of inputs, and of neurons; each at least 1.
    activation : str or Activation, default "identity"
        A name in ``unbend.activations``, a formula in x such as ``"max(x, 0.2*x)"``, or a record.
    start : {None, "he", "glorot"}, default None
        The initial weights: normal with variance 2/inputs (``"he"`` [1]_) or 2/(inputs + outputs) (``"glorot"`` [2]_);
        None takes the one that the activation's record names (``Activation.init``). Biases start at 0.
    dropout : float, default 0
        The share of the layer's values set to 0 in training, 0 <= dropout < 1. The others are multiplied by
        1/(1 - dropout) there, so that inference needs no change [3]_.

    Raises
    ------
    ShapeError
        For a size that is not a positive integer, an unknown ``start``, or a dropout outside its range.
    FormulaError
        Where the activation is neither a name nor a formula in x.

    References
    ----------
    .. [1] He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015.
    .. [2] Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
    .. [3] Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.

    Examples
    --------
    >>> import unbend as ub
    >>> layer = ub.Dense(2, 4, "tanh", dropout=0.1)
    >>> ub.Network([layer, ub.Dense(4, 1)])
    Network(2-4-1; tanh, identity; float32)
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

    def initial_weights(self, rng: np.random.Generator) -> Array:
        """Random initial weights, normal with the variance that ``start`` chooses.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (inputs, outputs), float64
        """
        init = self.start or self.record.init
        variance = 2 / self.inputs if init == "he" else 2 / (self.inputs + self.outputs)
        return rng.normal(0.0, np.sqrt(variance), (self.inputs, self.outputs))


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer with its weights ``W`` (inputs, outputs) and biases ``b`` (outputs,), both read-only."""

    dense: Dense
    W: Array
    b: Array

    @property
    def inputs(self) -> int:
        """The number of inputs."""
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
