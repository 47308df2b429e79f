"""What must hold for every formula: verdicts do not depend on how it is written, and *linear* means what it says."""

from fractions import Fraction

import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from unbend.errors import FormulaError
from unbend.formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from unbend.formula.evaluate.intervals import differ
from unbend.formula.evaluate.tape import run
from unbend.solve import Formula

_SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_numbers = st.sampled_from(["1", "2", "3", "0.5", "1/3", "-2", "0.1"])
_names = st.sampled_from(["x", "y", "a", "b"])


def _polynomials(size: int = 4) -> st.SearchStrategy[str]:
    leaf = st.one_of(_numbers, _names)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            inner.map(lambda t: f"({t})**2"),
        ),
        max_leaves=size,
    )


def _formulas() -> st.SearchStrategy[str]:
    return st.recursive(
        _polynomials(3),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(st.sampled_from(["exp", "sin", "log", "abs", "sqrt", "tanh", "relu"]), inner).map(
                lambda t: f"{t[0]}({t[1]})"
            ),
            st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
            st.tuples(inner, st.sampled_from(["<", "==", ">="]), inner, inner, inner).map(
                lambda t: f"where({t[0]} {t[1]} {t[2]}, {t[3]}, {t[4]})"
            ),
        ),
        max_leaves=5,
    )


def formula_names(formula: Formula) -> tuple[str, ...]:
    return (*formula.variables, *formula.parameters)


def verdict(text: str, name: str) -> str | None:
    """None where the name is not in the text."""
    formula = Formula(text, variables=[name]) if name in formula_names(Formula(text)) else None
    return None if formula is None else formula.linearity.of(name).verdict


def _sympy_text(expression: sympy.Expr) -> str:
    return str(expression).replace("Abs", "abs")


@_SLOW
@given(_polynomials(6))
def test_expanding_and_factoring_change_no_verdict(text: str) -> None:
    expression = Formula(text).sympy()
    for name in ("x", "a"):
        before = verdict(text, name)
        for other in (sympy.expand(expression), sympy.factor(expression)):
            after = verdict(_sympy_text(other), name)
            if before is not None and after is not None:
                assert after == before, (text, other)


@_SLOW
@given(_formulas())
def test_renaming_changes_no_verdict(text: str) -> None:
    try:
        before = [verdict(text, name) for name in ("x", "a")]
    except FormulaError:
        assume(False)
    renamed = text
    for old, new in (("x", "p"), ("y", "q"), ("a", "r"), ("b", "s")):
        renamed = "".join(
            new if c == old and not (renamed[i - 1 : i].isalpha() or renamed[i + 1 : i + 2].isalpha()) else c
            for i, c in enumerate(renamed)
        )
    assert [verdict(renamed, name) for name in ("p", "r")] == before


@_SLOW
@given(_formulas(), st.lists(st.fractions(-9, 9, max_denominator=7), min_size=8, max_size=8))
def test_linear_and_affine_mean_what_they_say(text: str, numbers: list[Fraction]) -> None:
    try:
        formula = Formula(text)
    except FormulaError:  # a constant beyond the doubles
        assume(False)
    names = formula_names(formula)
    assume(names)
    alpha, beta, *rest = numbers
    values = dict(zip(names, rest, strict=False))
    for name in names:
        judged = Formula(text, variables=[name]).linearity.of(name)
        if judged.verdict not in ("linear", "affine"):
            continue
        if judged.verdict == "affine":
            beta = 1 - alpha
        u, v = rest[4], rest[5]
        sides = [run(formula.tree, {**values, name: w}, Intervals()) for w in (alpha * u + beta * v, u, v)]
        if UNDEFINED in sides:
            continue
        exact = Intervals()
        right = exact.apply("+", [exact.apply("*", [alpha, sides[1]]), exact.apply("*", [beta, sides[2]])])
        assert right is UNDEFINED or not differ(sides[0], right), (text, name, judged.verdict)


@_SLOW
@given(_polynomials(6))
def test_polynomials_are_never_undecided_and_agree_with_their_degree(text: str) -> None:
    expression = Formula(text).sympy()
    for name in ("x", "y"):
        found = verdict(text, name)
        if found is None:
            continue
        symbol = sympy.Symbol(name, real=True)
        polynomial = sympy.Poly(sympy.expand(expression), symbol)
        if polynomial.degree() > 1:
            assert found == "nonlinear"
        else:
            assert found == ("linear" if polynomial.eval(0) == 0 else "affine")


@_SLOW
@given(_polynomials(5))
def test_the_parts_add_up_to_the_formula(text: str) -> None:
    formula = Formula(text)
    for name in formula_names(formula):
        judged = Formula(text, variables=[name]).linearity.of(name)
        whole = f"({judged.coefficient})*{name} + ({judged.constant}) + ({judged.remainder})"
        assert sympy.expand(Formula(whole).sympy() - formula.sympy()) == 0
