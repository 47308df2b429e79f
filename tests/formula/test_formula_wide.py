"""Formulas of hundreds of names: judged quickly, one by one and together, and printed within bounds."""

import pytest

from unbend.errors import FormulaError
from unbend.formula.language.grammar import parse
from unbend.solve import Formula

WIDE = {
    "sum of products": (" + ".join(f"b{i}*x{i}" for i in range(300)), "affine", "nonlinear"),
    "plain sum": ("+".join(f"x{i}" for i in range(700)), "affine", "linear"),
    "plain product": ("*".join(f"x{i}" for i in range(700)), "linear", "nonlinear"),
    "product of sums": ("*".join(f"(x{i} + a{i})" for i in range(150)), "affine", "nonlinear"),
    "roots": ("+".join(f"sqrt(x{i} + a{i})" for i in range(250)), "nonlinear", "nonlinear"),
    "fractional powers": ("+".join(f"x{i}**0.{i + 101}" for i in range(250)), "nonlinear", "nonlinear"),
    "exponentials": ("+".join(f"exp(x{i}*b{i})" for i in range(150)), "nonlinear", "nonlinear"),
    "steep powers": ("*".join(f"x{i}**1000" for i in range(250)), "nonlinear", "nonlinear"),
    "nested sizes": ("abs(" * 80 + "x0" + "".join(f" + x{i})" for i in range(1, 81)), "nonlinear", "nonlinear"),
    "nested largest": ("max(" * 60 + "x0" + "".join(f", x{i})" for i in range(1, 61)), "nonlinear", "nonlinear"),
    "open everywhere": ("+".join(f"acosh(cosh(x{i})) - abs(x{i})" for i in range(150)), "undecided", "undecided"),
}


@pytest.mark.timeout(60)  # unbounded work would take hours
@pytest.mark.parametrize("name", WIDE)
def test_wide_formulas_are_judged_within_bounds(name: str) -> None:
    text, alone, together = WIDE[name]
    linearity = Formula(text).linearity
    everything = linearity.everything
    assert everything is not None and everything.verdict == together
    for single in ("x0", "x7", "x9"):
        judged = linearity.of(single)
        assert judged.verdict == alone and len(judged.reason) < 1_000
        assert judged.counterexample is None or len(str(judged.counterexample)) < 2_000


def test_places_are_counted_from_one_in_words() -> None:
    with pytest.raises(FormulaError, match="character 7") as caught:
        parse("1 + 2*$")
    assert caught.value.values["at"] == 6


def test_counterexamples_read_as_written_by_hand() -> None:
    judged = Formula("a*x + b").linearity.of("x")
    assert str(judged.counterexample).startswith("f(u + v) = ")
    assert "1*" not in str(judged.counterexample) and "(-" not in str(judged.counterexample)


@pytest.mark.parametrize("text", ["1e308 < y", "abs(y - 1e308)", "where(y > 1e300, 1, 2)", "-1e308 > y"])
def test_places_beyond_the_largest_double_are_tried_exactly(text: str) -> None:
    judged = Formula(text).linearity.of("y")
    assert judged.verdict == "nonlinear" and judged.counterexample is not None
    assert len(str(judged.counterexample)) < 200
