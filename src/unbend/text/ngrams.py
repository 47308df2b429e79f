"""`NGrams`: which n-grams of a text are counted, and their counts as a sparse matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from ..arrays import Array
from ..kernels.sources import load_kernels
from ..threads import parallel_for
from .normalise import code_points, normalise
from .sparse_rows import SparseRows, stack

T = TypeVar("T")

KERNEL = "unbend.text.hashing_kernel"
CHUNK = 1 << 18  # code points hashed at once; longer texts are cut, and n-grams across a cut are not counted


@dataclass(frozen=True)
class NGrams:
    """The n-grams that are counted, each in one of ``2**bits`` buckets.

    Parameters
    ----------
    longest : int, default 5
        Character n-grams have 1 to so many code points, a space before and after a word included.
    words : int, default 2
        0 for no words, 1 for words, 2 for words and pairs of neighbouring words.
    bits : int, default 24
        From 8 to 30.
    across : bool, default True
        Whether character n-grams run across words, without the spaces between them. Without that, and with no pairs of
        words, the order of a text's words makes no difference.

    Examples
    --------
    >>> from unbend.text.ngrams import NGrams
    >>> counts = NGrams(longest=2, words=1).count(["ab ab", ""])
    >>> counts.shape, counts.values[:counts.row_starts[1]].tolist()
    ((2, 16777216), [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0])
    """

    longest: int = 5
    words: int = 2
    bits: int = 24
    across: bool = True

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return 1 << self.bits

    def count(self, texts: Sequence[Any], threads: int | None = None) -> SparseRows:
        """How often each bucket occurs in each text: (texts, buckets), the same on any number of threads.

        Texts are normalised first; what is missing is an empty text.
        """
        return stack(self.map_chunks(texts, lambda counts: counts, threads), self.buckets)

    def map_chunks(self, texts: Sequence[Any], use: Callable[[SparseRows], T], threads: int | None = None) -> list[T]:
        """What ``use`` makes of the counts of runs of texts, in their order; it is called on several threads."""
        load_kernels(KERNEL)
        chunks = list(_chunks(texts))
        results: dict[int, T] = {}

        def use_chunk(k: int) -> None:
            results[k] = use(self._count_chunk(texts[chunks[k]]))

        parallel_for(use_chunk, len(chunks), CHUNK * 10, threads)
        return [results[k] for k in range(len(chunks))]

    def locate(self, text: Any) -> tuple[Array, Array, Array]:
        """Every n-gram of the normalised text: its bucket (k,), where it begins (k,) and where it ends (k,).

        A text of more than ``CHUNK`` code points is read in parts, as in `count`.
        """
        points = code_points([text])[0]
        parts = [self._locate_part(points[at : at + CHUNK], at) for at in range(0, max(len(points), 1), CHUNK)]
        buckets, begins, ends = (np.concatenate(column) for column in zip(*parts, strict=True))
        return buckets, begins, ends

    def _count_chunk(self, texts: Sequence[Any]) -> SparseRows:
        if len(texts) == 1 and len(text := normalise(texts[0])) > CHUNK:
            return self._count_long(text)
        points, starts = code_points(texts)
        capacity = (len(points) + 2 * len(texts)) * (2 * self.longest + 3)
        row_starts = np.zeros(len(starts), np.int64)
        columns, counts = np.empty(capacity, np.int32), np.empty(capacity, np.float32)
        total = load_kernels(KERNEL).count_grams(
            points, starts, self.longest, self.words, int(self.across), self.buckets - 1, row_starts, columns, counts
        )
        columns.resize(total, refcheck=False)  # in place: the memory is given back at once
        counts.resize(total, refcheck=False)
        return SparseRows(row_starts, columns, counts, self.buckets)

    def _count_long(self, text: str) -> SparseRows:
        """One text in parts, whose counts are added up bucket by bucket: there may be more n-grams than memory."""
        total = np.zeros(self.buckets, np.float32)
        for at in range(0, len(text), CHUNK):
            part = self._count_chunk([text[at : at + CHUNK]])
            total[part.columns] += part.values
        columns = np.flatnonzero(total)
        return SparseRows(np.array([0, len(columns)]), columns.astype(np.int32), total[columns], self.buckets)

    def _locate_part(self, points: Array, at: int) -> tuple[Array, Array, Array]:
        capacity = (len(points) + 2) * (2 * self.longest + 3)
        buckets = np.empty(capacity, np.uint32)
        begins, ends = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
        total = load_kernels(KERNEL).locate_grams(
            points, self.longest, self.words, int(self.across), self.buckets - 1, buckets, begins, ends
        )
        return buckets[:total].astype(np.int64), begins[:total] + at, ends[:total] + at


def _chunks(texts: Sequence[Any]) -> Iterator[slice]:
    """Runs of texts of about ``CHUNK`` code points in all; a longer text is one of its own."""
    begin, size = 0, 0
    for i, text in enumerate(texts):
        length = len(text) if isinstance(text, str) else 16
        if i > begin and size + 2 * length > CHUNK:  # normalised and in lower case, a text may be longer
            yield slice(begin, i)
            begin, size = i, 0
        size += length
    if begin < len(texts):
        yield slice(begin, len(texts))
