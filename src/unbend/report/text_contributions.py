"""Why this answer? What each word of a text adds, drawn under the sentence: as HTML and for the terminal."""

from __future__ import annotations

from html import escape

import numpy as np

from ..arrays import Array
from ..verdict.text.text_explanation import TextExplanation
from ..words import say
from .contributions import bar_lines, bar_row, signed
from .html import paragraph, scrolling_table
from .number_text import number, percent

MOST_WORDS = 120  # of a text that are drawn: the first and the last
NGRAMS = 12
FOR, AGAINST = "31,119,180", "217,95,2"


def view(why: TextExplanation) -> str:
    """The prediction, the sentence, how it adds up, the strongest n-grams."""
    parts = [paragraph(prediction(why)), sentence(why), paragraph(adds_up(why)), ngrams(why)]
    return "\n".join([*parts, paragraph(say("text_views.sentence_note", of=subject(why)), "note")])


def sentence(why: TextExplanation, output: int | None = None) -> str:
    """The text with each word's contribution under it, as a bar's colour, a kind of line and a number."""
    column = why.contributions[:, why.strongest if output is None else output]
    largest = max(float(np.abs(column).max(initial=0)), 1e-300)
    shown = range(len(column))
    first = last = len(column)
    if len(column) > MOST_WORDS:
        first, last = MOST_WORDS // 2, len(column) - MOST_WORDS // 2
    pieces = [_word(why.text[slice(*why.words[i])], float(column[i]), largest) for i in shown if i < first or i >= last]
    if first < last:
        between = say("text_views.words_before", count=last - first)
        pieces.insert(first, _word(f"… {between} …", float(column[first:last].sum()), largest))
    return f'<div class="text-words" style="line-height: 1.9">{" ".join(pieces)}</div>'


def ngrams(why: TextExplanation, output: int | None = None) -> str:
    """The n-grams that add most, each told once, as a table of HTML with bars."""
    merged = strongest_ngrams(why, output)
    if not merged:
        return ""
    largest = max(abs(value) for _, value in merged)
    rows = "".join(bar_row(f"‘{gram}’", value, largest, signed(value)) for gram, value in merged)
    title = escape(say("text_views.ngrams_title", count=len(why.ngrams)))
    return scrolling_table(f"<thead><tr><th scope=col colspan=3>{title}</th></tr></thead><tbody>{rows}</tbody>")


def lines(why: TextExplanation) -> list[str]:
    """The same for the terminal: the words in their order with bars, the sum, the strongest n-grams."""
    found = strongest_ngrams(why)
    grams = [(f"‘{gram}’", value, signed(value), "") for gram, value in found]
    return [
        prediction(why),
        say("views.contribution", of=subject(why)),
        *word_lines(why),
        *([say("text_views.ngrams_title", count=len(why.ngrams))] if grams else []),
        *(bar_lines(grams, max([abs(value) for _, value in found] + [1e-300])) if grams else []),
    ]


def word_lines(why: TextExplanation) -> list[str]:
    """The words in their order with bars, the rest and the sum, for the terminal."""
    column = why.contributions[:, why.strongest]
    named = [(why.text[slice(*place)], float(value)) for place, value in zip(why.words, column, strict=True)]
    constant, output = float(why.intercepts[why.strongest]), float(why.output[why.strongest])
    rows = [(word, value, signed(value), "") for word, value in named]
    rows += [(say("text_views.constant"), constant, signed(constant), "base")]
    rows += [(say("text_views.sum"), output, number(output), "sum")]
    return bar_lines(rows, max([abs(value) for _, value in named] + [1e-300]))


def strongest_ngrams(why: TextExplanation, output: int | None = None) -> list[tuple[str, float]]:
    """The n-grams that add most, and how much: one that occurs several times with all of them."""
    column = why.ngram_contributions[:, why.strongest if output is None else output]
    total: dict[str, float] = {}
    for (begin, end), value in zip(why.ngrams, column.tolist(), strict=True):
        gram = why.text[begin:end]
        total[gram] = total.get(gram, 0.0) + value
    return sorted(total.items(), key=lambda item: -abs(item[1]))[:NGRAMS]


def adds_up(why: TextExplanation, output: int | None = None) -> str:
    """The sum in one sentence."""
    k = why.strongest if output is None else output
    constant, total = float(why.intercepts[k]), float(why.output[k])
    text = say(
        "text_views.adds_up",
        constant=number(constant),
        words=_joined(float(why.contributions[:, k].sum())),
        output=number(total),
        of=subject(why, k),
    )
    if why.damping:
        text += " " + say("text_views.damped", log_odds=number(float(why.log_odds[k])))
    return text


def subject(why: TextExplanation, output: int | None = None) -> str:
    """What the contributions add up to: log odds, the score of a class, or the value."""
    return output_name(why.classes, why.strongest if output is None else output)


def output_name(classes: tuple[str, ...], output: int) -> str:
    """What an output of a model of text is: the log odds of the second of two classes, a class's score, a value."""
    if not classes:
        return say("text_views.value")
    if len(classes) == 2:
        return say("views.log_odds", of=classes[1])
    return say("views.score", of=classes[output])


def prediction(why: TextExplanation) -> str:
    """The predicted value, or the class with its probability."""
    if not why.classes:
        return say("views.predicted_value", value=number(float(why.output[0])))
    best = int(why.probabilities.argmax())
    shown = percent(float(why.probabilities[best]))
    return say("views.predicted_class", label=why.classes[best], probability=shown)


def _word(text: str, value: float, largest: float) -> str:
    colour, line = (FOR, "solid") if value >= 0 else (AGAINST, "dotted")
    share = abs(value) / largest
    style = (
        f"display: inline-block; text-align: center; line-height: 1.25; padding: 0 .15em; margin: .1em 0; "
        f"background: rgba({colour},{0.5 * share:.3f}); border-bottom: {1 + round(3 * share)}px {line} rgb({colour})"
    )
    below = f'<small style="display: block; font-size: .7em; opacity: .85">{signed(value)}</small>'
    return f'<span style="{style}">{escape(text)}{below}</span>'


def _joined(value: float) -> str:
    """+ 1.2 or − 1.2, between two numbers."""
    return f"{'+' if value >= 0 else '−'} {number(abs(value))}"


def shown_probability(probabilities: Array, classes: tuple[str, ...]) -> str:
    """The most probable label and its probability."""
    best = int(probabilities.argmax())
    return f"{classes[best]} ({percent(float(probabilities[best]))})"
