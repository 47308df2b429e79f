"""One epoch of every member by the row kernel: a member on several threads, or members side by side on one each."""

from __future__ import annotations

import numpy as np

from ..network.dense import Array
from .blas import gemm_address, one_thread_each, yield_address
from .job import Job
from .kernels import kernel
from .machine import threads
from .row_packing import MASK, blocks, layout, length, pack, rooms, slabs, unpack
from .threads import each, team


def train(job: Job) -> Array:
    """Train the stack in place; the summed loss of each member (m,)."""
    run = kernel("train_rows", job.pieces)
    dtype, recipe, members = job.dtype, job.recipe, len(job.order)
    batch = min(recipe.batch_size, job.order.shape[1])
    plan = layout(job.sizes, job.codes, batch)
    block, cut, floats = blocks(plan, batch), slabs(plan, batch), length(plan)
    p = pack(plan, job.stack.pairs, dtype)
    state = job.memory(lambda pairs: pack(plan, pairs, dtype), floats)
    decay = job.decay(lambda pairs: pack(plan, pairs, dtype))
    parts = -(-batch // block)
    losses: Array = np.zeros((members, parts))
    gemm, pause = gemm_address(dtype.name), yield_address()

    with one_thread_each() as alone:
        hands = min(threads(), max(parts, len(cut))) if alone and members < threads() else 1

        def member(k: int) -> None:
            masks, lines = job.member_masks(plan, MASK, k)
            arguments = (
                job.x, job.y, job.weights, job.order[k], masks, recipe.batch_size, job.rate, job.stack.step,
                lines, cut, block, p[k], state[k].reshape(-1), decay, np.zeros(floats, dtype), *rooms(plan, batch, dtype),
                losses[k], np.zeros(32, np.int64), hands, gemm, pause,
            )  # fmt: skip
            team(lambda: run(*arguments), hands)

        each(member, members, work=job.order.shape[1] * floats, most=1 if hands > 1 or not alone else None)
    job.bring_back(lambda packed: unpack(plan, packed), p, state)
    summed: Array = losses.sum(axis=1)
    return summed
