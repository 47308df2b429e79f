"""`Network`: a fully connected network, an immutable sequence of layers with weights, called like a function."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..display import Displayed
from ..errors import ShapeError
from .layers import Dense, Layer
from .neuron_formula import evaluation_steps, neuron_formula
from .trace import Trace, trace


class Network(Displayed):
    """A fully connected network. Immutable: training returns a new one.

    Calling it infers: ``net(x)`` takes (n, inputs) to (n, outputs), one row (inputs,) to (outputs,).

    Parameters
    ----------
    layers : sequence of Dense
        The layers' descriptions, first to last; the outputs of each are the inputs of the next.
    seed : int, default 0
        Seed of the initial weights (biases start at 0).
    dtype : {"float32", "float64"}, default "float32"

    Attributes
    ----------
    layers : tuple of Layer
        Each with ``W`` (inputs, outputs), ``b`` (outputs,), ``activation`` and ``bends``.
    dtype : numpy.dtype
    inputs, outputs : int
    bends : tuple of int
        The numbers of the layers that bend, from 0.

    Raises
    ------
    ShapeError
        Where the sizes of adjacent layers differ, there are no layers, or the dtype is another.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(2, 3, "sigmoid"), ub.Dense(3, 1)], seed=0)
    >>> net([[0.5, -1.0], [0.0, 2.0]]).shape
    (2, 1)
    >>> net.bends
    (0,)
    """

    layers: tuple[Layer, ...]
    dtype: np.dtype[Any]

    def __init__(self, layers: Sequence[Dense], seed: int = 0, dtype: Any = "float32") -> None:
        rng = np.random.default_rng(seed)
        self._build(layers, [(d.initial_weights(rng), np.zeros(d.outputs)) for d in _sizes_checked(layers)], dtype)

    @classmethod
    def from_arrays(
        cls,
        arrays: Sequence[tuple[Any, Any]],
        activations: Sequence[str | Activation] | None = None,
        dtype: Any = None,
    ) -> Network:
        """A network with given weights.

        Parameters
        ----------
        arrays : sequence of (W, b)
            One pair per layer: W (inputs, outputs) and b (outputs,), array_like; they are copied.
        activations : sequence of str or Activation, optional
            One per layer; identity everywhere by default.
        dtype : {"float32", "float64"}, optional
            By default the arrays' own where that is float32 or float64, else float64.

        Returns
        -------
        Network

        Raises
        ------
        ShapeError
            Where shapes or counts do not fit each other, or the arrays hold no numbers.

        Examples
        --------
        >>> import unbend as ub
        >>> net = ub.Network.from_arrays([([[1.0], [-1.0]], [0.5])], activations=["relu"])
        >>> net([2.0, 1.0])
        array([1.5])
        """
        pairs = [(np.asarray(W), np.asarray(b)) for W, b in arrays]
        chosen = ["identity"] * len(pairs) if activations is None else list(activations)
        if len(chosen) != len(pairs):
            raise ShapeError("network.activation_count", layers=len(pairs), got=len(chosen))
        dense = []
        for i, ((W, b), act) in enumerate(zip(pairs, chosen, strict=True)):
            if W.ndim != 2 or b.shape != W.shape[1:]:
                raise ShapeError("network.array_shapes", layer=i, W=W.shape, b=b.shape)
            if W.dtype.kind not in "fiub" or b.dtype.kind not in "fiub":
                raise ShapeError("network.not_numbers", name=f"layer {i}", got=f"{W.dtype}, {b.dtype}")
            dense.append(Dense(W.shape[0], W.shape[1], act))
        if dtype is None:
            common = np.result_type(*(a.dtype for pair in pairs for a in pair)) if pairs else np.dtype("float64")
            dtype = common if common in (np.dtype("float32"), np.dtype("float64")) else "float64"
        return cls._from(dense, pairs, dtype)

    @classmethod
    def _from(cls, dense: Sequence[Dense], pairs: Sequence[tuple[Array, Array]], dtype: Any) -> Network:
        net = cls.__new__(cls)
        net._build(_sizes_checked(dense), pairs, dtype)
        return net

    def _build(self, dense: Sequence[Dense], pairs: Sequence[tuple[Array, Array]], dtype: Any) -> None:
        try:
            float_type = np.dtype(dtype)
        except TypeError:
            raise ShapeError("network.float_type", got=dtype) from None
        if float_type not in (np.dtype("float32"), np.dtype("float64")):
            raise ShapeError("network.float_type", got=float_type)
        object.__setattr__(self, "dtype", float_type)
        object.__setattr__(
            self,
            "layers",
            tuple(
                Layer(d, _read_only(W, float_type), _read_only(b, float_type))
                for d, (W, b) in zip(dense, pairs, strict=True)
            ),
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Network is immutable; build another with Network.from_arrays")

    def with_arrays(self, pairs: Sequence[tuple[Array, Array]]) -> Network:
        """The same layers with other weights.

        Parameters
        ----------
        pairs : sequence of (W, b)
            One per layer, of the same shapes as this network's.

        Returns
        -------
        Network

        Raises
        ------
        ShapeError
            Where a shape differs.
        """
        for i, ((W, b), layer) in enumerate(zip(pairs, self.layers, strict=True)):
            if W.shape != layer.W.shape or b.shape != layer.b.shape:
                raise ShapeError("network.array_shapes", layer=i, W=W.shape, b=b.shape)
        return self._from([layer.dense for layer in self.layers], pairs, self.dtype)

    @property
    def inputs(self) -> int:
        """The number of input columns."""
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        """The number of values per row of output."""
        return self.layers[-1].outputs

    @property
    def arrays(self) -> list[tuple[Array, Array]]:
        """The weights: (W, b) of each layer, first to last."""
        return [(layer.W, layer.b) for layer in self.layers]

    @property
    def parameters(self) -> dict[str, Array]:
        """The weights by name, in order: ``"0.W"``, ``"0.b"``, ``"1.W"``, …"""
        return {f"{i}.{name}": getattr(layer, name) for i, layer in enumerate(self.layers) for name in ("W", "b")}

    @property
    def bends(self) -> tuple[int, ...]:
        """The numbers of the layers that bend, from 0; () when the network is one affine map."""
        return tuple(i for i, layer in enumerate(self.layers) if layer.bends)

    def __call__(self, x: Any) -> Array:
        """Inference: (n, inputs) -> (n, outputs), or one row (inputs,) -> (outputs,). Input is cast to the dtype."""
        rows = self.rows(x)
        for layer in self.layers:
            rows = layer(rows)
        return rows if np.ndim(x) == 2 else rows[0]

    def trace(self, x: Any) -> Trace:
        """Inference with every intermediate array.

        Parameters
        ----------
        x : array_like (n, inputs) or (inputs,)

        Returns
        -------
        Trace
            ``.x``, and per layer ``.z`` = h W + b and ``.h`` = activation(z), each (n, units); ``.output``.
        """
        return trace(self.layers, self.rows(x))

    def formula(
        self, layer: int = 0, neuron: int = 0, numbers: bool = False, x: Any = None, digits: int | None = None
    ) -> str:
        """A neuron's own formula, such as ``h1 = sigmoid(x1*w11 + x2*w21 + b1)``.

        Parameters
        ----------
        layer, neuron : int, default 0
            Counted from 0.
        numbers : bool, default False
            Write the weights and the bias as numbers.
        x : array_like (inputs,), optional
            A row: the value for it is worked out behind the formula.
        digits : int, optional
            Round every number to so many significant digits, and leave terms of weight 0 out. By default the numbers
            are those that read back as the same.

        Returns
        -------
        str

        Raises
        ------
        ShapeError
            Where there is no such neuron, or ``x`` is not one row.

        Examples
        --------
        >>> import unbend as ub
        >>> ub.Network([ub.Dense(2, 2, "sigmoid"), ub.Dense(2, 1)]).formula(layer=1)
        'y1 = h1*w2_11 + h2*w2_21 + b2_1'
        """
        text = neuron_formula(self.layers, layer, neuron, numbers=numbers, digits=digits)
        if x is None:
            return text
        rows = self.rows(x)
        if len(rows) != 1:
            raise ShapeError("network.one_row", got=len(rows))
        return f"{text} = {evaluation_steps(self.layers, layer, neuron, trace(self.layers, rows), digits)}"

    def rows(self, x: Any) -> Array:
        """x as an array of rows.

        Parameters
        ----------
        x : array_like of shape (n, inputs) or (inputs,)

        Returns
        -------
        ndarray of shape (n, inputs), of the network's dtype

        Raises
        ------
        ShapeError
            Where x is not made of numbers or has another shape.
        """
        array = np.asarray(x)
        if array.dtype.kind not in "fiub":
            raise ShapeError("network.not_numbers", name="x", got=str(array.dtype))
        if array.ndim not in (1, 2) or array.shape[-1] != self.inputs:
            raise ShapeError("network.input_shape", inputs=self.inputs, got=array.shape)
        return np.atleast_2d(array).astype(self.dtype, copy=False)

    def __repr__(self) -> str:
        sizes = "-".join(str(n) for n in (self.inputs, *(layer.outputs for layer in self.layers)))
        names = ", ".join(layer.activation.name for layer in self.layers)
        return f"Network({sizes}; {names}; {self.dtype})"


def _sizes_checked(layers: Sequence[Dense]) -> Sequence[Dense]:
    if len(layers) == 0:
        raise ShapeError("network.no_layers")
    for i, (before, after) in enumerate(pairwise(layers)):
        if before.outputs != after.inputs:
            raise ShapeError("network.sizes_meet", first=i, outputs=before.outputs, second=i + 1, inputs=after.inputs)
    return layers


def _read_only(array: Array, dtype: np.dtype[Any]) -> Array:
    copy = np.array(array, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy
