"""`SampledTexts`: some texts of a stream, drawn by what they say: equal ones together or not at all."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...kernels.sources import load_kernels
from ...text.sparse_rows import SparseRows, stack
from ...text.spilled_counts import KERNEL

LEAST = 2000  # rows stay, however long they are

Rows = tuple[SparseRows, Array, Array, Array]  # counts, keys, target, other columns (n, p)
Left = tuple[SparseRows, Array, Array]  # counts, target, and which of these rows


def text_keys(counts: SparseRows) -> Array:
    """A number for each text (n,), uint64, the same for texts of the same n-grams in the same order."""
    keys = np.empty(len(counts), np.int64)
    load_kernels(KERNEL).row_keys(counts.row_starts, counts.columns, counts.values, keys)
    return keys.view(np.uint64)


class SampledTexts:
    """At most ``most`` rows of a stream: those whose keys begin with ``level`` zeros, in base two; more as it grows.

    They have at most ``most_entries`` n-grams in all.

    Gibbons (2001), Distinct sampling for highly-accurate answers to distinct values queries.
    """

    def __init__(self, most: int, most_entries: int) -> None:
        self.most, self.most_entries, self.level = most, most_entries, 0
        self.count, self._entries = 0, 0
        self._parts: list[Rows] = []

    def split(self, rows: Rows) -> list[Left]:
        """Take the rows that are drawn; give back those that are not, and those that no longer are."""
        left = [self._draw(rows)]
        while self.count > self.most or (self._entries > self.most_entries and self.count > LEAST):
            self.level += 1
            parts, self._parts, self.count, self._entries = self._parts, [], 0, 0
            left += [self._draw(part) for part in parts]
        return [part for part in left if len(part[2])]

    def part_of(self, keys: Array, parts: int) -> Array:
        """To which of so many parts, a power of two, each of the drawn keys belongs (n,)."""
        return keys << np.uint64(self.level) >> np.uint64(65 - parts.bit_length())

    def taken(self) -> Rows:
        """All that were drawn; the sample is empty afterwards."""
        parts, self._parts = self._parts, []
        keys, target, x = (np.concatenate([part[k] for part in parts]) for k in (1, 2, 3))
        return stack([part[0] for part in parts], parts[0][0].width), keys, target, x

    def _draw(self, rows: Rows) -> Left:
        counts, keys, target, x = rows
        drawn = keys >> np.uint64(64 - self.level) == 0 if self.level else np.ones(len(keys), bool)
        inside = np.flatnonzero(drawn)
        self._parts.append((counts.take(inside), keys[inside], target[inside], x[inside]))
        self.count += len(inside)
        self._entries += len(self._parts[-1][0].columns)
        return counts, target, np.flatnonzero(~drawn)
