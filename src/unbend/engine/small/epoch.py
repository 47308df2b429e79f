"""`train`: one epoch of every member of a stack by the small kernel, members in parallel, each with a workspace."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...threads import parallel_for
from ..codegen.cache import load_kernel
from ..job import Job
from ..layer_table import INPUTS, SOURCE, TILE_SLOPES, TILE_VALUES
from ..machine import aligned_zeros
from .kernel import TILE_COUNT
from .packing import layer_table, pack, packed_length, unpack


def train(job: Job) -> Array:
    """Train the stack in place; the summed loss of each member (m,)."""
    run = load_kernel("train_small", job.spec)
    table, dtype, recipe = layer_table(job.sizes, job.activation_numbers), job.dtype, job.recipe
    floats = packed_length(table)
    p = pack(table, job.stack.pairs, dtype)
    state = job.packed_state(lambda pairs: pack(table, pairs, dtype), floats)
    decay = job.packed_decay(lambda pairs: pack(table, pairs, dtype))
    losses: Array = np.empty(len(p))

    def member(k: int) -> None:
        masks, layers = job.member_masks(table, k)
        h, d = _workspace(table, dtype, job.spec.lanes)
        losses[k] = run(
            job.x, job.targets(k), job.sample_weight, job.order[k], masks, recipe.batch_size, job.rate, job.stack.step,
            layers, p[k], state[k].reshape(-1), decay, aligned_zeros(floats, dtype), h, d,
        )  # fmt: skip

    parallel_for(member, len(p), work=job.order.shape[1] * floats)
    job.write_back(lambda packed: unpack(table, packed), p, state)
    return losses


def _workspace(table: Array, dtype: np.dtype[Any], lanes: int) -> tuple[Array, Array]:
    """Zeros for the units' values, with the units that are always 1, and for the slopes."""
    values, slopes = int(table[0, TILE_VALUES]), int(table[0, TILE_SLOPES])
    h = aligned_zeros(TILE_COUNT * values * lanes + lanes, dtype)  # one vector more, as a buffer of the loss
    by_tile = h[:-lanes].reshape(TILE_COUNT, values, lanes)
    by_tile[:, table[:, SOURCE] + table[:, INPUTS]] = 1
    return h, aligned_zeros(TILE_COUNT * slopes * lanes, dtype)
