"""The page *Straight*: what is linear in a formula, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from ..figures.curves import regression_data
from ..formula.language.tokens import shorten
from ..formula.proof.shown_judgements import joint_judgements, single_judgements
from ..report.html import paragraph
from ..solve import Formula
from ..words import language, say
from .drawing import reasons
from .points import LONGEST, write_points
from .state import VERSION, Field, Line

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
        Line("formula", EXAMPLES[0], say("lab_pages.formula"), 300),
        Line("variables", "", say("lab_pages.variables"), 100),
        Line("points", write_points(np.column_stack(regression_data())), say("lab_pages.points"), LONGEST, 3),
    ]


def examples() -> str:
    """Links to formulas worth a look: each is this page with that formula in its address."""
    links = " ".join(
        f'<a href="?lang={language()}&amp;v={VERSION}&amp;formula={quote(text)}"><code>{escape(text)}</code></a>'
        for text in EXAMPLES
    )
    return f'<p class="lab-examples">{escape(say("lab_pages.examples"))} {links}</p>'


def linear_models() -> str:
    """Sums with and without weights, and of squares and logarithms: all linear in the weights."""
    from ..figures.models import dl_linear, dl_linear_eg1

    return "".join(
        f'<figure class="wide" tabindex="0">{scene.svg()}</figure>' for scene in (dl_linear(), dl_linear_eg1())
    )


def read_formula(values: Mapping[str, Any]) -> Formula:
    """The formula that is typed. Raises ``FormulaError`` with the place in the text."""
    names = [name.strip() for name in values["variables"].split(",") if name.strip()]
    return Formula(values["formula"], variables=names or None)


def summary(formula: Formula) -> tuple[str, str]:
    """(the verdict in one sentence, good or bad): on the parameters where there are some, else on the variables."""
    judged = formula.linearity.parameters or formula.linearity.variables
    if judged is None:
        return say("lab_pages.no_names"), "plain"
    kind = {"linear": "good", "affine": "good", "nonlinear": "bad", "undecided": "plain"}[judged.verdict]
    verdict = say(f"formula.verdict_{judged.verdict}")
    names = shorten(", ".join(judged.subject), 80)
    return say("lab_pages.verdict_in", names=names, verdict=verdict, reason=judged.reason), kind


def verdicts(formula: Formula) -> str:
    """A row for every name, and for names together where that says more: the verdict and why."""
    judgements, left_out = single_judgements(formula.linearity)
    rows = []
    for judged in judgements:
        role = "variable" if judged.subject[0] in formula.variables else "parameter"
        rows.append(_row(f"{judged.subject[0]} ({say(f'solve.{role}')})", judged))
    rows += [_row(f"{say(f'solve.all_{key}')}: {shorten(', '.join(judged.subject), 60)}", judged)
             for key, judged in joint_judgements(formula.linearity)]  # fmt: skip
    head = (say("lab_pages.in_what"), say("lab_pages.answer"), say("lab_pages.because"))
    more = [paragraph(say("lab_pages.not_alone", count=len(left_out)), "note")] if left_out else []
    typeset = f'<div class="scroll lab-formula" tabindex="0">{formula.mathml()}</div>'
    return "\n".join([typeset, reasons(head, rows), *more])


def _row(name: str, judged: Judgement) -> tuple[str, str, str]:
    found = "" if judged.counterexample is None else f" {say('lab_pages.counterexample')}: {judged.counterexample}"
    return name, f"{_SIGNS[judged.verdict]} {say(f'formula.verdict_{judged.verdict}')}", f"{judged.reason}{found}"


@dataclass(frozen=True)
class Judged:
    """A formula with its verdict in one sentence, that sentence as HTML, and the table of verdicts."""

    formula: Formula
    summary: tuple[str, str]
    told: str
    table: str


def judged(values: Mapping[str, Any]) -> Judged:
    """What is said of the formula that is typed. Raises ``FormulaError`` with the place in the text."""
    formula = read_formula(values)
    said = summary(formula)
    return Judged(formula, said, paragraph(said[0]), verdicts(formula))


def python(formula: Formula) -> str:
    """The verdicts alone, in Python."""
    return f"import unbend as ub\n\n{as_code(formula)}\nfor judgement in f.linearity:\n    print(judgement)\n"


def as_code(formula: Formula) -> str:
    """The line that makes the formula ``f``."""
    declared = "" if formula.guessed else f", variables={list(formula.variables)!r}"
    return f"f = ub.Formula({str(formula)!r}{declared})"
