"""The page *Words*: a sentence's words add up to the answer; a word is left out; the pair that bends is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from textwrap import shorten
from typing import Any

import numpy as np

from ..report.contributions import signed
from ..report.html import paragraph, table
from ..report.number_text import number, percent
from ..report.text_classes import speaking_words_section
from ..report.text_contributions import adds_up, ngrams, sentence, shown_probability, subject, view
from ..report.text_pairs import text_pairs_section
from ..verdict.scores import probabilities
from ..verdict.text.text_explanation import TextExplanation
from ..widgets.fields import Choice, Field, Number, Switch, TextLine
from ..words import language, say
from .text_fit import MAX_CLASSES, MAX_ROWS, TOY, TextFit

MAX_WORDS = 30
MAX_NAMES = 80  # characters of the answers' names in a sentence
STARTS = {TOY: "toy", "chatbot-ko": "chatbot", "banking77": "banking"}


def fields() -> list[Field]:
    """What the reader can set."""
    sets = tuple((name, say(f"lab_words.set_{key}")) for name, key in STARTS.items())
    return [
        Choice("set", TOY, say("lab_words.set"), sets),
        TextLine("sentence", "", say("lab_words.sentence"), 500),
        Number("without", 0, say("lab_words.without"), low=0, high=MAX_WORDS, step=1),
        Switch("bend", False, say("lab_words.bend")),
    ]


def start(name: str) -> str:
    """A sentence to begin with, for an included set of texts."""
    return say(f"lab_words.start_{STARTS[name]}") if name in STARTS else ""


def summary(fit: TextFit) -> str:
    """What was learned from, in one sentence."""
    classes = shorten(", ".join(fit.model.classes), MAX_NAMES, placeholder=" …")
    text = say(
        "lab_words.summary",
        rows=len(fit.texts),
        text=fit.text,
        target=fit.target,
        answers=len(fit.model.classes),
        classes=classes,
        accuracy=percent(fit.accuracy),
    )
    notes = [text]
    if fit.answers > MAX_CLASSES:
        notes.append(say("lab_words.some_answers", most=MAX_CLASSES, all=fit.answers))
    if fit.seen > len(fit.texts):
        notes.append(say("lab_words.some_rows", rows=MAX_ROWS, all=fit.seen))
    return " ".join(notes)


def answer(fit: TextFit, values: Mapping[str, Any]) -> tuple[str, str]:
    """(the answer in one sentence, HTML: the words under the sentence, the sum, the n-grams)."""
    why = fit.model.explain(values["sentence"])
    parts = [sentence(why), paragraph(adds_up(why)), *_without(fit, why, int(values["without"]))]
    if values["bend"]:
        parts.append(_bent(fit, why))
    more = f"<details><summary>{escape(say('lab_words.ngrams'))}</summary>{ngrams(why)}</details>"
    note = paragraph(say("text_views.sentence_note", of=subject(why)), "note")
    return say("lab_words.answer", answer=shown_probability(why.probabilities, why.classes)), "".join(
        [*parts, note, more]
    )


def bends(fit: TextFit) -> str:
    """Where the texts bend, and the words that speak for each answer."""
    return text_pairs_section(fit.pairs, fit.model.classes) + speaking_words_section(fit.model, fit.texts)


def python(fit: TextFit, values: Mapping[str, Any]) -> str:
    """Python code for the same answer."""
    if fit.name == TOY:
        rows = f"from unbend.lab.toy_reviews import toy_reviews\n\ntexts, labels = toy_reviews({language()!r})\n"
    else:
        rows = (
            f"from unbend.data import read_table\n\ntable = read_table({fit.name!r})\n"
            f"texts, labels = table[{fit.text!r}].to_pylist(), table[{fit.target!r}].to_pylist()\n"
        )
    return (
        f"from unbend.verdict.text import fit_text\n{rows}{_frequent(fit)}model = fit_text(texts, labels)\n"
        f"why = model.explain({values['sentence']!r})\n"
        "for (begin, end), share in zip(why.words, why.contributions, strict=True):\n"
        "    print(why.text[begin:end], share)\nprint(why.intercepts, why.output, why.prediction)\n"
    )


def _frequent(fit: TextFit) -> str:
    """Code that takes the rows of the most frequent answers; "" where all are taken."""
    if fit.answers <= MAX_CLASSES:
        return ""
    return (
        "from collections import Counter\n\n"
        f"frequent = {{label for label, _ in Counter(labels).most_common({MAX_CLASSES})}}\n"
        "texts, labels = zip(*(pair for pair in zip(texts, labels) if pair[1] in frequent))\n"
    )


def contents(fit: TextFit, values: Mapping[str, Any]) -> list[str]:
    """The page's sections for the exported file."""
    return [view(fit.model.explain(values["sentence"])), answer(fit, values)[1], bends(fit)]


def _without(fit: TextFit, why: TextExplanation, place: int) -> list[str]:
    """What the answer becomes without the word at this place, from 1."""
    if not 1 <= place <= len(why.words):
        return []
    begin, end = why.words[place - 1]
    k = why.strongest
    without = why.text[:begin] + why.text[end:]
    rest = fit.model.output([without])[0]
    text = say(
        "lab_words.without_word",
        word=f"‘{why.text[begin:end]}’",
        before=number(float(why.output[k])),
        after=number(float(rest[k])),
        of=subject(why),
        answer=shown_probability(fit.model.probabilities([without])[0], why.classes),
    )
    return [paragraph(text)]


def _bent(fit: TextFit, why: TextExplanation) -> str:
    """The pairs in the sentence, what they add, and the answer with them."""
    if not fit.pairs.pairs:
        return paragraph(say("lab_words.no_bend"))
    shift = fit.pairs.added([why.text])[0]
    inside = fit.pairs.in_text(why.text)
    several = len(why.classes) > 2
    rows = [
        (f"{p.first} … {p.second}" + (f" ({why.classes[p.output]})" if several else ""), signed(p.weight))
        for p in inside
    ]
    k = why.strongest
    alone = float(shift[k]) - sum(p.weight for p in inside if p.output == k)
    rows += [
        (say("lab_words.other_words"), signed(alone)),
        (say("lab_words.straight_sum"), number(float(why.log_odds[k]))),
        (say("lab_words.bent_sum"), number(float(why.log_odds[k] + shift[k]))),
    ]
    bent = probabilities((why.log_odds + shift)[None])[0]
    text = say("lab_words.bent", answer=shown_probability(np.asarray(bent), why.classes), pairs=len(inside))
    return paragraph(text) + table([say("text_views.pair"), subject(why)], rows, (1,), bold_row=len(rows) - 1)
