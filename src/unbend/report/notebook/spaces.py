"""Views of the ten axioms, spans, independence and subspaces."""

from __future__ import annotations

from collections.abc import Iterable

from ...spaces import AxiomResult, AxiomResults, Independence, InSpan, Subspace
from ...words import say
from ..html import paragraph, table


def axioms(found: AxiomResults) -> str:
    """The ten axioms with their verdicts, and the summary."""
    return _table(found.values()) + paragraph(found.summary)


def axiom(found: AxiomResult) -> str:
    """One axiom with its verdict and counterexample."""
    shown = "" if found.counterexample is None else paragraph(str(found.counterexample))
    return _table([found]) + shown


def in_span(found: InSpan) -> str:
    """Whether the vector is in the span, with the coefficients, or with the vector that proves that it is not."""
    return paragraph(found.reason)


def independence(found: Independence) -> str:
    """Whether the vectors are independent, or the combination that gives 0."""
    return paragraph(found.reason)


def subspace(found: Subspace) -> str:
    """The two closures with their verdicts, and what follows."""
    return _table([found.sums, found.multiples]) + paragraph(found.reason)


def _table(found: Iterable[AxiomResult]) -> str:
    head = (say("views.axiom"), say("views.verdict"), say("views.reason"))
    return table(head, [(f"{a.axiom}: {a.statement}", say(f"spaces.{a.verdict}"), a.reason) for a in found])
