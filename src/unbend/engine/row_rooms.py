"""How a minibatch is cut into blocks of rows and the weights into slabs, and the room that training by rows needs."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..network.dense import Array
from .memory import zeros
from .packing import upward
from .panel_packing import INPUTS, OUTPUTS, SLOPE, SOURCE, SOURCE_WIDTH, TARGET, TARGET_WIDTH, TURNED, VECTORS

# where threads tell each other how far they are: far apart, as writing to neighbours makes threads wait
BLOCKS, SLABS, ARRIVED, ROUND = 0, 8, 16, 24
PATIENCE = 2_000  # looks before a waiting thread lets others run

_WORTH = 1_500_000  # multiplications that are worth a thread's while
_TALL = 6  # rows are worked on by sixes
_SLAB = 48  # weights by sixes too, and by sixteens when they are turned round


def rooms(plan: Array, batch: int, lanes: int, dtype: Any) -> tuple[Array, Array, Array]:
    """Room for the values, with the 1 that b is multiplied with; for the slopes; for the weights turned round."""
    last = plan[-1]
    h = zeros(int(last[TARGET] + batch * last[TARGET_WIDTH]), dtype)
    for line in plan:
        h[line[SOURCE] : line[TARGET]].reshape(batch, line[SOURCE_WIDTH])[:, line[INPUTS]] = 1
    d = zeros(int(last[SLOPE] + batch * last[VECTORS] * lanes), dtype)
    return h, d, zeros(int(last[TURNED] + upward(int(last[INPUTS]), lanes) * last[VECTORS] * lanes), dtype)


def blocks(plan: Array, batch: int) -> int:
    """How many rows make a block: as many blocks as the machine has processors, if each is worth a thread's while."""
    weights = int((plan[:, INPUTS] * plan[:, OUTPUTS]).sum())
    return upward(-(-batch // _parts(batch * weights)), _TALL)


def slabs(plan: Array, batch: int) -> Array:
    """(layer, first input, end) of every slab of weights."""
    found = []
    for i, line in enumerate(plan):
        rows = int(line[INPUTS]) + 1
        size = upward(-(-rows // _parts(batch * rows * int(line[OUTPUTS]))), _SLAB)
        found += [(i, begin, min(rows, begin + size)) for begin in range(0, rows, size)]
    return np.array(found, dtype=np.int64)


def _parts(multiplications: int) -> int:
    return max(1, min(os.cpu_count() or 1, multiplications // _WORTH))
