"""`NgramTable`: a straight model of text: one weight per n-gram and class; a text's logits are their average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...arrays import Array
from ...file_access import write_file
from .int8_blocks import Int8Blocks
from .table_file import TableParts, read_table_file, to_bytes
from .tree import LabelTree
from .vocabulary import LABEL, Vocabulary, decode


@dataclass(frozen=True, eq=False)
class TextExplanation:
    """What each n-gram of a text adds to the logits; the sum of all is the logits.

    Parameters
    ----------
    text : str
    words : tuple of str
        The words that fastText sees; the last is the end of the line, ``</s>``.
    outputs : tuple of str
        What the columns are: classes, or the nodes of a tree of classes ("right | left").
    ngrams : tuple of str
        In the order of the words.
    places : tuple of (int, int)
        The words that each n-gram comes from: the first, and one after the last.
    contributions : array, (n-grams, outputs)
    """

    text: str
    words: tuple[str, ...]
    outputs: tuple[str, ...]
    ngrams: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    contributions: Array

    @property
    def logits(self) -> Array:
        """The sum of the contributions (outputs,)."""
        return np.asarray(self.contributions.sum(axis=0))

    @property
    def by_word(self) -> Array:
        """Contributions of the words (words, outputs): an n-gram of several words is shared equally among them."""
        shares = np.zeros((len(self.words), len(self.outputs)))
        for (first, last), row in zip(self.places, self.contributions, strict=True):
            shares[first:last] += row / (last - first)
        return shares


@dataclass(frozen=True, eq=False, kw_only=True)
class NgramTable:
    """A straight model of text.

    A text's logits are the average of its n-grams' rows. ``collapse`` makes it from a fastText model.

    Parameters
    ----------
    vocabulary : Vocabulary
        Which rows a text adds.
    weights : array of float64 or Int8Blocks, (rows, outputs)
    labels : tuple of bytes
        The classes, as fastText writes them.
    link : str
        How probabilities are made of logits: ``"softmax"``, ``"one_vs_all"`` (σ of each) or ``"tree"``.
    tree : LabelTree, optional
        For ``"tree"``: the outputs are its nodes.
    """

    vocabulary: Vocabulary
    weights: Array | Int8Blocks
    labels: tuple[bytes, ...]
    link: str
    tree: LabelTree | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels without ``__label__``, where all have it."""
        cut = len(LABEL) if all(label.startswith(LABEL) for label in self.labels) else 0
        return tuple(decode(label[cut:]) for label in self.labels)

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the columns are: the classes, or the tree's nodes."""
        return self.classes if self.tree is None else self.tree.names(self.classes)

    @property
    def is_linear(self) -> bool:
        """Whether the classes' log odds are differences of the outputs: not for a tree of more than two classes."""
        return self.tree is None or len(self.labels) <= 2

    def logits(self, texts: Sequence[str]) -> Array:
        """Score texts.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        array of float64, (n, outputs)
            NaN where a text has no word or n-gram that the model knows.
        """
        from scipy.sparse import csr_array

        sums, totals = np.zeros((len(texts), self.weights.shape[1])), np.zeros(len(texts))
        for found in self.vocabulary.batches(texts):
            names, text = np.unique(found.text, return_inverse=True)
            used, place = np.unique(found.row, return_inverse=True)
            counts = csr_array((np.ones(len(place)), (text, place)), shape=(len(names), len(used)))
            sums[names] += counts @ self.rows(used)
            totals[names] += np.bincount(text, minlength=len(names))
        return sums / np.where(totals, totals, np.nan)[:, None]

    def rows(self, numbers: Array) -> Array:
        """The chosen rows in float64."""
        return self.weights.rows(numbers) if isinstance(self.weights, Int8Blocks) else self.weights[numbers]

    def probabilities(self, texts: Sequence[str]) -> Array:
        """The probability of each class.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        array of float64, (n, classes)
            As fastText's, without the 0.00001 that it adds to each; with one against the rest they do not sum to 1.
        """
        with np.errstate(invalid="ignore"):  # NaN where a text has nothing known
            return self._probabilities(self.logits(texts))

    def _probabilities(self, logits: Array) -> Array:
        if self.tree is not None:
            return self.tree.probabilities(logits)
        if self.link == "one_vs_all":
            return np.asarray(np.exp(-np.logaddexp(0, -logits)))
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))

    def predict(self, texts: Sequence[str]) -> list[str | None]:
        """The most probable class.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        list of str or None
            None where a text has nothing that the model knows.
        """
        shares, classes = self.probabilities(texts), self.classes
        return [None if np.isnan(row[0]) else classes[int(row.argmax())] for row in shares]

    def explain(self, text: str) -> TextExplanation:
        """What each n-gram adds to the logits.

        Parameters
        ----------
        text : str

        Returns
        -------
        TextExplanation
            Its contributions sum to the logits, to float rounding.
        """
        parts = self.vocabulary.parts(text)
        rows = self.rows(np.array([part.row for part in parts], np.int64)) / max(len(parts), 1)
        return TextExplanation(
            text,
            tuple(decode(token) for token in self.vocabulary.tokens(text)),
            self.outputs,
            tuple(part.ngram for part in parts),
            tuple((part.first, part.last) for part in parts),
            rows,
        )

    def save(self, path: str | Path) -> Path:
        """Write the table to a file, which `unbend.load` reads.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Path
            The path.
        """
        return write_file(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """The bytes of its file.

        Returns
        -------
        bytes
        """
        return to_bytes(TableParts(self.vocabulary, self.weights, self.labels, self.link, self.tree))

    @classmethod
    def load(cls, path: str | Path) -> NgramTable:
        """Read a file that `save` wrote.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        NgramTable

        Raises
        ------
        ModelError
            Naming what is wrong with a file that is no such table.
        """
        return cls(**read_table_file(path)._asdict())

    def __repr__(self) -> str:
        rows, outputs = self.weights.shape
        kind = "int8" if isinstance(self.weights, Int8Blocks) else "float64"
        return f"NgramTable({rows:,} n-grams, {outputs:,} outputs; {self.link}; {kind})"
