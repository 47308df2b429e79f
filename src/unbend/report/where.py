"""Where it bends: the section of the report, and the same in a few lines for the terminal."""

from __future__ import annotations

from html import escape

from ..verdict.result import Result
from ..verdict.where import Curve, Pair, Suggestion, Where
from ..words import say
from . import pictures
from .columns import common_limits, effects_of
from .html import paragraph, section, table
from .sentences import percent

MOST_NAMED = 8  # columns in a line of text
MOST_DRAWN, MOST_PAIRS = 9, 4


def lines(result: Result) -> list[str]:
    """The columns that bend with their shares, and the smallest change of the straight model, for the terminal."""
    where = result.where
    if not where.looked:
        return []
    if not where.bends:
        return [say("report.where_none")]
    named = [_named(where, name) for name in where.bends]
    if len(named) > MOST_NAMED:
        named = [*named[:MOST_NAMED], "…"]
    found = [f"{say('report.where_title')}: {'; '.join(named)}"]
    if where.suggestion:
        found += [change(where.suggestion), *_left_out(where.suggestion), "  " + _written(where.suggestion)]
    return found


def change(suggestion: Suggestion) -> str:
    """ "straight + log(age) gets 70 % of the way to the network; + x*z 91 %"."""
    first, *more = suggestion.steps
    text = say("report.where_change", term=first.term, share=percent(first.share))
    return "; ".join([text, *(f"+ {step.term} {percent(step.share)}" for step in more)])


def where(result: Result) -> str:
    """The section; empty where nothing was looked for."""
    found = result.where
    if not found.looked:
        return ""
    title = say("report.where_title")
    if not found.bends:
        return section(title, paragraph(say("report.where_none")))
    parts = [_shares(found)]
    if found.suggestion:
        key = "where_copy" if result.task == "regression" else "where_copy_classes"
        parts += [
            paragraph(change(found.suggestion)),
            f"<pre>{escape(_written(found.suggestion))}</pre>",
            *(paragraph(text, "note") for text in _left_out(found.suggestion)),
            paragraph(say(f"report.{key}"), "note"),
        ]
    rest = percent(found.reached)
    return section(title, *parts, _drawn(result), paragraph(say("report.where_note", reached=rest), "note"))


def _shares(where: Where) -> str:
    """A row for each column that bends."""
    own = {c.column: c for c in where.curves if c.bends}
    rows = []
    for name in where.bends:
        pairs = [p for p in where.pairs if name in p.columns]
        together = " · ".join(f"{_other(p, name)} {_share(p)}" for p in pairs)
        rows.append((name, _share(own[name]) if name in own else "–", together or "–"))
    return table((say("report.column"), say("report.where_own"), say("report.where_together")), rows)


def _drawn(result: Result) -> str:
    """Every column's curve in both models; for pairs the curve at three values of the other column."""
    all_effects, target = effects_of(result), result.problem.target
    alone = [c.column for c in result.where.curves if c.bends][:MOST_DRAWN]
    found = all_effects.of(alone)
    drawn = "".join(f"<div>{pictures.effect(e, target, common_limits(found))}</div>" for e in found)
    parts = [f'<div class="grid">{drawn}</div>'] if found else []
    for pair in result.where.pairs[:MOST_PAIRS]:
        name, other = pair.columns
        curves = all_effects.together(name, other)
        if len(curves) > 1 and len(curves[0].values) > 1:
            parts.append(pictures.together(curves, other, target, common_limits(curves)))
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


def _written(suggestion: Suggestion) -> str:
    if suggestion.of is None:
        return suggestion.text
    return f"{say('report.log_odds', of=suggestion.of)} = {suggestion.text}"


def _left_out(suggestion: Suggestion) -> list[str]:
    if not suggestion.left_out:
        return []
    names = ", ".join(suggestion.left_out[:MOST_NAMED]) + (", …" if len(suggestion.left_out) > MOST_NAMED else "")
    return [say("report.where_left_out", columns=names, share=percent(suggestion.share))]
