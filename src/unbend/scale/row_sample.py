"""`RowSample`: a uniform random sample of rows that is the same whatever reads the table, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data.column_types import as_labels
from .hashing import hash_labels

MAX_CLASSES = 1000  # of more classes none is drawn more densely
EVERY = 2**64 - 1


@dataclass
class LeastRows:
    """The ``size`` rows with the least hashes, among those whose hash is at most ``limit``: bottom-k sampling.

    Cohen & Kaplan (2007), "Summarizing data using bottom-k sketches", PODC.
    """

    size: int
    limit: int = EVERY
    table: Any = None
    hashes: Array = field(default_factory=lambda: np.empty(0, np.uint64))
    places: Array = field(default_factory=lambda: np.empty((0, 2), np.uint64))  # hash of the file, row in it
    _waiting: list[tuple[Any, Array, Array]] = field(default_factory=list, repr=False)
    _count: int = 0

    def add(self, table: Any, hashes: Array, places: Array) -> None:
        """Draw from the rows of an Arrow table with their ``hashes`` (n,) and ``places`` (n, 2)."""
        rows = np.flatnonzero(hashes <= np.uint64(self.limit))
        if len(rows):
            self._waiting.append((table.take(pa.array(rows)), hashes[rows], places[rows]))
            self._count += len(rows)
            if self._count > self.size:
                self.settle()

    def merge(self, other: LeastRows) -> None:
        """Draw from the rows that another part of the table has drawn."""
        other.settle()
        if other.table is not None:
            self.add(other.table, other.hashes, other.places)

    def settle(self) -> None:
        """Order the rows by their hashes and forget those that others have pushed out."""
        if not self._waiting:
            return
        parts = [*([] if self.table is None else [(self.table, self.hashes, self.places)]), *self._waiting]
        hashes, places = np.concatenate([part[1] for part in parts]), np.vstack([part[2] for part in parts])
        order = np.lexsort((places[:, 1], places[:, 0], hashes))[: self.size]
        self.table = pa.concat_tables([part[0] for part in parts]).take(pa.array(order)).combine_chunks()
        self.hashes, self.places, self._waiting, self._count = hashes[order], places[order], [], 0
        if len(order) == self.size:
            self.limit = int(self.hashes[-1])


class RowSample:
    """A uniform sample of ``size`` rows, and of each class of the column ``strata`` at least ``per_class`` rows.

    A row's hash is made of its file and its number in it, never of the order of reading: the sample is the same
    whatever reads the table. Its first rows are a smaller sample. Rows without a value in ``target`` are not drawn.
    """

    def __init__(self, target: str, size: int, *, per_class: int = 0, limit: int = EVERY) -> None:
        self.target, self.size, self.per_class = target, size, per_class
        self.uniform = LeastRows(size, limit)
        self.classes: dict[str, LeastRows] = {}
        self.class_rows: dict[str, int] = {}

    def add(self, table: Any, hashes: Array, file: np.uint64, first: int) -> None:
        """Draw from a table with the rows' ``hashes`` (n,), from number ``first`` of the ``file`` on."""
        places = np.column_stack([np.full(len(hashes), file), np.arange(first, first + len(hashes), dtype=np.uint64)])
        known = table[self.target].is_valid().to_numpy()
        if not known.all():
            table, hashes, places = table.filter(pa.array(known)), hashes[known], places[known]
        self.uniform.add(table, hashes, places)
        if self.per_class:
            self._add_classes(table, hashes, places)

    def _add_classes(self, table: Any, hashes: Array, places: Array) -> None:
        codes, _, labels = hash_labels(as_labels(table[self.target]))
        counts = np.bincount(codes, minlength=len(labels))
        for label, count in zip(labels, counts, strict=True):
            self.class_rows[label] = self.class_rows.get(label, 0) + int(count)
        if len(self.class_rows) > MAX_CLASSES:
            self.per_class, self.classes = 0, {}
            return
        limits = np.array([self._of(label).limit for label in labels], np.uint64)
        near = np.flatnonzero(hashes <= limits[codes])
        for code in np.unique(codes[near]):
            rows = near[codes[near] == code]
            self._of(labels[code]).add(table.take(pa.array(rows)), hashes[rows], places[rows])

    def _of(self, label: str) -> LeastRows:
        return self.classes.setdefault(label, LeastRows(self.per_class))

    def forget_classes(self) -> None:
        """Keep the uniform sample alone: the target turned out to have no classes."""
        self.per_class, self.classes, self.class_rows = 0, {}, {}

    def merge(self, other: RowSample) -> None:
        """Draw from the rows that another part of the table has drawn."""
        self.uniform.merge(other.uniform)
        for label, count in other.class_rows.items():
            self.class_rows[label] = self.class_rows.get(label, 0) + count
        if not other.per_class or len(self.class_rows) > MAX_CLASSES:
            self.per_class, self.classes = 0, {}
        if self.per_class:
            for label, rows in other.classes.items():
                self._of(label).merge(rows)

    def take(self, rows: int, *, least: int = 0) -> DrawnRows:
        """The first ``rows`` of the sample in the table's order, and of each class at least ``least`` if there are."""
        self.uniform.settle()
        parts = [(self.uniform.table, self.uniform.hashes, self.uniform.places)]
        drawn = min(rows, len(self.uniform.hashes))
        for label in sorted(self.classes) if least else ():
            self.classes[label].settle()
            parts.append((self.classes[label].table, self.classes[label].hashes, self.classes[label].places))
        tables = [parts[0][0].slice(0, drawn), *(table.slice(0, least) for table, _, _ in parts[1:])]
        places = np.vstack([parts[0][2][:drawn], *(places[:least] for _, _, places in parts[1:])])
        _, first = np.unique(places, axis=0, return_index=True)  # ordered by file and row, each row once
        table = pa.concat_tables(tables).take(pa.array(first)).combine_chunks()
        return DrawnRows(table, places[first], uniform=drawn)


@dataclass(frozen=True)
class DrawnRows:
    """Rows of a sample: the Arrow ``table``, their ``places`` (n, 2), and how many of them are drawn uniformly."""

    table: Any
    places: Array
    uniform: int

    @property
    def extra(self) -> int:
        """How many rows of rare classes were added to the uniform sample."""
        return int(self.table.num_rows) - self.uniform
