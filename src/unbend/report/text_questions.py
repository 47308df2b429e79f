"""A sentence each: do the words of a table's texts tell anything, does their order matter, does a bend pay?"""

from __future__ import annotations

from ..verdict.gain import Gain
from ..verdict.result import Result
from ..verdict.text.text_answers import TextAnswers
from ..words import say
from .html import paragraph, section, table
from .number_text import percent


def lines(result: Result) -> list[str]:
    """The sentences; none for a table without text."""
    answers = result.text
    if answers is None:
        return []
    loss = say("report.squared_error" if result.task == "regression" else "report.log_loss")
    words = say(f"report.text_words_{answers.words_tell}", loss=loss, **_numbers(answers.words))
    order = say(f"report.text_order_{answers.order_matters}", loss=loss, **_numbers(answers.order))
    return [words, order, _bend(answers, loss)]


def _bend(answers: TextAnswers, loss: str) -> str:
    straightened = answers.straightened
    if answers.gain_is_straight and straightened is not None:
        return say("report.text_bend_straight", loss=loss, kept=percent(straightened.gain), **_numbers(answers.bend))
    if answers.bend == Gain(0.0, (0.0, 0.0)) and answers.bend_pays == "no":
        return say("report.text_bend_none")
    return say(f"report.text_bend_{answers.bend_pays}", loss=loss, **_numbers(answers.bend))


def _numbers(gain: Gain) -> dict[str, str]:
    """A gain and its interval for a sentence."""
    low, high = gain.interval
    return {"gain": percent(gain.gain), "low": percent(low), "high": percent(high)}


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
        numbers = _numbers(gain)
        rows.append((say(f"report.text_step_{name}"), numbers["gain"], f"{numbers['low']} … {numbers['high']}"))
    head = (say("report.text_step"), say("report.text_step_gain"), say("report.interval_95"))
    return section(
        say("report.text_title", columns=", ".join(answers.columns)),
        *(paragraph(line) for line in lines(result)),
        table(head, rows, (1, 2)),
        paragraph(say("report.text_note"), "note"),
    )
