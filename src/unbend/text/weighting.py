"""`Weighting`: counts of n-grams as rows of a linear model; `naive_bayes_scale`: how well each tells classes apart.

Both are computed from the training rows that are given to them and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..kernels.sources import load_kernels
from .ngrams import KERNEL
from .sparse_rows import SparseRows

IDF_STEPS = 16  # to 1: so rounded, the inverse document frequencies fit into a byte each


@dataclass(frozen=True, eq=False)
class Weighting:
    """Log counts times inverse document frequency, each row divided by its length.

    Parameters
    ----------
    buckets : ndarray of int64, (columns,)
        The buckets that became columns, the most frequent first, equally frequent ones ascending.
    idf : ndarray of float32, (columns,)
        log((1 + rows)/(1 + rows with it)) + 1, rounded to 1/16.
    total : int
        The number of buckets there are.
    """

    buckets: Array
    idf: Array
    total: int

    @classmethod
    def of(
        cls, counts: SparseRows, train: Array | None = None, least_rows: int = 2, most_columns: int | None = None
    ) -> Weighting:
        """The weighting of the buckets that occur in at least so many rows, the most frequent ones if they are many.

        ``train`` (rows,) is a mask of the rows that are looked at, by default all.
        """
        entries = counts.columns if train is None else counts.columns[np.repeat(train, counts.lengths)]
        rows = len(counts) if train is None else int(np.count_nonzero(train))
        rows_with = np.bincount(entries, minlength=counts.width)
        if most_columns is not None and np.count_nonzero(rows_with >= least_rows) > most_columns:
            least_rows = int(np.sort(rows_with)[-most_columns - 1]) + 1
        buckets = np.flatnonzero(rows_with >= least_rows)
        idf = np.round((np.log((1 + rows) / (1 + rows_with[buckets])) + 1) * IDF_STEPS) / IDF_STEPS
        return cls.ordered(buckets, idf.astype(np.float32), counts.width)

    @classmethod
    def ordered(cls, buckets: Array, idf: Array, total: int) -> Weighting:
        """From buckets that ascend, in any case the most frequent ones first: weights read often lie together."""
        order = np.argsort(idf, kind="stable")
        return cls(buckets[order], idf[order], total)

    @property
    def number(self) -> Array:
        """The column of each bucket, int32 (total,), -1 where it has none."""
        number = np.full(self.total, -1, np.int32)
        number[self.buckets] = np.arange(len(self.buckets))
        return number

    def __call__(self, counts: SparseRows) -> SparseRows:
        """The weighted rows, (rows, columns)."""
        starts = np.zeros(len(counts) + 1, np.int64)
        columns, values = np.empty(len(counts.columns), np.int32), np.empty(len(counts.columns), np.float32)
        total = load_kernels(KERNEL).weigh_counts(
            counts.row_starts, counts.columns, counts.values, self.number, self.idf, starts, columns, values
        )
        columns.resize(total, refcheck=False)
        values.resize(total, refcheck=False)
        return SparseRows(starts, columns, values, len(self.buckets))


def naive_bayes_scale(rows: SparseRows, positive: Array, train: Array | None = None, smoothing: float = 2.0) -> Array:
    """The square root of the absolute log-count ratio of every column, float32 (columns,).

    The ratio is that of a column's share of the ``positive`` (rows,) rows' entries and of the others' (Wang & Manning
    2012, Baselines and bigrams; there its first power). ``train`` (rows,) is a mask of the rows that are looked at, by
    default all. ``smoothing`` rows, divided as all rows are, are added to the counts of both, so that where positive
    rows are few, a column without any is not taken for a sign of the others.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> rows = SparseRows(np.array([0, 1, 2, 3, 4]), np.array([0, 0, 1, 1], np.int32), np.ones(4, np.float32), 2)
    >>> naive_bayes_scale(rows, np.array([True, True, False, False])) ** 2 / np.log(3)
    array([1., 1.], dtype=float32)
    """
    looked_at = np.ones(len(rows), bool) if train is None else train
    share = float(np.mean(positive[looked_at]))
    counts = []
    for chosen, part in ((positive, share), (~positive, 1 - share)):
        entries = rows.columns[np.repeat(chosen & looked_at, rows.lengths)]
        counts.append(np.bincount(entries, minlength=rows.width) + smoothing * part)
    of_positive, of_others = counts
    ratio = np.log(of_positive / of_positive.sum()) - np.log(of_others / of_others.sum())
    scale: Array = np.sqrt(np.abs(ratio)).astype(np.float32)
    return scale
