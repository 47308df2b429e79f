"""The page Straight: the verdict on a formula."""

from __future__ import annotations

import pytest

from unbend.lab import straight
from unbend.lab.curve_fit import CurveFit
from unbend.lab.page import attempt

from .conftest import defaults


@pytest.mark.parametrize(
    ("text", "kind"), [("y = a*x + b", "good"), ("y = a*x**2 + b*x + c", "good"), ("y = a*exp(b*x)", "bad"),
                       ("y = w1*x1**2 + w2*log(x2)", "good"), ("z = 1/(1 + exp(-(w1*x1 + w2*x2)))", "bad")]
)  # fmt: skip
def test_linearity_is_judged(text: str, kind: str) -> None:
    formula = straight.parse_formula(defaults(straight.fields, formula=text))
    assert straight.summary(formula)[1] == kind
    table = straight.verdicts(formula)
    for name in (*formula.variables, *formula.parameters):
        judged = formula.linearity.of(name)
        assert f"{judged.verdict}</td>" in table and name in table


@pytest.mark.parametrize("text", ["y = x", "y = a/(x - x)", "y = a", "z = 3", "log(y) = a*x", "y = step(a*x)"])
def test_odd_formulas_give_fit_or_one_line_message(text: str) -> None:
    judged, problem = attempt(lambda: straight.linearity_report(defaults(straight.fields, formula=text)))
    assert judged and not problem
    made, problem = attempt(lambda: CurveFit(judged.formula, [[0, 1], [1, 2], [2, 4]]).system())
    assert (made or problem) and "\n" not in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y = a*x + b", ()),
        ("y=a*x+b", ()),
        ("y = 2x² + a·x", ("Read as y = 2*x**2 + a*x.",)),
        ("y = ax + b", ("ax is read as one name", "a·x")),
        ("y = a|x| − b", ()),
    ],
)
def test_what_is_read_otherwise_than_typed_is_said(text: str, said: tuple[str, ...]) -> None:
    report, problem = attempt(lambda: straight.linearity_report(defaults(straight.fields, formula=text)))
    if text == "y = a|x| − b":  # a name before a bar: no product is assumed
        assert "a*|" in problem
    else:
        assert all(part in report.reading for part in said) and bool(said) == bool(report.reading)
