"""`Vocabulary`: which rows of a matrix a text adds up: its words, their character n-grams, its word n-grams.

As fastText does it (``Dictionary::getLine``): a row for each word that was seen in training, then one for each bucket
that n-grams are hashed into. Nothing is normalised; a text is one line, which ends in the word ``</s>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from .hashing import character_ngrams, word_hashes, word_ngrams

END = b"</s>"
_BATCH = 100_000  # words
LABEL = b"__label__"  # fastText's default; a model's file does not say another


class Part(NamedTuple):
    """A row that a text adds: its n-gram, the text's words that it comes from (first, one after the last), the row."""

    ngram: str
    first: int
    last: int
    row: int


class Rows(NamedTuple):
    """Rows of several texts: for each of them the text's number, its first word's place and number of words."""

    text: Array
    row: Array
    word: Array
    length: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Vocabulary:
    """Words, then buckets, as rows; how n-grams are made and hashed.

    Parameters
    ----------
    words : tuple of bytes
        In UTF-8; word i is row i.
    bucket_count : int
        Hashes are taken modulo it; 0 where there are no n-grams.
    buckets : array of int64, optional
        The buckets that have rows, ascending; None for all of them. An n-gram of another bucket does not count.
    shortest, longest : int
        Characters of the n-grams of a word; ``longest`` 0 for none.
    word_ngrams : int
        The most words in an n-gram of words; 1 for none.
    labels : frozenset of bytes
        Words of a text that are left out.
    """

    words: tuple[bytes, ...]
    bucket_count: int = 0
    buckets: Array | None = None
    shortest: int = 0
    longest: int = 0
    word_ngrams: int = 1
    labels: frozenset[bytes] = frozenset()

    @cached_property
    def row_of_word(self) -> dict[bytes, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @property
    def has_ngrams(self) -> bool:
        """Whether n-grams have rows."""
        return self.bucket_count > 0 and (self.longest > 0 or self.word_ngrams > 1)

    @property
    def row_count(self) -> int:
        """Rows of the matrix."""
        buckets = 0 if not self.has_ngrams else self.bucket_count if self.buckets is None else len(self.buckets)
        return len(self.words) + buckets

    def tokens(self, text: str) -> list[bytes]:
        """The words of a text, up to and with ``</s>``, without labels."""
        words = encode(text).replace(b"\0", b" ").split()
        words = [*words[: words.index(END)], END] if END in words else [*words, END]
        if self.labels:
            words = [word for word in words if word not in self.labels]
        return [w for w in words if not w.startswith(LABEL) or w in self.row_of_word]

    def rows(self, texts: Sequence[str]) -> Rows:
        """All rows of the texts, text by text."""
        return self._rows([self.tokens(text) for text in texts])

    def batches(self, texts: Sequence[str]) -> Iterator[Rows]:
        """The same in batches of some 100,000 words, so that a text of any length takes little memory."""
        size, numbers, pieces, contexts = 0, [], [], []
        for number, text in enumerate(texts):
            tokens = self.tokens(text)
            for start in range(0, len(tokens), _BATCH):
                context = min(start, self.word_ngrams - 1)  # words of n-grams that end in this piece
                pieces.append(tokens[start - context : start + _BATCH])
                numbers.append(number)
                contexts.append(context)
                size += len(pieces[-1])
                if size >= _BATCH:
                    yield self._batch(pieces, np.array(numbers), np.array(contexts))
                    size, numbers, pieces, contexts = 0, [], [], []
        if pieces:
            yield self._batch(pieces, np.array(numbers), np.array(contexts))

    def _batch(self, pieces: list[list[bytes]], numbers: Array, contexts: Array) -> Rows:
        found = self._rows(pieces)
        own = found.word + found.length > contexts[found.text]
        return Rows(numbers[found.text[own]], found.row[own], found.word[own], found.length[own])

    def _rows(self, tokens: list[list[bytes]]) -> Rows:
        document = np.repeat(np.arange(len(tokens)), [len(words) for words in tokens])
        number: dict[bytes, int] = {}
        place = np.array([number.setdefault(word, len(number)) for words in tokens for word in words], np.int64)
        owner, row = self.rows_of_words(list(number))
        offsets = np.searchsorted(owner, np.arange(len(number) + 1))
        counts = np.diff(offsets)[place] if len(place) else place
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        word = np.repeat(np.arange(len(place)), counts)
        texts_, rows = [document[word]], [row[np.repeat(offsets[place], counts) + within]]
        words_, lengths = [word], [np.ones(len(word), np.int64)]
        if self.word_ngrams > 1 and self.bucket_count:
            pairs = word_ngrams(word_hashes(list(number))[place], document, self.word_ngrams)
            for n, (first, hashed) in enumerate(pairs, 2):
                chosen, at = self._rows_of_buckets((hashed % np.uint64(self.bucket_count)).astype(np.int64))
                texts_.append(document[first[chosen]])
                rows.append(at)
                words_.append(first[chosen])
                lengths.append(np.full(len(at), n))
        text = np.concatenate(texts_)
        order = np.argsort(text, kind="stable")
        begin = np.searchsorted(document, np.arange(len(tokens)))
        words = np.concatenate(words_)[order] - begin[text[order]] if len(text) else np.zeros(0, np.int64)
        return Rows(text[order], np.concatenate(rows)[order], words, np.concatenate(lengths)[order])

    def parts(self, text: str) -> list[Part]:
        """The rows of one text with the n-gram of each, in the order of its words."""
        tokens = self.tokens(text)
        names: list[list[tuple[str, int]]] = []  # for each word: n-gram and row
        for token in tokens:
            known = self.row_of_word.get(token)
            names.append([] if known is None else [(decode(token), known)])
            if self.longest and self.bucket_count and token != END:
                ngrams = character_ngrams([token], self.shortest, self.longest)
                chosen, rows = self._rows_of_buckets(ngrams.hash.astype(np.int64) % self.bucket_count)
                spans = zip(ngrams.start[chosen], ngrams.end[chosen], rows, strict=True)
                names[-1] += [(decode(ngrams.text[a:b]), int(row)) for a, b, row in spans]
        parts = [Part(name, i, i + 1, row) for i, found in enumerate(names) for name, row in found]
        found = self.rows([text])
        joint = found.length > 1
        for first, length, row in zip(found.word[joint], found.length[joint], found.row[joint], strict=True):
            ngram = " ".join(decode(token) for token in tokens[first : first + length])
            parts.append(Part(ngram, int(first), int(first + length), int(row)))
        return parts

    def rows_of_words(self, words: list[bytes]) -> tuple[Array, Array]:
        """The rows of each word alone: the word's number, ascending, and the row."""
        known = [(i, row) for i, word in enumerate(words) if (row := self.row_of_word.get(word)) is not None]
        found = np.array(known, np.int64).reshape(-1, 2)
        if not (self.longest and self.bucket_count):
            return found[:, 0], found[:, 1]
        inner = [i for i, word in enumerate(words) if word != END]
        ngrams = character_ngrams([words[i] for i in inner], self.shortest, self.longest)
        chosen, at = self._rows_of_buckets(ngrams.hash.astype(np.int64) % self.bucket_count)
        owner = np.concatenate([found[:, 0], np.array(inner, np.int64)[ngrams.word[chosen]]])
        order = np.argsort(owner, kind="stable")
        return owner[order], np.concatenate([found[:, 1], at])[order]

    def _rows_of_buckets(self, buckets: Array) -> tuple[Array, Array]:
        """Which of the buckets have a row (indices), and their rows."""
        if self.buckets is None:
            return np.arange(len(buckets)), buckets + len(self.words)
        at = np.searchsorted(self.buckets, buckets)
        chosen = np.flatnonzero(self.buckets[np.minimum(at, len(self.buckets) - 1)] == buckets) if len(
            self.buckets) else np.zeros(0, np.int64)  # fmt: skip
        return chosen, at[chosen] + len(self.words)


def encode(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has no UTF-8, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()


def decode(word: bytes) -> str:
    """A word for people: bytes that are no UTF-8 as ``\\xff``."""
    return word.decode("utf-8", "backslashreplace")
