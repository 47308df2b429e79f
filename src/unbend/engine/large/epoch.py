"""`train`: one epoch of every member of a stack by the large kernel, one on several threads or several in parallel."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...threads import parallel_for, run_on_threads, thread_count
from ..codegen.cache import load_kernel
from ..codegen.generate import panel_vectors
from ..job import Job
from ..layer_table import (
    INPUTS,
    OUTPUTS,
    SLOPE,
    SOURCE,
    SOURCE_STRIDE,
    TARGET,
    TARGET_STRIDE,
    TRANSPOSED,
    VECTORS,
    round_up,
)
from ..machine import aligned_zeros, yield_function_address
from .kernel import BATCH_BLOCK, COUNTERS, WEIGHT_SLAB
from .packing import layer_table, pack, unpack

_MIN_MULTIPLICATIONS_PER_THREAD = 1_500_000  # of a minibatch; with fewer, waiting for each other costs more


def train(job: Job) -> Array:
    """Train the stack in place; the summed loss of each member (m,)."""
    run = load_kernel("train_large", job.spec)
    dtype, recipe, lanes, panel = job.dtype, job.recipe, job.spec.lanes, panel_vectors(job.spec)
    members, batch = len(job.order), min(recipe.batch_size, job.order.shape[1])
    table = layer_table(job.sizes, job.activation_numbers, lanes, batch)
    p = pack(table, job.stack.pairs, lanes, panel, dtype)
    floats = p.shape[1]
    state = job.packed_state(lambda pairs: pack(table, pairs, lanes, panel, dtype), floats)
    decay = job.packed_decay(lambda pairs: pack(table, pairs, lanes, panel, dtype))
    slabs = weight_slabs(table)
    losses: Array = np.zeros((members, -(-batch // BATCH_BLOCK)))
    threads = _threads_for_minibatch(table, batch, thread_count()) if members < thread_count() else 1

    def member(k: int) -> None:
        masks, layers = job.member_masks(table, k)
        arguments = (
            job.x, job.targets(k), job.sample_weight, job.order[k], masks, recipe.batch_size, job.rate, job.stack.step,
            layers, slabs, p[k], state[k].reshape(-1), decay, aligned_zeros(floats, dtype),
            *workspace(table, batch, lanes, dtype), losses[k], np.zeros(COUNTERS, np.int64), threads,
            yield_function_address(),
        )  # fmt: skip
        run_on_threads(lambda: run(*arguments), threads)

    parallel_for(member, members, work=job.order.shape[1] * floats, max_threads=1 if threads > 1 else None)
    job.write_back(lambda packed: unpack(table, packed, lanes, panel), p, state)
    total: Array = losses.sum(axis=1)
    return total


def workspace(table: Array, batch: int, lanes: int, dtype: Any) -> tuple[Array, Array, Array]:
    """Zeros for the values, with the 1 that b is multiplied with, for the slopes, and for the transposed weights."""
    last = table[-1]
    h = aligned_zeros(int(last[TARGET] + batch * last[TARGET_STRIDE]), dtype)
    for layer in table:
        h[layer[SOURCE] : layer[TARGET]].reshape(batch, layer[SOURCE_STRIDE])[:, layer[INPUTS]] = 1
    d = aligned_zeros(int(last[SLOPE] + batch * last[VECTORS] * lanes), dtype)
    transposed = int(last[TRANSPOSED] + round_up(int(last[INPUTS]), lanes) * last[VECTORS] * lanes)
    return h, d, aligned_zeros(transposed, dtype)


def weight_slabs(table: Array) -> Array:
    """(layer, first input, end) of every slab of weights; the biases are the last input."""
    slabs = []
    for i, layer in enumerate(table):
        rows = int(layer[INPUTS]) + 1
        slabs += [(i, begin, min(rows, begin + WEIGHT_SLAB)) for begin in range(0, rows, WEIGHT_SLAB)]
    return np.array(slabs, dtype=np.int64)


def _threads_for_minibatch(table: Array, batch: int, available: int) -> int:
    """The number of threads for a minibatch: one per so many multiplications, at most one per block of rows."""
    parameters = int((table[:, INPUTS] * table[:, OUTPUTS]).sum())
    return max(1, min(available, batch * parameters // _MIN_MULTIPLICATIONS_PER_THREAD, -(-batch // BATCH_BLOCK)))
