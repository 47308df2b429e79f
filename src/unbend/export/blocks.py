"""Layers as blocks: where weights are structurally zero, only the dense blocks between them are written.

An ensemble that was merged to one network has block-diagonal weights, a piecewise linear encoding gives each neuron one
column, and pruned networks have zeros of their own. Leaving out ``x * 0`` changes no sum of finite numbers; hidden
neurons are reordered where that makes fewer blocks, which changes sums by rounding alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..network import Network

SAVING = 0.3  # blocks are used where they leave out this fraction of the weights
OVERHEAD = 16  # numbers that a block of its own costs besides its weights


@dataclass(frozen=True, eq=False)
class Block:
    """The weights ``W`` from a layer's inputs ``rows`` (ascending) to its outputs ``start``, ``start + 1``, …"""

    rows: Array
    start: int
    W: Array

    @property
    def is_contiguous(self) -> bool:
        """Whether the inputs follow one another."""
        return bool(self.rows[-1] - self.rows[0] + 1 == len(self.rows))

    @property
    def stored(self) -> int:
        """Numbers to store: weights, and indices of inputs that do not follow one another."""
        return int(self.W.size) + (0 if self.is_contiguous else len(self.rows))


@dataclass(frozen=True, eq=False)
class BlockLayer:
    """h(x W + b), with W as blocks that have each output once, in order."""

    inputs: int
    blocks: tuple[Block, ...]
    b: Array
    activation: Activation

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return len(self.b)

    @property
    def is_dense(self) -> bool:
        """Whether one block has all inputs and outputs."""
        return bool(self.blocks[0].W.shape == (self.inputs, self.outputs))

    @property
    def indices(self) -> list[int]:
        """The inputs of all blocks whose inputs do not follow one another, one block after the other."""
        return [int(row) for block in self.blocks if not block.is_contiguous for row in block.rows]

    @property
    def table(self) -> list[tuple[int, int, int, int]]:
        """(first input, inputs, first output, outputs) of each block.

        Where the inputs do not follow one another, -1 - (their place in ``indices``) stands for the first.
        """
        rows, place = [], 0
        for block in self.blocks:
            n, m = block.W.shape
            rows.append((int(block.rows[0]) if block.is_contiguous else -1 - place, n, block.start, m))
            place += 0 if block.is_contiguous else n
        return rows

    @property
    def weights(self) -> Array:
        """The weights of all blocks, one after the other, each row after row."""
        return np.concatenate([block.W.ravel() for block in self.blocks])


def block_layers(network: Network, overhead: int = OVERHEAD) -> tuple[BlockLayer, ...] | None:
    """The network's layers as blocks, or None where they would save less than ``SAVING`` of the weights.

    Blocks next to each other are joined where the zeros between them number less than ``overhead``.
    """
    pairs = [(layer.W, layer.b) for layer in network.layers]
    layers: list[BlockLayer] = []
    for i, layer in enumerate(network.layers):
        W, b = pairs[i]
        is_last = i == len(pairs) - 1
        order, groups = _groups(W, may_reorder=not is_last)
        if not is_last:
            W, b = W[:, order], b[order]
            pairs[i + 1] = (pairs[i + 1][0][order], pairs[i + 1][1])
        layers.append(BlockLayer(W.shape[0], tuple(_joined(W, groups, overhead)), b, layer.activation))
    stored = sum(block.stored for layer in layers for block in layer.blocks)
    total = sum(W.size for W, _ in pairs)
    return tuple(layers) if stored <= (1 - SAVING) * total else None


def _groups(W: Array, *, may_reorder: bool) -> tuple[list[int], list[tuple[int, int]]]:
    """An order of the outputs in which those with the same inputs follow one another, and their ranges in it."""
    keys = [column.tobytes() for column in np.packbits(W.T != 0, axis=1)]
    if may_reorder:
        first: dict[bytes, int] = {}
        for j, key in enumerate(keys):
            first.setdefault(key, j)
        order = sorted(range(len(keys)), key=lambda j: (first[keys[j]], j))
    else:
        order = list(range(len(keys)))
    bounds = [k for k in range(1, len(order)) if keys[order[k]] != keys[order[k - 1]]]
    return order, list(zip([0, *bounds], [*bounds, len(order)], strict=True))


def _joined(W: Array, groups: Sequence[tuple[int, int]], overhead: int) -> list[Block]:
    """The blocks of the groups of outputs; neighbours with nearly the same inputs are one block."""
    blocks: list[Block] = []
    for start, stop in groups:
        block = _block(W, start, stop)
        while blocks:
            joined = _block(W, blocks[-1].start, stop)
            if joined.stored >= blocks[-1].stored + block.stored + overhead:
                break
            block = joined
            blocks.pop()
        blocks.append(block)
    return blocks


def _block(W: Array, start: int, stop: int) -> Block:
    rows = np.flatnonzero((W[:, start:stop] != 0).any(axis=1))
    if not len(rows):
        rows = np.zeros(1, dtype=np.int64)  # outputs that take nothing: one weight of 0 each
    span = np.arange(rows[0], rows[-1] + 1)
    block, full = Block(rows, start, W[rows, start:stop]), Block(span, start, W[span, start:stop])
    return full if full.stored <= block.stored else block
