"""Where everything lies in a row kernel's arrays, how minibatches and weights are cut, and the weights' way there and back.

W (inputs, outputs) lies as it is, with b as one more row. One layer has one line in ``plan``; its columns are named here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..network.dense import Array
from .packing import upward

INPUTS, OUTPUTS = 0, 1  # the layer's sizes
WEIGHTS = 2  # where its weights begin
SOURCE, SOURCE_WIDTH = 3, 4  # where its inputs begin in h, and how far their rows are apart
TARGET, TARGET_WIDTH = 5, 6  # the same for its values
SLOPE, SLOPE_WIDTH = 7, 8  # the same for its slopes in d
CODE = 9  # which activation
MASK = 10  # where its dropout factors begin, or -1

# where threads tell each other how far they are: far apart, as writing to neighbours makes threads wait
BLOCKS, SLABS, ARRIVED, ROUND = 0, 8, 16, 24
PATIENCE = 2_000  # looks before a waiting thread lets others run

_EVEN = 16  # rows begin on multiples of so many floats
_WORTH = 1_500_000  # multiplications that are worth a thread's while


def layout(sizes: Sequence[tuple[int, int]], codes: Sequence[int], batch: int) -> Array:
    """The plan of a network for minibatches of at most ``batch`` rows."""
    plan = np.zeros((len(sizes), 11), dtype=np.int64)
    weights = source = slope = 0
    for line, (inputs, outputs), code in zip(plan, sizes, codes, strict=True):
        width, next_width, slope_width = upward(inputs + 1, _EVEN), upward(outputs + 1, _EVEN), upward(outputs, _EVEN)
        target = source + batch * width
        line[:] = inputs, outputs, weights, source, width, target, next_width, slope, slope_width, code, -1
        weights += upward((inputs + 1) * outputs, _EVEN)
        source = target
        slope += batch * slope_width
    return plan


def rooms(plan: Array, batch: int, dtype: Any) -> tuple[Array, Array, Array]:
    """Room for the values, with the 1 that b is multiplied with; for the slopes; for products on the way back."""
    last = plan[-1]
    h = np.zeros(last[TARGET] + batch * last[TARGET_WIDTH], dtype)
    for line in plan:
        h[line[SOURCE] : line[TARGET]].reshape(batch, line[SOURCE_WIDTH])[:, line[INPUTS]] = 1
    d = np.zeros(last[SLOPE] + batch * last[SLOPE_WIDTH], dtype)
    return h, d, np.zeros(batch * int(plan[:, SLOPE_WIDTH].max()), dtype)


def blocks(plan: Array, batch: int) -> int:
    """How many rows make a block: as many blocks as the machine has processors, if each is worth a thread's while."""
    weights = int((plan[:, INPUTS] * plan[:, OUTPUTS]).sum())
    return -(-batch // _parts(batch * weights))


def slabs(plan: Array, batch: int) -> Array:
    """(layer, first row, end row) of every slab of weights; slabs begin on multiples of 16 rows."""
    found = []
    for i, line in enumerate(plan):
        rows = int(line[INPUTS]) + 1
        size = upward(-(-rows // _parts(batch * rows * int(line[OUTPUTS]))), _EVEN)
        found += [(i, begin, min(rows, begin + size)) for begin in range(0, rows, size)]
    return np.array(found, dtype=np.int64)


def _parts(multiplications: int) -> int:
    return max(1, min(os.cpu_count() or 1, multiplications // _WORTH))


def length(plan: Array) -> int:
    """How many floats the packed weights take."""
    last = plan[-1]
    return int(last[WEIGHTS]) + upward(int((last[INPUTS] + 1) * last[OUTPUTS]), _EVEN)


def pack(plan: Array, pairs: Sequence[tuple[Array, Array]], dtype: Any) -> Array:
    """The weights of m members, W (m, inputs, outputs) and b (m, 1, outputs), as (m, floats)."""
    packed = np.zeros((len(pairs[0][0]), length(plan)), dtype)
    for line, (W, b) in zip(plan, pairs, strict=True):
        table = _table(packed, line)
        table[:, :-1] = W
        table[:, -1:] = b
    return packed


def unpack(plan: Array, packed: Array) -> list[tuple[Array, Array]]:
    """The way back: new W (m, inputs, outputs) and b (m, 1, outputs) of each layer."""
    return [(t[:, :-1].copy(), t[:, -1:].copy()) for t in (_table(packed, line) for line in plan)]


def _table(packed: Array, line: Array) -> Array:
    """A layer's W with b below, as a view (m, inputs + 1, outputs)."""
    inputs, outputs, at = int(line[INPUTS]), int(line[OUTPUTS]), int(line[WEIGHTS])
    return packed[:, at : at + (inputs + 1) * outputs].reshape(len(packed), inputs + 1, outputs)
