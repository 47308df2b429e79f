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
