"""`train`, `infer_members`: the binned kernel's calls; every member of a stack on one thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...arrays import Array
from ...network.epoch import Recipe, Stack
from ...network.gradient import Pair
from ...threads import parallel_for
from ..codegen.cache import load_kernel
from ..codegen.generate import panel_vectors
from ..job import Job
from ..large.epoch import weight_slabs, workspace
from ..large.kernel import BATCH_BLOCK
from ..large.packing import layer_table, pack, unpack
from ..layer_table import OUTPUTS, VECTORS
from ..machine import aligned_zeros
from .rows import BinnedRows


def train(recipe: Recipe, stack: Stack, rows: BinnedRows, y: Array, order: Array, rate: float) -> Array:
    """As ``run_epoch``: train the stack in place; the summed loss of each member (m,)."""
    d, dtype = rows.columns.shape[-1], rows.dtype
    dense = _of_columns(stack, d)
    job = _job(recipe, dense, rows, y, order, rate)
    batch = min(recipe.batch_size, order.shape[1])
    run, lanes, panel = load_kernel("train_binned", job.spec), job.spec.lanes, panel_vectors(job.spec)
    table = layer_table(job.sizes, job.activation_numbers, lanes, batch)
    p = pack(table, dense.pairs, lanes, panel, dtype)
    state = job.packed_state(lambda pairs: pack(table, pairs, lanes, panel, dtype), p.shape[1])
    decay = job.packed_decay(lambda pairs: pack(table, pairs, lanes, panel, dtype))
    width = int(table[0, VECTORS]) * lanes
    w = _padded(stack.pairs[0][0][:, d:], width)
    w_state = aligned_zeros((len(w), len(recipe.optimizer.state), *w.shape[1:]), dtype)
    for n, part in enumerate(stack.optimizer_state[0][0]):
        w_state[:, n] = _padded(part[:, d:], width)
    w_decay = np.full(w[0].size if recipe.weight_decay else 0, recipe.weight_decay, dtype)
    knots = _knots(rows) * width
    slabs, nothing = weight_slabs(table), np.empty(0, dtype)
    losses: Array = np.zeros((len(order), 1))

    def member(k: int) -> None:
        own = rows if rows.columns.ndim == 2 else rows.of_member(k)
        run(
            own.columns, *_inputs(own), job.targets(k), job.order[k], batch, job.rate, stack.step, table, slabs,
            p[k], state[k].reshape(-1), decay, w[k].reshape(-1), w_state[k].reshape(-1), w_decay,
            *(aligned_zeros(n, dtype) for n in (p.shape[1], w[k].size, knots, knots, 2 * width)),
            *workspace(table, batch, lanes, dtype), nothing, losses[k], aligned_zeros(0, dtype),
        )  # fmt: skip

    parallel_for(member, len(order), work=order.shape[1] * p.shape[1])
    job.write_back(lambda packed: unpack(table, packed, lanes, panel), p, state)
    outputs = int(table[0, OUTPUTS])
    _join(stack, dense, w[..., :outputs], w_state[..., :outputs])
    return losses[:, 0]


def infer_members(recipe: Recipe, pairs: Sequence[Pair], rows: BinnedRows) -> Array:
    """As ``infer``: every member's outputs (m, n, outputs) for its own rows, or for the same ones."""
    d, dtype, n = rows.columns.shape[-1], rows.dtype, rows.shape[-2]
    dense = [(pairs[0][0][:, :d], pairs[0][1]), *pairs[1:]]
    order = np.arange(n)
    job = _job(recipe, Stack(dense, []), rows, np.empty(0, dtype), order, 0.0)
    run, lanes = load_kernel("train_binned", job.spec), job.spec.lanes
    table = layer_table(job.sizes, job.activation_numbers, lanes, BATCH_BLOCK)
    p = pack(table, dense, lanes, panel_vectors(job.spec), dtype)
    w = _padded(pairs[0][0][:, d:], int(table[0, VECTORS]) * lanes)
    out = np.empty((len(p), n, recipe.layers[-1].outputs), dtype)
    no_slabs, nothing, losses = np.empty((0, 3), np.int64), aligned_zeros(0, dtype), np.zeros(1)

    def member(k: int) -> None:
        own = rows if rows.columns.ndim == 2 else rows.of_member(k)
        values = aligned_zeros(_knots(rows) * w.shape[2], dtype)
        run(
            own.columns, *_inputs(own), job.y, order, BATCH_BLOCK, 0.0, 0, table, no_slabs,
            p[k], nothing, nothing, w[k].reshape(-1), nothing, nothing,
            nothing, nothing, values, nothing, nothing,
            *workspace(table, BATCH_BLOCK, lanes, dtype), nothing, losses, out[k].reshape(-1),
        )  # fmt: skip

    parallel_for(member, len(p), work=n * p.shape[1])
    return out


def _knots(rows: BinnedRows) -> int:
    """The ends of all bins."""
    return len(rows.centre) + len(rows.starts) - 1


def _job(recipe: Recipe, stack: Stack, rows: BinnedRows, y: Array, order: Array, rate: float) -> Job:
    """The job of the columns alone, without the bins."""
    first = replace(recipe.layers[0], inputs=rows.columns.shape[-1])
    columns = replace(recipe, layers=(first, *recipe.layers[1:]))
    return Job.of(recipe=columns, stack=stack, x=rows.columns, y=y, order=order, rate=rate)


def _inputs(rows: BinnedRows) -> tuple[Array, ...]:
    """The kernel's arguments for the bins."""
    return (
        rows.bins.reshape(-1),
        rows.position.reshape(-1),
        np.asarray(rows.starts, np.int64),
        rows.centre.astype(rows.dtype),
        (1 / rows.scale).astype(rows.dtype),
    )


def _of_columns(stack: Stack, d: int) -> Stack:
    """The stack without the bins' weights."""
    (W, b), *pairs = stack.pairs
    (state_of_W, state_of_b), *state = stack.optimizer_state
    first_state = tuple(part[:, :d] for part in state_of_W), state_of_b
    return Stack([(W[:, :d], b), *pairs], [first_state, *state], stack.step)


def _join(stack: Stack, dense: Stack, w: Array, w_state: Array) -> None:
    """The trained weights and the optimizer's state of columns and bins into the stack."""
    (W, b), *pairs = dense.pairs
    (state_of_W, state_of_b), *state = dense.optimizer_state
    joined = tuple(np.concatenate([part, w_state[:, n]], axis=1) for n, part in enumerate(state_of_W))
    stack.pairs[:] = [(np.concatenate([W, w], axis=1), b), *pairs]
    stack.optimizer_state[:] = [(joined, state_of_b), *state]
    stack.step = dense.step


def _padded(weights: Array, width: int) -> Array:
    """(m, B, outputs) as (m, B, width), aligned, zeros at the end."""
    padded: Array = aligned_zeros((*weights.shape[:2], width), weights.dtype)
    padded[..., : weights.shape[2]] = weights
    return padded
