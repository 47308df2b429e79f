"""Views of formulas and of the judgements on their names."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import MimeBundle
from ...formula import Equation, Judgement, Linearity
from ...words import say
from ..html import MAX_ROWS, cut, table


def equation(shown: Equation) -> MimeBundle:
    """Typeset in MathML, and as LaTeX for what prints it."""
    return {"text/html": typeset(shown), "text/latex": f"$\\displaystyle {shown.tex()}$"}


def typeset(shown: Equation) -> str:
    """The formula in MathML, on a line of its own."""
    return shown.mathml().replace("<math ", '<math display="block" ', 1)


def judgement(found: Judgement) -> str:
    """The names, the verdict, the reason."""
    return _judgements([found])


def linearity(found: Linearity) -> str:
    """The judgements on the single names, then those on all parameters and all variables."""
    joint = [j for j in (found.parameters, found.variables) if j is not None and len(j.subject) > 1]
    return _judgements([*found, *joint])


def _judgements(found: Sequence[Judgement]) -> str:
    rows = [(", ".join(j.subject), say(f"formula.verdict_{j.verdict}"), j.reason) for j in found[:MAX_ROWS]]
    return cut(table((say("views.name"), say("views.verdict"), say("views.reason")), rows), len(found))
