"""Dimensional analysis: the exponents of a parameter's units."""

import os
import subprocess
import sys

import pytest

from unbend.solve import Formula
from unbend.solve.nonlinear_least_squares.dimensional_analysis import parameter_units


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [("a*exp(-b*x)", "b", [-1, 0]), ("a*exp(-b*x)", "a", [0, 1]), ("a*exp(-(x - m)**2/w**2)", "w", [1, 0]),
     ("a*exp(-(x - m)**2/w**2)", "m", [1, 0]), ("(a + b*x)/(1 + c*x**3)", "c", [-3, 0]),
     ("a*sin(2*pi*x/p)", "p", [1, 0]),
     ("exp(-a*x)/(b + c*x)", "c", [-1, -1]), ("a*sqrt(b*x)", "b", [-0.2, 0.4])],
)  # fmt: skip
def test_units_of_parameters(text: str, name: str, unit: list[float]) -> None:
    formula = Formula(text)
    units = parameter_units(formula.tree, formula.variables, formula.parameters)
    if name != "b" or text != "a*sqrt(b*x)":  # a and sqrt(b) share what is left: only their product is fixed
        assert units[name] == pytest.approx(unit, abs=1e-9)
    else:
        assert units["a"] + 0.5 * units["b"] == pytest.approx([-0.5, 1], abs=1e-9)


def test_same_bits_in_every_process() -> None:
    """The order of sets of names differs between processes; starting values must not depend on it."""
    code = """
from unbend.solve import Formula
from unbend.solve.nonlinear_least_squares.dimensional_analysis import parameter_units
f = Formula("(b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)", variables=["x"])
print(b"".join(unit.tobytes() for unit in parameter_units(f.tree, f.variables, f.parameters).values()).hex())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
