"""Why this row? The contributions of the columns to one prediction, as a table with bars and as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from html import escape
from typing import Any
from unicodedata import east_asian_width

from ..verdict.explanation import RowExplanation
from ..words import say
from .html import label, paragraph, scrolling_table
from .number_text import number, percent

MAX_BARS = 12
MAX_CELL = 60  # characters of a cell that are shown
POSITIVE, NEGATIVE = "#1f77b4", "#d95f02"
WIDTH = 24  # of a bar in the terminal, characters to either side


def bars(why: RowExplanation) -> str:
    """A table of HTML: column and cell, a bar from zero, the contribution; base and prediction below."""
    lines, largest = table_lines(why)
    rows = [bar_row(name, value, None if kind else largest, text, kind == "sum") for name, value, text, kind in lines]
    head = (
        f"<th scope=col>{escape(say('views.column'))}</th>"
        f"<th scope=col colspan=2>{escape(say('views.contribution', of=subject(why)))}</th>"
    )
    return scrolling_table(f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>")


def table_lines(why: RowExplanation) -> tuple[list[tuple[str, float, str, str]], float]:
    """(name, value, value as text, "" | "base" | "sum") of every line, and the largest contribution drawn."""
    shares, base, output = why.of_output()
    shown, others = _shown(why)
    values = [(_named(why, i), float(shares[i])) for i in shown]
    if others:
        values.append((say("views.others", count=len(others)), float(sum(shares[i] for i in others))))
    lines = [(name, value, signed(value), "") for name, value in values]
    lines += [(say("views.base"), base, number(base), "base"), (say("views.sum"), output, number(output), "sum")]
    return lines, max([abs(value) for _, value in values] + [1e-300])


def view(why: RowExplanation) -> str:
    """The prediction, the bars, and what the contributions mean."""
    return "\n".join([paragraph(prediction(why)), bars(why), paragraph(meaning(why), "note")])


def lines(why: RowExplanation) -> list[str]:
    """The same for the terminal."""
    title = say("views.contribution", of=subject(why))
    return [prediction(why), title, *bar_lines(*table_lines(why)), meaning(why)]


def bar_lines(rows: Sequence[tuple[str, float, str, str]], largest: float) -> list[str]:
    """Lines as of `table_lines` with bars to the left and right of zero, for the terminal."""
    width = max(display_width(name) for name, *_ in rows)
    text = []
    for name, value, shown, kind in rows:
        size = 0 if kind else round(WIDTH * abs(value) / largest)
        left, right = ("█" * size, "") if value < 0 else ("", "█" * size)
        axis = " " if kind else "|"
        text.append(f"{name}{' ' * (width - display_width(name))}  {left:>{WIDTH}}{axis}{right:<{WIDTH}}  {shown}")
    return text


def subject(why: RowExplanation) -> str:
    """What the contributions add up to: the target, log odds, or the score of a class."""
    name = why.outputs[why.explained]
    if why.probability is None:
        return name
    return say("views.log_odds" if len(why.outputs) == 1 else "views.score", of=name)


def prediction(why: RowExplanation) -> str:
    """The predicted value or class in one sentence."""
    if why.probability is None:
        return say("views.predicted_value", value=number(float(why.prediction)))
    return say("views.predicted_class", label=why.prediction, probability=percent(why.probability))


def meaning(why: RowExplanation) -> str:
    """What a contribution is, for this model."""
    return say("views.why_linear" if why.linear else "views.why_exact" if why.exact else "views.why_tangent")


def signed(value: float) -> str:
    """A number with its sign."""
    return ("+" if value >= 0 else "") + number(value)


def cell(value: Any) -> str:
    """A cell of the table as text."""
    if value is None:
        return say("views.missing")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number(float(value))


def _shown(why: RowExplanation) -> tuple[list[int], list[int]]:
    """The columns drawn one by one, strongest first, and those drawn as one."""
    order = why.strongest()
    return (order, []) if len(order) <= MAX_BARS + 1 else (order[:MAX_BARS], order[MAX_BARS:])


def _named(why: RowExplanation, i: int) -> str:
    text = cell(why.values[i])
    return f"{why.columns[i]} = {text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + '…'}"


def display_width(text: str) -> int:
    """Columns of a terminal that the text takes: Hangul and other wide characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def bar_row(name: str, value: float, largest: float | None, text: str, bold: bool = False) -> str:
    """A row of a table of HTML: a name, a bar from zero where ``largest`` is given, the value as text."""
    style = ' class="chosen" style="font-weight: 600"' if bold else ""
    bar = ""
    if largest is not None:
        width = 100 * abs(value) / largest
        x, colour = (100, POSITIVE) if value >= 0 else (100 - width, NEGATIVE)
        bar = (
            '<svg viewBox="0 0 200 12" preserveAspectRatio="none" style="width: 100%; height: 1em" aria-hidden="true">'
            f'<rect x="{x:.2f}" y="1" width="{width:.2f}" height="10" fill="{colour}"/>'
            '<line x1="100" x2="100" y1="0" y2="12" stroke="currentColor"/></svg>'
        )
    return (
        f'<tr{style}><td>{label(name)}</td><td class="bar" style="width: 45%">{bar}</td>'
        f'<td class="number" style="text-align: right">{escape(text)}</td></tr>'
    )
