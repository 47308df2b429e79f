"""`BlockNetwork`: a network of many weights 0 as the few products that it takes: tables of columns, and small blocks.

The network model of a table is an ensemble merged into one `Network` (``network/merge.py``): its hidden layers are
block-diagonal, its first layer may be the hinges of a piecewise linear encoding, and neurons in pairs pass the linear
model through. All of it is read off the weights, so that a saved model needs nothing beside its network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...activations import Activation, activations
from ...arrays import Array
from ...errors import ModelError
from ...network.gradient import Pair
from ...network.merge import odd_slope
from ...network.network import Network
from .column_curves import ColumnCurves

_BLOCK_UNITS = 64  # smaller blocks are joined up to so many neurons of a layer


@dataclass(frozen=True, eq=False)
class BlockNetwork:
    """x -> x ``A`` + ``c`` + the sum of the blocks' outputs; float64.

    A block is a network of its own: ``pairs`` are W (blocks, inputs, outputs) and b (blocks, 1, outputs) of each layer,
    padded with zeros; the first takes the columns, and ``curves``, whose values at its neurons are ``at_knots``
    (blocks, knots, outputs), are added to its sums. ``records`` are the activations of its layers.
    """

    A: Array
    c: Array
    curves: ColumnCurves
    at_knots: Array
    pairs: list[Pair]
    records: tuple[Activation, ...]

    @classmethod
    def of(cls, net: Network) -> BlockNetwork | None:
        """The same function; None where the weights do not have such a form."""
        curves = ColumnCurves.of_first_layers(net)
        if curves is None or net.layers[-1].activation != activations["identity"]:
            return None
        *hidden, (W, b) = curves.pairs
        records = [layer.activation for layer in net.layers[-len(curves.pairs) :]]
        A, c = np.zeros((net.inputs, net.outputs)), b.copy()
        if not hidden:
            none = np.zeros((0, net.inputs, 1)), np.zeros((0, 1, 1))
            return cls(A + W, c, curves, np.zeros((0, 0, 1)), [none], tuple(records))
        blocks: list[list[Array]] = []
        for units in _components([W for W, _ in hidden[1:]], [len(b) for _, b in hidden]):
            passed = _passed_through(curves, units, records[:-1])
            if passed is None:
                blocks.append(units)
            else:
                A, c = A + passed[0], c + passed[1]
        blocks = _joined(blocks)
        columns = np.arange(net.inputs)
        pairs = []
        for n, (W, b) in enumerate(curves.pairs):
            before = [columns if n == 0 else units[n - 1] for units in blocks]
            after = [np.arange(net.outputs) if n == len(hidden) else units[n] for units in blocks]
            Ws = _stacked([W[np.ix_(i, j)] for i, j in zip(before, after, strict=True)])
            pairs.append((Ws, _stacked([b[None, j] * (n < len(hidden)) for j in after])))
        values = _stacked([curves.values[:, units[0]] for units in blocks])
        return cls(A, c, curves, values, pairs, tuple(records))


def _components(Ws: Sequence[Array], sizes: Sequence[int]) -> list[list[Array]]:
    """The neurons of each layer in every connected part of the hidden layers."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    starts = np.cumsum([0, *sizes])
    edges = [np.argwhere(W) + places for W, places in zip(Ws, pairwise(starts[:-1]), strict=True)]
    rows, columns = np.concatenate([np.empty((0, 2), int), *edges]).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(starts[-1], starts[-1]))
    count, labels = connected_components(graph, directed=False)
    of_layer = [labels[begin:end] for begin, end in pairwise(starts)]
    order = [np.argsort(own, kind="stable") for own in of_layer]
    ends = [np.cumsum(np.bincount(own, minlength=count))[:-1] for own in of_layer]
    return [list(units) for units in zip(*map(np.split, order, ends), strict=True)]


def _joined(blocks: Sequence[list[Array]]) -> list[list[Array]]:
    """The blocks, small ones together; those with equal sizes next to each other."""
    joined: list[list[Array]] = []
    for units in sorted(blocks, key=lambda units: -max(map(len, units))):
        last = [np.concatenate(pair) for pair in zip(joined[-1], units, strict=True)] if joined else units
        if joined and max(map(len, last)) <= _BLOCK_UNITS:
            joined[-1] = last
        else:
            joined.append(units)
    return joined


def _stacked(parts: Sequence[Array]) -> Array:
    """Matrices as one array (parts, …), with zeros where they are smaller than the largest."""
    shape = np.max([part.shape for part in parts], axis=0) if parts else (1, 1)
    stack = np.zeros((len(parts), *shape))
    for own, part in zip(stack, parts, strict=True):
        own[: part.shape[0], : part.shape[1]] = part
    return stack


def _passed_through(
    curves: ColumnCurves, units: list[Array], records: Sequence[Activation]
) -> tuple[Array, Array] | None:
    """(A, c) of neurons that come in pairs of opposite sums, so that they add x A + c to the output; None for others.

    h(z) - h(-z) = slope z (`odd_slope`), layer after layer.
    """
    halves = [np.split(own, 2) for own in units if len(own) and len(own) % 2 == 0]
    if len(halves) < len(units) or curves.values[:, units[0]].any():
        return None
    try:
        slopes = [odd_slope(record) for record in records]
    except ModelError:
        return None
    (W, b), *others = curves.pairs
    plus, minus = halves[0]
    if (W[:, plus] != -W[:, minus]).any() or (b[plus] != -b[minus]).any():
        return None
    A, c = W[:, plus], b[plus]
    for n, (slope, (W, b)) in enumerate(zip(slopes, others, strict=True)):
        out = np.arange(W.shape[1]) if n == len(slopes) - 1 else np.concatenate(halves[n + 1])
        taken = W[np.ix_(halves[n][0], out)]
        if (taken != -W[np.ix_(halves[n][1], out)]).any():
            return None
        if n < len(slopes) - 1:
            first, second = np.split(taken, 2, axis=1)
            if (first != -second).any() or b[out].any():
                return None
            taken = first
        A, c = A @ (slope * taken), c @ (slope * taken)
    return A, c
