"""Derivatives against mpmath, at 40 digits, and against SymPy."""

import re

import mpmath
import pytest
import sympy

from unbend.formula.language.functions import FUNCTIONS
from unbend.solve import Formula

from .example_formulas import CASES, values


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_slope_of_every_function(name: str) -> None:
    """Against the derivative that mpmath takes of the same formula at 40 digits."""
    arity = FUNCTIONS[name].arity
    text = {1: f"{name}(x)", 2: f"{name}(x, 1/3)", 3: f"{name}(x > 0, x**2, x)"}[arity]
    place = 1.7 if name == "acosh" else 0.4
    slope = Formula(text).slope("x")
    function = sympy.lambdify(sympy.Symbol("x", real=True), Formula(text).sympy(), "mpmath")
    with mpmath.workdps(40):
        want = float(mpmath.diff(function, place)) if name not in ("sign", "floor", "ceil") else 0.0
    got = float(slope(x=place)) if slope.variables else float(slope())
    assert got == pytest.approx(want, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("text", [t for t in CASES if not re.search("sign|floor|where|>|max|나이|lambda", t)])
def test_slopes_agree_with_sympy(text: str) -> None:
    formula = Formula(text)
    for name in (*formula.variables, *formula.parameters):
        want = sympy.diff(formula.sympy(), sympy.Symbol(name, real=True))
        numbers = {sympy.Symbol(n, real=True): v for n, v in values(formula).items()}
        slope = formula.slope(name)
        inside = {n: v for n, v in values(formula).items() if n in (*slope.variables, *slope.parameters)}
        assert float(slope(**inside)) == pytest.approx(float(want.subs(numbers).evalf()), rel=1e-12, abs=1e-13)
