"""`SampledTexts`: some texts of a stream, drawn by what they say: equal ones together or not at all."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...text.normalise import normalise
from ...text.sparse_rows import SparseRows, stack

_MIX = np.uint64(0x9E3779B97F4A7C15)  # spreads a checksum over all bits (Knuth, multiplicative hashing)

Rows = tuple[SparseRows, Array, Array]  # counts, keys, target


def text_keys(texts: Sequence[Any]) -> Array:
    """A number for each text (n,), uint64, the same for texts that are equal once normalised."""
    checks = [zlib.crc32(normalise(text).encode("utf-8", "surrogatepass")) for text in texts]
    return (np.array(checks, np.uint64) + np.uint64(1)) * _MIX


class SampledTexts:
    """At most ``most`` rows of a stream: those whose keys begin with ``level`` zeros, in base two; more as it grows.

    Gibbons (2001), Distinct sampling for highly-accurate answers to distinct values queries.
    """

    def __init__(self, most: int) -> None:
        self.most, self.level, self.count = most, 0, 0
        self._parts: list[Rows] = []

    def split(self, rows: Rows) -> list[Rows]:
        """Take the rows that are drawn; give back those that are not, and those that no longer are."""
        drawn, left = self._divide(rows)
        self._parts.append(drawn)
        self.count += len(drawn[1])
        out = [left]
        while self.count > self.most:
            self.level += 1
            divided = [self._divide(part) for part in self._parts]
            self._parts = [drawn for drawn, _ in divided]
            out += [left for _, left in divided]
            self.count = sum(len(keys) for _, keys, _ in self._parts)
        return [part for part in out if len(part[1])]

    def part_of(self, keys: Array, parts: int) -> Array:
        """To which of so many parts, a power of two, each of the drawn keys belongs (n,)."""
        return keys << np.uint64(self.level) >> np.uint64(65 - parts.bit_length())

    def taken(self) -> Rows:
        """All that were drawn; the sample is empty afterwards."""
        parts, self._parts = self._parts, []
        keys, target = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
        width = parts[0][0].width
        return stack([counts for counts, _, _ in parts], width), keys, target

    def _divide(self, rows: Rows) -> tuple[Rows, Rows]:
        counts, keys, target = rows
        drawn = keys >> np.uint64(64 - self.level) == 0 if self.level else np.ones(len(keys), bool)
        inside, outside = np.flatnonzero(drawn), np.flatnonzero(~drawn)
        return tuple((counts.take(k), keys[k], target[k]) for k in (inside, outside))  # type: ignore[return-value]
