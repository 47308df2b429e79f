"""`explain_text`: a text's outputs as the sum of what its words add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...display import Displayed
from ...errors import BadInput
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.ngrams import NGrams
from ...text.normalise import normalise
from ...text.weighting import Weighting
from ..scores import probabilities
from .temperature import damped
from .text_model_parts import TextModelParts

MOST_CHARACTERS = 100_000  # of a text whose n-grams are listed


@dataclass(frozen=True, eq=False)
class TextExplanation(Displayed):
    """What each word of a text adds to a straight model's outputs.

    Attributes
    ----------
    text : str
        The text in the form in which it was read (NFC, lower case).
    words : tuple of (int, int)
        Where each word, a run without spaces, begins and ends in ``text``.
    contributions : ndarray of shape (words, outputs)
        What each word adds; an n-gram's share is divided among the letters and signs that it covers.
    ngrams : tuple of (int, int)
        Where each n-gram that the model knows begins and ends, spaces included.
    ngram_contributions : ndarray of shape (ngrams, outputs)
        What each n-gram adds.
    intercepts : ndarray of shape (outputs,)
        What a text without any known n-gram gets; of a table's text column what the rest of its row gives.
    output : ndarray of shape (outputs,)
        The model's output: the intercepts plus the sum of the contributions, but for rounding.
    classes : tuple of str
        The labels, () for a model of numbers; of two, the only output speaks for the second.
    damping : float, default 0
        Of two classes, the second one's log odds are ``output/(1 + damping*|output|)``.
    """

    text: str
    words: tuple[tuple[int, int], ...]
    contributions: Array
    ngrams: tuple[tuple[int, int], ...]
    ngram_contributions: Array
    intercepts: Array
    output: Array
    classes: tuple[str, ...] = ()
    damping: float = 0.0

    @property
    def strongest(self) -> int:
        """The output that says most: of several classes that of the most probable one, else the only one."""
        return int(self.output.argmax())

    @property
    def prediction(self) -> str | float:
        """The most probable label, or the value."""
        if not self.classes:
            return float(self.output[0])
        return self.classes[int(self.probabilities.argmax())]

    @property
    def probabilities(self) -> Array:
        """Those of the classes (classes,); none for a model of numbers."""
        return probabilities(self.log_odds[None])[0] if self.classes else np.empty(0)

    @property
    def log_odds(self) -> Array:
        """The output as the probabilities are made of it: damped, (outputs,)."""
        return damped(self.output, self.damping)

    def to_json(self) -> dict[str, Any]:
        """The words and n-grams in their order, each with where it begins and ends and what it adds."""

        def listed(name: str, places: Sequence[tuple[int, int]], shares: Array) -> list[dict[str, Any]]:
            return [
                {name: self.text[begin:end], "begin": begin, "end": end, "contributions": row}
                for (begin, end), row in zip(places, shares.tolist(), strict=True)
            ]

        return {
            "text": self.text,
            "outputs": list(self.classes[-1:] if len(self.classes) == 2 else self.classes) or ["y"],
            "output": self.output.tolist(),
            "intercepts": self.intercepts.tolist(),
            "words": listed("word", self.words, self.contributions),
            "ngrams": listed("ngram", self.ngrams, self.ngram_contributions),
            "prediction": self.prediction,
            "probabilities": dict(zip(self.classes, self.probabilities.tolist(), strict=True)),
        }


def explain_text(model: TextModelParts, text: Any, output: Array) -> TextExplanation:
    """Every n-gram's contribution, folded up to words; ``output`` (outputs,) is what the model says of the text."""
    normal = _normal(text)
    found = _located(normal, NgramSum(model.grams, model.weighting, model.weights))
    return _explanation(normal, [found], model.intercepts, output, model.classes, model.damping)


class NgramSum(NamedTuple):
    """Which n-grams a text's features are sums over, and what each adds; the features times ``slopes`` are added to
    the outputs (features, outputs), by default as they are."""  # fmt: skip

    grams: NGrams
    weighting: Weighting
    weights: Int8Blocks
    slopes: Array | None = None


def explain_sums(text: Any, sums: Sequence[NgramSum], output: Array, classes: tuple[str, ...]) -> TextExplanation:
    """What the words of one text of a row add by all these sums; the intercepts are what the rest of the row gives."""
    normal = _normal(text)
    found = [_located(normal, one) for one in sums]
    rest = output - np.sum([shares.sum(axis=0) for shares, _, _ in found], axis=0)
    return _explanation(normal, found, rest, output, classes)


def _normal(text: Any) -> str:
    """The text, normalised; `BadInput` where it has too many n-grams to list each."""
    normal = normalise(text)
    if len(normal) > MOST_CHARACTERS:
        raise BadInput("text.too_long_to_explain", characters=len(normal), most=MOST_CHARACTERS)
    return normal


_Located = tuple[Array, Array, Array]  # contributions (k, outputs) of n-grams, where they begin and end (k,)


def _located(text: str, one: NgramSum) -> _Located:
    buckets, begins, ends = one.grams.locate(text)
    columns = one.weighting.number[buckets].astype(np.int64)
    known = columns >= 0
    columns, begins, ends = columns[known], begins[known], ends[known]
    shares = _values(columns, one.weighting)[:, None] * one.weights.rows(columns).astype(np.float32)
    return (shares if one.slopes is None else shares @ one.slopes), begins, ends


def _explanation(
    text: str,
    found: Sequence[_Located],
    intercepts: Array,
    output: Array,
    classes: tuple[str, ...],
    damping: float = 0.0,
) -> TextExplanation:
    shares, begins, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    words = tuple(match.span() for match in re.finditer(r"\S+", text))
    return TextExplanation(
        text=text,
        words=words,
        contributions=_by_word(shares, begins, ends, text, words),
        ngrams=tuple(zip(begins.tolist(), ends.tolist(), strict=True)),
        ngram_contributions=shares,
        intercepts=intercepts,
        output=output,
        classes=classes,
        damping=damping,
    )


def _values(columns: Array, weighting: Weighting) -> Array:
    """Each n-gram's part of its column's value (k,): the value divided by how often the column occurs."""
    distinct, place, counts = np.unique(columns, return_inverse=True, return_counts=True)
    values = np.log2(1 + counts) * weighting.idf[distinct]
    length = float(np.sqrt(np.sum(values**2)))
    parts: Array = (values / counts / (length if length > 0 else 1.0))[place]
    return parts


def _by_word(shares: Array, begins: Array, ends: Array, text: str, words: tuple[tuple[int, int], ...]) -> Array:
    """N-grams' contributions (k, outputs) divided among the words that they cover, by the characters they share."""
    visible = np.zeros(len(text) + 1)  # characters of words before each place
    for begin, end in words:
        visible[begin + 1 : end + 1] = 1
    visible = np.cumsum(visible)
    covered = visible[ends] - visible[begins]
    total = np.zeros((len(words), shares.shape[1]))
    starts = np.array([begin for begin, _ in words], np.int64)
    stops = np.array([end for _, end in words], np.int64)
    for share, begin, end, size in zip(shares, begins, ends, covered, strict=True):
        if size > 0:
            first, last = np.searchsorted(stops, begin, "right"), np.searchsorted(starts, end, "left")
            overlap = np.minimum(stops[first:last], end) - np.maximum(starts[first:last], begin)
            total[first:last] += overlap[:, None] / size * share
    return total
