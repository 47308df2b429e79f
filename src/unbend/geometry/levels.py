"""What each level of cells descends from, on which side of each kink it lies, and its affine maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network.dense import Array
from .plane import Slice
from .stages import Stage, start_map


@dataclass(frozen=True, eq=False)
class Level:
    """The cells after one stage: ``parent`` (C,) is the cell of the level before that each lies in, ``bits``
    (C, bytes) one bit per class, 1 where the cell lies above the class's kink.
    """

    parent: Array
    bits: Array


class Levels:
    """All levels so far; level 0 is the whole box, level s + 1 the cells after stage s."""

    def __init__(self, where: Slice, stages: list[Stage]) -> None:
        self.stages = stages
        self.start, _ = start_map(where)
        self.done: list[Level] = []

    def parent(self, level: int) -> Array:
        """The cell of level - 1 that each cell of the level lies in."""
        return self.done[level - 1].parent

    def pieces(self, stage: int, cells: slice | int | Array) -> Array:
        """The number of the piece each neuron of the stage is on, for cells of level stage + 1: (C, neurons) or
        (neurons,) for one cell."""
        step = self.stages[stage]
        bits = np.unpackbits(self.done[stage].bits[cells], axis=-1, count=step.classes)
        above = bits[..., step.member] ^ step.mirrored
        result: Array = above.sum(axis=-1, dtype=np.uint8)
        return result

    def entering(self, stage: int, low: int, high: int) -> Array:
        """(3, C, inputs): the map that enters the stage on the cells low:high of its level; C is 1 where all agree."""
        if self.stages[stage].starts:
            return self.start[:, None, :]
        parent = self.parent(stage)[low:high]
        first, last = int(parent[0]), int(parent[-1]) + 1
        z = self.before(stage - 1, first, last)
        if z.shape[1] > 1:
            z = z[:, parent - first]
        return self.activate(stage - 1, z, self.pieces(stage - 1, slice(low, high)))

    def activate(self, stage: int, z: Array, which: Array) -> Array:
        """The stage's activation applied to maps (3, C, neurons) on known pieces (C, neurons)."""
        step = self.stages[stage]
        if len(step.slopes) == 1:
            result = z * step.slopes[0]
            result[0] += step.intercepts[0]
            return result
        elif len(step.slopes) == 2 and step.slopes[0] == 0 and step.slopes[1] == 1:
            result = z * which
        else:
            result = z * step.slopes[which]
        if step.intercepts.any():
            result[0] += step.intercepts[which, np.arange(step.W.shape[1])]
        return result

    def before(self, stage: int, low: int, high: int) -> Array:
        """(3, C, neurons): the stage's z as a map on the cells low:high of its level; C is 1 where all agree."""
        return self.weigh(stage, self.entering(stage, low, high))

    def weigh(self, stage: int, rows: Array) -> Array:
        """x W + b of the stage on maps (3, C, inputs)."""
        step = self.stages[stage]
        z: Array = (rows.reshape(-1, rows.shape[2]) @ step.W).reshape(*rows.shape[:2], -1)
        z[0] += step.b
        return z
