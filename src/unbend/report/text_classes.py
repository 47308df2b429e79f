"""What speaks for each class: the words that alone say most, with bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..text.normalise import normalise
from ..verdict.text.text_model import TextModel
from ..verdict.text.word_table import words_of
from ..words import say
from .contributions import bar_row, signed
from .html import folded_part, label, paragraph, section
from .text_contributions import output_name

LEAST_TEXTS = 5
WORDS = 12  # of each class
MOST_CLASSES, UNFOLDED = 24, 6


def frequent_words(texts: Iterable[Any], least: int = LEAST_TEXTS) -> list[str]:
    """The words that occur in at least so many texts, the most frequent ones first."""
    counts: Counter[str] = Counter()
    for text in texts:
        normal = normalise(text)
        counts.update({normal[begin:end] for begin, end in words_of(text)})
    return [word for word, count in counts.most_common() if count >= least]


def speaking_words(model: TextModel, words: Sequence[str], count: int = WORDS) -> list[list[tuple[str, float]]]:
    """For each output the words, in order, that speak most for it, and for the only output those most against it.

    A word's weight is what a text of that word alone adds to the output, negative for words against it.
    """
    if not words:
        return []
    weights = model.output(words) - model.intercepts
    if weights.shape[1] == 1:
        against, in_favour = (_strongest(words, sign * weights[:, 0], count) for sign in (-1, 1))
        return [[(word, -weight) for word, weight in against], in_favour]
    return [_strongest(words, column, count) for column in weights.T]


def speaking_words_section(model: TextModel, texts: Sequence[Any], least: int = LEAST_TEXTS) -> str:
    """The section: a table of words with bars for every class, of many the first ones."""
    found = speaking_words(model, frequent_words(texts, least))
    titles = list(model.classes) or [say("text_views.lowers"), say("text_views.raises")]
    tables = [
        _table(say("text_views.speaks_for", of=title) if model.classes else title, words)
        for title, words in zip(titles[:MOST_CLASSES], found[:MOST_CLASSES], strict=False)
        if words
    ]
    if not tables:
        return ""
    others = tables[UNFOLDED:]
    of = say("text_views.speaks_score") if len(model.classes) > 2 else output_name(model.classes, 0)
    return section(
        say("text_views.speaks_title"),
        _pairs(tables[:UNFOLDED]),
        folded_part(say("text_views.speaks_others", count=len(others)), _pairs(others)) if others else "",
        paragraph(say("text_views.speaks_note", of=of, least=least), "note"),
    )


def _pairs(tables: Sequence[str]) -> str:
    return f'<div class="pair lab-two">{"".join(tables)}</div>'


def _strongest(words: Sequence[str], weights: Array, count: int) -> list[tuple[str, float]]:
    order = np.argsort(-weights, kind="stable")[:count]
    return [(words[i], float(weights[i])) for i in order if weights[i] > 0]


def _table(title: str, words: Sequence[tuple[str, float]]) -> str:
    largest = max(abs(weight) for _, weight in words)
    rows = "".join(bar_row(word, weight, largest, signed(weight)) for word, weight in words)
    head = f"<thead><tr><th scope=col colspan=3>{label(title)}</th></tr></thead>"
    return f"<div><table>{head}<tbody>{rows}</tbody></table></div>"
