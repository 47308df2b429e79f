"""`TextModel`: a straight model of text, one weight for each n-gram and class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import Array
from ...display import Displayed
from ...kernels.sources import load_kernels
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.ngrams import NGrams
from ...text.sparse_rows import SparseRows
from ...text.weighting import KERNEL, Weighting
from ..scores import probabilities
from .held_out import HeldOut
from .temperature import damped
from .text_explanation import TextExplanation, explain_text
from .text_model_file import load, save
from .text_model_parts import TextModelParts


@dataclass(frozen=True, eq=False)
class TextModel(Displayed):
    """A linear model of a text's n-grams; `unbend.verdict.text.fit_text` makes one.

    Parameters
    ----------
    grams : NGrams
        Which n-grams are counted.
    weighting : Weighting
        How counts become the numbers that are multiplied by the weights.
    weights : Int8Blocks
        (n-grams, outputs).
    intercepts : ndarray of shape (outputs,)
    classes : tuple of str
        The labels, () for a model of numbers. Two classes have one output, positive for the second; more have one
        each (softmax).
    held_out : HeldOut
        How well such a model did on rows that it was not fitted to.
    damping : float, default 0
        Of two classes, the second one's log odds are ``output/(1 + damping*|output|)``: far from 0 the sum of a text's
        n-grams is surer than it is right.

    Examples
    --------
    >>> from unbend.verdict.text import fit_text
    >>> texts = ["good film", "a very good one", "so good", "bad film", "a very bad one", "so bad"] * 5
    >>> model = fit_text(texts, ["yes", "yes", "yes", "no", "no", "no"] * 5)
    >>> model.classes, model.predict(["good", "bad"]).tolist()
    (('no', 'yes'), ['yes', 'no'])
    """

    grams: NGrams
    weighting: Weighting
    weights: Int8Blocks
    intercepts: Array
    classes: tuple[str, ...]
    held_out: HeldOut
    damping: float = 0.0

    def output(self, texts: Sequence[Any]) -> Array:
        """The linear model's outputs.

        Parameters
        ----------
        texts : sequence of str
            What is missing (None, NaN) is an empty text.

        Returns
        -------
        ndarray of shape (n, outputs)
            Log odds (before the damping), one number per class (before the softmax), or values.
        """
        scored = self.grams.map_chunks(texts, self._score)
        return np.concatenate([np.empty((0, len(self.intercepts))), *scored])

    def predict(self, texts: Sequence[Any]) -> Array:
        """Values, or the labels of the most probable classes, (n,)."""
        return self.prediction(self.output(texts))

    def prediction(self, output: Array) -> Array:
        """Values, or the most probable labels (n,), from outputs (n, outputs)."""
        if not self.classes:
            return output[:, 0].copy()
        codes = (output[:, 0] > 0).astype(int) if len(self.classes) == 2 else output.argmax(axis=1)
        labels: Array = np.asarray(self.classes)[codes]
        return labels

    def probabilities(self, texts: Sequence[Any]) -> Array:
        """Probabilities of ``classes``, (n, classes), calibrated on held-out rows."""
        return probabilities(self.log_odds(texts))

    def log_odds(self, texts: Sequence[Any]) -> Array:
        """The outputs as the probabilities are made of them: damped, (n, outputs)."""
        return damped(self.output(texts), self.damping)

    def explain(self, text: Any) -> TextExplanation:
        """What every word of a text adds to the outputs: with the intercepts these sum to the outputs."""
        return explain_text(self._parts, text, self.output([text])[0])

    def save(self, path: str | Path) -> Path:
        """Write the model to a file, of which nothing can run; `load` reads it, bit by bit the same."""
        return save(self._parts, path)

    @classmethod
    def load(cls, path: str | Path) -> TextModel:
        """Read what `save` wrote. Raises ``ModelError``."""
        return cls(*load(path))

    @property
    def _parts(self) -> TextModelParts:
        return TextModelParts(**{name: getattr(self, name) for name in TextModelParts._fields})

    @cached_property
    def matrix(self) -> Array:
        """The weights, float32 (n-grams, outputs)."""
        return self.weights.rows(np.arange(self.weights.shape[0])).astype(np.float32)

    @cached_property
    def _tables(self) -> tuple[Array, Array, Array, Array]:
        """What the kernel multiplies by: each bucket's column, idf, weights by columns, intercepts."""
        return self.weighting.number, self.weighting.idf, self.matrix.reshape(-1), self.intercepts

    def _score(self, counts: SparseRows) -> Array:
        out = np.zeros(len(counts) * len(self.intercepts))
        kernels = load_kernels(KERNEL)
        kernels.score_counts(counts.row_starts, counts.columns, counts.values, *self._tables, out)
        return out.reshape(len(counts), -1)
