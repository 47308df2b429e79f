"""Formulas in normal form: a quotient of polynomials over atoms, so that equal formulas become equal quotients.

Every rewriting rule is an identity wherever the formula has a value: exp(a + b) = exp(a)exp(b), exp(log u) = u,
sin**2 + cos**2 = 1, the addition theorems, sqrt(u)**2 = u. |u|, max, where and comparisons need a sign; where it is
not known, ``NeedSign`` is raised and the caller distinguishes cases (see ``affine_proof``).
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from ..language.build import as_number
from ..language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number, walk
from .identities import function_of
from .logarithms import exp, log
from .normal_arithmetic import NormalArithmetic
from .signs import SignedAtoms
from .sparse_polynomial import ONE, UNIT, Quotient, as_quotient, constant

_COMPARISON: dict[str, Callable[[int, int], bool]] = {
    "<": operators.lt, "<=": operators.le, ">": operators.gt, ">=": operators.ge, "==": operators.eq,
    "!=": operators.ne,
}  # fmt: skip


class NormalForm(NormalArithmetic):
    """The normal forms of trees in one case; ``values``: names that an equation of the case determines."""

    def __init__(self, atoms: SignedAtoms, subject: frozenset[str], values: Mapping[str, Quotient]) -> None:
        super().__init__(atoms, subject)
        self.values = values
        self._cache: dict[int, Quotient] = {}

    def root(self, tree: Node) -> Quotient:
        """The normal form of a whole tree, its angles as multiples of common parts. Raises what ``of`` raises."""
        for node in walk(tree):
            if isinstance(node, Call) and node.function in ("sin", "cos", "tan") and _is_polynomial(node.arguments[0]):
                for monomial, coefficient in self.of(node.arguments[0]).numerator.items():
                    known = self.angle_denominators.get(monomial, 1)
                    self.angle_denominators[monomial] = lcm(known, coefficient.denominator)
        return self.of(tree)

    def of(self, node: Node) -> Quotient:
        """The normal form of the tree.

        Raises ``NeedSign``, ``UndefinedCase``, ``ZeroDivisionError``, ``OutOfBudget``.
        """
        self.algebra.budget.charge(5)
        if id(node) not in self._cache:
            self._cache[id(node)] = self._of(node)
        return self._cache[id(node)]

    def _of(self, node: Node) -> Quotient:
        match node:
            case Number():
                return as_quotient(constant(node.value))
            case Constant(name):
                return self.atoms.symbol(name)
            case Name(name):
                return self.values[name] if name in self.values else self.atoms.symbol("name", name)
            case Negative(operand):
                return self.scale(self.of(operand), -1)
            case Binary("+", left, right):
                return self.algebra.add_quotients(self.of(left), self.of(right))
            case Binary("-", left, right):
                return self.algebra.add_quotients(self.of(left), self.of(right), -1)
            case Binary("*", left, right):
                return self.algebra.multiply_quotients(self.of(left), self.of(right))
            case Binary("/", left, right):
                return self.algebra.divide_quotients(self.of(left), self.of(right))
            case Binary("**", left, right):
                return self._general_power(self.of(left), self.of(right))
            case Binary(operator, left, right) if operator in COMPARISONS:
                return as_quotient(constant(int(self._holds(operator, left, right))))
            case Call("where", (condition, yes, no)):
                return self.of(yes if self._true(condition) else no)
            case Call(function, arguments):
                return function_of(self, function, [self.of(a) for a in arguments])
        raise TypeError(node)

    def _holds(self, operator: str, left: Node, right: Node) -> bool:
        difference = self.algebra.add_quotients(self.of(left), self.of(right), -1)
        possible = {_COMPARISON[operator](sign, 0) for sign in self.atoms.possible_signs_of_quotient(difference)}
        if len(possible) == 1:
            return possible.pop()
        return _COMPARISON[operator](self.atoms.sign(difference), 0)

    def _true(self, condition: Node) -> bool:
        if isinstance(condition, Binary) and condition.operator in COMPARISONS:
            return self._holds(condition.operator, condition.left, condition.right)
        return self.atoms.sign(self.of(condition)) != 0

    def _general_power(self, base: Quotient, exponent: Quotient) -> Quotient:
        value = self.rational(exponent)
        if value is not None:
            return self.power(base, value)
        if self.atoms.possible_signs(base.numerator) == self.atoms.possible_signs(base.denominator) == {1}:
            return exp(self, self.algebra.multiply_quotients(exponent, log(self, base)))
        steps = exponent.numerator.get(UNIT, Fraction(0)) if exponent.denominator == ONE else Fraction(0)
        n = steps.numerator // steps.denominator  # u**(v + n) = u**v * u**n
        remaining = self.add(exponent, -n)
        if exponent.denominator == ONE and remaining.numerator[max(remaining.numerator)] < 0:  # u**-v = 1/u**v
            power = self.atoms.function("**", base, self.scale(remaining, -1))
            remaining_power = self.algebra.divide_quotients(as_quotient(ONE), power)
        else:
            remaining_power = self.atoms.function("**", base, remaining)
        return self.algebra.multiply_quotients(remaining_power, self.power(base, Fraction(n)))


def _is_polynomial(node: Node) -> bool:
    """Whether the tree has a value everywhere: a polynomial in its names."""
    match node:
        case Name() | Number():
            return True
        case Negative(operand):
            return _is_polynomial(operand)
        case Binary("+" | "-" | "*", left, right):
            return _is_polynomial(left) and _is_polynomial(right)
        case Binary("/", left, right):
            return _is_polynomial(left) and bool(as_number(right))
        case Binary("**", base, exponent):
            power = as_number(exponent)
            return power is not None and power.denominator == 1 and power > 0 and _is_polynomial(base)
    return False
