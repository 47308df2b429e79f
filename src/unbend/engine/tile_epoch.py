"""One epoch of every member by the tile kernel: members on threads, each with room of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from .job import Job
from .kernels import kernel
from .memory import zeros
from .packing import INPUTS, MASK, SLOPES, SOURCE, UNITS, layout, length, pack, unpack
from .pieces import CHUNK
from .threads import each


def train(job: Job) -> Array:
    """Train the stack in place; the summed loss of each member (m,)."""
    run = kernel("train_tiles", job.pieces)
    plan, dtype, recipe = layout(job.sizes, job.codes), job.dtype, job.recipe
    floats = length(plan)
    p = pack(plan, job.stack.pairs, dtype)
    state = job.memory(lambda pairs: pack(plan, pairs, dtype), floats)
    decay = job.decay(lambda pairs: pack(plan, pairs, dtype))
    losses: Array = np.empty(len(p))

    def member(k: int) -> None:
        masks, lines = job.member_masks(plan, MASK, k)
        h, d = _rooms(plan, dtype, job.pieces.lanes)
        losses[k] = run(
            job.x, job.y, job.weights, job.order[k], masks, recipe.batch_size, job.rate, job.stack.step,
            lines, p[k], state[k].reshape(-1), decay, zeros(floats, dtype), h, d,
        )  # fmt: skip

    each(member, len(p), work=job.order.shape[1] * floats)
    job.bring_back(lambda packed: unpack(plan, packed), p, state)
    return losses


def _rooms(plan: Array, dtype: np.dtype[Any], wide: int) -> tuple[Array, Array]:
    """Zeros for the units' values, with the units that are always 1, and for the slopes."""
    units, slopes = int(plan[0, UNITS]), int(plan[0, SLOPES])
    h = zeros(CHUNK * units * wide + wide, dtype)
    tiles = h[:-wide].reshape(CHUNK, units, wide)
    tiles[:, plan[:, SOURCE] + plan[:, INPUTS]] = 1
    return h, zeros(CHUNK * slopes * wide, dtype)
