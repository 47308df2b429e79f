"""`Splitter`: cross-validation splits, stratified at random, by full groups, or from past to future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data import Problem
from ..errors import DataError
from ..solve.linear_model.kfold import assign_folds

Fold = tuple[Array, Array]  # training rows, test rows
PAST = 0.5  # the earliest fraction of the rows, only trained on


@dataclass(frozen=True, eq=False)
class Splitter:
    """How ``rows`` rows are split into folds.

    Folds are stratified by ``classes`` (rows,). Rows with the same number in ``groups`` (rows,) are in one fold. With
    ``times`` (rows,) a fold is a block of time, and only the rows before it are trained on (an expanding window; the
    earliest ``PAST`` is never a test row). ``labels`` name the classes in messages.
    """

    rows: int
    classes: Array | None = None
    groups: Array | None = None
    times: Array | None = None
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, problem: Problem, groups: Array | None = None, times: Array | None = None) -> Splitter:
        """The splitter of a problem's rows."""
        return cls(problem.rows, problem.y if problem.classes else None, groups, times, problem.classes)

    @property
    def clusters(self) -> Array | None:
        """(rows,) numbers, the same for rows that may be correlated: groups, duplicates, or blocks of time.

        A block has as many rows as the cube root of all (as bandwidths for series grow, Newey & West 1987).
        """
        if self.times is None:
            return self.groups
        rank = np.argsort(np.argsort(self.times, kind="stable"), kind="stable")
        blocks: Array = rank // max(1, round(self.rows ** (1 / 3)))
        return blocks

    def fold_count(self, folds: int) -> int:
        """How many folds there can be, at most ``folds``. Raises ``DataError`` where there are not even two."""
        if self.times is not None:
            most = folds
            while (distinct := len(np.unique(block := self._time_blocks(most))) - 1) < most and distinct > 1:
                most = distinct  # equal times may leave fewer blocks than requested
            most = distinct
            if most < 2:
                raise DataError("verdict.few_times", distinct=len(np.unique(self.times)))
            if self.classes is not None:
                late = np.setdiff1d(self.classes, self.classes[block == 0])
                if len(late):
                    raise DataError("verdict.late_class", label=self.labels[int(late[0])])
        elif self.groups is not None:
            most = int(self.groups.max()) + 1
            if most < 2:
                raise DataError("verdict.few_groups", count=most)
        else:
            most = self.rows
        return min(folds, most)

    def one_repeat(self, folds: int) -> bool:
        """Whether another split would show little new: time runs one way, and few groups give the same folds again."""
        return self.times is not None or (self.groups is not None and self.groups.max() + 1 < 2 * folds)

    def split(self, count: int, seed: list[int]) -> list[Fold]:
        """(training rows, test rows) of each of ``count`` folds."""
        if self.times is not None:
            block = self._time_blocks(count)
            return [(_numbers(block < k), _numbers(block == k)) for k in np.unique(block)[1:]]
        rng = np.random.default_rng(seed)
        if self.groups is None:
            part = assign_folds(self.rows, count, rng, self.classes)
        else:
            part = _group_folds(self.groups, count, rng, self.classes)
        return [(_numbers(part != k), _numbers(part == k)) for k in range(count)]

    def _time_blocks(self, count: int) -> Array:
        """The block of time of each row, 0 for the past that is only trained on; equal times are in one block."""
        assert self.times is not None
        ends = np.sort(self.times)[np.linspace(PAST * self.rows, self.rows, count + 1).astype(int)[:-1]]
        block: Array = np.searchsorted(np.unique(ends), self.times, side="right")
        if block.min() > 0:  # more than half of the rows have the first time: it is all the past there is
            block -= 1
        return block


def folds_among(folds: Sequence[Fold], rows: Array, count: int) -> list[Fold]:
    """The folds restricted to some of ``count`` rows, renumbered."""
    number = np.full(count, -1, np.int32)
    number[rows] = np.arange(len(rows))

    def among(old: Array) -> Array:
        new = number[old]
        return np.asarray(new[new >= 0])

    return [(among(train), among(test)) for train, test in folds]


def _numbers(rows: Array) -> Array:
    """The row numbers of a mask, in half the memory of those of `numpy.flatnonzero`."""
    return np.flatnonzero(rows).astype(np.int32)


def _group_folds(groups: Array, count: int, rng: np.random.Generator, classes: Array | None) -> Array:
    """(rows,) fold of each row: full groups, the largest first, each into the fold with fewest rows of its classes."""
    strata = np.zeros(len(groups), dtype=np.int64) if classes is None else classes
    group_count = int(groups.max()) + 1
    table = np.zeros((group_count, int(strata.max()) + 1))
    np.add.at(table, (groups, strata), 1)
    filled = np.zeros((count, table.shape[1]))
    fold = np.empty(group_count, dtype=np.int64)
    order = rng.permutation(group_count)
    total = np.maximum(table.sum(axis=0), 1)  # of the rows that are split some classes may have none
    for group in order[np.argsort(-table[order].sum(axis=1), kind="stable")]:
        fraction = table[group] / total
        crowding = filled @ fraction + 1e-6 * filled.sum(axis=1)
        fold[group] = int(crowding.argmin())
        filled[fold[group]] += table[group]
    rows: Array = fold[groups]
    return rows
