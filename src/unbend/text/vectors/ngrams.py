"""Vectors of character n-grams: an n-gram is counted as the words that it is in, and projected as a word is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ..fasttext.hashing import character_ngrams
from ..fasttext.vocabulary import Vocabulary
from .factorise import ppmi

BUCKETS = 2**31 - 1  # so many that hashes seldom meet
_BLOCK = 1 << 22  # counts that are computed at a time


def ngram_matrix(words: Sequence[str], shortest: int, longest: int, least: int) -> tuple[Vocabulary, Any]:
    """The n-grams of at least ``least`` words, and which words (columns) each of them (rows) is in, sparse."""
    from scipy.sparse import coo_array

    found = character_ngrams([word.encode() for word in words], shortest, longest)
    pairs = np.unique(np.stack([found.hash.astype(np.int64) % BUCKETS, found.word]), axis=1)
    buckets, row, counts = np.unique(pairs[0], return_inverse=True, return_counts=True)
    chosen = counts >= least
    place = np.cumsum(chosen) - 1
    used = chosen[row]
    shape = (int(chosen.sum()), len(words))
    matrix = coo_array((np.ones(int(used.sum())), (place[row[used]], pairs[1][used])), shape=shape).tocsr()
    vocabulary = Vocabulary(words=(), bucket_count=BUCKETS, buckets=buckets[chosen], shortest=shortest, longest=longest)
    return vocabulary, matrix


def ngram_vectors(members: Any, counts: Any, contexts: Array, shift: float, projection: Array) -> Array:
    """An n-gram's counts are the sum of its words'; their PPMI times ``projection`` (words, dimensions) its vector."""
    vectors = np.zeros((members.shape[0], projection.shape[1]))
    sizes = members @ np.diff(counts.indptr)  # at most so many counts in a row
    block = np.concatenate([[0], np.cumsum(sizes)]) // _BLOCK
    for start, end in zip(*_ranges(block[:-1]), strict=True):
        vectors[start:end] = ppmi((members[start:end] @ counts).tocsr(), contexts, shift) @ projection
    return vectors


def _ranges(block: Array) -> tuple[list[int], list[int]]:
    """Where each run of equal numbers starts and ends."""
    starts = np.flatnonzero(np.diff(block, prepend=-1)).tolist()
    return starts, [*starts[1:], len(block)] if starts else []
