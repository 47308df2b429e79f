"""`parameter_units`: the units each parameter must have for the formula to be consistent.

In exp(-b*x) b has the unit of 1/x; in (x - m)**2/w**2 m and w have the unit of x; a factor in front has the unit of y
over that of the remaining factors. Each operation gives linear equations for the exponents (Bridgman, Dimensional
Analysis, 1922); they are solved by least squares, so that inconsistent formulas get an answer too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...formula.language.build import as_number
from ...formula.language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number

# An affine expression of exponents: {unknown unit: factor}, and known exponents of the variables and the response.
Unit = tuple[dict[str, float], Array]

_SAME_UNIT = ("abs", "max", "min", "floor", "ceil")


class _UnitEquations:
    """Collects the linear equations that the operations of a tree imply."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.known = {name: np.eye(len(variables) + 1)[i] for i, name in enumerate(variables)}
        self.width = len(variables) + 1  # the last one is the response
        self.equations: list[Unit] = []
        self.unknowns = 0

    def require_equal(self, a: Unit, b: Unit) -> None:
        factors = {n: a[0].get(n, 0.0) - b[0].get(n, 0.0) for n in {**a[0], **b[0]}}
        self.equations.append((factors, b[1] - a[1]))

    def dimensionless(self) -> Unit:
        return {}, np.zeros(self.width)

    def new_unknown(self) -> Unit:
        self.unknowns += 1
        return {f" {self.unknowns}": 1.0}, np.zeros(self.width)

    def product(self, a: Unit, b: Unit, power: float) -> Unit:
        """The unit of a * b**power."""
        return {n: a[0].get(n, 0.0) + power * b[0].get(n, 0.0) for n in {**a[0], **b[0]}}, a[1] + power * b[1]

    def unit_of(self, node: Node) -> Unit:
        """The unit of a subtree; adds the equations of its operations."""
        match node:
            case Number() | Constant():
                return self.dimensionless()
            case Name(name):
                return ({}, self.known[name]) if name in self.known else ({name: 1.0}, np.zeros(self.width))
            case Negative(operand):
                return self.unit_of(operand)
            case Binary("*", a, b):
                return self.product(self.unit_of(a), self.unit_of(b), 1)
            case Binary("/", a, b):
                return self.product(self.unit_of(a), self.unit_of(b), -1)
            case Binary("**", a, b):
                exponent = as_number(b)
                if exponent is not None:
                    return self.product(self.dimensionless(), self.unit_of(a), float(exponent))
                self.require_equal(self.unit_of(b), self.dimensionless())
                self.unit_of(a)
                return self.new_unknown()
            case Binary(operator, a, b):
                left, right = self.unit_of(a), self.unit_of(b)
                self.require_equal(left, right)
                return self.dimensionless() if operator in COMPARISONS else left if left[0] or left[1].any() else right
            case Call("sqrt" | "cbrt" as function, (inner,)):
                return self.product(self.dimensionless(), self.unit_of(inner), 1 / 2 if function == "sqrt" else 1 / 3)
            case Call("where", (condition, a, b)):
                self.unit_of(condition)
                left, right = self.unit_of(a), self.unit_of(b)
                self.require_equal(left, right)
                return left
            case Call(function, arguments):
                return self._unit_of_call(function, [self.unit_of(a) for a in arguments])
        raise TypeError(node)

    def _unit_of_call(self, function: str, units: list[Unit]) -> Unit:
        if function in _SAME_UNIT:
            if len(units) == 2:
                self.require_equal(units[0], units[1])
            return units[0]
        if function == "atan2":
            self.require_equal(units[0], units[1])
        elif function != "sign" and not function.startswith("log"):
            self.require_equal(units[0], self.dimensionless())
        return self.dimensionless()


def parameter_units(tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> dict[str, Array]:
    """{parameter: exponents of the units of each variable, and last of the response}, each (variables + 1,)."""
    system = _UnitEquations(variables)
    system.require_equal(system.unit_of(tree), ({}, np.eye(system.width)[-1]))
    unknown = list(dict.fromkeys([*parameters, *(n for factors, _ in system.equations for n in factors)]))
    matrix = np.array([[factors.get(n, 0.0) for n in unknown] for factors, _ in system.equations])
    right = np.array([known for _, known in system.equations])
    solved = np.linalg.lstsq(matrix, right, rcond=1e-9)[0]
    return {name: solved[i] for i, name in enumerate(unknown) if name in parameters}
