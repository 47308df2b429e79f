"""Affine forms that differ from case to case are merged into one formula with ``where``."""

import numpy as np
import pytest

from unbend.solve import Formula

X = np.linspace(0.5, 3, 12)


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("where(z > 0, a*x + a**2/a - a, 2*a*x)", "a", "where(z > 0, x, 2*x)*a"),
        ("sqrt(b*b)*(3/x + 1) - sqrt(b*b)*3/x", "x", "where(b >= 0, b, -b)"),
        ("where(a > x, b, b)", "a", "the constant b"),
        ("pi/(where(a > x, a, a)/(x/x))", "x", "the constant pi/a"),
        ("floor(where(a > x, 0.5, 0))", "x", "0 for every value"),
        ("k**0 + cos(k)**0", "k", "the constant 2"),
    ],
)
def test_every_case_of_the_other_names_is_in_the_form(text: str, name: str, form: str) -> None:
    assert form in Formula(text, variables=[name]).linearity.of(name).reason


def test_a_form_of_several_cases_is_fitted_in_each() -> None:
    z = np.where(np.arange(12) % 3, -1.0, 1.0)
    y = np.where(z > 0, 3 * X, 6 * X)
    fit = Formula("y = where(z > 0, a*x + a**2/a - a, 2*a*x)").fit({"x": X, "z": z, "y": y})
    assert fit.values["a"] == pytest.approx(3, rel=1e-14) and fit.rss < 1e-20
