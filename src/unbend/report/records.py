"""The notebook views of what geometry, proofs and training return: short tables, sentences, learning curves."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..formula import Judgement, Linearity
from ..geometry import Difference, Equality, Explanation, LocalMap, OutputRange, Shrunk
from ..network import GradientCheck, Trace
from ..spaces.result import AxiomResult, AxiomResults
from ..train.history import History
from ..words import say
from .html import paragraph, table
from .sentences import number

MAX_ROWS = 30


def judgements(found: list[Judgement]) -> str:
    """One line for each: the names, the verdict, the reason."""
    rows = [(", ".join(j.subject), say(f"formula.verdict_{j.verdict}"), j.reason) for j in found[:MAX_ROWS]]
    return _cut(table((say("views.name"), say("views.verdict"), say("views.reason")), rows), len(found))


def linearity(found: Linearity) -> str:
    """The judgements on the single names, then those on all parameters and all variables."""
    joint = [j for j in (found.parameters, found.variables) if j is not None and len(j.subject) > 1]
    return judgements([*found, *joint])


def axioms(found: AxiomResults) -> str:
    """The ten axioms with their verdicts, and the summary."""
    return table(_axiom_head(), [_axiom(a) for a in found.values()]) + paragraph(found.summary)


def axiom(found: AxiomResult) -> str:
    """One axiom with its verdict and counterexample."""
    shown = "" if found.counterexample is None else paragraph(str(found.counterexample))
    return table(_axiom_head(), [_axiom(found)]) + shown


def _axiom_head() -> tuple[str, str, str]:
    return say("views.axiom"), say("views.verdict"), say("views.reason")


def _axiom(a: AxiomResult) -> tuple[str, str, str]:
    return f"{a.axiom}: {a.statement}", say(f"spaces.{a.verdict}"), a.reason


def local_map(found: LocalMap) -> str:
    """A, transposed, and c; how far they hold."""
    outputs = _numbered("y", len(found.c))
    rows = [(f"x{i + 1}", *map(number, slopes)) for i, slopes in enumerate(found.A.T[:MAX_ROWS])]
    rows.append((say("views.constant"), *map(number, found.c)))
    body = table((say("views.input"), *outputs), rows, range(1, 1 + len(outputs)))
    return _cut(body, found.A.shape[1]) + paragraph(_reach(found))


def explanation(found: Explanation) -> str:
    """The contributions, strongest first, base and output."""
    outputs = _numbered("y", len(found.base))
    order = np.argsort(-np.abs(found.shares).max(axis=1), kind="stable")[:MAX_ROWS]
    rows = [(found.columns[i], *map(number, found.shares[i])) for i in order]
    rows.append((say("geometry.explain_base"), *map(number, found.base)))
    rows.append((say("views.output"), *map(number, found.output)))
    body = table((say("views.input"), *outputs), rows, range(1, 1 + len(outputs)), bold_row=len(rows) - 1)
    return _cut(body, len(found.columns)) + paragraph(_reach(found.local))


def _reach(found: LocalMap) -> str:
    if not found.exact:
        return say("views.map_tangent")
    if found.neuron is None:
        return say("views.map_everywhere")
    bend = found.neuron
    return say("views.map_reach", distance=found.distance, layer=bend.layer + 1, neuron=bend.neuron + 1)


def output_range(found: OutputRange) -> str:
    """Of each output the proved ends and what was seen."""
    columns = (found.low, found.high, found.attained_low, found.attained_high)
    rows = [(f"y{i + 1}", *map(number, ends)) for i, ends in enumerate(zip(*columns, strict=True))][:MAX_ROWS]
    head = [say(f"views.{key}") for key in ("low", "high", "attained_low", "attained_high")]
    body = table((say("views.output"), *head), rows, (1, 2, 3, 4))
    return body + paragraph(say("views.range_exact" if found.exact else "views.range_bounds"))


def difference(found: Difference) -> str:
    """The largest difference and the bound, in one sentence."""
    at = np.round(found.at, 6).tolist()
    return paragraph(say("views.difference", value=found.value, output=found.output + 1, at=at, bound=found.bound))


def sentence(found: Equality | Shrunk) -> str:
    """What the record prints."""
    return paragraph(str(found))


def gradient_check(found: GradientCheck) -> str:
    """Whether all derivatives agree, in one sentence."""
    key = "views.gradient_passed" if found.passed else "views.gradient_failed"
    return paragraph(
        say(key, coordinates=found.coordinates, worst=found.worst, where=found.where, tolerance=found.tolerance)
    )


def trace(found: Trace) -> str:
    """The shape of every layer's arrays."""
    rows = [(str(i), _shape(z), _shape(h)) for i, (z, h) in enumerate(zip(found.z, found.h, strict=True))]
    return table((say("views.layer"), "z", "h"), rows) + paragraph(f"x: {_shape(found.x)}")


def history(found: History) -> str:
    """The learning curves, and the record in words."""
    if not found.train_loss:
        return paragraph(repr(found))
    from .pictures import training_history

    return training_history(found) + paragraph(repr(found))


def _shape(array: Any) -> str:
    return " × ".join(str(n) for n in np.shape(array))


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{i + 1}" for i in range(count)]


def _cut(body: str, count: int) -> str:
    return body + (paragraph("…") if count > MAX_ROWS else "")
