"""An epoch to be run, its arrays brought into the form that kernels take; shared by both kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..network.epoch import Recipe, Stack
from ..network.gradient import Pair
from .generate import Pieces, distinct
from .machine import lanes
from .memory import zeros

Pack = Callable[[Sequence[Pair]], Array]
Unpack = Callable[[Array], list[Pair]]


@dataclass(frozen=True)
class Job:
    """The arguments of ``run_epoch``: class numbers as int64, everything C-ordered, ``weights`` empty for none."""

    recipe: Recipe
    stack: Stack
    x: Array
    y: Array
    order: Array
    rate: float
    weights: Array
    masks: list[Array | None]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The float type of everything."""
        return self.x.dtype

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """(inputs, outputs) of each layer."""
        return [(d.inputs, d.outputs) for d in self.recipe.layers]

    @property
    def codes(self) -> list[int]:
        """Each layer's activation, as its place among the distinct ones."""
        records = self.pieces.activations
        return [records.index(a) for a in self.recipe.activations]

    @property
    def pieces(self) -> Pieces:
        """What the kernel is made from."""
        records = distinct(self.recipe.activations)
        wide = lanes(self.dtype.itemsize)
        return Pieces(records, self.recipe.loss, self.recipe.optimizer, self.dtype.name, wide)

    def member_masks(self, plan: Array, column: int, k: int) -> tuple[Array, Array]:
        """Member k's dropout factors end to end, and the plan that says where each layer's begin."""
        if all(m is None for m in self.masks):
            return np.empty(0, self.dtype), plan
        lines, parts, at = plan.copy(), [], 0
        for line, mask in zip(lines, self.masks, strict=True):
            if mask is not None:
                line[column] = at
                parts.append(mask[k].ravel())
                at += parts[-1].size
        return np.concatenate(parts), lines

    def decay(self, pack: Pack) -> Array:
        """Weight decay for every packed number, 0 for biases; empty where there is none."""
        if not self.recipe.weight_decay:
            return np.empty(0, self.dtype)
        amount = self.recipe.weight_decay
        packed: Array = pack([(np.full((1, n, k), amount), np.zeros((1, 1, k))) for n, k in self.sizes])[0]
        return packed

    def memory(self, pack: Pack, length: int) -> Array:
        """The optimiser's memory, packed: (m, kinds, floats)."""
        kinds = len(self.recipe.optimizer.state)
        state = zeros((len(self.order), kinds, length), self.dtype)
        for n in range(kinds):
            state[:, n] = pack([(W[n], b[n]) for W, b in self.stack.memory])
        return state

    def bring_back(self, unpack: Unpack, p: Array, state: Array) -> None:
        """The trained numbers into the stack, as new arrays."""
        self.stack.pairs[:] = unpack(p)
        kinds = [unpack(state[:, n]) for n in range(state.shape[1])]
        self.stack.memory[:] = [
            (tuple(kind[i][0] for kind in kinds), tuple(kind[i][1] for kind in kinds)) for i in range(len(self.sizes))
        ]
        self.stack.step += -(-self.order.shape[1] // self.recipe.batch_size)
