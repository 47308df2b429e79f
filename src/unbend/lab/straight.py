"""The page *Straight*: in which names a formula is linear, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from ..figures.curves import regression_data
from ..formula.language.roles import possible_products
from ..formula.language.tokens import shorten
from ..formula.proof.shown_judgements import joint_judgements, single_judgements
from ..report.html import paragraph
from ..solve import Formula
from ..widgets.fields import Field, TextLine
from ..words import language, say
from .charts import reasons_table
from .draggable_points import MAX_TEXT, format_points
from .url_state import VERSION

if TYPE_CHECKING:
    from ..formula import Judgement

EXAMPLES = (
    "y = a*x + b", "y = a*x**2 + b*x + c", "y = a*sin(x) + b*log(x)", "y = b1*(1 - exp(-b2*x))",
    "y = w1*x1 + w2*x2 + w3*x3", "z = 1/(1 + exp(-(w1*x1 + w2*x2)))", "y = 1/(a + b*x)",
)  # fmt: skip
_SIGNS = {"linear": "✓", "affine": "✓ +c", "nonlinear": "✗", "undecided": "?"}


def fields() -> list[Field]:
    """What the reader can set."""
    return [
        TextLine("formula", EXAMPLES[0], say("lab_pages.formula"), 300),
        TextLine("variables", "", say("lab_pages.variables"), 100),
        TextLine("points", format_points(np.column_stack(regression_data())), say("lab_pages.points"), MAX_TEXT, 3),
    ]


def examples() -> str:
    """Links to example formulas: each is this page with that formula in the URL."""
    links = " ".join(
        f'<a href="?lang={language()}&amp;v={VERSION}&amp;formula={quote(text)}"><code>{escape(text)}</code></a>'
        for text in EXAMPLES
    )
    return f'<p class="lab-examples">{escape(say("lab_pages.examples"))} {links}</p>'


def linear_models() -> str:
    """Diagrams of linear models: weighted sums, also of squares and logarithms."""
    from ..figures.model_diagrams import dl_linear, dl_linear_eg1

    return "".join(
        f'<figure class="wide" tabindex="0">{scene.svg()}</figure>' for scene in (dl_linear(), dl_linear_eg1())
    )


def parse_formula(values: Mapping[str, Any]) -> Formula:
    """Parse the typed formula. Raises ``FormulaError`` with the position in the text."""
    names = [name.strip() for name in values["variables"].split(",") if name.strip()]
    return Formula(values["formula"], variables=names or None)


def reading(formula: Formula, typed: str) -> str:
    """How the formula was read where that is not what was typed, and names that may be meant as products; else ""."""
    notes = []
    if "".join(typed.split()) != "".join(str(formula).split()):
        notes.append(say("lab_pages.read_as", formula=str(formula)))
    if formula.guessed:
        notes += [
            say("lab_pages.meant_product", name=name, product="·".join(name), write="*".join(name))
            for name in possible_products(formula.variables, formula.parameters)
        ]
    return " ".join(notes)


def summary(formula: Formula) -> tuple[str, str]:
    """(the verdict in one sentence, its style): for the parameters where there are some, else for the variables."""
    judgement = formula.linearity.parameters or formula.linearity.variables
    if judgement is None:
        return say("lab_pages.no_names"), "plain"
    style = {"linear": "good", "affine": "good", "nonlinear": "bad", "undecided": "plain"}[judgement.verdict]
    verdict = say(f"formula.verdict_{judgement.verdict}")
    names = shorten(", ".join(judgement.subject), 80)
    return say("lab_pages.verdict_in", names=names, verdict=verdict, reason=judgement.reason), style


def verdicts(formula: Formula) -> str:
    """Table with the verdict and its reason for every name, and for groups of names where that adds information."""
    judgements, left_out = single_judgements(formula.linearity)
    rows = []
    for judgement in judgements:
        role = "variable" if judgement.subject[0] in formula.variables else "parameter"
        rows.append(_row(f"{judgement.subject[0]} ({say(f'solve.{role}')})", judgement))
    rows += [_row(f"{say(f'solve.all_{key}')}: {shorten(', '.join(judgement.subject), 60)}", judgement)
             for key, judgement in joint_judgements(formula.linearity)]  # fmt: skip
    head = (say("lab_pages.in_what"), say("lab_pages.answer"), say("lab_pages.because"))
    notes = [paragraph(say("lab_pages.not_alone", count=len(left_out)), "note")] if left_out else []
    typeset = f'<div class="scroll lab-formula" tabindex="0">{formula.mathml()}</div>'
    return "\n".join([typeset, reasons_table(head, rows), *notes])


def _row(name: str, judgement: Judgement) -> tuple[str, str, str]:
    verdict = f"{_SIGNS[judgement.verdict]} {say(f'formula.verdict_{judgement.verdict}')}"
    counterexample = judgement.counterexample
    shown = "" if counterexample is None else f" {say('lab_pages.counterexample')}: {counterexample}"
    return name, verdict, f"{judgement.reason}{shown}"


@dataclass(frozen=True)
class LinearityReport:
    """A formula, its reading, its verdict in one sentence, that sentence as HTML, and the table of verdicts."""

    formula: Formula
    reading: str
    summary: tuple[str, str]
    summary_html: str
    table: str


def linearity_report(values: Mapping[str, Any]) -> LinearityReport:
    """The report on the typed formula. Raises ``FormulaError`` with the position in the text."""
    formula = parse_formula(values)
    result = summary(formula)
    return LinearityReport(
        formula, reading(formula, values["formula"]), result, paragraph(result[0]), verdicts(formula)
    )


def python(formula: Formula) -> str:
    """Python code for the verdicts alone."""
    return f"import unbend as ub\n\n{as_code(formula)}\nfor judgement in f.linearity:\n    print(judgement)\n"


def as_code(formula: Formula) -> str:
    """The line of code that makes the formula ``f``."""
    declared = "" if formula.guessed else f", variables={list(formula.variables)!r}"
    return f"f = ub.Formula({str(formula)!r}{declared})"
