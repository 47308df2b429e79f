"""`SparseRows`: a sparse matrix by rows, as the text kernels read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array

_AT_ONCE = 4096  # rows that are taken: the numbers of their entries take more memory than the entries


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
        """Some of the rows (k,), as numbers from 0."""
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(self.lengths[rows], out=starts[1:])
        columns, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            own = starts[at : at + len(some) + 1]
            entries = np.arange(own[0], own[-1]) + np.repeat(self.row_starts[some] - own[:-1], np.diff(own))
            columns[own[0] : own[-1]], values[own[0] : own[-1]] = self.columns[entries], self.values[entries]
        return SparseRows(starts, columns, values, self.width)

    def sum(self) -> SparseRows:
        """The sum of all rows, as the only one."""
        columns, inverse = np.unique(self.columns, return_inverse=True)
        values = np.bincount(inverse, self.values, len(columns)).astype(np.float32)
        return SparseRows(np.array([0, len(columns)]), columns.astype(np.int32), values, self.width)


def stack(parts: list[SparseRows], width: int) -> SparseRows:
    """The rows of all parts, one below the other; ``parts`` is emptied, so that nothing is kept twice."""
    lengths = [np.zeros(1, np.int64), *(part.lengths for part in parts)]
    starts = np.cumsum(np.concatenate(lengths))
    columns, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    end = len(columns)
    while parts:
        part = parts.pop()
        begin = end - len(part.columns)
        columns[begin:end], values[begin:end] = part.columns, part.values
        end = begin
    return SparseRows(starts, columns, values, width)


def beside(parts: Sequence[SparseRows]) -> SparseRows:
    """The columns of all parts, which have the same rows, one beside the other."""
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(part.width for part in parts)])
    starts = np.sum([part.row_starts for part in parts], axis=0)
    rows = np.concatenate([np.repeat(np.arange(len(part)), part.lengths) for part in parts])
    order = np.argsort(rows, kind="stable")
    columns = np.concatenate([part.columns + np.int32(at) for part, at in zip(parts, offsets, strict=False)])
    values = np.concatenate([part.values for part in parts])
    return SparseRows(starts, columns[order], values[order], int(offsets[-1]))


def from_dense(x: Array) -> SparseRows:
    """A dense matrix (rows, columns), of which every cell is an entry."""
    count, width = x.shape
    columns = np.tile(np.arange(width, dtype=np.int32), count)
    return SparseRows(np.arange(count + 1) * width, columns, x.astype(np.float32).ravel(), width)
