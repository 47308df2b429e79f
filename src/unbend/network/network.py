"""The network: a frozen row of layers with their numbers, called like a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..display import Displayed
from ..errors import ShapeError
from .dense import Dense, Layer


@dataclass(frozen=True, eq=False)
class Trace:
    """Every array between input and output: ``z[i]`` = x W + b of layer i, ``h[i]`` = its activation's value."""

    x: Array
    z: tuple[Array, ...]
    h: tuple[Array, ...]

    @property
    def output(self) -> Array:
        """What the network answers, (n, outputs)."""
        return self.h[-1]


class Network(Displayed):
    """A fully connected network. Frozen: training returns a new one and leaves this one as it is.

    ``layers`` describe it, the output count of each equal to the input count of the next; ``seed`` makes the initial
    weights (biases start at 0); ``dtype`` is float32 or float64. Raises ``ShapeError`` where sizes do not meet.
    """

    layers: tuple[Layer, ...]
    dtype: np.dtype[Any]

    def __init__(self, layers: Sequence[Dense], seed: int = 0, dtype: Any = "float32") -> None:
        rng = np.random.default_rng(seed)
        self._build(layers, [(d.start_weights(rng), np.zeros(d.outputs)) for d in _checked(layers)], dtype)

    @classmethod
    def from_arrays(
        cls,
        arrays: Sequence[tuple[Any, Any]],
        activations: Sequence[str | Activation] | None = None,
        dtype: Any = None,
    ) -> Network:
        """A network from given numbers: ``arrays`` are (W, b) pairs, W (inputs, outputs) and b (outputs,).

        ``activations`` names one per layer (default: identity everywhere). ``dtype`` is the arrays' own where they
        are float32 or float64, else float64.
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
            found = np.result_type(*(a.dtype for pair in pairs for a in pair)) if pairs else np.dtype("float64")
            dtype = found if found in (np.dtype("float32"), np.dtype("float64")) else "float64"
        return cls._from(dense, pairs, dtype)

    @classmethod
    def _from(cls, dense: Sequence[Dense], pairs: Sequence[tuple[Array, Array]], dtype: Any) -> Network:
        net = cls.__new__(cls)
        net._build(_checked(dense), pairs, dtype)
        return net

    def _build(self, dense: Sequence[Dense], pairs: Sequence[tuple[Array, Array]], dtype: Any) -> None:
        try:
            kind = np.dtype(dtype)
        except TypeError:
            raise ShapeError("network.float_type", got=dtype) from None
        if kind not in (np.dtype("float32"), np.dtype("float64")):
            raise ShapeError("network.float_type", got=kind)
        object.__setattr__(self, "dtype", kind)
        object.__setattr__(
            self,
            "layers",
            tuple(Layer(d, _frozen(W, kind), _frozen(b, kind)) for d, (W, b) in zip(dense, pairs, strict=True)),
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Network is frozen; build another with Network.from_arrays")

    def with_arrays(self, pairs: Sequence[tuple[Array, Array]]) -> Network:
        """The same description with other numbers, (W, b) per layer, of the same shapes."""
        for i, ((W, b), layer) in enumerate(zip(pairs, self.layers, strict=True)):
            if W.shape != layer.W.shape or b.shape != layer.b.shape:
                raise ShapeError("network.array_shapes", layer=i, W=W.shape, b=b.shape)
        return self._from([layer.dense for layer in self.layers], pairs, self.dtype)

    @property
    def inputs(self) -> int:
        """How many columns x has."""
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        """How many values the network answers per row."""
        return self.layers[-1].outputs

    @property
    def arrays(self) -> list[tuple[Array, Array]]:
        """(W, b) of each layer, first to last."""
        return [(layer.W, layer.b) for layer in self.layers]

    @property
    def parameters(self) -> dict[str, Array]:
        """The numbers by name, in order: ``"0.W"``, ``"0.b"``, ``"1.W"``, …"""
        return {f"{i}.{name}": getattr(layer, name) for i, layer in enumerate(self.layers) for name in ("W", "b")}

    @property
    def bends(self) -> tuple[int, ...]:
        """The numbers of the layers that bend, from 0; () when the whole network is one affine map."""
        return tuple(i for i, layer in enumerate(self.layers) if layer.bends)

    def __call__(self, x: Any) -> Array:
        """Infer: (n, inputs) -> (n, outputs), or one row (inputs,) -> (outputs,). Input is cast to the dtype."""
        rows = self.rows(x)
        for layer in self.layers:
            rows = layer(rows)
        return rows if np.ndim(x) == 2 else rows[0]

    def trace(self, x: Any) -> Trace:
        """As calling, keeping every intermediate array."""
        rows = self.rows(x)
        z: list[Array] = []
        h: list[Array] = []
        for layer in self.layers:
            z.append((h[-1] if h else rows) @ layer.W + layer.b)
            h.append(layer.activation(z[-1]))
        return Trace(rows, tuple(z), tuple(h))

    def formula(self, layer: int = 0, neuron: int = 0, numbers: bool = False, x: Any = None) -> str:
        """A neuron's own formula, such as ``h1 = sigmoid(x1*w11 + x2*w21 + b1)``.

        ``layer`` and ``neuron`` count from 0; ``numbers`` puts the weights and the bias in; with a row ``x``
        (inputs,) the value is worked out behind it. Raises ``ShapeError`` where there is no such neuron.
        """
        from .formula import neuron_formula

        return neuron_formula(self, layer, neuron, numbers, x)

    def rows(self, x: Any) -> Array:
        """x as an array (n, inputs) of the network's dtype; raises ``ShapeError`` where it is not one."""
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


def _checked(layers: Sequence[Dense]) -> Sequence[Dense]:
    if len(layers) == 0:
        raise ShapeError("network.no_layers")
    for i, (before, after) in enumerate(pairwise(layers)):
        if before.outputs != after.inputs:
            raise ShapeError("network.sizes_meet", first=i, outputs=before.outputs, second=i + 1, inputs=after.inputs)
    return layers


def _frozen(array: Array, dtype: np.dtype[Any]) -> Array:
    copy = np.array(array, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy
