"""`WordTable`: the words of texts, and which pairs of them stand within a few places of each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from ...text.normalise import normalise

WINDOW = 3  # the second word of a pair stands at most so many places after the first
LONGEST_BEGINNING = 2  # syllables
_WORD = re.compile(r"\w+")


def words_of(text: Any) -> list[tuple[int, int]]:
    """Where each word, a run of letters and digits, begins and ends in the normalised text."""
    return [match.span() for match in _WORD.finditer(normalise(text))]


def forms(word: str) -> tuple[str, ...]:
    """The word, and the beginnings of a Korean one: endings grow on them (좋아요 is 좋아요, 좋… and 좋아…)."""
    if not "가" <= word[0] <= "힣":
        return (word,)
    return word, *(word[:size] + "…" for size in range(1, min(LONGEST_BEGINNING, len(word) - 1) + 1))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Which texts have which pairs: entries sorted by pair, then by text.

    ``first`` and ``second`` (pairs,) are words' numbers; ``pair``, ``row`` and ``adjacent`` (entries,) say where a pair
    occurs, and whether the two are neighbours there.
    """

    first: Array
    second: Array
    pair: Array
    row: Array
    adjacent: Array

    def __len__(self) -> int:
        return len(self.first)

    def sums(self, values: Array) -> tuple[Array, Array]:
        """(of all texts with each pair, of those where the two are neighbours): sums of values (rows,)."""
        here = values[self.row]
        return np.bincount(self.pair, here, len(self)), np.bincount(self.pair, here * self.adjacent, len(self))


@dataclass(frozen=True, eq=False)
class WordTable:
    """The words of texts, one after the other.

    Attributes
    ----------
    words : dict of str to int
        The words and beginnings that have numbers.
    row : ndarray of int64, (places,)
        The text that each word stands in.
    numbers : ndarray of int64, (places, forms)
        The word's number and those of its beginnings, -1 where there is none.
    rows : int
        How many texts there are.
    """

    words: dict[str, int]
    row: Array
    numbers: Array
    rows: int
    _occurrences: dict[int, Array] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, texts: Sequence[Any], words: Sequence[str] | None = None, least_rows: int = 1) -> WordTable:
        """Read texts; only the given words get numbers, by default those that occur in at least so many texts."""
        known: dict[str, int] = {} if words is None else {word: i for i, word in enumerate(words)}
        numbered: dict[str, tuple[int, ...]] = {}
        row, numbers = [], []
        for i, text in enumerate(texts):
            for word in _WORD.findall(normalise(text)):
                own = numbered.get(word)
                if own is None:
                    own = tuple(
                        known.setdefault(form, len(known)) if words is None else known.get(form, -1)
                        for form in forms(word)
                    )
                    own += (-1,) * (1 + LONGEST_BEGINNING - len(own))
                    numbered[word] = own
                row.append(i)
                numbers.append(own)
        table = cls(
            known,
            np.array(row, np.int64),
            np.array(numbers, np.int64).reshape(-1, 1 + LONGEST_BEGINNING),
            len(texts),
        )
        return table if words is not None else table._with_frequent(least_rows)

    @property
    def lengths(self) -> Array:
        """The number of words of each text (rows,)."""
        return np.bincount(self.row, minlength=self.rows)

    def presence(self, word: int) -> Array:
        """Whether each text has the word, 0 or 1, (rows,)."""
        present = np.zeros(self.rows)
        present[self.row[self._places(word)]] = 1
        return present

    def pair_presence(self, first: int, second: int, window: int = WINDOW) -> tuple[Array, Array]:
        """(whether each text has the pair, whether as neighbours), 0 or 1, (rows,) each."""
        near, adjacent = np.zeros(self.rows), np.zeros(self.rows)
        starts, ends = self._places(first), self._places(second)
        for distance in range(window, 0, -1):
            at = starts[np.isin(starts + distance, ends, assume_unique=True)]
            at = at[self.row[at] == self.row[at + distance]]
            near[self.row[at]] = 1
            if distance == 1:
                adjacent[self.row[at]] = 1
        return near, adjacent

    def pairs(self, least_rows: int, window: int = WINDOW) -> Pairs:
        """All pairs of two different words that at least so many texts have."""
        count = max(len(self.words), 1)
        near = np.unique(np.concatenate([self._keys(d, count) for d in range(1, window + 1)]))
        adjacent = np.isin(near, np.unique(self._keys(1, count)), assume_unique=True)
        pair, row = near // max(self.rows, 1), near % max(self.rows, 1)
        found, pair, texts = np.unique(pair, return_inverse=True, return_counts=True)
        often = texts >= least_rows
        selected = often[pair]
        return Pairs(
            first=found[often] // count,
            second=found[often] % count,
            pair=(np.cumsum(often) - 1)[pair[selected]],
            row=row[selected],
            adjacent=adjacent[selected],
        )

    def word_sums(self, values: Array) -> Array:
        """Sums (words,) of values (rows,) over the texts that have each word."""
        row, number = self._entries
        return np.bincount(number, values[row], max(len(self.words), 1))

    @cached_property
    def _entries(self) -> tuple[Array, Array]:
        """(text, word) of every different word of every text."""
        count = max(len(self.words), 1)
        row = np.repeat(self.row, self.numbers.shape[1])
        number = self.numbers.reshape(-1)
        entries = np.unique(row[number >= 0] * count + number[number >= 0])
        return entries // count, entries % count

    def _keys(self, distance: int, count: int) -> Array:
        """(pair of words, text) as one number, for words so many places apart."""
        first, second = self.numbers[:-distance], self.numbers[distance:]
        row = self.row[:-distance]
        keys = [np.zeros(0, np.int64)]
        for i in range(first.shape[1]):
            for j in range(second.shape[1]):
                a, b = first[:, i], second[:, j]
                both = (a >= 0) & (b >= 0) & (a != b) & (row == self.row[distance:])
                keys.append((a[both] * count + b[both]) * max(self.rows, 1) + row[both])
        return np.concatenate(keys)

    def _places(self, word: int) -> Array:
        if word not in self._occurrences:
            self._occurrences[word] = np.flatnonzero((self.numbers == word).any(axis=1))
        return self._occurrences[word]

    def _with_frequent(self, least_rows: int) -> WordTable:
        if not self.words:
            return self
        often = self.word_sums(np.ones(self.rows)) >= least_rows
        names = [word for word, number in self.words.items() if often[number]]
        renumber = np.append(np.where(often, np.cumsum(often) - 1, -1), -1)
        return WordTable({word: i for i, word in enumerate(names)}, self.row, renumber[self.numbers], self.rows)
