"""A formula taken apart with respect to some names: coefficient of each, constant, and the rest that is not straight.

What stands only as a factor is found by reading the tree; where terms must cancel first, see ``cases``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..language.build import ONE, ZERO, add, as_number, call, divide, multiply, negative, subtract
from ..language.tree import Binary, Call, Constant, Name, Negative, Node, children, stands_in, walk


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
    return _Apart(node, subject).parts(node)


class _Apart:
    """The parts of a tree and of the trees in it, each worked out once."""

    def __init__(self, root: Node, subject: Collection[str]) -> None:
        self.held: set[int] = set()  # the nodes that hold a name of the subject
        for node in reversed(list(walk(root))):
            if (isinstance(node, Name) and node.name in subject and not isinstance(node, Constant)) or any(
                id(child) in self.held for child in children(node)
            ):
                self.held.add(id(node))
        self.known: dict[int, Parts] = {}

    def holds(self, node: Node) -> bool:
        return id(node) in self.held

    def parts(self, node: Node) -> Parts:
        if id(node) not in self.known:
            self.known[id(node)] = self._parts(node) if self.holds(node) else Parts({}, node)
        return self.known[id(node)]

    def _parts(self, node: Node) -> Parts:
        match node:
            case Name(name):
                return Parts({name: ONE})
            case Negative(operand):
                return _each(self.parts(operand), negative)
            case Binary("+", left, right):
                return _together(self.parts(left), self.parts(right), add)
            case Binary("-", left, right):
                return _together(self.parts(left), self.parts(right), subtract)
            case Binary("*", left, right) if not self.holds(left):
                return _each(self.parts(right), lambda part: multiply(left, part))
            case Binary("*", left, right) if not self.holds(right):
                return _each(self.parts(left), lambda part: multiply(part, right))
            case Binary("/", left, right) if not self.holds(right):
                return _each(self.parts(left), lambda part: divide(part, right))
            case Binary("**", base, exponent) if as_number(exponent) == 1:
                return self.parts(base)
            case Call("where", (condition, yes, no)) if not self.holds(condition):
                return _together(self.parts(yes), self.parts(no), lambda a, b: _either(condition, a, b))
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
    apart = _Apart(node, subject)
    while True:
        bent = [child for child in children(node) if not apart.parts(child).straight]
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
