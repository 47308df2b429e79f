"""A formula taken apart with respect to some names: coefficient of each, constant, and the rest that is not straight.

What stands only as a factor is found by reading the tree; where terms must cancel first, see ``cases``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from .build import ONE, ZERO, add, as_number, call, divide, multiply, negative, subtract
from .tree import Binary, Call, Name, Negative, Node, children, stands_in


@dataclass(frozen=True)
class Parts:
    """f = sum of coefficients[name]*name + constant + remainder; the first two are free of the names."""

    coefficients: dict[str, Node]
    constant: Node = ZERO
    remainder: Node = ZERO

    @property
    def straight(self) -> bool:
        """Whether nothing is left over."""
        return self.remainder == ZERO


def take_apart(node: Node, subject: Collection[str]) -> Parts:
    """The parts of the tree with respect to the names in ``subject``."""
    if not stands_in(node, subject):
        return Parts({}, node)
    match node:
        case Name(name):
            return Parts({name: ONE})
        case Negative(operand):
            return _each(take_apart(operand, subject), negative)
        case Binary("+", left, right):
            return _together(take_apart(left, subject), take_apart(right, subject), add)
        case Binary("-", left, right):
            return _together(take_apart(left, subject), take_apart(right, subject), subtract)
        case Binary("*", left, right) if not stands_in(left, subject):
            return _each(take_apart(right, subject), lambda part: multiply(left, part))
        case Binary("*", left, right) if not stands_in(right, subject):
            return _each(take_apart(left, subject), lambda part: multiply(part, right))
        case Binary("/", left, right) if not stands_in(right, subject):
            return _each(take_apart(left, subject), lambda part: divide(part, right))
        case Binary("**", base, exponent) if as_number(exponent) == 1:
            return take_apart(base, subject)
        case Call("where", (condition, yes, no)) if not stands_in(condition, subject):
            return _together(take_apart(yes, subject), take_apart(no, subject), lambda a, b: _either(condition, a, b))
    return Parts({}, ZERO, node)


def _each(parts: Parts, change: Callable[[Node], Node]) -> Parts:
    return Parts(
        {name: change(c) for name, c in parts.coefficients.items()}, change(parts.constant), change(parts.remainder)
    )


def _together(left: Parts, right: Parts, join: Callable[[Node, Node], Node]) -> Parts:
    names = dict.fromkeys([*left.coefficients, *right.coefficients])
    return Parts(
        {n: join(left.coefficients.get(n, ZERO), right.coefficients.get(n, ZERO)) for n in names},
        join(left.constant, right.constant),
        join(left.remainder, right.remainder),
    )


def _either(condition: Node, yes: Node, no: Node) -> Node:
    return yes if yes == no else call("where", condition, yes, no)


def culprit(node: Node, subject: Collection[str]) -> tuple[str, Node]:
    """What keeps the formula from being straight: a kind of place, and the smallest part of the tree that shows it.

    Kinds: ``function, power, exponent, product, denominator, condition``.
    """
    while True:
        inside = [child for child in children(node) if stands_in(child, subject)]
        bent = [child for child in inside if not take_apart(child, subject).straight]
        if not bent:
            return _kind(node, subject), node
        node = bent[0]


def _kind(node: Node, subject: Collection[str]) -> str:
    match node:
        case Binary("*"):
            return "product"
        case Binary("/"):
            return "denominator"
        case Binary("**", _, exponent):
            return "exponent" if stands_in(exponent, subject) else "power"
        case Call("where"):
            return "condition"
        case Call():
            return "function"
    return "condition"
