"""Functions that can only be tested, networks, enclosures against mpmath, roles of names."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from unbend import Dense, Network
from unbend.errors import BadInput, FormulaError, ShapeError
from unbend.formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from unbend.formula.evaluate.tape import run
from unbend.linearity import linearity
from unbend.solve import Formula


@pytest.mark.parametrize(
    ("function", "inputs", "verdict"),
    [
        (lambda x: 3 * x, None, "linear"),
        (lambda x: 3 * x + 1, None, "affine"),
        (lambda x: 7.0, None, "affine"),
        (lambda x, y: 2 * x - y, None, "linear"),
        (lambda x, y: x * y, None, "nonlinear"),
        (lambda x: x**2, None, "nonlinear"),
        (abs, None, "nonlinear"),
        (math.sqrt, None, "nonlinear"),
        (np.cumsum, 4, "linear"),
        (lambda u: np.sort(u), 3, "nonlinear"),
        (lambda u: np.array([[1, 2], [3, 4]]) @ u + 1, 2, "affine"),
    ],
)
def test_functions_are_tested_never_proved(function: object, inputs: int | None, verdict: str) -> None:
    judged = linearity(function, inputs=inputs)
    assert judged.verdict == verdict
    assert judged.evidence == ("refuted" if verdict == "nonlinear" else "tested")
    assert judged.trials > 0
    if judged.evidence == "tested":
        assert str(judged.trials) in judged.reason
    assert (judged.counterexample is None) == (verdict == "linear")


def test_counterexample_of_a_function_holds() -> None:
    found = linearity(lambda x: x**2).counterexample
    u, v = found.u["x"], found.v["x"]
    assert (found.alpha * u + found.beta * v) ** 2 == pytest.approx(found.left)
    assert found.alpha * u**2 + found.beta * v**2 == pytest.approx(found.right)
    assert abs(found.left - found.right) > 1e-6


def test_function_without_values_or_arguments() -> None:
    assert linearity(lambda x: math.nan).verdict == "undecided"
    with pytest.raises(BadInput):
        linearity(lambda: 1)
    with pytest.raises(BadInput):
        linearity(3)


def test_a19_network_without_bends_is_proved_straight() -> None:
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    zero3, zero2 = np.zeros(3), np.zeros(2)
    linear = Network.from_arrays([(W1, zero3), (W2, zero2)], activations=["identity", "identity"])
    assert (linearity(linear).verdict, linearity(linear).evidence) == ("linear", "proved")
    affine = Network.from_arrays([(W1, zero3 + 1), (W2, zero2)], activations=["identity", "identity"])
    assert (linearity(affine).verdict, linearity(affine).evidence) == ("affine", "proved")


def test_a21_network_that_bends_names_layer_and_function() -> None:
    judged = linearity(Network([Dense(2, 4, "sigmoid"), Dense(4, 3)], seed=0))
    assert (judged.verdict, judged.evidence) == ("nonlinear", "refuted")
    assert "layer 1" in judged.reason and "sigmoid" in judged.reason
    assert judged.counterexample is not None


def test_formula_text_goes_through() -> None:
    assert linearity("y = a*x").of("x").verdict == "linear"


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


def test_roles_of_names() -> None:
    guessed = Formula("y = b2*x + b10 + b1*t")
    assert (guessed.variables, guessed.parameters, guessed.guessed) == (("x", "t"), ("b1", "b2", "b10"), True)
    assert Formula("무게 = a*나이 + b").variables == ("나이",)
    assert Formula("y = a*x", variables=["a"]).parameters == ("x",)
    assert Formula("y = a*x", parameters=["x"]).variables == ("a",)
    assert Formula("y = e*x", parameters=["e"]).parameters == ("e",)
    assert Formula("y = e*x").parameters == ()
    assert Formula("y = a*x + b", variables=["x"], parameters=["b", "a"]).parameters == ("b", "a")
    for arguments in ({"variables": ["z"]}, {"variables": ["x"], "parameters": ["x", "a"]},
                      {"variables": ["x"], "parameters": []}):  # fmt: skip
        with pytest.raises(FormulaError):
            Formula("y = a*x", **arguments)  # type: ignore[arg-type]
    with pytest.raises(FormulaError, match="both sides"):
        Formula("y = a*y")


def test_value_missing() -> None:
    with pytest.raises(BadInput, match="b"):
        Formula("a*x + b")(a=1, x=2)


def test_a14_a15_rows_times_coefficients_are_the_system() -> None:
    formula = Formula("y = a*x**2 + b*x + c")
    x = np.array([0.0, 1.0, 2.0, 3.0])
    system = formula.system({"x": x, "y": x + 1})
    assert system.A.tolist() == [[v**2, v, 1.0] for v in x]
    assert system.product([1, 2, 3]).tolist() == (x**2 + 2 * x + 3).tolist()
    assert "[ x**2  x  1 ]" in system.text()
    assert r"\begin{pmatrix} a \\ b \\ c \end{pmatrix}" in system.tex()
    with pytest.raises(ShapeError, match="columns of A must equal rows of B"):
        system.product([1, 2])
