"""`CurveFit`: a formula of one variable fitted to points: coefficients, the linear system A B = y, residuals, plots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import json_text
from ..errors import BadInput
from ..figures.plane import Plane, padded_interval
from ..figures.scene import Scene
from ..figures.shapes import Line as Stroke
from ..figures.shapes import Shape
from ..report.html import paragraph, table
from ..solve import Formula
from ..solve.result import format_number, freedom_note, parameter_rows, summary
from ..words import say
from .charts import BLUE, INK, RED, short
from .draggable_points import Points
from .straight import as_code

if TYPE_CHECKING:
    from ..solve.result import Fit

_CURVE_POINTS = 161
MAX_LISTED = 8  # coefficients in a sentence; undetermined directions below it


def column_names(formula: Formula) -> tuple[str | None, str | None]:
    """The column names to look for in a table, (variable, response); None where the formula has not exactly one."""
    variable = formula.variables[0] if len(formula.variables) == 1 else None
    return variable, formula.response_names[0] if len(formula.response_names) == 1 else None


@dataclass(frozen=True)
class CurveFit:
    """A formula of one variable fitted to points (n, 2). Its members raise ``BadInput`` where it cannot be fitted."""

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
        """The result of ``Formula.fit``."""
        fit: Fit = self.formula.fit(self.data)
        return fit

    @property
    def sentence(self) -> str:
        """The fitted coefficients in one sentence."""
        fit = self.fit
        if not fit.values:
            return say("lab_pages.nothing_fitted", rows=fit.rows, sd=format_number(fit.residual_sd, 4))
        values = [f"{name} = {short(value)}" for name, value in fit.values.items()]
        listed = ", ".join(values[:MAX_LISTED]) + (", …" if len(values) > MAX_LISTED else "")
        text = say("lab_pages.fit_summary", values=listed, r2=format_number(fit.r2, 4), rows=fit.rows)
        note = freedom_note(fit.rows, len(fit.values), fit.rows - fit.dof)
        return f"{text} {note[:1].upper()}{note[1:]}." if note else text

    def numbers(self) -> str:
        """Table of coefficients with standard errors, goodness of fit, and notes, as HTML."""
        fit = self.fit
        head, *lines = parameter_rows(fit, 6)
        notes = "".join(
            paragraph(text, "note") for text in (summary(fit, 6), *fit.notes, *fit.undetermined[:MAX_LISTED])
        )
        return table(head, lines, (1, 2)) + notes

    def system(self) -> str:
        """A B = y as MathML, with its first row in words; a sentence where the formula has no linear system."""
        if not self.formula.parameters:
            return paragraph(say("lab_pages.no_parameters"))
        try:
            system = self.formula.system(self.data)
        except BadInput as error:
            return paragraph(str(error))
        terms = " + ".join(f"{a:.4g}·{name}" for a, name in zip(system.A[0], system.design.parameters, strict=True))
        first = say("lab_pages.first_row", terms=terms.replace("-", "−"), value=short(system.y[0]))
        columns = say("lab_pages.columns_are", columns=", ".join(system.design.texts))
        return f'<div class="scroll" tabindex="0">{system.mathml(5)}</div>{paragraph(columns)}{paragraph(first)}'

    def residuals(self) -> str:
        """Residual plot."""
        x, residuals = self.data[self.variable], self.fit.residuals
        plane = Plane(padded_interval(x), padded_interval([0.0, *residuals], 1e-9), (58.0, 16.0, 544.0, 150.0))
        shapes: list[Shape] = plane.axes(self.variable, say("lab_pages.residual"))
        for a, r in zip(x, residuals, strict=True):
            shapes += [Stroke((plane.at(a, 0), plane.at(a, r)), RED, 1.6), plane.dot(a, r, RED, 3.5)]
        scene = Scene(
            560, 190, tuple(shapes), say("lab_pages.residuals_picture", sd=format_number(self.fit.residual_sd, 3))
        )
        return f"<figure>{scene.svg()}</figure>"

    def lines(self, low: float, high: float) -> list[dict[str, Any]]:
        """The fitted curve between two values of x, as lines of a ``Plot``."""
        x = np.linspace(low, high, _CURVE_POINTS)
        y = np.broadcast_to(self.fit.formula(**{self.variable: x}, **self.fit.values), x.shape)
        return [{"x": x, "y": y, "name": say("lab_pages.fitted_curve")}]

    def residual_segments(self) -> list[list[float]]:
        """A vertical segment (x, y, x, prediction) from every point to the curve, where the prediction is finite."""
        ends = zip(
            self.data[self.variable], self.data[self.formula.response_names[0]], self._predictions(), strict=True
        )
        return [[float(x), float(y), float(x), float(v)] for x, y, v in ends if np.isfinite(v)]

    def _predictions(self) -> Any:
        columns = {self.variable: self.data[self.variable]}
        return np.broadcast_to(self.fit.formula(**columns, **self.fit.values), (len(self.points),))

    def picture(self) -> str:
        """Points, curve and residuals as a static picture."""
        x, y = self.data[self.variable], self.data[self.formula.response_names[0]]
        plane = Plane(padded_interval(x, padding=0.15), padded_interval(y, padding=0.15))
        shapes: list[Shape] = plane.axes(self.variable, self.formula.response_names[0])
        for a, b, c, d in self.residual_segments():
            shapes += plane.curve(np.array([a, c]), np.array([b, d]), RED, 1.2, dash=True)
        for line in self.lines(*plane.x):
            shapes += plane.curve(line["x"], line["y"], INK)
        dots = [plane.dot(float(a), float(b), BLUE, 4.5) for a, b in zip(x, y, strict=True)]
        return f"<figure>{Scene(560, 376, (*shapes, *dots), self.sentence).svg()}</figure>"

    def as_json(self) -> bytes:
        """The fit as JSON."""
        fit = self.fit
        errors = {name: None if error != error else error for name, error in fit.standard_errors.items()}
        content = {"formula": str(self.formula), "values": fit.values, "standard_errors": errors, "rss": fit.rss,
                   "rows": fit.rows, "dof": fit.dof, "points": [list(map(float, p)) for p in self.points]}  # fmt: skip
        return json_text.dumps(content, indent=1).encode()

    def python(self) -> str:
        """Python code for the fit."""
        data = {name: [float(f"{v:.6g}") for v in column] for name, column in self.data.items()}
        return (
            f"import unbend as ub\n\n{as_code(self.formula)}\ndata = {data!r}\n"
            "for judgement in f.linearity:\n    print(judgement)\nprint(f.system(data).text())\nprint(f.fit(data))\n"
        )
