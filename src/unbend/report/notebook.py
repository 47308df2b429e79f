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
    """The formula typeset and its parameters with their standard errors."""
    head = [say("solve.parameter"), say("solve.value"), say("solve.standard_error")]
    rows = [(n, f"{v:.10g}", f"{found.standard_errors[n]:.4g}") for n, v in found.values.items()]
    summary = f"RSS {found.rss:.6g} · R² {found.r2:.6g}"
    notes = [paragraph(text) for text in found.notes]
    return "\n".join([formula(found.formula)["text/html"], table(head, rows, (1, 2)), paragraph(summary), *notes])


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
