"""Why this row? The contributions of the columns to one prediction, as a table with bars and as lines of text."""

from __future__ import annotations

from html import escape
from typing import Any

from ..verdict.explanation import RowExplanation
from ..words import say
from .html import paragraph, scrolling_table
from .sentences import number, percent

MAX_BARS = 12
POSITIVE, NEGATIVE = "#1f77b4", "#d95f02"
WIDTH = 24  # of a bar in the terminal, characters to either side


def bars(why: RowExplanation) -> str:
    """A table of HTML: column and cell, a bar from zero, the contribution; base and prediction below."""
    shares, base, output = why.of_output()
    shown, others = _shown(why)
    largest = max([abs(shares[i]) for i in shown] + [abs(float(sum(shares[i] for i in others)))] + [1e-300])
    rows = [_row(_named(why, i), float(shares[i]), largest) for i in shown]
    if others:
        rows.append(_row(say("views.others", count=len(others)), float(sum(shares[i] for i in others)), largest))
    rows.append(_row(say("views.base"), base, None))
    rows.append(_row(say("views.sum"), output, None, bold=True))
    head = (
        f"<th scope=col>{escape(say('views.column'))}</th>"
        f"<th scope=col colspan=2>{escape(say('views.contribution', of=subject(why)))}</th>"
    )
    return scrolling_table(f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>")


def view(why: RowExplanation) -> str:
    """The prediction, the bars, and what the contributions mean."""
    return "\n".join([paragraph(prediction(why)), bars(why), paragraph(meaning(why), "note")])


def lines(why: RowExplanation) -> list[str]:
    """The same for the terminal."""
    shares, base, output = why.of_output()
    shown, others = _shown(why)
    values = [(_named(why, i), float(shares[i])) for i in shown]
    if others:
        values.append((say("views.others", count=len(others)), float(sum(shares[i] for i in others))))
    largest = max([abs(v) for _, v in values] + [1e-300])
    names = max([len(n) for n, _ in values] + [len(say("views.base")), len(say("views.sum"))])
    text = [prediction(why), say("views.contribution", of=subject(why))]
    for name, value in values:
        size = round(WIDTH * abs(value) / largest)
        left, right = ("█" * size, "") if value < 0 else ("", "█" * size)
        text.append(f"{name:<{names}}  {left:>{WIDTH}}|{right:<{WIDTH}}  {signed(value)}")
    text += [f"{say('views.base'):<{names}}  {'':>{2 * WIDTH + 1}}  {number(base)}"]
    text += [f"{say('views.sum'):<{names}}  {'':>{2 * WIDTH + 1}}  {number(output)}", meaning(why)]
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
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number(float(value))


def _shown(why: RowExplanation) -> tuple[list[int], list[int]]:
    """The columns drawn one by one, strongest first, and those drawn as one."""
    order = why.strongest()
    return (order, []) if len(order) <= MAX_BARS + 1 else (order[:MAX_BARS], order[MAX_BARS:])


def _named(why: RowExplanation, i: int) -> str:
    return f"{why.columns[i]} = {cell(why.values[i])}"


def _row(name: str, value: float, largest: float | None, bold: bool = False) -> str:
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
    number_text = escape(signed(value) if largest is not None else number(value))
    return (
        f'<tr{style}><td>{escape(name)}</td><td style="width: 45%">{bar}</td>'
        f'<td class="number" style="text-align: right">{number_text}</td></tr>'
    )
