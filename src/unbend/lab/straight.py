"""The page *Straight*: what is linear in a formula and why, and a curve fitted to points that can be dragged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from ..errors import BadInput
from ..figures.curves import regression_data
from ..figures.plane import Plane, around
from ..figures.scene import Line as Stroke
from ..figures.scene import Scene, Shape
from ..formula import Formula
from ..formula.tokens import shorten
from ..formula.verdicts import alone, groups
from ..report.html import paragraph, table
from ..words import language, say
from .numbers import read_rows
from .state import VERSION, Field, Line

if TYPE_CHECKING:
    from ..formula import Judgement
    from ..solve.fit import Fit

MOST_POINTS = 40
EXAMPLES = (
    "y = a*x + b", "y = a*x**2 + b*x + c", "y = a*sin(x) + b*log(x)", "y = b1*(1 - exp(-b2*x))",
    "y = w1*x1 + w2*x2 + w3*x3", "z = 1/(1 + exp(-(w1*x1 + w2*x2)))", "y = 1/(a + b*x)",
)  # fmt: skip
_SIGNS = {"linear": "✓", "affine": "✓ +c", "nonlinear": "✗", "undecided": "?"}
_GRID = 161

Points = Sequence[Sequence[float]]


def fields() -> list[Field]:
    """What the reader can set."""
    return [
        Line("formula", EXAMPLES[0], say("lab_pages.formula"), 300),
        Line("variables", "", say("lab_pages.variables"), 100),
        Line("points", write_points(np.column_stack(regression_data())), say("lab_pages.points"), 900, 2),
    ]


def write_points(points: Any) -> str:
    """Points as they stand in the URL."""
    return "; ".join(f"{_decimal(x)} {_decimal(y)}" for x, y in points)


def _decimal(value: float) -> str:
    """Four digits without an exponent."""
    return str(np.format_float_positional(float(f"{value:.4g}"), trim="-"))


def read_points(text: str) -> list[list[float]]:
    """Points such as "1 2; 3 4.5". Raises ``BadInput`` where they are not pairs, or more than ``MOST_POINTS``."""
    rows = read_rows(text, say("lab_pages.points"), MOST_POINTS)
    if len(rows[0]) != 2:
        raise BadInput("lab_pages.pairs", got=len(rows[0]))
    return [[float(x), float(y)] for x, y in rows]


def plot(points: Points) -> Any:
    """The points as a view in which they can be moved."""
    from ..widgets import Plot

    x, y = np.asarray(points, dtype=float).T
    return Plot(points, x_range=around(x, share=0.15), y_range=around(y, share=0.15), movable=True,
                label=say("lab_pages.points_label"))  # fmt: skip


class Moving:
    """The points, which stand both in a view and as text: whichever the reader changed last counts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.points: list[list[float]] = read_points(text)

    def settle(self, panel: Any, view: Any) -> list[list[float]]:
        """Bring panel and view together. Raises ``BadInput`` where the text cannot be read; the points then stay."""
        text = panel.values["points"]
        if text != self.text:
            self.text = text
            self.points = read_points(text)
            view.show(points=self.points)
        elif [list(p) for p in view.points] != self.points:
            self.points = [[float(x), float(y)] for x, y in view.points]
            self.text = write_points(self.points)
            panel.raw = {**panel.raw, "points": self.text}
        return self.points


def start(text: str) -> tuple[Moving, str]:
    """The points in the URL, or the usual ones and why."""
    try:
        return Moving(text), ""
    except BadInput as problem:
        return Moving(fields()[-1].default), str(problem)


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


def examples() -> str:
    """Links to formulas worth a look: each is this page with that formula in its address."""
    links = " · ".join(
        f'<a href="?lang={language()}&amp;v={VERSION}&amp;formula={quote(text)}"><code>{escape(text)}</code></a>'
        for text in EXAMPLES
    )
    return f"<p>{escape(say('lab_pages.examples'))} {links}</p>"


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
    judgements, left_out = alone(formula)
    rows = []
    for judged in judgements:
        role = "variable" if judged.subject[0] in formula.variables else "parameter"
        rows.append(_row(f"{judged.subject[0]} ({say(f'solve.{role}')})", judged))
    rows += [_row(f"{say(f'solve.all_{key}')}: {shorten(', '.join(judged.subject), 60)}", judged)
             for key, judged in groups(formula)]  # fmt: skip
    head = (say("lab_pages.in_what"), say("lab_pages.answer"), say("lab_pages.because"))
    more = [paragraph(say("lab_pages.not_alone", count=len(left_out)), "note")] if left_out else []
    typeset = f'<div class="scroll lab-formula" tabindex="0">{formula.mathml()}</div>'
    return "\n".join([typeset, table(head, rows), *more])


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


