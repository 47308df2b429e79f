"""Where it bends: the section of the report, and a few lines for the terminal."""

from __future__ import annotations

from html import escape

from ..verdict.effects import Effects
from ..verdict.result import Result
from ..verdict.where import Curve, Pair, Suggestion, Where
from ..words import say
from . import pictures
from .columns import common_limits, least_range
from .html import folded_part, paragraph, section, side_by_side, table
from .number_text import interval, number, percent
from .sentences import as_sentence

MAX_NAMED = 8  # columns in a line of text
MAX_DRAWN, MAX_PAIRS = 9, 4


def lines(result: Result) -> list[str]:
    """The columns that bend with their shares, and the smallest change of the linear model, for the terminal."""
    where = result.where
    if not where.searched:
        return []
    if not where.bends:
        return [_none(result)]
    named = [f"{c.column} ({percent(c.share)} {say('report.where_own')})" for c in _own_curves(where)]
    named += [f"{_pair(p)} ({percent(p.share)} {say('report.where_pair')})" for p in where.pairs]
    if len(named) > MAX_NAMED:
        named = [*named[:MAX_NAMED], "…"]
    text = [f"{say('report.where_title')}: {'; '.join(named)}"]
    if where.suggestion:
        text += [change(where.suggestion), *_limits(where.suggestion)]
        if where.suggestion.offered:
            text.append("  " + _formula(where.suggestion))
            if where.suggestion.values:
                text.append(f"  {say('report.where_values')}: {where.suggestion.text_with_values}")
    return text


def change(suggestion: Suggestion) -> str:
    """ "straight + log(age) gets 70 % of the way to the network; + x*z 91 %"."""
    first, *more = suggestion.steps
    text = say("report.where_change", term=first.term, share=percent(first.share))
    return "; ".join([text, *(f"+ {step.term} {percent(step.share)}" for step in more)])


def where(result: Result, effects: Effects) -> str:
    """The section with the columns' ``effects``; empty where nothing was searched for."""
    bends = result.where
    if not bends.searched:
        return ""
    title = say("report.where_title")
    if not bends.bends:
        return section(title, paragraph(_none(result)))
    parts = [_shares(bends)]
    if bends.suggestion:
        parts += [paragraph(as_sentence(change(bends.suggestion))), *_offer(bends.suggestion, result.task)]
    note = say("report.where_note", reached=percent(bends.reached))
    return section(title, *parts, _drawn(result, effects), paragraph(note, "note"))


def bends_in_short(bends: Where) -> str:
    """The shares and the change of the linear model, without pictures."""
    if not bends.bends:
        return paragraph(_none_found(bends))
    parts = [_shares(bends)]
    if bends.suggestion:
        parts += [paragraph(change(bends.suggestion)), f"<pre>{escape(_formula(bends.suggestion))}</pre>"]
    return "\n".join(parts)


def _offer(suggestion: Suggestion, task: str) -> list[str]:
    """The formula to copy, with its fitted coefficients; why there is none where the straight model is better."""
    limits = [paragraph(text, "note") for text in _limits(suggestion)]
    if not suggestion.offered:
        return limits
    key = "where_copy" if task == "regression" else "where_copy_classes"
    parts = [f"<pre>{escape(_formula(suggestion))}</pre>", *limits, paragraph(say(f"report.{key}"), "note")]
    if suggestion.values:
        rows = [(name, number(value)) for name, value in suggestion.values.items()]
        head = (say("report.parameter"), say("report.value"))
        body = f"<pre>{escape(suggestion.text_with_values)}</pre>{table(head, rows, (1,))}"
        parts.append(folded_part(say("report.where_values"), body))
    return parts


def _shares(where: Where) -> str:
    """A row for each column that bends by itself, then one for each pair."""
    own, joint = say("report.where_own"), say("report.where_pair")
    rows = [(c.column, own, _share(c)) for c in _own_curves(where)]
    rows += [(_pair(p), joint, _share(p)) for p in where.pairs]
    return table((say("report.column"), "", say("report.where_share")), rows)


def _none(result: Result) -> str:
    """That no column or pair was found, and the columns without which the network predicts worse."""
    important = [item.name for item in result.importance() if item.shown][:MAX_NAMED]
    found = _none_found(result.where)
    return f"{found} {say('report.where_important', columns=', '.join(important))}" if important else found


def _none_found(where: Where) -> str:
    """That no column or pair was found; a search that the clock ended says nothing about what there is."""
    return say("report.where_none_cut" if where.cut else "report.where_none")


def _own_curves(where: Where) -> list[Curve]:
    return [c for c in where.curves if c.bends]


def _pair(pair: Pair) -> str:
    return " × ".join(pair.columns)


def _drawn(result: Result, all_effects: Effects) -> str:
    """Every column's curve in both models; for pairs the curve at three values of the other column."""
    target, least = result.problem.target, least_range(result)
    single = [c.column for c in result.where.curves if c.bends][:MAX_DRAWN]
    effects = all_effects.of(single)
    drawn = pictures.effects(effects, target, common_limits(effects, least)) if effects else []
    parts = [side_by_side(drawn, "grid")] if drawn else []
    for pair in result.where.pairs[:MAX_PAIRS]:
        name, other = pair.columns
        curves = all_effects.conditional(name, other)
        if len(curves) > 1 and len(curves[0].values) > 1:
            parts.append(side_by_side(pictures.conditional(curves, other, target, common_limits(curves, least))))
    if result.where.pairs:
        parts.append(paragraph(say("report.where_pairs_note"), "note"))
    return "".join(parts)


def _share(part: Curve | Pair) -> str:
    return f"{percent(part.share)} {interval(*part.interval)}"


def _formula(suggestion: Suggestion) -> str:
    if suggestion.of is None:
        return suggestion.text
    return f"{say('report.log_odds', of=suggestion.of)} = {suggestion.text}"


def _limits(suggestion: Suggestion) -> list[str]:
    """Which columns the formula cannot contain, and what that costs."""
    if not suggestion.left_out:
        return [] if suggestion.offered else [say("report.where_no_formula")]
    names = ", ".join(suggestion.left_out[:MAX_NAMED]) + (", …" if len(suggestion.left_out) > MAX_NAMED else "")
    if not suggestion.offered:
        return [say("report.where_no_formula_without", columns=names)]
    return [say("report.where_left_out", columns=names, share=percent(suggestion.share))]
