"""The units of parameters, by dimensional analysis of the formula: what a parameter must be measured in to fit.

In exp(-b*x) b is one over the unit of x; in (x - m)**2/w**2 m and w have the unit of x; a factor in front has the
unit of y over that of the rest. Each operation gives linear equations for the exponents (Bridgman, Dimensional
Analysis, 1922); they are solved by least squares, so that formulas that break the rules still get an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...formula.language.build import as_number
from ...formula.language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number

Unit = tuple[dict[str, float], Array]  # factors of unknown units, and known exponents

_SAME = ("abs", "max", "min", "floor", "ceil")


class _Equations:
    def __init__(self, variables: Sequence[str]) -> None:
        self.known = {name: np.eye(len(variables) + 1)[i] for i, name in enumerate(variables)}
        self.width = len(variables) + 1  # the last one is the response
        self.rows: list[Unit] = []
        self.fresh = 0

    def equal(self, a: Unit, b: Unit) -> None:
        factors = {n: a[0].get(n, 0.0) - b[0].get(n, 0.0) for n in {*a[0], *b[0]}}
        self.rows.append((factors, b[1] - a[1]))

    def none(self) -> Unit:
        return {}, np.zeros(self.width)

    def unknown(self) -> Unit:
        self.fresh += 1
        return {f" {self.fresh}": 1.0}, np.zeros(self.width)

    def product(self, a: Unit, b: Unit, power: float) -> Unit:
        return {n: a[0].get(n, 0.0) + power * b[0].get(n, 0.0) for n in {*a[0], *b[0]}}, a[1] + power * b[1]

    def of(self, node: Node) -> Unit:
        match node:
            case Number() | Constant():
                return self.none()
            case Name(name):
                return ({}, self.known[name]) if name in self.known else ({name: 1.0}, np.zeros(self.width))
            case Negative(operand):
                return self.of(operand)
            case Binary("*", a, b):
                return self.product(self.of(a), self.of(b), 1)
            case Binary("/", a, b):
                return self.product(self.of(a), self.of(b), -1)
            case Binary("**", a, b):
                exponent = as_number(b)
                if exponent is not None:
                    return self.product(self.none(), self.of(a), float(exponent))
                self.equal(self.of(b), self.none())
                self.of(a)
                return self.unknown()
            case Binary(operator, a, b):
                left, right = self.of(a), self.of(b)
                self.equal(left, right)
                return self.none() if operator in COMPARISONS else left if left[0] or left[1].any() else right
            case Call("sqrt" | "cbrt" as function, (inner,)):
                return self.product(self.none(), self.of(inner), 1 / 2 if function == "sqrt" else 1 / 3)
            case Call("where", (condition, a, b)):
                self.of(condition)
                left, right = self.of(a), self.of(b)
                self.equal(left, right)
                return left
            case Call(function, arguments):
                units = [self.of(a) for a in arguments]
                if function in _SAME:
                    if len(units) == 2:
                        self.equal(units[0], units[1])
                    return units[0]
                if function == "atan2":
                    self.equal(units[0], units[1])
                elif function != "sign" and not function.startswith("log"):
                    self.equal(units[0], self.none())
                return self.none()
        raise TypeError(node)


def units(tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> dict[str, Array]:
    """{parameter: exponents of the units of each variable, and last of the response}."""
    equations = _Equations(variables)
    whole = equations.of(tree)
    equations.equal(whole, ({}, np.eye(equations.width)[-1]))
    unknown = list(dict.fromkeys([*parameters, *(n for factors, _ in equations.rows for n in factors)]))
    matrix = np.array([[factors.get(n, 0.0) for n in unknown] for factors, _ in equations.rows])
    right = np.array([known for _, known in equations.rows])
    solved = np.linalg.lstsq(matrix, right, rcond=1e-9)[0]
    return {name: solved[i] for i, name in enumerate(unknown) if name in parameters}
