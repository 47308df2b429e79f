"""One epoch of every member by the tile kernel: arrays laid out, members spread over threads, numbers brought back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..network.dense import Array
from ..network.epoch import Recipe, Stack
from .generate import Pieces
from .kernels import kernel
from .machine import lanes
from .packing import INPUTS, MASK, OUTPUTS, SLOPES, SOURCE, UNITS, count, layout, pack, unpack, upward
from .pieces import CHUNK
from .threads import each


def train(
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    order: Array,
    rate: float,
    weights: Array,
    masks: list[Array | None],
) -> Array:
    """As ``network.run_epoch``; ``y`` are class numbers (int64) or floats, ``weights`` is empty for none."""
    dtype = x.dtype
    records = tuple(dict.fromkeys(recipe.activations))
    wide = lanes(dtype.itemsize)
    run = kernel("train_tiles", Pieces(records, recipe.loss, recipe.optimizer, dtype.name, wide))
    plan = layout([(d.inputs, d.outputs) for d in recipe.layers], [records.index(a) for a in recipe.activations])
    length = upward(count(plan), wide)
    members = len(order)
    p = np.zeros((members, length), dtype)
    p[:, : count(plan)] = pack(plan, stack.pairs, dtype)
    kinds = range(len(recipe.optimizer.state))
    state = np.zeros((members, len(kinds), length), dtype)
    for n in kinds:
        state[:, n, : count(plan)] = pack(plan, [(W[n], b[n]) for W, b in stack.memory], dtype)
    decay = _decay(plan, recipe.weight_decay, length, dtype)
    losses: Array = np.empty(members)

    def member(k: int) -> None:
        flat, lines = _masks(plan, masks, k, dtype)
        h, d = _room(plan, dtype, wide)
        losses[k] = run(
            x, y, weights, order[k], flat, recipe.batch_size, rate, stack.step,
            lines, p[k], state[k].ravel(), decay, np.empty(length, dtype), h, d,
        )  # fmt: skip

    each(member, members, work=order.shape[1] * count(plan))
    stack.pairs[:] = unpack(plan, p)
    remembered = [unpack(plan, state[:, n]) for n in kinds]
    stack.memory[:] = [(tuple(r[i][0] for r in remembered), tuple(r[i][1] for r in remembered)) for i in range(len(plan))]
    stack.step += -(-order.shape[1] // recipe.batch_size)
    return losses / order.shape[1]


def _decay(plan: Array, amount: float, length: int, dtype: np.dtype[Any]) -> Array:
    """Weight decay for every packed number: 0 for biases."""
    decay = np.zeros(length, dtype)
    if amount:
        sizes = [(int(line[INPUTS]), int(line[OUTPUTS])) for line in plan]
        pairs = [(np.full((1, n, k), amount, dtype), np.zeros((1, 1, k), dtype)) for n, k in sizes]
        decay[: count(plan)] = pack(plan, pairs, dtype)[0]
    return decay


def _masks(plan: Array, masks: list[Array | None], k: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Member k's dropout factors end to end, and the plan that says where each layer's begin."""
    if all(m is None for m in masks):
        return np.empty(0, dtype), plan
    lines, parts, at = plan.copy(), [], 0
    for line, mask in zip(lines, masks, strict=True):
        if mask is not None:
            line[MASK] = at
            parts.append(mask[k].ravel())
            at += parts[-1].size
    return np.concatenate(parts), lines


def _room(plan: Array, dtype: np.dtype[Any], wide: int) -> tuple[Array, Array]:
    """Zeros for the units' values and slopes, with the units that are always 1."""
    units, slopes = int(plan[0, UNITS]), int(plan[0, SLOPES])
    h = np.zeros(CHUNK * units * wide + wide, dtype)
    tiles = h[:-wide].reshape(CHUNK, units, wide)
    tiles[:, plan[:, SOURCE] + plan[:, INPUTS]] = 1
    return h, np.zeros(CHUNK * slopes * wide, dtype)
