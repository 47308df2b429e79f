"""`read_stream`: a stream of texts, read once: n-grams in a temporary file, in how many rows each occurs, a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...kernels.sources import load_kernels
from ...text.ngrams import NGrams
from ...text.sparse_rows import SparseRows
from ...text.spilled_counts import SpilledCounts
from ...text.weighting import KERNEL, Weighting
from .sampled_texts import SampledTexts, text_keys
from .selection import least_rows
from .streamed_target import StreamedTarget
from .text_target import Task

SAMPLE = 32_000  # rows in memory
HELD_OUT = 4  # one part in so many of them
ROWS, CHARACTERS = 1 << 13, 1 << 20  # of texts counted at once

Batch = tuple[Sequence[Any], Sequence[Any]]


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

    ``held_out`` (sample rows,) says which of them are never fitted to.
    """

    spilled: SpilledCounts
    frequencies: RowCounts
    target: StreamedTarget
    sample: tuple[SparseRows, Array]
    held_out: Array

    def give_sample(self) -> None:
        """Add the sample's rows that are not held out to those that are fitted to."""
        counts, read = self.sample
        inside = np.flatnonzero(~self.held_out)
        self.frequencies.add(counts, read, inside)
        self.spilled.append(counts, read, inside)


def read_stream(batches: Iterable[Batch], grams: NGrams, task: Task, seed: int) -> StreamRead:
    """Read batches of texts and target to their end. Raises ``DataError`` for what cannot be fitted."""
    target, sample = StreamedTarget(task), SampledTexts(SAMPLE)
    spilled, frequencies = SpilledCounts(grams.bits, seed), RowCounts(grams.buckets)
    for texts, own in _pieces(batches):
        counted = grams.count(texts)
        for counts, read, rows in sample.split((counted, text_keys(counted), target.read(own))):
            frequencies.add(counts, read, rows)
            spilled.append(counts, read, rows)
    target.check()
    counts, keys, read = sample.taken()
    held_out = sample.part_of(keys, HELD_OUT) == 0
    if held_out.all() or not held_out.any():
        raise DataError("text.few_different", rows=target.rows)
    return StreamRead(spilled, frequencies, target, (counts, read), held_out)


def _pieces(batches: Iterable[Batch]) -> Iterator[tuple[list[Any], list[Any]]]:
    """The same rows in pieces that are neither too many nor too long."""
    texts: list[Any] = []
    own: list[Any] = []
    size = 0
    for some_texts, some in batches:
        if len(some_texts) != len(some):
            raise DataError("text.lengths", texts=len(some_texts), target=len(some))
        for text, value in zip(some_texts, some, strict=True):
            texts.append(text)
            own.append(value)
            size += len(text) if isinstance(text, str) else 16
            if len(texts) >= ROWS or size >= CHARACTERS:
                yield texts, own
                texts, own, size = [], [], 0
    if texts:
        yield texts, own
