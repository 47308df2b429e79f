"""The report's sections on columns: their effects in both models, the linear coefficients, how the data was read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from ..verdict.effects import Effect, Effects
from ..verdict.result import Result
from ..words import say
from . import pictures
from .html import folded, paragraph, running, section, side_by_side, table
from .number_text import number
from .sentences import as_sentence, caveats
from .surveyed_columns import surveyed

MAX_EFFECTS = 16
FIRST_LOOK, MAX_EFFECTS_THERE = (
    10.0,
    4,
)  # seconds of budget below which fewer are drawn, since that takes a second or two
MAX_COEFFICIENTS = 40


def effects_of(result: Result) -> Effects:
    """The effects of the columns in both models."""
    linear, network = result.linear.model, result.network.model
    return Effects(
        problem=result.problem,
        encoder=linear.encoder,
        linear=linear.network,
        network=network.network,
        seed=result.seed,
        positive=result.request.positive,
    )


def effects(result: Result, of: Effects, shown: Sequence[str] = ()) -> str:
    """The section on the columns' effects ``of`` the result, except those ``shown`` before; folded where some were."""
    most = MAX_EFFECTS if result.budget >= FIRST_LOOK else MAX_EFFECTS_THERE
    remaining = [e for e in of.strongest(most) if e.column not in shown]
    if not remaining:
        return ""
    limits = common_limits(remaining, least_range(result))
    grid = side_by_side(pictures.effects(remaining, result.problem.target, limits), "grid")
    notes = [paragraph(say("report.effects_note"), "note")]
    if result.problem.classes:
        notes.append(paragraph(say("report.effects_class", of=remaining[0].of), "note"))
    if len(result.problem.inputs) > most:
        notes.append(paragraph(say("report.effects_more", most=most, all=len(result.problem.inputs)), "note"))
        notes += [] if most == MAX_EFFECTS else [paragraph(say("report.effects_first_look"), "note")]
    if shown:
        return folded(say("report.effects_rest"), grid + "".join(notes))
    return section(say("report.effects_title"), grid, *notes)


def common_limits(effects: Sequence[Effect], least: float) -> tuple[float, float]:
    """One vertical axis for all effects, of a length of ``least`` or more, so that a weak one looks weak."""
    values = np.concatenate([curve for e in effects for curve in (e.linear, e.network)])
    low, high = float(values.min()), float(values.max())
    pad = max(0.05 * (high - low), (least - (high - low)) / 2) or 1.0
    return low - pad, high + pad


def least_range(result: Result) -> float:
    """The least length of an axis of effects: a few hundredths of a probability, a part of the target's deviation."""
    return 0.05 if result.problem.classes else 0.2 * float(np.std(result.compared.y))


def coefficients(result: Result) -> str:
    """The linear model's coefficients, strongest first, folded."""
    model = result.linear.model
    W, b = model.network.layers[0].W, model.network.layers[0].b
    outputs = (result.problem.target,) if W.shape[1] == 1 else model.classes
    if len(model.classes) == 2:
        outputs = (say("report.log_odds", of=model.classes[1]),)
    strongest = np.argsort(-np.abs(W).max(axis=1) * _deviations(result), kind="stable")[:MAX_COEFFICIENTS]
    rows = [(say("report.intercept"), *(number(v) for v in b))]
    rows += [(_feature(model.encoder.names[i]), *(number(v) for v in W[i])) for i in strongest]
    body = table((say("report.feature"), *outputs), rows, range(1, 1 + len(outputs)))
    return folded(say("report.coefficients_title"), body)


def _feature(name: str) -> str:
    """The name of a feature, in the language in use."""
    column, missing, end = name.rpartition(" is missing")
    return say("report.is_missing", column=column) if missing and not end else name


def _deviations(result: Result) -> Array:
    """Standard deviation of every feature, which makes coefficients comparable."""
    deviations: Array = result.linear.model.encoder.transform(result.problem).std(axis=0)
    return deviations


def data(result: Result) -> str:
    """Every column with its kind, and what was done to the data."""
    columns = result.problem.columns
    roles = {c.name: say(f"report.kind_{c.kind}") if c.why is None else c.why.text() for c in columns}
    if result.large is not None:
        body = surveyed(result.large, roles)
    else:
        rows = [(c.name, roles[c.name], f"{c.missing:,}", f"{c.distinct:,}") for c in columns]
        head = (say("report.column"), say("report.role"), say("report.missing"), say("report.distinct"))
        body = table(head, rows, (2, 3))
    shown_above = {as_sentence(text) for text in caveats(result)}
    messages = [text for text in map(as_sentence, result.messages()) if text not in shown_above]
    items = "".join(f"<li>{running(text)}</li>" for text in messages)
    notes = [f"<ul>{items}</ul>"] if items else []
    return section(say("report.data_title"), *notes, body)
