"""Equations: columns named like a constant, values, and fits through the same tree."""

import math

import numpy as np
import pytest

from unbend.errors import BadInput
from unbend.solve import Formula

X = np.linspace(0.5, 3, 12)
E = np.linspace(3, 7, 12)


def test_a_column_called_e_is_no_constant() -> None:
    assert Formula("y = a*log(e)").fit({"e": E, "y": 2 * np.log(E)}).values["a"] == pytest.approx(2)
    judged = Formula("x*log(e)", variables=["x", "e"]).linearity
    assert (judged.of("x").coefficient, judged.of("e").verdict) == ("log(e)", "nonlinear")
    assert Formula("x*log(e)").linearity.of("x").coefficient == "1"
    assert Formula("x*sin(pi)", variables=["x", "pi"]).linearity.of("x").coefficient == "sin(pi)"
    assert Formula("sqrt(e)**2*x", variables=["x", "e"]).linearity.of("e").verdict == "linear"


def test_a_response_called_e() -> None:
    assert Formula("e = a*x").fit({"e": 3 * X, "x": X}).values == {"a": 3.0}
    assert Formula("log(pi) = a*x").fit({"pi": np.exp(X), "x": X}).values["a"] == pytest.approx(1)
    assert Formula("y/pi = a*x").fit({"y": math.pi * X, "x": X}).values["a"] == pytest.approx(1)


def test_functions_keep_their_own_pi() -> None:
    formula = Formula("y = a*erf(x) + b*gelu(x)")
    assert formula.with_columns(["x", "pi", "y"]).variables == ("x",)
    slope = Formula("y = a*erf(pi)", variables=["pi"]).slope("pi")
    assert slope(pi=0.5, a=1) == pytest.approx(2 / math.sqrt(math.pi) * math.exp(-0.25))


def test_prints_of_a_column_called_e() -> None:
    formula = Formula("y = a*e**x", variables=["e", "x"])
    assert "def f(e, x, a)" in formula.python() and "2.718" not in formula.python()
    assert "2.718" in Formula("y = a*e**x").python()
    assert {str(s) for s in formula.sympy().free_symbols} == {"a", "e", "x"}


def test_error_functions_are_fitted() -> None:
    y = 1.5 * np.array([math.erf((v - 1.2) / 0.8) for v in X]) + 2
    fit = Formula("y = a*erf((x - m)/s) + c").fit({"x": X, "y": y})
    assert [fit.values[n] for n in "amsc"] == pytest.approx([1.5, 1.2, 0.8, 2], rel=1e-7)
    many = np.tile(X, 2_000)
    fit = Formula("y = a*erf(x) + b*erfc(2*x)").fit({"x": many, "y": np.tile([math.erf(v) for v in X], 2_000)})
    assert fit.values["a"] == pytest.approx(1)


def test_value_missing() -> None:
    with pytest.raises(BadInput, match="b"):
        Formula("a*x + b")(a=1, x=2)
