"""What notebooks show of an object: HTML of its own, nothing fetched, nothing run."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..words import say
from .html import paragraph, table

if TYPE_CHECKING:
    from ..formula import Formula
    from ..geometry import Regions
    from ..network import Network
    from ..solve.fit import Fit
    from ..verdict.result import Result

MOST_DRAWN = 50_000  # pieces; a browser takes no more


def formula(found: Formula) -> dict[str, str]:
    """As text, typeset in MathML, and as LaTeX for what prints it."""
    mathml = found.mathml().replace("<math ", '<math display="block" ', 1)
    return {"text/plain": repr(found), "text/html": mathml, "text/latex": f"$\\displaystyle {found.tex()}$"}


def network(net: Network) -> str:
    """Its drawing, and its sizes below."""
    from ..figures import diagram

    return f"<figure>\n{diagram(net).svg()}\n<figcaption>{escape(repr(net))}</figcaption>\n</figure>"


def fit(found: Fit) -> str:
    """The formula typeset, its parameters with their standard errors, and what should be known of the fit."""
    from ..solve.table import remarks, rows

    head, *lines = rows(found)
    notes = [paragraph(text) for text in remarks(found)]
    return "\n".join([formula(found.formula)["text/html"], table(head, lines, (1, 2)), *notes])


def result(found: Result) -> str:
    """The verdict, its interval drawn, and both models' held-out numbers."""
    from . import pictures
    from .sentences import advice, explanation, headline, side_numbers, urgent

    kept = 0 if found.chosen == "linear" else 1
    sides = [(say("report.straight"), found.linear), (say("report.network"), found.network)]
    return "\n".join([
        f"<h3>{escape(headline(found))}</h3>",
        paragraph(explanation(found)),
        pictures.gain_bar(found.gain, found.interval),
        table(["", ""], [(name, side_numbers(side)) for name, side in sides], kept=kept),
        paragraph(advice(found)),
        *(paragraph(text) for text in urgent(found)),
    ])  # fmt: skip


def regions(found: Regions) -> str:
    """How many pieces, and the pieces of a rectangle drawn."""
    said = paragraph(repr(found))
    if found.slice.dimensions != 2 or found.count > MOST_DRAWN:
        return said
    from ..geometry import draw_regions
    from .pictures import svg

    return svg(draw_regions(found), repr(found)) + said
