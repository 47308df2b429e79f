"""Where it bends: the section of the report, and a few lines for the terminal."""

from __future__ import annotations

from html import escape

from ..verdict.result import Result
from ..verdict.where import Curve, Pair, Suggestion, Where
from ..words import say
from . import pictures
from .columns import common_limits, effects_of
from .html import paragraph, section, table
from .sentences import percent

MAX_NAMED = 8  # columns in a line of text
MAX_DRAWN, MAX_PAIRS = 9, 4


def lines(result: Result) -> list[str]:
    """The columns that bend with their shares, and the smallest change of the linear model, for the terminal."""
    where = result.where
    if not where.searched:
        return []
    if not where.bends:
        return [say("report.where_none")]
    named = [_named(where, name) for name in where.bends]
    if len(named) > MAX_NAMED:
        named = [*named[:MAX_NAMED], "…"]
    text = [f"{say('report.where_title')}: {'; '.join(named)}"]
    if where.suggestion:
        text += [change(where.suggestion), *_left_out(where.suggestion), "  " + _formula(where.suggestion)]
    return text


def change(suggestion: Suggestion) -> str:
    """ "straight + log(age) gets 70 % of the way to the network; + x*z 91 %"."""
    first, *more = suggestion.steps
    text = say("report.where_change", term=first.term, share=percent(first.share))
    return "; ".join([text, *(f"+ {step.term} {percent(step.share)}" for step in more)])


def where(result: Result) -> str:
    """The section; empty where nothing was searched for."""
    bends = result.where
    if not bends.searched:
        return ""
    title = say("report.where_title")
    if not bends.bends:
        return section(title, paragraph(say("report.where_none")))
    parts = [_shares(bends)]
    if bends.suggestion:
        key = "where_copy" if result.task == "regression" else "where_copy_classes"
        parts += [
            paragraph(change(bends.suggestion)),
            f"<pre>{escape(_formula(bends.suggestion))}</pre>",
            *(paragraph(text, "note") for text in _left_out(bends.suggestion)),
            paragraph(say(f"report.{key}"), "note"),
        ]
    note = say("report.where_note", reached=percent(bends.reached))
    return section(title, *parts, _drawn(result), paragraph(note, "note"))


def _shares(where: Where) -> str:
    """A row for each column that bends."""
    own = {c.column: c for c in where.curves if c.bends}
    rows = []
    for name in where.bends:
        pairs = [p for p in where.pairs if name in p.columns]
        joint = " · ".join(f"{_other(p, name)} {_share(p)}" for p in pairs)
        rows.append((name, _share(own[name]) if name in own else "–", joint or "–"))
    return table((say("report.column"), say("report.where_own"), say("report.where_together")), rows)


def _drawn(result: Result) -> str:
    """Every column's curve in both models; for pairs the curve at three values of the other column."""
    all_effects, target = effects_of(result), result.problem.target
    single = [c.column for c in result.where.curves if c.bends][:MAX_DRAWN]
    effects = all_effects.of(single)
    drawn = "".join(f"<div>{pictures.effect(e, target, common_limits(effects))}</div>" for e in effects)
    parts = [f'<div class="grid">{drawn}</div>'] if effects else []
    for pair in result.where.pairs[:MAX_PAIRS]:
        name, other = pair.columns
        curves = all_effects.conditional(name, other)
        if len(curves) > 1 and len(curves[0].values) > 1:
            parts.append(pictures.conditional(curves, other, target, common_limits(curves)))
    if result.where.pairs:
        parts.append(paragraph(say("report.where_pairs_note"), "note"))
    return "".join(parts)


def _named(where: Where, name: str) -> str:
    """ "age (38 % by itself, 61 % only together with income)"."""
    shares = [f"{percent(where.own(name))} {say('report.where_own')}"] if where.own(name) else []
    shares += [f"{percent(s)} {say('report.where_with', other=other)}" for other, s in where.partners(name).items()]
    return f"{name} ({', '.join(shares)})"


def _share(part: Curve | Pair) -> str:
    return f"{percent(part.share)} [{percent(part.interval[0])}, {percent(part.interval[1])}]"


def _other(pair: Pair, name: str) -> str:
    return pair.columns[1] if pair.columns[0] == name else pair.columns[0]


def _formula(suggestion: Suggestion) -> str:
    if suggestion.of is None:
        return suggestion.text
    return f"{say('report.log_odds', of=suggestion.of)} = {suggestion.text}"


def _left_out(suggestion: Suggestion) -> list[str]:
    if not suggestion.left_out:
        return []
    names = ", ".join(suggestion.left_out[:MAX_NAMED]) + (", …" if len(suggestion.left_out) > MAX_NAMED else "")
    return [say("report.where_left_out", columns=names, share=percent(suggestion.share))]
