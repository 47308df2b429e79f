"""Weights with many zeros as dense blocks, without loss: the outputs that take the same inputs share one block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array

SAVING = 0.3  # blocks are used where they leave out this fraction of the weights
MOST_ZEROS = 1000  # weights for each one in a block, so that a small file never means a huge array


@dataclass(frozen=True, eq=False)
class WeightBlock:
    """The weights ``W`` from these ``inputs`` to these ``outputs``, both ascending; all others are 0."""

    inputs: Array
    outputs: Array
    W: Array


def weight_blocks(W: Array) -> tuple[WeightBlock, ...] | None:
    """The blocks of a layer's weights, or None where they would leave out less than ``SAVING`` of them.

    A negative zero counts as a weight, so that the same bits come back.
    """
    present = (W != 0) | np.signbit(W)
    groups: dict[bytes, list[int]] = {}
    for j, column in enumerate(present.T):
        if column.any():
            groups.setdefault(column.tobytes(), []).append(j)
    blocks = []
    for columns in groups.values():
        rows, outputs = np.flatnonzero(present[:, columns[0]]), np.array(columns)
        blocks.append(WeightBlock(rows, outputs, W[np.ix_(rows, outputs)]))
    stored = sum(block.W.size for block in blocks)
    listed = sum(len(block.inputs) + len(block.outputs) for block in blocks)
    if stored * MOST_ZEROS < W.size or stored + listed > (1 - SAVING) * W.size:
        return None
    return tuple(blocks)
