"""A formula fitted to points, against NumPy."""

from __future__ import annotations

import json

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput
from unbend.lab import straight
from unbend.lab.curve_fit import CurveFit
from unbend.lab.draggable_points import parse_points

from .conftest import defaults, parse_svg


def test_points_are_fitted_as_numpy_does() -> None:
    values = defaults(straight.fields)
    given = parse_points(values["points"])
    made = CurveFit(straight.parse_formula(values), given)
    a, b = np.polyfit(*np.array(given).T, 1)
    assert made.fit.values == pytest.approx({"a": a, "b": b}, rel=1e-9)
    for x, y, same, on in made.residual_segments():
        assert same == x and y - on == pytest.approx(y - (a * x + b), abs=1e-9)
    for part in (made.picture(), made.residuals()):
        parse_svg(part)
    assert "<mtable" in made.system() and json.loads(made.as_json())["rows"] == 20
    nonlinear = CurveFit(ub.Formula("y = a*exp(b*x)"), given)
    assert "no design matrix" in nonlinear.system()
    with pytest.raises(BadInput, match="one variable"):
        _ = CurveFit(ub.Formula("y = a*x1 + b*x2"), given).fit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y = a + b*x", None),
        ("y = a + b*x + c*x^2", "no degrees of freedom"),
        ("y = a + b*x + c*x^2 + d*x^3", "4 parameters on 3 rows"),
        ("y = e^x", "no coefficients"),
    ],
)
def test_a_fit_of_nothing_or_of_everything_is_no_success(text: str, said: str | None) -> None:
    fit = CurveFit(ub.Formula(text), [[0, 1], [1, 2], [2, 4]])
    assert (said or "R² = 0.9") in fit.sentence
    assert ("R²" in fit.sentence) == bool(fit.fit.values)
