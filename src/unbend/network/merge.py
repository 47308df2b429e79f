"""Combinations of networks that are one network again: `mean_network`, `add_linear` (linear model plus network)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..errors import ModelError
from .network import Network


def mean_network(members: Sequence[Network], shares: Sequence[float] | None = None) -> Network:
    """The network whose output is the mean of the members' outputs, or their sum weighted by ``shares``.

    The members have the same number of layers, the same activations, and a straight last layer. First layer: the
    members' W side by side; hidden layers: block-diagonal W; last layer: the members' W, times their shares, stacked.
    Exact up to float rounding.
    """
    if len(members) == 1 and shares is None:
        return members[0]
    if any(net.layers[-1].bends for net in members):
        raise ValueError("networks are averaged by their last layers, which must be straight")
    weights, first = shares or [1 / len(members)] * len(members), members[0]
    pairs: list[tuple[Array, Array]] = []
    last = len(first.layers) - 1
    for i in range(last + 1):
        Ws = [net.layers[i].W for net in members]
        bs = [net.layers[i].b for net in members]
        if i == last:
            W = np.concatenate([weight * W for weight, W in zip(weights, Ws, strict=True)])
            b = np.tensordot(weights, bs, 1)
        elif i == 0:
            W, b = np.concatenate(Ws, axis=1), np.concatenate(bs)
        else:
            W, b = _block_diagonal(Ws), np.concatenate(bs)
        pairs.append((W if last else np.tensordot(weights, Ws, 1), b))
    dense = [
        replace(layer.dense, inputs=W.shape[0], outputs=W.shape[1])
        for layer, (W, _) in zip(first.layers, pairs, strict=True)
    ]
    return Network._from(dense, pairs, first.dtype)


def add_linear(net: Network, linear: Network, share: float = 1.0) -> Network:
    """The network whose output is linear(x) + share * net(x).

    ``linear`` is one affine layer with the outputs of ``net``, whose last layer is affine too. Two neurons of a hidden
    layer pass a number z through unchanged, since h(z) - h(-z) = c z for ReLU, leaky ReLU, SiLU, GELU and softplus
    alike. Exact up to float rounding. Raises ``ModelError`` for an activation without this property.
    """
    A, c = linear.layers[0].W, linear.layers[0].b
    if len(net.layers) == 1:
        layer = net.layers[0]
        slope, intercept = layer.activation.affine or (1.0, 0.0)
        merged = share * slope * layer.W + A, share * (slope * layer.b + intercept) + c
        return Network._from([replace(layer.dense, activation="identity")], [merged], net.dtype)
    split = np.hstack([np.eye(A.shape[1]), -np.eye(A.shape[1])])  # z -> (z, -z)
    pass_W, pass_b = A @ split, c @ split  # what the next layer's pass-through neurons take
    pairs: list[tuple[Array, Array]] = []
    for i, layer in enumerate(net.layers):
        if i == len(net.layers) - 1:
            pairs.append((np.vstack([share * layer.W, pass_W]), share * layer.b + pass_b))
        elif i == 0:
            pairs.append((np.hstack([layer.W, pass_W]), np.concatenate([layer.b, pass_b])))
        else:
            pairs.append((_block_diagonal([layer.W, pass_W]), np.concatenate([layer.b, pass_b])))
        # the next layer joins the outputs of the two neurons to c z, and splits it again
        join = split.T / odd_slope(layer.activation)
        pass_W = join if i == len(net.layers) - 2 else join @ split
        pass_b = np.zeros(pass_W.shape[1])
    dense = [
        replace(layer.dense, inputs=W.shape[0], outputs=W.shape[1])
        for layer, (W, _) in zip(net.layers, pairs, strict=True)
    ]
    return Network._from(dense, pairs, net.dtype)


def odd_slope(record: Activation) -> float:
    """The constant c of h(z) - h(-z) = c z, checked at points of several magnitudes."""
    z = np.array([1e-3, 0.3, 1.0, 2.5, 7.0, 40.0])
    slopes = (record(z) - record(-z)) / z
    if np.ptp(slopes) > 1e-9 * abs(slopes[0]) or slopes[0] == 0:
        raise ModelError("network.not_odd_linear", name=record.name)
    return float(slopes[2])


def _block_diagonal(blocks: Sequence[Array]) -> Array:
    from scipy.linalg import block_diag

    matrix: Array = block_diag(*blocks)
    return matrix
