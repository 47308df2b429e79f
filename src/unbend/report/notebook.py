"""`view`: an object's view in notebooks, self-contained HTML without requests or scripts."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from html import escape
from typing import Any

from ..display import MimeBundle
from ..formula import Equation, Judgement, Linearity
from ..geometry import Difference, Equality, Explanation, LocalMap, OutputRange, Shrunk
from ..geometry.regions import Regions
from ..network import GradientCheck, Network, Trace
from ..solve.result import Fit
from ..spaces.result import AxiomResult, AxiomResults
from ..train.history import History
from ..verdict.explanation import RowExplanation
from ..verdict.model import Model
from ..verdict.result import Result
from ..verdict.scored_model import ScoredModel
from ..verdict.where import Suggestion, Where
from ..words import say
from . import records
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
def table_model(model: Model) -> MimeBundle:
    """What it predicts, from which columns."""
    rows = [
        (say("report.target"), model.target + (f": {', '.join(model.classes)}" if model.classes else "")),
        (say("report.columns"), ", ".join(model.columns)),
        (say("report.network"), repr(model.network)),
    ]
    return _html(model, table(["", ""], rows))


@view.register
def scored_model(scored: ScoredModel) -> MimeBundle:
    """Its held-out scores, and the model."""
    from .sentences import model_scores

    return _html(scored, paragraph(model_scores(scored)) + table_model(scored.model)["text/html"])


@view.register
def bends(found: Where) -> MimeBundle:
    """The columns that bend with their shares, and the formula."""
    from .where import bends_in_short

    return _html(found, bends_in_short(found))


@view.register
def suggestion(found: Suggestion) -> MimeBundle:
    """The formula to copy, and with its fitted values."""
    from .where import change

    texts = [text for text in (found.text, found.text_with_values) if text]
    return _html(found, paragraph(change(found)) + "".join(f"<pre>{escape(text)}</pre>" for text in texts))


@view.register
def row_explanation(why: RowExplanation) -> MimeBundle:
    """Bars for the columns' contributions."""
    from . import contributions

    return _html(why, contributions.view(why))


def _register(kind: type, content: Callable[[Any], str]) -> None:
    view.register(kind)(lambda value: _html(value, content(value)))


for _kind, _content in (
    (Linearity, records.linearity),
    (Judgement, lambda judgement: records.judgements([judgement])),
    (AxiomResults, records.axioms),
    (AxiomResult, records.axiom),
    (LocalMap, records.local_map),
    (Explanation, records.explanation),
    (OutputRange, records.output_range),
    (Difference, records.difference),
    (Equality, records.sentence),
    (Shrunk, records.sentence),
    (GradientCheck, records.gradient_check),
    (Trace, records.trace),
    (History, records.history),
):
    _register(_kind, _content)


@view.register
def regions(pieces: Regions) -> MimeBundle:
    """How many pieces, and the pieces of a rectangle drawn."""
    summary = paragraph(repr(pieces))
    if pieces.slice.dimensions != 2 or pieces.count > MAX_DRAWN:
        return _html(pieces, summary)
    from ..figures import draw_regions
    from .pictures import svg

    return _html(pieces, svg(draw_regions(pieces), repr(pieces)) + summary)
