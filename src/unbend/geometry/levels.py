"""What each level of cells descends from, on which side of each kink it lies, and its affine maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .plane import Slice
from .stages import Stage, start_map

WIDE = 200  # inputs from which on few changed rows are added rather than all multiplied again
SPARSE = 16  # how many times fewer the changes must be, a sparse product being slower per number


@dataclass(eq=False)
class Level:
    """The cells after one stage: ``parent`` (C,) is the cell of the level before that each lies in, ``bits``
    (C, bytes) one bit per class, 1 where the cell lies above the class's kink. ``finish`` completes the bits when
    they are first asked for.
    """

    parent: Array
    bits: Array
    finish: Callable[[], None] | None = None


class Levels:
    """All levels so far; level 0 is the whole box, level s + 1 the cells after stage s.

    A map is kept as (3, C, neurons): the values at the origin and the changes per scaled slice coordinate.
    """

    def __init__(self, where: Slice, stages: list[Stage]) -> None:
        self.stages = stages
        self.start, _ = start_map(where)
        self.done: list[Level] = []
        self._tables: dict[int, Array] = {}
        self.error = [0.0] * (len(stages) + 1)  # bounds the error of the maps that enter each stage

    def parent(self, level: int) -> Array:
        """The cell of level - 1 that each cell of the level lies in."""
        return self.done[level - 1].parent

    def bits(self, stage: int) -> Array:
        """The finished bits of the cells after a stage."""
        level = self.done[stage]
        if level.finish is not None:
            finish, level.finish = level.finish, None
            finish()
        return level.bits

    def pieces(self, stage: int, cells: slice | int | Array) -> Array:
        """The piece each neuron of the stage is on: (C, neurons) for cells of level stage + 1, (neurons,) for one."""
        step = self.stages[stage]
        bits = np.unpackbits(self.bits(stage)[cells], axis=-1, count=step.classes)
        if step.plain:
            return bits
        above = bits[..., step.member] ^ step.mirrored
        result: Array = above.sum(axis=-1, dtype=np.uint8)
        return result

    def entering(self, stage: int, low: int, high: int) -> Array:
        """The map that enters the stage on the cells low:high of its level; C is 1 where all agree."""
        return self.start[:, None, :] if self.stages[stage].starts else self.leaving(stage - 1, low, high)

    def leaving(self, stage: int, low: int, high: int) -> Array:
        """The map after the stage's activation on the cells low:high of level stage + 1."""
        parent = self.parent(stage + 1)[low:high]
        z = self.before(stage, int(parent[0]), int(parent[-1]) + 1)[0]
        return self.activate(stage, _of(z, parent - parent[0]), self.pieces(stage, slice(low, high)))

    def before(self, stage: int, low: int, high: int) -> tuple[Array, float]:
        """The stage's z = x W + b as a map on the cells low:high of its level; C is 1 where all agree.

        Also the largest sum of norms of the rows multiplied, which the rounding error is measured by.
        """
        step = self.stages[stage]
        if step.starts or high - low == 1 or step.W.shape[0] < WIDE:
            rows = self.entering(stage, low, high)
            return _weigh(step, rows), _size(rows)
        parent = self.parent(stage)[low:high]
        first = np.flatnonzero(np.append(True, parent[1:] != parent[:-1]))
        which = self.pieces(stage - 1, slice(low, high))
        z = self.before(stage - 1, int(parent[0]), int(parent[-1]) + 1)[0]
        family = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(parent))))
        changed = which != which[first][family]
        if 2 * len(first) > high - low or SPARSE * np.count_nonzero(changed) > changed.size:
            rows = self.activate(stage - 1, _of(z, parent - parent[0]), which)
            return _weigh(step, rows), _size(rows)
        return self._by_changes(stage, _of(z, parent[first] - parent[0]), which, first, family, changed)

    def _by_changes(
        self, stage: int, z: Array, which: Array, first: Array, family: Array, differs: Array
    ) -> tuple[Array, float]:
        """As ``before``: cells of one parent differ in few neurons, whose rows of W are added to the first cell's."""
        from scipy.sparse import csr_array

        step, below = self.stages[stage], self.stages[stage - 1]
        inputs, cells, families = len(step.W), len(which), len(first)
        base = which[first]
        rows = self.activate(stage - 1, z, base)
        cell, neuron = np.nonzero(differs)
        new, old = which[cell, neuron], base[family[cell], neuron]
        change = z[:, family[cell] if z.shape[1] > 1 else 0, neuron] * (below.slopes[new] - below.slopes[old])
        change[0] += below.intercepts[new, neuron] - below.intercepts[old, neuron]
        # one sparse product makes all: each cell is 1 times its family's first, plus its changes times rows of W
        table = self._table(stage, 3 * families)
        np.matmul(rows.reshape(3 * families, inputs), step.W, out=table[inputs:])
        table[inputs : inputs + families] += step.b
        many = np.bincount(cell, minlength=cells) + 1
        begin = np.append(0, np.cumsum(many))
        factor, row = np.ones((3, int(begin[-1]))), np.empty((3, int(begin[-1])), dtype=np.int64)
        changed = np.ones(factor.shape[1], dtype=bool)
        changed[begin[:-1]] = False
        factor[:, changed], row[:, changed] = change, neuron
        row[:, begin[:-1]] = inputs + family + families * np.arange(3)[:, None]
        starts = np.append((begin[:-1] + int(begin[-1]) * np.arange(3)[:, None]).ravel(), factor.size)
        sparse = csr_array((factor.ravel(), row.ravel(), starts), shape=(3 * cells, len(table)))
        square = np.where(changed, factor**2, 0.0)
        extra = np.sqrt(np.add.reduceat(square, begin[:-1], axis=1)).sum(axis=0).max()
        result: Array = (sparse @ table).reshape(3, cells, -1)
        # the changes are terms of the sum, too
        return result, (_size(rows) + float(extra)) * (1 + int(many.max()) / inputs)

    def _table(self, stage: int, rows: int) -> Array:
        """Room for the stage's W followed by ``rows`` rows, kept between calls."""
        W = self.stages[stage].W
        if self._tables.get(stage) is None or len(self._tables[stage]) < len(W) + rows:
            self._tables[stage] = np.vstack([W, np.empty((2 * rows, W.shape[1]))])
        return self._tables[stage][: len(W) + rows]

    def activate(self, stage: int, z: Array, which: Array) -> Array:
        """The stage's activation applied to maps on known pieces (C, neurons)."""
        step = self.stages[stage]
        if len(step.slopes) == 1:
            result: Array = z * step.slopes[0]
            result[0] += step.intercepts[0]
            return result
        result = z * step.slopes[which]
        if step.intercepts.any():
            result[0] += step.intercepts[which, np.arange(which.shape[1])]
        return result


def _of(z: Array, cells: Array) -> Array:
    return z if z.shape[1] == 1 else z[:, cells]


def _weigh(step: Stage, rows: Array) -> Array:
    z: Array = (rows.reshape(-1, rows.shape[2]) @ step.W).reshape(3, rows.shape[1], -1)
    z[0] += step.b
    return z


def _size(rows: Array) -> float:
    return float(np.sqrt(np.einsum("rcn,rcn->rc", rows, rows)).sum(axis=0).max())
