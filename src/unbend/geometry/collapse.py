"""Runs of layers without a bend between them are one affine map: written as one layer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..arrays import Array
from ..network import Network
from ..network.layers import Layer
from .exact import integers

SMALL = 1 << 18  # products up to which the merged weights are computed exactly and rounded once


def collapse(net: Network) -> Network:
    """The same function with every affine run merged into the layer after it (or the last one before it).

    The merged weights are exact sums of products, each rounded once to the network's dtype, for layers of usual size
    (in float64 for very large ones). A network without a bend becomes one layer.
    """
    layers: list[tuple[Layer, Array, Array]] = []
    for layer in net.layers:
        W, b = layer.W, layer.b
        if layers and layers[-1][0].activation.affine is not None:
            before, W1, b1 = layers.pop()
            W, b = _through(W1, b1, before, W, b)
        layers.append((layer, W, b))
    dense = [replace(layer.dense, inputs=W.shape[0], outputs=W.shape[1]) for layer, W, b in layers]
    return Network._from(dense, [(W, b) for _, W, b in layers], net.dtype)


def _through(W1: Array, b1: Array, before: Layer, W2: Array, b2: Array) -> tuple[Array, Array]:
    """W and b of (s (x W1 + b1) + t) W2 + b2."""
    slope, height = before.activation.affine or (1.0, 0.0)
    if W1.size * W2.shape[1] > SMALL:
        W1, b1, W2, b2 = (a.astype(np.float64) for a in (W1, b1, W2, b2))
        return slope * (W1 @ W2), (slope * b1 + height) @ W2 + b2
    s, t = Fraction(slope), Fraction(height)
    (first, bottom1), (second, bottom2) = integers(np.vstack([W1, b1])), integers(np.vstack([W2, b2]))
    product = first @ second[:-1]
    scale = Fraction(1, bottom1 * bottom2)
    W = np.array([float(s * scale * int(v)) for v in product[:-1].ravel()]).reshape(len(W1), W2.shape[1])
    rest = t * Fraction(1, bottom2) * np.array(second[:-1].sum(axis=0)) + second[-1] * Fraction(1, bottom2)
    return W, np.array([float(s * scale * int(v) + r) for v, r in zip(product[-1], rest, strict=True)])
