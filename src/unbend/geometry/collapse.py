"""`collapse`: merges consecutive layers without a bend between them, which are one affine map, into one layer.

A fastText model is such a network too: averaged vectors, then a linear layer.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import overload

import numpy as np

from ..arrays import Array
from ..network import Network
from ..network.layers import Layer
from ..text.fasttext import FastTextModel, NgramTable, collapse_fasttext
from .rational import integers

EXACT = 1 << 18  # products up to which the merged weights are computed exactly and rounded once


@overload
def collapse(net: Network) -> Network: ...
@overload
def collapse(net: FastTextModel) -> NgramTable: ...
def collapse(net: Network | FastTextModel) -> Network | NgramTable:
    """Merge every run of affine layers into the layer after it (or the last one before it): the same function.

    Parameters
    ----------
    net : Network or FastTextModel
        Any network, or a fastText model with classes, which bends nowhere before its softmax.

    Returns
    -------
    Network or NgramTable
        The network with fewer layers; one layer where no layer bends. The merged weights are exact sums of products,
        each rounded once to the network's dtype, for layers of usual size (computed in float64 for very large ones).
        Of a fastText model one weight per n-gram and class, in float64: a text's logits are the average of its n-grams'
        rows. With a hierarchical softmax these are the logits of its tree's nodes; the classes' log odds are linear for
        two classes alone.

    Raises
    ------
    ModelError
        For fastText's word vectors, numbers that are not finite, or a table of more than 64 times the file's length.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(3, 8), ub.Dense(8, 4, "relu"), ub.Dense(4, 2)], seed=0)
    >>> ub.collapse(net)
    Network(3-4-2; relu, identity; float32)
    """
    if isinstance(net, FastTextModel):
        return collapse_fasttext(net)
    layers: list[tuple[Layer, Array, Array]] = []
    for layer in net.layers:
        W, b = layer.W, layer.b
        if layers and layers[-1][0].activation.affine is not None:
            before, W1, b1 = layers.pop()
            W, b = _compose(W1, b1, before.activation.affine or (1.0, 0.0), W, b)
        layers.append((layer, W, b))
    dense = [replace(layer.dense, inputs=W.shape[0], outputs=W.shape[1]) for layer, W, b in layers]
    return Network._from(dense, [(W, b) for _, W, b in layers], net.dtype)


def _compose(W1: Array, b1: Array, affine: tuple[float, float], W2: Array, b2: Array) -> tuple[Array, Array]:
    """W and b of (s (x W1 + b1) + t) W2 + b2, with ``affine`` = (s, t)."""
    slope, intercept = affine
    if W1.size * W2.shape[1] > EXACT:
        W1, b1, W2, b2 = (a.astype(np.float64) for a in (W1, b1, W2, b2))
        return slope * (W1 @ W2), (slope * b1 + intercept) @ W2 + b2
    s, t = Fraction(slope), Fraction(intercept)
    first, first_denominator = integers(np.vstack([W1, b1]))
    second, second_denominator = integers(np.vstack([W2, b2]))
    product = first @ second[:-1]
    scale = Fraction(1, first_denominator * second_denominator)
    W = np.array([float(s * scale * int(v)) for v in product[:-1].ravel()]).reshape(len(W1), W2.shape[1])
    unit = Fraction(1, second_denominator)
    offset = t * unit * np.array(second[:-1].sum(axis=0)) + second[-1] * unit
    return W, np.array([float(s * scale * int(v) + r) for v, r in zip(product[-1], offset, strict=True)])
