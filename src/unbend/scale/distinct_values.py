"""`DistinctValues`: how many different values there are, and how often each occurs while they are few."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Array

SKETCH_SIZE = 2048  # values: the relative standard error of a larger count is 1/sqrt(SKETCH_SIZE - 2), 2.2 %


@dataclass
class DistinctValues:
    """The ``SKETCH_SIZE`` values with the least hashes, with their counts: exact while there are no more.

    Which values these are depends neither on the order of the rows nor on how they are divided, and a value that is
    kept in the end was kept from its first row on. Of more values the number is estimated from the greatest hash kept:
    Bar-Yossef et al. (2002), "Counting distinct elements in a data stream", algorithm 1; Giroire (2009).
    """

    hashes: Array = field(default_factory=lambda: np.empty(0, np.uint64))
    counts: Array = field(default_factory=lambda: np.empty(0, np.int64))
    values: Array = field(default_factory=lambda: np.empty(0, object))

    def add(self, hashes: Array, values: Array, counts: Array | None = None) -> None:
        """Count ``values`` (n,) with their ``hashes`` (n,), each ``counts`` (n,) times, by default once."""
        if len(self.hashes) == SKETCH_SIZE:
            near = hashes <= self.hashes[-1]
            hashes, values = hashes[near], values[near]
            counts = None if counts is None else counts[near]
        if not len(hashes):
            return
        if len(hashes) > 8 * SKETCH_SIZE and counts is None:  # mostly different values: sorting a few is enough
            near = hashes <= np.partition(hashes, 2 * SKETCH_SIZE)[2 * SKETCH_SIZE]
            if len(np.unique(hashes[near])) >= SKETCH_SIZE:
                hashes, values = hashes[near], values[near]
        distinct, first, inverse, times = np.unique(hashes, return_index=True, return_inverse=True, return_counts=True)
        if counts is not None:
            times = np.bincount(inverse, counts, len(distinct)).astype(np.int64)
        self._join(distinct[:SKETCH_SIZE], times[:SKETCH_SIZE], values[first[:SKETCH_SIZE]])

    def merge(self, other: DistinctValues) -> None:
        """Count the values of another part of the table too."""
        self._join(other.hashes, other.counts, other.values)

    def _join(self, hashes: Array, counts: Array, values: Array) -> None:
        every = np.concatenate([self.hashes, hashes])
        self.hashes, first, inverse = np.unique(every, return_index=True, return_inverse=True)
        sums = np.zeros(len(self.hashes), np.int64)
        np.add.at(sums, inverse, np.concatenate([self.counts, counts]))
        joined = np.concatenate([self.values, values.astype(object)])[first]
        self.hashes, self.counts, self.values = self.hashes[:SKETCH_SIZE], sums[:SKETCH_SIZE], joined[:SKETCH_SIZE]

    @property
    def exact(self) -> bool:
        """Whether every value was kept."""
        return len(self.hashes) < SKETCH_SIZE

    @property
    def count(self) -> int:
        """The number of different values; see `error`."""
        if self.exact:
            return len(self.hashes)
        return round((SKETCH_SIZE - 1) / ((float(self.hashes[-1]) + 1) / 2**64))

    @property
    def error(self) -> float:
        """The relative standard error of ``count``: 0 where it is exact."""
        return 0.0 if self.exact else 1 / np.sqrt(SKETCH_SIZE - 2)

    def most_frequent(self, most: int) -> list[tuple[Any, int]] | None:
        """The ``most`` most frequent values with their counts, equal ones by value; None where there are too many."""
        if not self.exact:
            return None
        order = sorted(range(len(self.hashes)), key=lambda k: (-self.counts[k], self.values[k]))
        return [(self.values[k], int(self.counts[k])) for k in order[:most]]
