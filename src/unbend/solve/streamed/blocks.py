"""`BlockCutter`: batches of any size cut into blocks of equal size, so that results do not depend on the batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...arrays import Array


class BlockCutter:
    """Cuts batches of arrays, rows first, into blocks of so many rows counted from the first row given.

    Parameters
    ----------
    rows : int
        Of a block.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._rest: list[tuple[Array, ...]] = []  # parts of the next block, fewer rows than one

    def cut(self, *arrays: Array) -> Iterator[tuple[Array, ...]]:
        """The blocks that are complete with this batch; the arrays have as many rows each."""
        start, count = 0, len(arrays[0])
        missing = self.rows - sum(len(part[0]) for part in self._rest)
        if self._rest and count >= missing:
            self._append(arrays, 0, missing)
            yield from self.remainder()
            start = missing
        while not self._rest and count - start >= self.rows:
            yield tuple(a[start : start + self.rows] for a in arrays)
            start += self.rows
        if start < count:
            self._append(arrays, start, count)

    def _append(self, arrays: tuple[Array, ...], start: int, stop: int) -> None:
        self._rest.append(tuple(a[start:stop].copy(order="K") for a in arrays))  # a view could change before it is used

    def remainder(self) -> Iterator[tuple[Array, ...]]:
        """The last, incomplete block, if there is one; the next batch begins a new block."""
        parts, self._rest = self._rest, []
        if parts:
            yield tuple(np.concatenate(own) for own in zip(*parts, strict=True))
