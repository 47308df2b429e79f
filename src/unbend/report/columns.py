"""What the columns do: their effects in both models, the straight model's coefficients, how the data was taken."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from ..arrays import Array
from ..verdict.effects import Effect, Effects
from ..verdict.result import Result
from ..words import say
from . import pictures
from .html import paragraph, section, table
from .sentences import number

MOST_EFFECTS = 16
MOST_COEFFICIENTS = 40


def effects_of(result: Result) -> Effects:
    """The effects of the columns in both models."""
    straight, bent = result.linear.model, result.network.model
    return Effects(result.problem, straight.encoder, straight.network, bent.network, result.seed)


def effects(result: Result, shown: Sequence[str] = ()) -> str:
    """The section on the columns' effects, but for those ``shown`` before; folded where some were."""
    found = [e for e in effects_of(result).strongest(MOST_EFFECTS) if e.column not in shown]
    if not found:
        return ""
    limits = common_limits(found)
    drawn = "".join(f"<div>{pictures.effect(e, result.problem.target, limits)}</div>" for e in found)
    notes = [paragraph(say("report.effects_note"), "note")]
    if len(result.problem.inputs) > MOST_EFFECTS:
        notes.append(paragraph(say("report.effects_more", most=MOST_EFFECTS, all=len(result.problem.inputs)), "note"))
    grid = f'<div class="grid">{drawn}</div>'
    if shown:
        return _folded(say("report.effects_rest"), grid + "".join(notes))
    return section(say("report.effects_title"), grid, *notes)


def common_limits(found: Sequence[Effect]) -> tuple[float, float]:
    """One vertical axis for all effects, so that a weak one looks weak."""
    every = np.concatenate([curve for e in found for curve in (e.straight, e.bent)])
    pad = 0.05 * float(np.ptp(every)) or 1.0
    return float(every.min()) - pad, float(every.max()) + pad


def coefficients(result: Result) -> str:
    """The straight model's numbers, strongest first, folded."""
    model = result.linear.model
    W, b = model.network.layers[0].W, model.network.layers[0].b
    outputs = (result.problem.target,) if W.shape[1] == 1 else model.classes
    if len(model.classes) == 2:
        outputs = (say("report.log_odds", of=model.classes[1]),)
    strongest = np.argsort(-np.abs(W).max(axis=1) * _sizes(result), kind="stable")[:MOST_COEFFICIENTS]
    rows = [(say("report.intercept"), *(number(v) for v in b))]
    rows += [(model.encoder.names[i], *(number(v) for v in W[i])) for i in strongest]
    body = table((say("report.feature"), *outputs), rows, range(1, 1 + len(outputs)))
    return _folded(say("report.coefficients_title"), body)


def _sizes(result: Result) -> Array:
    """Standard deviation of every feature: what makes coefficients comparable."""
    size: Array = result.linear.model.encoder.transform(result.problem).std(axis=0)
    return size


def data(result: Result) -> str:
    """Every column with its kind, and what was done to the data."""
    rows = []
    for column in result.problem.columns:
        role = column.why.text() if column.why is not None else say(f"report.kind_{column.kind}")
        rows.append((column.name, role, f"{column.missing:,}", f"{column.distinct:,}"))
    head = (say("report.column"), say("report.role"), say("report.missing"), say("report.distinct"))
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in result.said())
    notes = [f"<ul>{said}</ul>"] if said else []
    return section(say("report.data_title"), *notes, table(head, rows, (2, 3)))


def _folded(title: str, body: str) -> str:
    return f"<section><details><summary>{escape(title)}</summary>{body}</details></section>"
