"""`SparseRows`: a sparse matrix by rows, as the text kernels read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

    def sum(self) -> SparseRows:
        """The sum of all rows, as the only one."""
        columns, inverse = np.unique(self.columns, return_inverse=True)
        values = np.bincount(inverse, self.values, len(columns)).astype(np.float32)
        return SparseRows(np.array([0, len(columns)]), columns.astype(np.int32), values, self.width)


def stack(parts: Sequence[SparseRows], width: int) -> SparseRows:
    """The rows of all parts, one below the other."""
    starts = np.zeros(1 + sum(len(part) for part in parts), np.int64)
    lengths = [part.lengths for part in parts]
    np.cumsum(np.concatenate([np.zeros(0, np.int64), *lengths]), out=starts[1:])
    columns = np.concatenate([np.zeros(0, np.int32), *(part.columns for part in parts)])
    values = np.concatenate([np.zeros(0, np.float32), *(part.values for part in parts)])
    return SparseRows(starts, columns, values, width)
