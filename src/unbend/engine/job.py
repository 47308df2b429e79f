"""`Job`: an epoch to be run, its arrays in the form that both training kernels take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network.epoch import Recipe, Stack
from ..network.gradient import Pair
from .codegen.generate import KernelSpec, distinct
from .layer_table import MASK
from .machine import aligned_zeros, vector_lanes

Pack = Callable[[Sequence[Pair]], Array]
Unpack = Callable[[Array], list[Pair]]


@dataclass(frozen=True)
class Job:
    """The arguments of ``run_epoch``: class numbers int64, arrays C-contiguous, ``sample_weight`` empty for none.

    ``y`` is flat, (N * outputs,), or has one such row for each member.
    """

    recipe: Recipe
    stack: Stack
    x: Array
    y: Array
    order: Array
    rate: float
    sample_weight: Array
    masks: list[Array | None]

    @classmethod
    def of(
        cls,
        recipe: Recipe,
        stack: Stack,
        x: Array,
        y: Array,
        order: Array,
        rate: float,
        weights: Array | None = None,
        masks: Sequence[Array | None] | None = None,
    ) -> Job:
        """From the arguments of ``run_epoch``."""
        flat = (len(y), -1) if y.ndim == 3 else (-1,)
        return cls(
            recipe=recipe,
            stack=stack,
            x=np.ascontiguousarray(x),
            y=np.ascontiguousarray(y, np.int64 if recipe.loss.classes else x.dtype).reshape(flat),
            order=np.ascontiguousarray(order, np.int64),
            rate=float(rate),
            sample_weight=np.empty(0, x.dtype) if weights is None else np.ascontiguousarray(weights),
            masks=[None] * len(recipe.layers) if masks is None else list(masks),
        )

    def targets(self, k: int) -> Array:
        """Member k's targets, (N * outputs,)."""
        own: Array = self.y[k] if self.y.ndim == 2 else self.y
        return own

    @property
    def dtype(self) -> np.dtype[Any]:
        """The float type of all arrays."""
        return self.x.dtype

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """(inputs, outputs) of each layer."""
        return [(d.inputs, d.outputs) for d in self.recipe.layers]

    @property
    def activation_numbers(self) -> list[int]:
        """Each layer's activation, as its index in ``spec.activations``."""
        records = self.spec.activations
        return [records.index(a) for a in self.recipe.activations]

    @property
    def spec(self) -> KernelSpec:
        """What the kernel is specialized to."""
        records, lanes = distinct(self.recipe.activations), vector_lanes(self.dtype.itemsize)
        return KernelSpec(records, self.recipe.loss, self.recipe.optimizer, self.dtype.name, lanes)

    def member_masks(self, table: Array, k: int) -> tuple[Array, Array]:
        """Member k's dropout masks, concatenated, and the layer table with the offset of each layer's mask."""
        if all(m is None for m in self.masks):
            return np.empty(0, self.dtype), table
        layers, parts, at = table.copy(), [], 0
        for layer, mask in zip(layers, self.masks, strict=True):
            if mask is not None:
                layer[MASK] = at
                parts.append(mask[k].ravel())
                at += parts[-1].size
        return np.concatenate(parts), layers

    def packed_decay(self, pack: Pack) -> Array:
        """Weight decay for every packed number, 0 for biases; empty where there is none."""
        if not self.recipe.weight_decay:
            return np.empty(0, self.dtype)
        amount = self.recipe.weight_decay
        packed: Array = pack([(np.full((1, n, k), amount), np.zeros((1, 1, k))) for n, k in self.sizes])[0]
        return packed

    def packed_state(self, pack: Pack, length: int) -> Array:
        """The optimizer's state: (members, arrays of state, floats)."""
        arrays = len(self.recipe.optimizer.state)
        state = aligned_zeros((len(self.order), arrays, length), self.dtype)
        for n in range(arrays):
            state[:, n] = pack([(W[n], b[n]) for W, b in self.stack.optimizer_state])
        return state

    def write_back(self, unpack: Unpack, p: Array, state: Array) -> None:
        """The trained weights and the optimizer's state into the stack, as new arrays."""
        self.stack.pairs[:] = unpack(p)
        arrays = [unpack(state[:, n]) for n in range(state.shape[1])]
        self.stack.optimizer_state[:] = [
            (tuple(pairs[i][0] for pairs in arrays), tuple(pairs[i][1] for pairs in arrays))
            for i in range(len(self.sizes))
        ]
        self.stack.step += -(-self.order.shape[1] // self.recipe.batch_size)
