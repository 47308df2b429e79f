"""`trace`: one forward pass with every intermediate array, as a `Trace`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..arrays import Array
from ..display import Displayed
from .layers import Layer


@dataclass(frozen=True, eq=False)
class Trace(Displayed):
    """Every array between input and output of a forward pass over n rows.

    Attributes
    ----------
    x : ndarray (n, inputs)
        The input, in the network's dtype.
    z : tuple of ndarray (n, units)
        Pre-activations, one per layer: z = h W + b with the layer's own input h.
    h : tuple of ndarray (n, units)
        Activations, one per layer: h = activation(z).
    """

    x: Array
    z: tuple[Array, ...]
    h: tuple[Array, ...]

    @property
    def output(self) -> Array:
        """The network's output, (n, outputs): the activations of the last layer."""
        return self.h[-1]

    def __repr__(self) -> str:
        sizes = "-".join(str(a.shape[-1]) for a in (self.x, *self.h))
        return f"Trace({len(self.x)} rows through {sizes})"


def trace(layers: Sequence[Layer], x: Array) -> Trace:
    """The forward pass of ``x`` (n, inputs) through ``layers``, with every intermediate array."""
    z: list[Array] = []
    h: list[Array] = []
    for layer in layers:
        z.append((h[-1] if h else x) @ layer.W + layer.b)
        h.append(layer.activation(z[-1]))
    return Trace(x, tuple(z), tuple(h))
