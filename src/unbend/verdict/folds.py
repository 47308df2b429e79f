"""Which rows are held out together and which may be learned from: at random, by whole groups, or past and future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data import Problem
from ..errors import DataError
from ..solve.linear_model.kfold import assign_folds

Fold = tuple[Array, Array]  # training rows, test rows
PAST = 0.5  # share of the rows, the earliest, that are only learned from


@dataclass(frozen=True, eq=False)
class Deal:
    """How ``rows`` rows are dealt into folds.

    Each of ``classes`` (rows,) is spread evenly. Rows with the same number in ``together`` (rows,) stay in one fold.
    With ``times`` (rows,) a fold is a stretch of time, and only the rows before it are learned from (an expanding
    window; the earliest ``PAST`` is never judged).
    """

    rows: int
    classes: Array | None = None
    together: Array | None = None
    times: Array | None = None
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, problem: Problem, together: Array | None = None, times: Array | None = None) -> Deal:
        """The deal of a problem's rows."""
        return cls(problem.rows, problem.y if problem.classes else None, together, times, problem.classes)

    @property
    def kin(self) -> Array | None:
        """(rows,) numbers, the same for rows that hang together: groups, copies, or stretches of time.

        Those are as long as the cube root of the rows (as kernels for series are cut, Newey & West 1987).
        """
        if self.times is None:
            return self.together
        place = np.argsort(np.argsort(self.times, kind="stable"), kind="stable")
        stretch: Array = place // max(1, round(self.rows ** (1 / 3)))
        return stretch

    def count(self, folds: int) -> int:
        """How many folds there can be, at most ``folds``. Raises ``DataError`` where there are not even two."""
        if self.times is not None:
            most = folds
            while (found := len(np.unique(stretch := self._stretches(most))) - 1) < most and found > 1:
                most = found  # equal times may leave fewer stretches than were asked for
            most = found
            if most < 2:
                raise DataError("verdict.few_times", distinct=len(np.unique(self.times)))
            if self.classes is not None:
                late = np.setdiff1d(self.classes, self.classes[stretch == 0])
                if len(late):
                    raise DataError("verdict.late_class", label=self.labels[int(late[0])])
        elif self.together is not None:
            most = int(self.together.max()) + 1
            if most < 2:
                raise DataError("verdict.few_groups", count=most)
        else:
            most = self.rows
        return min(folds, most)

    def once(self, folds: int) -> bool:
        """Whether dealing again would show little new: time runs one way, and few groups meet again as they were."""
        return self.times is not None or (self.together is not None and self.together.max() + 1 < 2 * folds)

    def folds(self, count: int, seed: list[int]) -> list[Fold]:
        """(training rows, test rows) of each fold."""
        if self.times is not None:
            stretch = self._stretches(count)
            return [(np.flatnonzero(stretch < k), np.flatnonzero(stretch == k)) for k in np.unique(stretch)[1:]]
        rng = np.random.default_rng(seed)
        if self.together is None:
            part = assign_folds(self.rows, count, rng, self.classes)
        else:
            part = _whole(self.together, count, rng, self.classes)
        return [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(count)]

    def _stretches(self, count: int) -> Array:
        """The stretch of time of each row, 0 for the past that is only learned from; equal times are never parted."""
        assert self.times is not None
        ends = np.sort(self.times)[np.linspace(PAST * self.rows, self.rows, count + 1).astype(int)[:-1]]
        stretch: Array = np.searchsorted(np.unique(ends), self.times, side="right")
        if stretch.min() > 0:  # the first time stands in more than half of the rows: it is all the past there is
            stretch -= 1
        return stretch


def _whole(together: Array, count: int, rng: np.random.Generator, classes: Array | None) -> Array:
    """The part of each row: whole groups, the largest first, each to the part that has fewest rows of its kind."""
    kinds = np.zeros(len(together), dtype=np.int64) if classes is None else classes
    groups = int(together.max()) + 1
    table = np.zeros((groups, int(kinds.max()) + 1))
    np.add.at(table, (together, kinds), 1)
    held = np.zeros((count, table.shape[1]))
    part = np.empty(groups, dtype=np.int64)
    mixed = rng.permutation(groups)
    for group in mixed[np.argsort(-table[mixed].sum(axis=1), kind="stable")]:
        share = table[group] / table.sum(axis=0)
        crowd = held @ share + 1e-6 * held.sum(axis=1)
        part[group] = int(crowd.argmin())
        held[part[group]] += table[group]
    rows: Array = part[together]
    return rows
