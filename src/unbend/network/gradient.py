"""Forward and backward pass through a sequence of layers: the chain rule, layer by layer.

The arrays may carry a leading axis of members (an ensemble trained together): x (…, n, inputs), W (…, inputs,
outputs), b (…, 1, outputs). NumPy's ``@`` multiplies member by member, so that the same code serves both.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..activations import Activation
from ..arrays import Array

Pair = tuple[Array, Array]  # (W, b)


def forward(
    activations: Sequence[Activation], pairs: Sequence[Pair], x: Array, masks: Sequence[Array | None] | None = None
) -> tuple[Array, list[Pair]]:
    """The output (…, n, outputs), and for each layer what ``backward`` needs: its input h and its slopes h'(z).

    ``masks`` are dropout factors, 0 or 1/(1 - dropout), of each layer's values (None: no dropout in that layer).
    """
    tape: list[Pair] = []
    h = x
    for i, (W, b) in enumerate(pairs):
        value, slope = activations[i].value_and_slope(h @ W + b)
        mask = masks[i] if masks else None
        if mask is not None:
            value, slope = value * mask, slope * mask
        tape.append((h, slope))
        h = value
    return h, tape


def backward(pairs: Sequence[Pair], tape: Sequence[Pair], delta: Array) -> tuple[list[Pair], Array]:
    """The loss's derivatives by every (W, b), first layer first, and by the input x.

    ``delta`` is the loss's derivative by the output. Rumelhart, Hinton & Williams 1986, eq. 4-7.
    """
    gradients: list[Pair] = []
    for (W, _), (h, slope) in zip(reversed(pairs), reversed(tape), strict=True):
        delta = delta * slope
        gradients.append((h.swapaxes(-1, -2) @ delta, delta.sum(axis=-2, keepdims=True)))
        delta = delta @ W.swapaxes(-1, -2)
    return gradients[::-1], delta
