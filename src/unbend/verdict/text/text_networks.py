"""The straight model and the network of a table with text as `Network`s of the same features.

The features are the ``p`` other columns, then for each text its scores, one for each of k outputs, and, where there
is a network, its vector of d numbers.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network import Network
from ...network.merge import add_linear
from .joined_columns import Join
from .text_target import TextTarget


def linear_network(join: Join, texts: int, vector: int, target: TextTarget) -> Network:
    """outputs = factor * sum of the texts' scores + x W + b, in the target's unit; ``vector`` is d, 0 for none."""
    k = len(join.b)
    scores = np.vstack([join.factor * np.eye(k), np.zeros((vector, k))])
    W = np.vstack([join.W, *[scores] * texts]) * target.unit
    return Network.from_arrays([(W, join.b * target.unit + target.centre)], dtype="float64")


def corrected_network(
    linear: Network, net: Network, weight: float, mean: Array, spread: Array, texts: int, target: TextTarget
) -> Network:
    """linear + weight * net; ``net`` takes the sum of the texts' vectors, then x standardised by ``mean`` (p,) and
    ``spread`` (p,)."""  # fmt: skip
    (W1, b1), (W2, b2) = net.arrays
    p, k = len(mean), W2.shape[1]
    d = len(W1) - p
    vectors = np.vstack([np.zeros((k, W1.shape[1])), W1[:d]])
    of_columns = W1[d:] / spread[:, None]
    first = np.vstack([of_columns, *[vectors] * texts]), b1 - mean @ of_columns
    pairs = [first, (W2 * target.unit, b2 * target.unit)]
    return add_linear(Network.from_arrays(pairs, ["relu", "identity"], "float64"), linear, weight)
