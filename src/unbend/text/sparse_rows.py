"""`SparseRows`: a sparse matrix by rows, as the text kernels read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array


@dataclass(frozen=True, eq=False)
class SparseRows:
    """A sparse matrix in compressed rows.

    Parameters
    ----------
    row_starts : ndarray of int64, (rows + 1,)
        Where each row begins among ``columns`` and ``values``.
    columns : ndarray of int32, (entries,)
        Any order within a row, each column at most once.
    values : ndarray of float32, (entries,)
    width : int
        The number of columns.
    """

    row_starts: Array
    columns: Array
    values: Array
    width: int

    def __len__(self) -> int:
        return len(self.row_starts) - 1

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self), self.width

    @property
    def lengths(self) -> Array:
        """The number of entries of each row (rows,)."""
        return np.diff(self.row_starts)

    def take(self, rows: Array) -> SparseRows:
        """Some rows, in the given order."""
        lengths = self.lengths[rows]
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        at = np.arange(starts[-1]) + np.repeat(self.row_starts[:-1][rows] - starts[:-1], lengths)
        return SparseRows(starts, self.columns[at], self.values[at], self.width)

    def sum(self) -> SparseRows:
        """The sum of all rows, as the only one."""
        columns, inverse = np.unique(self.columns, return_inverse=True)
        values = np.bincount(inverse, self.values, len(columns)).astype(np.float32)
        return SparseRows(np.array([0, len(columns)]), columns.astype(np.int32), values, self.width)

    def renumber(self, number: Array, width: int) -> SparseRows:
        """The columns of which ``number`` (width,) is not negative, renumbered by it."""
        columns = number[self.columns]
        kept = columns >= 0
        starts = np.zeros(len(self) + 1, np.int64)
        kept_before = np.zeros(len(kept) + 1, np.int64)
        np.cumsum(kept, out=kept_before[1:])
        starts[:] = kept_before[self.row_starts]
        return SparseRows(starts, columns[kept].astype(np.int32), self.values[kept], width)

    def to_scipy(self) -> Any:
        """The same as ``scipy.sparse.csr_array``."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.columns, self.row_starts), shape=self.shape)


def stack(parts: Sequence[SparseRows], width: int) -> SparseRows:
    """The rows of all parts, one below the other."""
    starts = np.zeros(1 + sum(len(part) for part in parts), np.int64)
    lengths = [part.lengths for part in parts]
    np.cumsum(np.concatenate([np.zeros(0, np.int64), *lengths]), out=starts[1:])
    columns = np.concatenate([np.zeros(0, np.int32), *(part.columns for part in parts)])
    values = np.concatenate([np.zeros(0, np.float32), *(part.values for part in parts)])
    return SparseRows(starts, columns, values, width)
