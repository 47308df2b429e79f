"""`Weighting`: counts of n-grams as rows of a linear model; `naive_bayes_scale`: how well each tells classes apart.

Both are computed from the training rows that are given to them and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..kernels.sources import load_kernels
from ..threads import parallel_for
from .sparse_rows import SparseRows

KERNEL = "unbend.text.rows_kernel"
BLOCKS = 4  # of rows, on as many threads as there are
WIDE = 1 << 23  # counts: of more, fewer blocks at once are held
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
        rows = len(counts) if train is None else int(np.count_nonzero(train))
        rows_with = count_rows(counts, np.zeros(len(counts), int) if train is None else np.where(train, 0, -1))[:, 0]
        return cls.of_frequencies(rows_with, rows, least_rows, most_columns)

    @classmethod
    def of_frequencies(
        cls, rows_with: Array, rows: int, least_rows: int = 2, most_columns: int | None = None
    ) -> Weighting:
        """As `of`, for buckets that occur in so many (total,) of the rows."""
        buckets = np.flatnonzero(_frequent(rows_with, least_rows, most_columns))
        idf = inverse_frequencies(rows_with[buckets], rows)
        order = np.argsort(idf, kind="stable")  # weights that are read often lie together
        return cls(buckets[order], idf[order], len(rows_with))

    @property
    def number(self) -> Array:
        """The column of each bucket, int32 (total,), -1 where it has none."""
        number = np.full(self.total, -1, np.int32)
        number[self.buckets] = np.arange(len(self.buckets))
        return number

    def columns_of(self, counts: SparseRows, number: Array | None = None) -> SparseRows:
        """The counts by columns instead of buckets, (rows, columns), in the same memory: ``counts`` is used up.

        Who asks often passes `number`, which is made anew each time.
        """
        number = self.number if number is None else number
        total = load_kernels(KERNEL).keep_columns(counts.row_starts, counts.columns, counts.values, number)
        return SparseRows(counts.row_starts, counts.columns[:total], counts.values[:total], len(self.buckets))

    def __call__(self, counts: SparseRows) -> SparseRows:
        """The weighted rows, (rows, columns)."""
        copy = SparseRows(counts.row_starts.copy(), counts.columns.copy(), counts.values.copy(), counts.width)
        columns = self.columns_of(copy)
        return weigh(columns, self.idf, columns.values)


def _frequent(rows_with: Array, least_rows: int, most: int | None) -> Array:
    """A mask (total,) of the numbers of at least ``least_rows``, the largest ones, of equal ones the first."""
    found: Array = rows_with >= least_rows
    if most is None or np.count_nonzero(found) <= most:
        return found
    limit, high = least_rows, int(rows_with.max())
    while limit < high:  # the least number that no more than so many exceed: a search takes no memory, sorting does
        middle = (limit + high) // 2
        limit, high = (limit, middle) if np.count_nonzero(rows_with > middle) <= most else (middle + 1, high)
    found = rows_with > limit
    equal = np.flatnonzero(rows_with == limit)
    found[equal[: most - int(np.count_nonzero(found))]] = True
    return found


def inverse_frequencies(rows_with: Array, rows: int) -> Array:
    """log((1 + rows)/(1 + rows_with)) + 1, rounded to 1/16, of columns that occur in so many rows of all; float32."""
    steps = np.minimum(np.round((np.log((1 + rows) / (1 + rows_with)) + 1) * IDF_STEPS), 255)
    idf: Array = steps.astype(np.float32) / IDF_STEPS
    return idf


def count_rows(counts: SparseRows, group: Array, groups: int = 1) -> Array:
    """How many rows of each group have an entry in each column, (columns, groups).

    ``group`` (rows,) counts from 0; rows of -1 are left out.
    """
    group = np.ascontiguousarray(group, np.int32)
    blocks = BLOCKS if counts.width * groups < WIDE else 2
    parts = np.zeros((blocks, counts.width * groups), np.int32)

    def count_block(k: int, begin: int, end: int) -> None:
        load_kernels(KERNEL).count_rows(counts.row_starts, counts.columns, group, groups, begin, end, parts[k])

    _by_blocks(counts, count_block, blocks)
    total: Array = parts.sum(axis=0, dtype=np.int32).reshape(counts.width, groups)
    return total


def weigh(counts: SparseRows, idf: Array, values: Array | None = None) -> SparseRows:
    """Rows of log counts times ``idf`` (columns,), divided by their length.

    Where entries stand is shared with ``counts``; only the values are new, or written to ``values`` (entries,).
    """
    values = np.empty(len(counts.columns), np.float32) if values is None else values

    def weigh_block(_: int, begin: int, end: int) -> None:
        load_kernels(KERNEL).weigh_rows(counts.row_starts, counts.columns, counts.values, idf, begin, end, values)

    _by_blocks(counts, weigh_block)
    return SparseRows(counts.row_starts, counts.columns, values, counts.width)


def scale_columns(rows: SparseRows, scale: Array, values: Array | None = None) -> SparseRows:
    """Rows with every value times its column's ``scale`` (columns,); shared and new as in `weigh`."""
    values = np.empty(len(rows.columns), np.float32) if values is None else values

    def scale_block(_: int, begin: int, end: int) -> None:
        at = slice(*rows.row_starts[[begin, end]])
        load_kernels(KERNEL).scale_entries(rows.columns[at], rows.values[at], scale, values[at])

    _by_blocks(rows, scale_block)
    return SparseRows(rows.row_starts, rows.columns, values, rows.width)


def _by_blocks(rows: SparseRows, work: Callable[[int, int, int], None], blocks: int = BLOCKS) -> None:
    """Call ``work`` with each block's number, first row and end, on several threads if rows are many."""
    starts = np.linspace(0, len(rows), blocks + 1).astype(int).tolist()

    def work_on(k: int) -> None:
        work(k, starts[k], starts[k + 1])

    parallel_for(work_on, blocks, len(rows.columns) // blocks)


def naive_bayes_scale(rows_with: Array, rows: tuple[int, int], smoothing: float = 2.0) -> Array:
    """The square root of the absolute log-count ratio of every column, float32 (columns,).

    ``rows_with`` (columns, 2) says how many of the other and of the positive ``rows`` have an entry in it. The ratio is
    that of a column's share of the positive rows' entries and of the others' (Wang & Manning 2012, Baselines and
    bigrams; there its first power). ``smoothing`` rows, divided as all rows are, are added to the counts of both, so
    that where positive rows are few, a column without any is not taken for a sign of the others. Where all rows are of
    one class nothing is told apart, and every column's scale is 1.

    Examples
    --------
    >>> import numpy as np
    >>> naive_bayes_scale(np.array([[0, 2], [2, 0]]), (2, 2)) ** 2 / np.log(3)
    array([1., 1.], dtype=float32)
    """
    if min(rows) == 0:
        return np.ones(len(rows_with), np.float32)
    smooth = rows_with + smoothing * np.array(rows) / sum(rows)
    shares = np.log(smooth / smooth.sum(axis=0))
    scale: Array = np.sqrt(np.abs(shares[:, 1] - shares[:, 0])).astype(np.float32)
    return scale
