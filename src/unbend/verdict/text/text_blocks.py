"""`TextBlocks`: the n-grams of a table's text columns, counted once, and weighted anew by the rows of each fold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array
from ...data import Problem
from ...text.ngrams import NGrams
from ...text.sparse_rows import SparseRows, beside
from ...text.weighting import Weighting
from .selection import weighted
from .text_target import TextTarget

ORDER = NGrams()
BAG = NGrams(words=1, across=False)  # each word alone, with the characters inside it
INSIDE = NGrams(longest=3, words=1, across=False)  # those that the network has vectors of


@dataclass(frozen=True, eq=False)
class TextBlocks:
    """How often each n-gram occurs in each row, for each text column; of the ``buckets`` only those that occur."""

    counts: tuple[SparseRows, ...]
    buckets: tuple[Array, ...]
    grams: NGrams

    @classmethod
    def of(cls, problem: Problem, grams: NGrams) -> TextBlocks:
        """Those of a table's text columns."""
        found = [_compact(grams.count(problem.arrays.texts(column.name))) for column in problem.texts]
        return cls(tuple(counts for counts, _ in found), tuple(buckets for _, buckets in found), grams)

    def take(self, rows: Array) -> TextBlocks:
        """Some of the rows."""
        return replace(self, counts=tuple(counts.take(rows) for counts in self.counts))

    def weigh(self, target: TextTarget, train: Array, most: int | None = None) -> WeightedBlocks:
        """All rows weighted by what the rows ``train`` (n,), a mask, have; of each text its ``most`` frequent."""
        found = [weighted(counts, target, train, most) for counts in self.counts]
        return WeightedBlocks(self, tuple(w for w, _ in found), tuple(rows for _, rows in found))


@dataclass(frozen=True, eq=False)
class WeightedBlocks:
    """Weighted rows for each text column, each of length 1 where it knows an n-gram."""

    blocks: TextBlocks
    weightings: tuple[Weighting, ...]
    rows: tuple[SparseRows, ...]

    @property
    def joint(self) -> SparseRows:
        """The columns of all texts, one beside the other."""
        return beside(self.rows)

    def split(self, matrix: Array) -> list[Array]:
        """A matrix with a row for each column of `joint`, as one for each text."""
        return np.split(matrix, np.cumsum([rows.width for rows in self.rows])[:-1])

    def weighting(self, text: int) -> Weighting:
        """A text's weighting, of all the n-grams' buckets."""
        own, buckets = self.weightings[text], self.blocks.buckets[text]
        return Weighting(buckets[own.buckets], own.idf, self.blocks.grams.buckets)


def products(rows: SparseRows, matrix: Array, which: Array | None = None) -> Array:
    """The rows (k,), by default all, times a matrix (columns, outputs): (k, outputs)."""
    from scipy.sparse import csr_matrix

    if not rows.width:
        return np.zeros((len(rows) if which is None else len(which), matrix.shape[1]))
    table = csr_matrix((rows.values, rows.columns, rows.row_starts), shape=rows.shape)
    chosen = table if which is None else table[which]
    result: Array = chosen @ np.asarray(matrix, np.float64)
    return result


def _compact(counts: SparseRows) -> tuple[SparseRows, Array]:
    """The counts with the buckets that occur renumbered, in their order, and these buckets."""
    occurs = np.zeros(counts.width, bool)
    occurs[counts.columns] = True
    buckets = np.flatnonzero(occurs)
    number = np.zeros(counts.width, np.int32)
    number[buckets] = np.arange(len(buckets), dtype=np.int32)
    return replace(counts, columns=number[counts.columns], width=max(1, len(buckets))), buckets


def row_mask(rows: Array, count: int) -> Array:
    """The mask (count,) of some rows."""
    mask = np.zeros(count, bool)
    mask[rows] = True
    return mask
