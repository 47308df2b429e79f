"""Interval arithmetic: intervals enclose the value that mpmath computes with more digits; rational values are exact."""

from fractions import Fraction

import mpmath
import pytest

from unbend.formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from unbend.formula.evaluate.tape import run
from unbend.solve import Formula

_FUNCTIONS = [
    ("exp(x)", "exp"), ("log(x)", "log"), ("sin(x)", "sin"), ("cos(x)", "cos"), ("tan(x)", "tan"), ("sqrt(x)", "sqrt"),
    ("sinh(x)", "sinh"), ("cosh(x)", "cosh"), ("tanh(x)", "tanh"), ("asin(x)", "asin"), ("acos(x)", "acos"),
    ("atan(x)", "atan"), ("asinh(x)", "asinh"), ("atanh(x)", "atanh"), ("erf(x)", "erf"), ("erfc(x)", "erfc"),
    ("expm1(x)", "expm1"), ("log1p(x)", "log1p"), ("cbrt(x)", "cbrt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), _FUNCTIONS)
@pytest.mark.parametrize("place", [Fraction(1, 3), Fraction(7, 9), Fraction(1, 10**9)])
def test_enclosures_hold_the_value(text: str, name: str, place: Fraction) -> None:
    found = run(Formula(text).tree, {"x": place}, Intervals())
    if isinstance(found, Fraction):  # the cube root of 1/10**9
        assert found == Fraction(1, 1000)
        return
    with mpmath.workdps(90):
        value = getattr(mpmath, name)(mpmath.mpf(place.numerator) / place.denominator)
        assert mpmath.mpf(found.a) <= value <= mpmath.mpf(found.b)
        assert mpmath.mpf(found.b) - mpmath.mpf(found.a) < abs(value) * mpmath.mpf(10) ** -50


@pytest.mark.parametrize(
    ("text", "value"),
    [("x**2 - 1/3", Fraction(-1, 12)), ("sqrt(x*8)", Fraction(2)), ("x**-2", Fraction(4)),
     ("where(x > 0, 1, log(-1))", 1),
     ("floor(x*7) + sign(-x)", 2), ("max(x, 1/3) - abs(-x)", 0), ("exp(0) + cos(0)", 2), ("(x > 1/3)*(x == 1/2)", 1)],
)  # fmt: skip
def test_rational_values_stay_exact(text: str, value: Fraction) -> None:
    assert run(Formula(text).tree, {"x": Fraction(1, 2)}, Intervals()) == value


@pytest.mark.parametrize(
    "text", ["log(-x)", "1/(x - 1/2)", "sqrt(-x)", "asin(2 + x)", "acosh(x)", "(-x)**0.3", "0**-x"]
)
def test_no_value_is_said(text: str) -> None:
    assert run(Formula(text).tree, {"x": Fraction(1, 2)}, Intervals()) is UNDEFINED
