"""`read_stream`: a stream of texts, read once: n-grams in a temporary file, in how many rows each occurs, a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from ...arrays import Array
from ...data.target import Task
from ...errors import DataError
from ...kernels.sources import load_kernels
from ...text.ngrams import NGrams
from ...text.sparse_rows import SparseRows
from ...text.spilled_counts import SpilledCounts
from ...text.weighting import KERNEL, Weighting
from .sampled_texts import SampledTexts, text_keys
from .selection import least_rows
from .streamed_target import StreamedTarget

SAMPLE, SAMPLE_ENTRIES = 32_000, 6_000_000  # rows in memory, and their n-grams
HELD_OUT = 4  # one part in so many of them
ROWS, CHARACTERS = 1 << 13, 1 << 20  # of texts counted at once

Batch = tuple[Sequence[Any], Sequence[Any]] | tuple[Sequence[Any], Sequence[Any], Array]


class RowCounts:
    """``rows`` (groups,), and in how many of them each bucket occurs, ``rows_with`` (buckets, groups).

    There are two groups as long as there are two classes at most, else one.
    """

    def __init__(self, buckets: int) -> None:
        self.rows, self.rows_with = np.zeros(2, np.int64), np.zeros((buckets, 2), np.int32)

    def add(self, counts: SparseRows, read: Array, rows: Array) -> None:
        """Add some ``rows`` (k,); ``read`` (n,) are all rows' classes' numbers, or numbers, which are of one group."""
        if len(self.rows) == 2 and (read.dtype != np.int32 or read.max(initial=0) > 1):
            self.rows = self.rows.sum(keepdims=True)
            self.rows_with = np.ascontiguousarray(self.rows_with.sum(axis=1, dtype=np.int32)[:, None])
        groups = len(self.rows)
        group = np.full(len(counts), -1, np.int32)
        group[rows] = read[rows] if groups == 2 else 0
        self.rows += np.bincount(group[rows], minlength=groups)
        out = self.rows_with.reshape(-1)
        load_kernels(KERNEL).count_rows(counts.row_starts, counts.columns, group, groups, 0, len(counts), out)

    def weighting(self, most_columns: int) -> Weighting:
        """The weighting of the rows so far; from now on only its columns have counts, in their order."""
        rows, rows_with = int(self.rows.sum()), self.rows_with.sum(axis=1, dtype=np.int32)
        found = Weighting.of_frequencies(rows_with, rows, least_rows(rows), most_columns)
        self.rows_with = self.rows_with[found.buckets]
        return found


@dataclass(frozen=True, eq=False)
class StreamRead:
    """What `read_stream` found; ``sample`` (counts, numbers as read) are rows that are not in the file of counts yet.

    ``columns`` (sample rows, p) are their other columns; ``held_out`` (sample rows,) says which are never fitted to.
    """

    spilled: SpilledCounts
    frequencies: RowCounts
    target: StreamedTarget
    sample: tuple[SparseRows, Array]
    columns: Array
    held_out: Array

    def give_sample(self) -> None:
        """Add the sample's rows that are not held out to those that are fitted to."""
        counts, read = self.sample
        inside = np.flatnonzero(~self.held_out)
        self.frequencies.add(counts, read, inside)
        self.spilled.append(counts, read, inside)


def read_stream(batches: Iterable[Batch], grams: NGrams, task: Task, seed: int) -> StreamRead:
    """Read batches of texts, target and other columns to their end. Raises ``DataError`` for what cannot be fitted."""
    target, sample = StreamedTarget(task), SampledTexts(SAMPLE, SAMPLE_ENTRIES)
    spilled, frequencies = SpilledCounts(grams.bits, seed), RowCounts(grams.buckets)
    for texts, own, x in _pieces(batches):
        counted = grams.count(texts)
        for counts, read, rows in sample.split((counted, text_keys(counted), target.read(own), x)):
            frequencies.add(counts, read, rows)
            spilled.append(counts, read, rows)
    target.check()
    counts, keys, read, columns = sample.taken()
    held_out = sample.part_of(keys, HELD_OUT) == 0
    if held_out.all() or not held_out.any():
        raise DataError("text.few_different", rows=target.rows)
    return StreamRead(spilled, frequencies, target, (counts, read), columns, held_out)


def _pieces(batches: Iterable[Batch]) -> Iterator[tuple[list[Any], list[Any], Array]]:
    """The same rows in pieces that are neither too many nor too long."""
    rows: list[tuple[Any, Any, Any]] = []
    size = 0
    for texts, own, *others in batches:
        if len(texts) != len(own):
            raise DataError("text.lengths", texts=len(texts), target=len(own))
        for row in zip(texts, own, others[0] if others else repeat((), len(own)), strict=True):
            rows.append(row)
            size += len(row[0]) if isinstance(row[0], str) else 16
            if len(rows) >= ROWS or size >= CHARACTERS:
                yield _columns(rows)
                rows, size = [], 0
    if rows:
        yield _columns(rows)


def _columns(rows: list[tuple[Any, Any, Any]]) -> tuple[list[Any], list[Any], Array]:
    texts, own, others = zip(*rows, strict=True)
    return list(texts), list(own), np.array(others, np.float64)
