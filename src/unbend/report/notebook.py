"""What notebooks show of an object: HTML of its own, nothing fetched, nothing run."""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import Any

from ..display import MimeBundle
from ..formula import Equation
from ..geometry.regions import Regions
from ..network import Network
from ..solve.result import Fit
from ..verdict.result import Result
from ..words import say
from .html import paragraph, table

MOST_DRAWN = 50_000  # pieces; a browser takes no more


@singledispatch
def view(value: Any) -> MimeBundle:
    """The view of any displayed object, by its type: {MIME type: content}."""
    return {"text/plain": repr(value)}


def _html(value: Any, content: str) -> MimeBundle:
    return {"text/plain": repr(value), "text/html": content}


@view.register
def formula(found: Equation) -> MimeBundle:
    """As text, typeset in MathML, and as LaTeX for what prints it."""
    mathml = found.mathml().replace("<math ", '<math display="block" ', 1)
    return {"text/plain": repr(found), "text/html": mathml, "text/latex": f"$\\displaystyle {found.tex()}$"}


@view.register
def network(net: Network) -> MimeBundle:
    """Its drawing, and its sizes below."""
    from ..figures import diagram

    return _html(net, f"<figure>\n{diagram(net).svg()}\n<figcaption>{escape(repr(net))}</figcaption>\n</figure>")


@view.register
def fit(found: Fit) -> MimeBundle:
    """The formula typeset, its parameters with their standard errors, and what should be known of the fit."""
    from ..solve.result import parameter_rows, remarks

    head, *lines = parameter_rows(found)
    notes = [paragraph(text) for text in remarks(found)]
    return _html(found, "\n".join([formula(found.formula)["text/html"], table(head, lines, (1, 2)), *notes]))


@view.register
def result(found: Result) -> MimeBundle:
    """The verdict, its interval drawn, and both models' held-out numbers."""
    from . import pictures
    from .sentences import advice, explanation, headline, side_numbers, urgent

    kept = 0 if found.chosen == "linear" else 1
    sides = [(say("report.straight"), found.linear), (say("report.network"), found.network)]
    return _html(found, "\n".join([
        f"<h3>{escape(headline(found))}</h3>",
        paragraph(explanation(found)),
        pictures.gain_bar(found.gain, found.interval),
        table(["", ""], [(name, side_numbers(side)) for name, side in sides], kept=kept),
        paragraph(advice(found)),
        *(paragraph(text) for text in urgent(found)),
    ]))  # fmt: skip


@view.register
def regions(found: Regions) -> MimeBundle:
    """How many pieces, and the pieces of a rectangle drawn."""
    said = paragraph(repr(found))
    if found.slice.dimensions != 2 or found.count > MOST_DRAWN:
        return _html(found, said)
    from ..figures import draw_regions
    from .pictures import svg

    return _html(found, svg(draw_regions(found), repr(found)) + said)
