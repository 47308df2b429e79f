"""Counterexamples: exact at any size of number, and short in print."""

import pytest

from unbend.solve import Formula


def test_counterexamples_read_as_written_by_hand() -> None:
    judged = Formula("a*x + b").linearity.of("x")
    assert str(judged.counterexample).startswith("f(u + v) = ")
    assert "1*" not in str(judged.counterexample) and "(-" not in str(judged.counterexample)


@pytest.mark.parametrize("text", ["1e308 < y", "abs(y - 1e308)", "where(y > 1e300, 1, 2)", "-1e308 > y"])
def test_places_beyond_the_largest_double_are_tried_exactly(text: str) -> None:
    judged = Formula(text).linearity.of("y")
    assert judged.verdict == "nonlinear" and judged.counterexample is not None
    assert len(str(judged.counterexample)) < 200
