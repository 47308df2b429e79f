"""`Weighting`: counts of n-grams as rows of a linear model; `naive_bayes_scale`: how well each tells classes apart.

Both are computed from the training rows that are given to them and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .sparse_rows import SparseRows

IDF_STEPS = 16  # to 1: so rounded, the inverse document frequencies fit into a byte each


@dataclass(frozen=True, eq=False)
class Weighting:
    """Log counts times inverse document frequency, each row divided by its length.

    Parameters
    ----------
    buckets : ndarray of int64, (columns,)
        The buckets that became columns, ascending.
    idf : ndarray of float32, (columns,)
        log((1 + rows)/(1 + rows with it)) + 1, rounded to 1/16.
    total : int
        The number of buckets there are.
    """

    buckets: Array
    idf: Array
    total: int

    @classmethod
    def of(cls, counts: SparseRows, least_rows: int = 2, most_columns: int | None = None) -> Weighting:
        """The weighting of the buckets that occur in at least so many rows, the most frequent ones if they are many."""
        rows_with = np.bincount(counts.columns, minlength=counts.width)
        if most_columns is not None and np.count_nonzero(rows_with >= least_rows) > most_columns:
            ordered = np.sort(rows_with)
            least_rows = int(ordered[-most_columns - 1]) + 1
        buckets = np.flatnonzero(rows_with >= least_rows)
        idf = np.log((1 + len(counts)) / (1 + rows_with[buckets])) + 1
        return cls(buckets, (np.round(idf * IDF_STEPS) / IDF_STEPS).astype(np.float32), counts.width)

    @property
    def number(self) -> Array:
        """The column of each bucket, int32 (total,), -1 where it has none."""
        number = np.full(self.total, -1, np.int32)
        number[self.buckets] = np.arange(len(self.buckets))
        return number

    def __call__(self, counts: SparseRows) -> SparseRows:
        """The weighted rows, (rows, columns)."""
        rows = counts.renumber(self.number, len(self.buckets))
        values = np.log2(1 + rows.values)
        values *= self.idf[rows.columns]
        lengths = np.sqrt(row_sums(rows, values * values))
        values /= np.repeat(np.where(lengths > 0, lengths, 1).astype(np.float32), rows.lengths)
        return SparseRows(rows.row_starts, rows.columns, values, rows.width)


def row_sums(rows: SparseRows, values: Array) -> Array:
    """The sum of each row's ``values`` (entries,), float64 (rows,)."""
    filled = np.flatnonzero(rows.lengths)
    sums = np.zeros(len(rows))
    if len(filled):
        sums[filled] = np.add.reduceat(values, rows.row_starts[filled], dtype=np.float64)
    return sums


def naive_bayes_scale(rows: SparseRows, positive: Array, smoothing: float = 2.0) -> Array:
    """The square root of the absolute log-count ratio of every column, float32 (columns,).

    The ratio is that of a column's share of the ``positive`` (rows,) rows' entries and of the others' (Wang & Manning
    2012, Baselines and bigrams; there its first power). ``smoothing`` rows, divided as all rows are, are added to the
    counts of both, so that where positive rows are few, a column without any is not taken for a sign of the others.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> rows = SparseRows(np.array([0, 1, 2, 3, 4]), np.array([0, 0, 1, 1], np.int32), np.ones(4, np.float32), 2)
    >>> naive_bayes_scale(rows, np.array([True, True, False, False])) ** 2 / np.log(3)
    array([1., 1.], dtype=float32)
    """
    inside = np.repeat(positive, rows.lengths)
    share = float(np.mean(positive))
    of_positive = np.bincount(rows.columns[inside], minlength=rows.width) + smoothing * share
    of_others = np.bincount(rows.columns[~inside], minlength=rows.width) + smoothing * (1 - share)
    ratio = np.log(of_positive / of_positive.sum()) - np.log(of_others / of_others.sum())
    return np.sqrt(np.abs(ratio)).astype(np.float32)
