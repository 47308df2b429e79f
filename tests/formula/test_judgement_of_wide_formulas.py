"""Formulas of hundreds of names: judged in bounded time, singly and jointly, and printed within bounds."""

import numpy as np
import pytest

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


@pytest.mark.timeout(30)
def test_wide_formulas_are_judged_in_time() -> None:
    text = "+".join(f"w{i}*x{i}" for i in range(300))
    formula = Formula(text)
    assert formula.linearity.of("w1").verdict == "affine"
    together = formula.linearity.parameters
    assert together is not None and together.verdict == "linear"
    assert np.isfinite(formula(**dict.fromkeys((*formula.variables, *formula.parameters), 1.0)))
