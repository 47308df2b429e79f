"""A formula of one variable fitted to points: numbers, the system A B = y, residuals, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import json_text
from ..errors import BadInput
from ..figures.plane import Plane, around
from ..figures.scene import Scene
from ..figures.shapes import Line as Stroke
from ..figures.shapes import Shape
from ..report.html import paragraph, table
from ..solve import Formula
from ..solve.result import format_number, parameter_rows, summary
from ..words import say
from .drawing import BLUE, INK, RED, short
from .points import Points
from .straight import as_code

if TYPE_CHECKING:
    from ..solve.result import Fit

_GRID = 161


def names(formula: Formula) -> tuple[str | None, str | None]:
    """The names that a table's columns would have: the variable's and the one on the left; None where none is."""
    one = formula.variables[0] if len(formula.variables) == 1 else None
    return one, formula.response_names[0] if len(formula.response_names) == 1 else None


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
        values = ", ".join(f"{name} = {short(value)}" for name, value in self.fit.values.items())
        return say("lab_pages.fitted", values=values, r2=format_number(self.fit.r2, 4), rows=self.fit.rows)

    def numbers(self) -> str:
        """Coefficients with standard errors, what the fit is worth, and what should be known about it."""
        fit = self.fit
        head, *lines = parameter_rows(fit, 6)
        notes = "".join(paragraph(text, "note") for text in (summary(fit, 6), *fit.undetermined, *fit.notes))
        return table(head, lines, (1, 2)) + notes

    def system(self) -> str:
        """A B = y typeset, and its first row as the combination it is; the reason where the formula has none."""
        if not self.formula.parameters:
            return paragraph(say("lab_pages.no_parameters"))
        try:
            found = self.formula.system(self.data)
        except BadInput as problem:
            return paragraph(str(problem))
        terms = " + ".join(f"{a:.4g}·{name}" for a, name in zip(found.A[0], found.design.parameters, strict=True))
        first = say("lab_pages.first_row", terms=terms.replace("-", "−"), value=short(found.y[0]))
        columns = say("lab_pages.columns_are", columns=", ".join(found.design.texts))
        return f'<div class="scroll" tabindex="0">{found.mathml(5)}</div>{paragraph(columns)}{paragraph(first)}'

    def residuals(self) -> str:
        """The residuals as a picture: what each point has above or below the curve."""
        x, left = self.data[self.variable], self.fit.residuals
        plane = Plane(around(x), around([0.0, *left], 1e-9), (58.0, 16.0, 544.0, 150.0))
        shapes: list[Shape] = plane.axes(self.variable, say("lab_pages.residual"))
        for a, r in zip(x, left, strict=True):
            shapes += [Stroke((plane.at(a, 0), plane.at(a, r)), RED, 1.6), plane.dot(a, r, RED, 3.5)]
        scene = Scene(
            560, 190, tuple(shapes), say("lab_pages.residuals_picture", sd=format_number(self.fit.residual_sd, 3))
        )
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
            shapes += plane.curve(np.array([a, c]), np.array([b, d]), RED, 1.2, dash=True)
        for line in self.lines(*plane.x):
            shapes += plane.curve(line["x"], line["y"], INK)
        dots = [plane.dot(float(a), float(b), BLUE, 4.5) for a, b in zip(x, y, strict=True)]
        return f"<figure>{Scene(560, 376, (*shapes, *dots), self.sentence).svg()}</figure>"

    def as_json(self) -> bytes:
        """The fit for other programs."""
        fit = self.fit
        errors = {name: None if error != error else error for name, error in fit.standard_errors.items()}
        told = {"formula": str(self.formula), "values": fit.values, "standard_errors": errors, "rss": fit.rss,
                "rows": fit.rows, "dof": fit.dof, "points": [list(map(float, p)) for p in self.points]}  # fmt: skip
        return json_text.dumps(told, indent=1).encode()

    def python(self) -> str:
        """The same in Python."""
        data = {name: [float(f"{v:.6g}") for v in column] for name, column in self.data.items()}
        return (
            f"import unbend as ub\n\n{as_code(self.formula)}\ndata = {data!r}\n"
            "for judgement in f.linearity:\n    print(judgement)\nprint(f.system(data).text())\nprint(f.fit(data))\n"
        )
