"""Counting words, and words that stand near each other, in memory that does not grow with the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...errors import BadInput

WEIGHTINGS = ("linear", "harmonic", "flat")
MOST_SPELLINGS = 4_000_000  # different words that are counted at a time
MOST_PAIRS = 1 << 25  # different pairs that are kept: 512 MiB, and once more while they are merged
_BLOCK = 1 << 22  # pairs that are gathered before they are merged


def count_words(sentences: Iterable[list[str]], most: int = MOST_SPELLINGS) -> dict[str, int]:
    """How often each word occurs, the most frequent first (ties in the order of their letters).

    Where there are more than ``most`` different words, the rarest are forgotten, as in fastText: first those seen once,
    then those seen twice, …
    """
    counts: dict[str, int] = {}
    threshold = 0
    for words in sentences:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        while len(counts) > most:
            threshold += 1
            counts = {word: count for word, count in counts.items() if count > threshold}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def distance_weights(window: int, weighting: str) -> Array:
    """The weight of a pair of words 1, 2, … ``window`` places from each other.

    ``"linear"``: (window + 1 - d)/window, word2vec's average; ``"harmonic"``: 1/d, GloVe's; ``"flat"``: 1.
    """
    d = np.arange(1, window + 1)
    weights = {"linear": (window + 1 - d) / window, "harmonic": 1 / d, "flat": np.ones(window)}
    if weighting not in weights:
        raise BadInput("vectors.weighting", got=weighting, known=", ".join(WEIGHTINGS))
    return weights[weighting]


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Weighted counts of pairs of words: ``key`` = i * words + j with i <= j, ascending, and ``count``.

    ``forgotten`` is the weight of the pairs that were dropped because there were too many different ones.
    """

    key: Array
    count: Array
    forgotten: float


def count_pairs(
    sentences: Iterable[list[str]],
    number: Mapping[str, int],
    weights: Array,
    most: int = MOST_PAIRS,
    block: int = _BLOCK,
) -> PairCounts:
    """Count pairs of words within ``len(weights)`` words; those without a ``number`` are left out before.

    Pairs are gathered in blocks, sorted and added up. Where there are more than ``most`` different ones, the half with
    the smallest counts is dropped.
    """
    words = len(number)
    total = PairCounts(np.zeros(0, np.int64), np.zeros(0), 0.0)
    ids: list[int] = []
    sentence: list[int] = []
    step = max(block // len(weights), 1)
    for i, text in enumerate(sentences):
        found = [number[word] for word in text if word in number]
        ids += found
        sentence += [i] * len(found)
        if len(ids) >= step:
            total = _merged(total, _pairs(np.array(ids), np.array(sentence), words, weights), most)
            ids, sentence = [], []
    return _merged(total, _pairs(np.array(ids, np.int64), np.array(sentence, np.int64), words, weights), most)


def _pairs(ids: Array, sentence: Array, words: int, weights: Array) -> tuple[Array, Array]:
    """Different pairs of one block, ascending, and their counts."""
    keys, sizes = [np.zeros(0, np.int64)], [np.zeros(0)]
    for d, weight in enumerate(weights, 1):
        near = sentence[d:] == sentence[:-d]
        first, second = ids[:-d][near], ids[d:][near]
        key, count = np.unique(np.minimum(first, second) * words + np.maximum(first, second), return_counts=True)
        keys.append(key)
        sizes.append(count * weight)
    return _summed(np.concatenate(keys), np.concatenate(sizes))


def _summed(keys: Array, sizes: Array) -> tuple[Array, Array]:
    """Each key once, ascending; the sums of its sizes, in a fixed order."""
    order = np.argsort(keys, kind="stable")
    keys, sizes = keys[order], sizes[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.add.reduceat(sizes, starts) if len(starts) else sizes


def _merged(total: PairCounts, more: tuple[Array, Array], most: int) -> PairCounts:
    key, count = _summed(np.concatenate([total.key, more[0]]), np.concatenate([total.count, more[1]]))
    forgotten = total.forgotten
    if len(key) > most:
        large = np.sort(np.argsort(-count, kind="stable")[: most // 2])
        forgotten += float(count.sum() - count[large].sum())
        key, count = key[large], count[large]
    return PairCounts(key, count, forgotten)
