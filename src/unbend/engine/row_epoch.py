"""One epoch of every member by the row kernel: a member on several threads, or members side by side on one each."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .generate import panel
from .job import Job
from .kernels import kernel
from .machine import threads
from .memory import zeros
from .panel_packing import MASK, layout, pack, unpack
from .row_rooms import BLOCK, hands, rooms, slabs
from .threads import each, team, yield_address


def train(job: Job) -> Array:
    """Train the stack in place; the summed loss of each member (m,)."""
    run = kernel("train_rows", job.pieces)
    dtype, recipe, lanes, wide = job.dtype, job.recipe, job.pieces.lanes, panel(job.pieces)
    members, batch = len(job.order), min(recipe.batch_size, job.order.shape[1])
    plan = layout(job.sizes, job.codes, lanes, batch)
    p = pack(plan, job.stack.pairs, lanes, wide, dtype)
    floats = p.shape[1]
    state = job.memory(lambda pairs: pack(plan, pairs, lanes, wide, dtype), floats)
    decay = job.decay(lambda pairs: pack(plan, pairs, lanes, wide, dtype))
    cut = slabs(plan)
    losses: Array = np.zeros((members, -(-batch // BLOCK)))
    count = hands(plan, batch, threads()) if members < threads() else 1

    def member(k: int) -> None:
        masks, lines = job.member_masks(plan, MASK, k)
        arguments = (
            job.x, job.y, job.weights, job.order[k], masks, recipe.batch_size, job.rate, job.stack.step,
            lines, cut, p[k], state[k].reshape(-1), decay, zeros(floats, dtype),
            *rooms(plan, batch, lanes, dtype), losses[k], np.zeros(32, np.int64), count, yield_address(),
        )  # fmt: skip
        team(lambda: run(*arguments), count)

    each(member, members, work=job.order.shape[1] * floats, most=1 if count > 1 else None)
    job.bring_back(lambda packed: unpack(plan, packed, lanes, wide), p, state)
    summed: Array = losses.sum(axis=1)
    return summed
