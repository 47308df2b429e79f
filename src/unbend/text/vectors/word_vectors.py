"""`WordVectors`: a vector for each word; nearest words, linear combinations of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import BadInput
from ...file_access import write_file
from ..fasttext.vocabulary import Vocabulary, encode
from .corpus import words_of
from .expression import parse
from .files import VectorFile, to_tensors, to_vec


@dataclass(frozen=True, eq=False)
class NgramVectors:
    """Vectors of character n-grams (rows, dimensions), by the buckets of a vocabulary without words."""

    vocabulary: Vocabulary
    vectors: Array

    def vector(self, word: str) -> Array | None:
        """The average of a word's n-grams; None where none is known."""
        found = self.vocabulary.rows_of_words([encode(word)])[1]
        return np.asarray(self.vectors[found].astype(np.float64).mean(axis=0)) if len(found) else None


@dataclass(frozen=True, eq=False, kw_only=True)
class WordVectors:
    """A vector for each word, as :func:`unbend.vectors` makes it or a file holds it.

    Parameters
    ----------
    words : tuple of str
        The most frequent first.
    vectors : array, (words, dimensions)
    ngrams : NgramVectors, optional
        Vectors of character n-grams, from which an unknown word gets the average of its own.
    about : dict
        How they were made.
    """

    words: tuple[str, ...]
    vectors: Array
    ngrams: NgramVectors | None = None
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self.vectors.shape[1])

    @cached_property
    def row_of_word(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def _directions(self) -> Array:
        lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        return np.asarray(self.vectors / np.where(lengths > 0, lengths, 1))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.row_of_word

    def __getitem__(self, word: str) -> Array:
        """A word's vector (dimensions,), float64. Raises ``BadInput`` where neither it nor its n-grams are known."""
        for spelling in (word, *words_of(word)[:1]):
            if spelling in self.row_of_word:
                return np.asarray(self.vectors[self.row_of_word[spelling]], np.float64)
        vector = None if self.ngrams is None else self.ngrams.vector(word)
        if vector is None:
            raise BadInput("vectors.unknown_word", word=word)
        return vector

    def combine(self, expression: str) -> Array:
        """A linear combination of words' directions (their vectors with length 1).

        Parameters
        ----------
        expression : str
            Such as ``"king - man + woman"`` or ``"0.5*good + 0.5*bad"``; spaces around + and -.

        Returns
        -------
        array of float64, (dimensions,)

        Raises
        ------
        BadInput
            For an expression that cannot be read, or a word that is not known.
        """
        total = np.zeros(self.dimension)
        for factor, word in parse(expression):
            vector = self[word]
            total += factor * vector / (np.linalg.norm(vector) or 1.0)
        return total

    def near(self, what: str | Array, count: int = 10, without: Iterable[str] = ()) -> list[tuple[str, float]]:
        """The words whose vectors point the most in the same direction.

        Parameters
        ----------
        what : str or array, (dimensions,)
            A word, or a vector.
        count : int, default 10
        without : iterable of str
            Words that are left out; a word that is asked about always is.

        Returns
        -------
        list of (str, float)
            Words and cosines, the nearest first (ties: the more frequent).

        Raises
        ------
        BadInput
            For a word that is not known, or a vector of another length.
        """
        vector = self[what] if isinstance(what, str) else np.asarray(what, np.float64)
        if vector.shape != (self.dimension,):
            raise BadInput("vectors.vector_shape", got=vector.shape, wanted=self.dimension)
        left_out = {*without, *([what, *words_of(what)] if isinstance(what, str) else ())}
        cosines = self._directions @ (vector / (np.linalg.norm(vector) or 1.0))
        answers: list[tuple[str, float]] = []
        for row in np.argsort(-cosines, kind="stable"):
            if len(answers) >= count:
                break
            if self.words[row] not in left_out:
                answers.append((self.words[row], float(cosines[row])))
        return answers

    def analogy(self, expression: str, count: int = 10) -> list[tuple[str, float]]:
        """The words nearest to a linear combination: "king - man + woman".

        Parameters
        ----------
        expression : str
            As for `combine`.
        count : int, default 10

        Returns
        -------
        list of (str, float)
            Words and cosines; the expression's own words are left out (3CosAdd, Mikolov et al. 2013).
        """
        own = [word for _, word in parse(expression)]
        return self.near(self.combine(expression), count, [*own, *(w for word in own for w in words_of(word))])

    def similarity(self, first: str, second: str) -> float:
        """The cosine of the angle between two words' vectors.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From -1 to 1.
        """
        a, b = self[first], self[second]
        return float(a @ b / ((np.linalg.norm(a) * np.linalg.norm(b)) or 1.0))

    def plane(self, words: Sequence[str]) -> Array:
        """Coordinates of words in the plane that shows most of their differences (their principal components).

        Parameters
        ----------
        words : sequence of str
            At least two.

        Returns
        -------
        array of float64, (words, 2)
            Of the directions, centred. Signs: the largest coordinate of each axis is positive.
        """
        if len(words) < 2:
            raise BadInput("vectors.plane_words", got=len(words))
        points = np.array([v / (np.linalg.norm(v) or 1.0) for v in (self[word] for word in words)])
        points -= points.mean(axis=0)
        axes = np.linalg.svd(points, full_matrices=False)[2][:2]
        plane = np.zeros((len(words), 2))
        plane[:, : len(axes)] = points @ axes.T
        signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
        return np.asarray(plane * np.where(signs == 0, 1, signs))

    def save(self, path: str | Path) -> Path:
        """Write the vectors to a file, which `unbend.load` reads.

        Parameters
        ----------
        path : str or Path
            A name that ends in ``.vec`` makes it word2vec's text format (without n-grams), any other safetensors.

        Returns
        -------
        Path
            The path.
        """
        if Path(path).suffix.lower() == ".vec":
            return write_file(path, to_vec(self.words, self.vectors))
        vocabulary = None if self.ngrams is None else self.ngrams.vocabulary
        ngrams = None if self.ngrams is None else self.ngrams.vectors
        return write_file(path, to_tensors(self.words, self.vectors, vocabulary, ngrams, self.about))

    @classmethod
    def from_file(cls, file: VectorFile) -> WordVectors:
        """The vectors that a file holds.

        Parameters
        ----------
        file : VectorFile

        Returns
        -------
        WordVectors
        """
        ngrams = None if file.vocabulary is None or file.ngrams is None else NgramVectors(file.vocabulary, file.ngrams)
        return cls(words=file.words, vectors=file.vectors, ngrams=ngrams, about=file.about)

    def __repr__(self) -> str:
        ngrams = "" if self.ngrams is None else f", {len(self.ngrams.vectors):,} n-grams"
        return f"WordVectors({len(self.words):,} words, {self.dimension} dimensions{ngrams})"
