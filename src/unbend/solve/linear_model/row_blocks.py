"""`StandardisedRows`: the rows of a table as standardised float64 blocks, so that no second copy of it is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler

CELLS = 1 << 17  # of one block: about what a processor's second cache holds
LEAST_ROWS = 512  # of one block, for products of matrices
CACHED_CELLS = 1 << 23  # a table of fewer is standardised once, not at each pass

Blocks = Callable[[], Iterator[Array]]  # each call passes through the matrix once


@dataclass(frozen=True, eq=False)
class StandardisedRows:
    """``scaler(x[rows])`` for x (n, columns) in blocks; ``rows`` are numbers of rows, None for all.

    With ``intercept`` a first column of ones is added.
    """

    x: Array
    scaler: Scaler
    rows: Array | None = None
    intercept: bool = False

    def __len__(self) -> int:
        return len(self.x) if self.rows is None else len(self.rows)

    @cached_property
    def slices(self) -> list[slice]:
        """The positions of each block."""
        return block_slices(len(self), self.x.shape[1])

    def __iter__(self) -> Iterator[Array]:
        if len(self) * self.x.shape[1] <= CACHED_CELLS:
            return iter(self._cached)
        return self._fresh()

    @cached_property
    def _cached(self) -> list[Array]:
        return list(self._fresh())

    def _fresh(self) -> Iterator[Array]:
        for own in self.slices:
            z = self.scaler(self.x[own if self.rows is None else self.rows[own]])
            yield np.column_stack([np.ones(len(z)), z]) if self.intercept else z

    def transposed(self) -> Iterator[Array]:
        """The transposed matrix (columns, rows) in blocks of its rows."""
        for own in block_slices(self.x.shape[1], len(self)):
            part = self.x[:, own] if self.rows is None else self.x[self.rows, own]
            yield Scaler(self.scaler.centre[own], self.scaler.scale[own])(part).T


def block_slices(rows: int, columns: int) -> list[slice]:
    """Slices of so many rows, each of about ``CELLS`` cells."""
    size = max(LEAST_ROWS, CELLS // max(1, columns))
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def scaler_of_rows(x: Array, rows: Array) -> Scaler:
    """``Scaler.of(x[rows])`` without a copy of all these rows."""
    width = max(1, CACHED_CELLS // max(1, len(rows)))
    parts = [Scaler.of(x[rows, start : start + width]) for start in range(0, x.shape[1], width)]
    return Scaler(np.concatenate([p.centre for p in parts]), np.concatenate([p.scale for p in parts]))
