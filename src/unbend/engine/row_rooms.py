"""How a minibatch is cut into blocks of rows and the weights into slabs, and the room that training by rows needs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from .memory import zeros
from .packing import upward
from .panel_packing import INPUTS, OUTPUTS, SLOPE, SOURCE, SOURCE_WIDTH, TARGET, TARGET_WIDTH, TURNED, VECTORS

# where threads tell each other how far they are: far apart, as writing to neighbours makes threads wait
BLOCKS, SLABS, ARRIVED, ROUND = 0, 8, 16, 24
PATIENCE = 2_000  # looks before a waiting thread lets others run

# small enough that nobody waits long for the last one; rows and weights go by sixes, weights are turned by sixteens
BLOCK, SLAB = 24, 48
_WORTH = 1_500_000  # multiplications of a minibatch that are worth a thread's while


def rooms(plan: Array, batch: int, lanes: int, dtype: Any) -> tuple[Array, Array, Array]:
    """Room for the values, with the 1 that b is multiplied with; for the slopes; for the weights turned round."""
    last = plan[-1]
    h = zeros(int(last[TARGET] + batch * last[TARGET_WIDTH]), dtype)
    for line in plan:
        h[line[SOURCE] : line[TARGET]].reshape(batch, line[SOURCE_WIDTH])[:, line[INPUTS]] = 1
    d = zeros(int(last[SLOPE] + batch * last[VECTORS] * lanes), dtype)
    return h, d, zeros(int(last[TURNED] + upward(int(last[INPUTS]), lanes) * last[VECTORS] * lanes), dtype)


def slabs(plan: Array) -> Array:
    """(layer, first input, end) of every slab of weights."""
    found = []
    for i, line in enumerate(plan):
        rows = int(line[INPUTS]) + 1
        found += [(i, begin, min(rows, begin + SLAB)) for begin in range(0, rows, SLAB)]
    return np.array(found, dtype=np.int64)


def hands(plan: Array, batch: int, most: int) -> int:
    """How many threads a minibatch is worth."""
    weights = int((plan[:, INPUTS] * plan[:, OUTPUTS]).sum())
    return max(1, min(most, batch * weights // _WORTH, -(-batch // BLOCK)))
