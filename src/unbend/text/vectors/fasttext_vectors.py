"""`from_fasttext`: the word vectors in a fastText model file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ..fasttext.collapse import MOST
from ..fasttext.file import FastTextModel, check_finite
from ..fasttext.vocabulary import decode
from .word_vectors import NgramVectors, WordVectors

_WORDS = 4096  # computed at a time


def from_fasttext(model: FastTextModel) -> WordVectors:
    """A word's vector is the average of its own row and its n-grams' (``FastText::getWordVector``).

    Raises ``ModelError`` where a number is not finite.
    """
    size = 8 * model.vocabulary.row_count * model.dimension
    if size > MOST * model.size:
        raise ModelError("fasttext.table", size=f"{size / 2**20:,.0f}", most=MOST)
    words, has_ngrams = model.vocabulary.words, model.vocabulary.longest > 0 and model.vocabulary.has_ngrams
    vectors = np.zeros((len(words), model.dimension), np.float32)
    with np.errstate(all="ignore"):  # what is not finite is refused
        for start in range(0, len(words), _WORDS):
            vectors[start : start + _WORDS] = _averages(model, start, words[start : start + _WORDS])
        check_finite(vectors, "input")
        if not has_ngrams:
            ngrams = None
        else:
            count = model.vocabulary.row_count - len(words)
            matrix = model.input.rows(np.arange(len(words), len(words) + count)).astype(np.float32)
            ngrams = NgramVectors(
                replace(model.vocabulary, words=(), labels=frozenset()), check_finite(matrix, "input")
            )
    return WordVectors(words=tuple(decode(word) for word in words), vectors=vectors, ngrams=ngrams)


def _averages(model: FastTextModel, start: int, words: tuple[bytes, ...]) -> Array:
    owner, row = model.vocabulary.rows_of_words(list(words))
    used, place = np.unique(row, return_inverse=True)
    values = model.input.rows(used)
    starts = np.searchsorted(owner, np.arange(len(words)))  # each word has a row of its own
    return np.asarray(np.add.reduceat(values[place], starts) / np.bincount(owner)[:, None])
