"""The views of objects in notebooks: self-contained HTML, nothing fetched, nothing run."""

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

MAX_DRAWN = 50_000  # pieces; a browser takes no more


@singledispatch
def view(value: Any) -> MimeBundle:
    """The view of any displayed object, by its type: {MIME type: content}."""
    return {"text/plain": repr(value)}


def _html(value: Any, content: str) -> MimeBundle:
    return {"text/plain": repr(value), "text/html": content}


@view.register
def formula(equation: Equation) -> MimeBundle:
    """As text, typeset in MathML, and as LaTeX for what prints it."""
    mathml = equation.mathml().replace("<math ", '<math display="block" ', 1)
    return {"text/plain": repr(equation), "text/html": mathml, "text/latex": f"$\\displaystyle {equation.tex()}$"}


@view.register
def network(net: Network) -> MimeBundle:
    """Its drawing, and its sizes below."""
    from ..figures import diagram

    return _html(net, f"<figure>\n{diagram(net).svg()}\n<figcaption>{escape(repr(net))}</figcaption>\n</figure>")


@view.register
def fit(fitted: Fit) -> MimeBundle:
    """The formula typeset, its parameters with their standard errors, and remarks on the fit."""
    from ..solve.result import parameter_rows, remarks

    head, *lines = parameter_rows(fitted)
    notes = [paragraph(text) for text in remarks(fitted)]
    return _html(fitted, "\n".join([formula(fitted.formula)["text/html"], table(head, lines, (1, 2)), *notes]))


@view.register
def result(verdict: Result) -> MimeBundle:
    """The verdict, its interval drawn, and both models' held-out scores."""
    from . import pictures
    from .sentences import advice, caveats, explanation, headline, model_scores

    models = [(say("report.straight"), verdict.linear), (say("report.network"), verdict.network)]
    rows = [(name, model_scores(model)) for name, model in models]
    parts = [
        f"<h3>{escape(headline(verdict))}</h3>",
        paragraph(explanation(verdict)),
        pictures.gain_bar(verdict.gain, verdict.interval),
        table(["", ""], rows, bold_row=0 if verdict.chosen == "linear" else 1),
        paragraph(advice(verdict)),
        *(paragraph(text) for text in caveats(verdict)),
    ]
    return _html(verdict, "\n".join(parts))


@view.register
def regions(pieces: Regions) -> MimeBundle:
    """How many pieces, and the pieces of a rectangle drawn."""
    summary = paragraph(repr(pieces))
    if pieces.slice.dimensions != 2 or pieces.count > MAX_DRAWN:
        return _html(pieces, summary)
    from ..figures import draw_regions
    from .pictures import svg

    return _html(pieces, svg(draw_regions(pieces), repr(pieces)) + summary)
