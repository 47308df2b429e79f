"""A sentence each: do the words of a table's texts tell anything, does their order matter, does a bend pay?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..verdict.gain import Gain
from ..verdict.result import Result
from ..verdict.straight_texts import straight_texts
from ..verdict.text import TextModel
from ..verdict.text.held_out import HeldOut
from ..verdict.text.text_answers import TextAnswers
from ..verdict.text.text_explanation import TextExplanation
from ..words import say
from .html import paragraph, section, table
from .number_text import interval, percent
from .text_classes import speaking_words_section
from .text_pairs import pair_sentences, text_pairs_section
from .text_rows import text_rows_section


def text_views(result: Result) -> str:
    """Of each text the words that speak for each class, and some held-out rows, by the straight model."""
    output, problem, linear = result.comparison.outputs["linear"], result.compared, result.linear
    loss = result.comparison.mean("linear")
    held_out = HeldOut(len(output), linear.accuracy or linear.score, loss, 0.0, float("nan"))
    parts = []
    for column, model in straight_texts(linear.model, held_out).items():
        texts = problem.arrays.texts(column)
        explain = partial(_explained, model, texts)
        parts.append(speaking_words_section(model, texts))
        parts.append(text_rows_section(texts, problem.y, output, problem.classes, explain))
    return "\n".join(part for part in parts if part)


def _explained(model: TextModel, texts: Sequence[str | None], row: int) -> TextExplanation:
    return model.explain(texts[row])


def lines(result: Result) -> list[str]:
    """The sentences; none for a table without text."""
    answers = result.text
    if answers is None:
        return []
    loss = say("report.squared_error" if result.task == "regression" else "report.log_loss")
    words = say(f"report.text_words_{answers.words_tell}", loss=loss, **_numbers(answers.words))
    order = say(f"report.text_order_{answers.order_matters}", loss=loss, **_numbers(answers.order))
    pairs = [sentence for found in answers.pairs.values() for sentence in pair_sentences(found)]
    return [words, order, _bend(answers, loss), *pairs]


def _bend(answers: TextAnswers, loss: str) -> str:
    straightened = answers.straightened
    if answers.gain_is_straight and straightened is not None:
        return say("report.text_bend_straight", loss=loss, kept=percent(straightened.gain), **_numbers(answers.bend))
    if answers.bend == Gain(0.0, (0.0, 0.0)) and answers.bend_pays == "no":
        return say("report.text_bend_none")
    if not answers.bend.is_known:
        return say("report.text_bend_unknown")
    return say(f"report.text_bend_{answers.bend_pays}", loss=loss, **_numbers(answers.bend))


def _numbers(gain: Gain) -> dict[str, str]:
    """A gain and its interval for a sentence."""
    low, high = gain.interval
    return {"gain": percent(gain.gain), "low": percent(low), "high": percent(high)}


def _bytes(result: Result, answers: TextAnswers) -> str:
    """What it costs to store each weight in a byte."""
    loss = say("report.squared_error" if result.task == "regression" else "report.log_loss")
    return say("report.text_bytes", loss=loss, cost=percent(answers.bytes_cost))


def text_questions(result: Result) -> str:
    """The section of the report; "" for a table without text."""
    answers = result.text
    if answers is None:
        return ""
    steps = [("words", answers.words), ("order", answers.order), ("bend", answers.bend)]
    if answers.straightened is not None:
        steps.append(("straightened", answers.straightened))
    rows = []
    for name, gain in steps:
        ends = interval(*gain.interval) if gain.is_known else say("report.unknown")
        rows.append((say(f"report.text_step_{name}"), percent(gain.gain) if gain.is_known else "–", ends))
    head = (say("report.text_step"), say("report.text_step_gain"), say("report.interval_95"))
    return section(
        say("report.text_title", columns=", ".join(answers.columns)),
        *(paragraph(line) for line in lines(result)[:3]),
        table(head, rows, (1, 2)),
        paragraph(f"{say('report.text_note')} {_bytes(result, answers)}", "note"),
    ) + "".join(text_pairs_section(found, result.problem.classes) for found in answers.pairs.values())