@dataclass(frozen=True)
class Fitted:
    """A formula of one variable fitted to points. Raises ``BadInput`` where that cannot be."""

    formula: Formula
    points: Points

    @cached_property
    def variable(self) -> str:
        """The name of the one variable."""
        variables: tuple[str, ...] = self.formula.variables
        if len(variables) != 1 or len(self.formula.response_names) != 1:
            raise BadInput("lab_pages.one_variable", got=", ".join(variables) or "–")
        return variables[0]

    @cached_property
    def data(self) -> dict[str, Any]:
        """The points as columns."""
        x, y = np.asarray(self.points, dtype=float).reshape(-1, 2).T
        return {self.variable: x, self.formula.response_names[0]: y}

    @cached_property
    def fit(self) -> Fit:
        """The fit itself."""
        fit: Fit = self.formula.fit(self.data)
        return fit

    @property
    def sentence(self) -> str:
        """The fitted numbers in one line."""
        values = ", ".join(f"{name} = {value:.4g}".replace("-", "−") for name, value in self.fit.values.items())
        return say("lab_pages.fitted", values=values, r2=_text(self.fit.r2, 4), rows=self.fit.rows)

    def numbers(self) -> str:
        """Coefficients with standard errors, what the fit is worth, and what should be known about it."""
        fit = self.fit
        rows = [(name, f"{value:.6g}", _text(fit.standard_errors[name], 4)) for name, value in fit.values.items()]
        head = (say("solve.parameter"), say("solve.value"), say("solve.standard_error"))
        said = say("solve.summary", rss=f"{fit.rss:.6g}", sd=_text(fit.residual_sd, 6), r2=_text(fit.r2, 6),
                   rows=fit.rows, dof=fit.dof, method=say(f"solve.method_{fit.method}"))  # fmt: skip
        notes = "".join(paragraph(text, "note") for text in (said, *fit.undetermined, *fit.notes))
        return table(head, rows, (1, 2)) + notes

    def system(self) -> str:
        """A B = y typeset, and its first row as the combination it is; the reason where the formula has none."""
        if not self.formula.parameters:
            return paragraph(say("lab_pages.no_parameters"))
        try:
            found = self.formula.system(self.data)
        except BadInput as problem:
            return paragraph(str(problem))
        terms = " + ".join(f"{a:.4g}·{name}" for a, name in zip(found.A[0], found.design.parameters, strict=True))
        first = say("lab_pages.first_row", terms=terms.replace("-", "−"), value=f"{found.y[0]:.4g}".replace("-", "−"))
        columns = say("lab_pages.columns_are", columns=", ".join(found.design.texts))
        return f'<div class="scroll" tabindex="0">{found.mathml(5)}</div>{paragraph(columns)}{paragraph(first)}'

    def residuals(self) -> str:
        """The residuals as a picture: what each point has above or below the curve."""
        x, left = self.data[self.variable], self.fit.residuals
        plane = Plane(around(x), around([0.0, *left], 1e-9), (58.0, 16.0, 544.0, 150.0))
        shapes: list[Shape] = plane.axes(self.variable, say("lab_pages.residual"))
        for a, r in zip(x, left, strict=True):
            shapes += [Stroke((plane.at(a, 0), plane.at(a, r)), "#b5471b", 1.6), plane.dot(a, r, "#b5471b", 3.5)]
        scene = Scene(560, 190, tuple(shapes), say("lab_pages.residuals_picture", sd=_text(self.fit.residual_sd, 3)))
        return f"<figure>{scene.svg()}</figure>"

    def lines(self, low: float, high: float) -> list[dict[str, Any]]:
        """The fitted curve between two values of x, for a ``Plot``."""
        x = np.linspace(low, high, _GRID)
        y = np.broadcast_to(self.fit.formula(**{self.variable: x}, **self.fit.values), x.shape)
        return [{"x": x, "y": y, "name": say("lab_pages.fitted_curve")}]

    def sticks(self) -> list[list[float]]:
        """A stick from every point to the curve, where the curve has a value."""
        ends = zip(self.data[self.variable], self.data[self.formula.response_names[0]], self._at_points(), strict=True)
        return [[float(x), float(y), float(x), float(v)] for x, y, v in ends if np.isfinite(v)]

    def _at_points(self) -> Any:
        inside = {self.variable: self.data[self.variable]}
        return np.broadcast_to(self.fit.formula(**inside, **self.fit.values), (len(self.points),))

    def picture(self) -> str:
        """Points, curve and residuals as a drawing that stands still."""
        x, y = self.data[self.variable], self.data[self.formula.response_names[0]]
        plane = Plane(around(x, share=0.15), around(y, share=0.15))
        shapes: list[Shape] = plane.axes(self.variable, self.formula.response_names[0])
        for a, b, c, d in self.sticks():
            shapes += plane.curve(np.array([a, c]), np.array([b, d]), "#b5471b", 1.2, dash=True)
        for line in self.lines(*plane.x):
            shapes += plane.curve(line["x"], line["y"], "#222222")
        dots = [plane.dot(float(a), float(b), "#1b6ca8", 4.5) for a, b in zip(x, y, strict=True)]
        return f"<figure>{Scene(560, 376, (*shapes, *dots), self.sentence).svg()}</figure>"

    def as_json(self) -> bytes:
        """The fit for other programs."""
        fit = self.fit
        errors = {name: None if error != error else error for name, error in fit.standard_errors.items()}
        told = {"formula": str(self.formula), "values": fit.values, "standard_errors": errors, "rss": fit.rss,
                "rows": fit.rows, "dof": fit.dof, "points": [list(map(float, p)) for p in self.points]}  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    def python(self) -> str:
        """The same in Python."""
        data = {name: [float(f"{v:.6g}") for v in column] for name, column in self.data.items()}
        return (
            f"import unbend as ub\n\n{_made(self.formula)}\ndata = {data!r}\n"
            "for judgement in f.linearity:\n    print(judgement)\nprint(f.system(data).text())\nprint(f.fit(data))\n"
        )


def python(formula: Formula) -> str:
    """The verdicts alone, in Python."""
    return f"import unbend as ub\n\n{_made(formula)}\nfor judgement in f.linearity:\n    print(judgement)\n"


def _made(formula: Formula) -> str:
    declared = "" if formula.guessed else f", variables={list(formula.variables)!r}"
    return f"f = ub.Formula({str(formula)!r}{declared})"


def _text(value: float, digits: int) -> str:
    return "–" if value != value else f"{value:.{digits}g}"
