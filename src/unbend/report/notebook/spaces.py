"""Views of spaces, the ten axioms, spans, independence and subspaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...spaces import AxiomResult, AxiomResults, Independence, InSpan, Space, Subspace
from ...spaces.catalogue import Spaces
from ...words import say
from ..html import paragraph, table


def spaces(found: Spaces) -> str:
    """Every space with its operations and its condition."""
    return _definitions(found.values(), [(say("views.name"), lambda space: space.name)])


def space(found: Space) -> str:
    """Its operations and its condition."""
    return _definitions([found], [(say("views.name"), lambda space: space.name)] if found.name else [])


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


def _definitions(found: Iterable[Space], first: Sequence[tuple[str, Callable[[Space], str]]]) -> str:
    columns = [
        *first,
        (say("views.vectors"), lambda space: say("views.components", count=space.dimension)),
        ("u + v", lambda space: _operation(space.add)),
        ("a u", lambda space: _operation(space.scale)),
        (say("views.member"), lambda space: _operation(space.member, "views.all_vectors")),
        (say("views.scalars"), lambda space: say(f"views.field_{space.field}")),
    ]
    return table([head for head, _ in columns], [[text(one) for _, text in columns] for one in found])


def _operation(given: object, usual: str = "views.usual") -> str:
    if given is None:
        return say(usual)
    if callable(given):
        return say("views.function", name=getattr(given, "__name__", "f"))
    return given if isinstance(given, str) else ", ".join(map(str, given))  # type: ignore[call-overload]
