"""The affine part of a formula in some names, read off the tree: a coefficient for each, a constant, a remainder.

Only the structure of the tree is used; where terms must cancel first, see ``affine_proof``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..language.build import ONE, ZERO, add, as_number, call, divide, multiply, negative, subtract
from ..language.tree import Binary, Call, Constant, Name, Negative, Node, children, depends_on, walk


@dataclass(frozen=True)
class AffineParts:
    """f = sum of coefficients[name]*name + constant + remainder; the first two are free of the names."""

    coefficients: dict[str, Node]
    constant: Node = ZERO
    remainder: Node = ZERO

    @property
    def is_affine(self) -> bool:
        """Whether there is no remainder."""
        return self.remainder == ZERO


def affine_parts(node: Node, subject: Collection[str]) -> AffineParts:
    """The affine parts of the tree in the names of ``subject``."""
    return _Decomposition(node, subject).parts(node)


class _Decomposition:
    """The affine parts of a tree and of its subtrees, each computed once."""

    def __init__(self, root: Node, subject: Collection[str]) -> None:
        self.dependent: set[int] = set()  # ids of the nodes that depend on the subject
        for node in reversed(list(walk(root))):
            if (isinstance(node, Name) and node.name in subject and not isinstance(node, Constant)) or any(
                id(child) in self.dependent for child in children(node)
            ):
                self.dependent.add(id(node))
        self.cache: dict[int, AffineParts] = {}

    def depends(self, node: Node) -> bool:
        return id(node) in self.dependent

    def parts(self, node: Node) -> AffineParts:
        if id(node) not in self.cache:
            self.cache[id(node)] = self._parts(node) if self.depends(node) else AffineParts({}, node)
        return self.cache[id(node)]

    def _parts(self, node: Node) -> AffineParts:
        match node:
            case Name(name):
                return AffineParts({name: ONE})
            case Negative(operand):
                return _map(self.parts(operand), negative)
            case Binary("+", left, right):
                return _combine(self.parts(left), self.parts(right), add)
            case Binary("-", left, right):
                return _combine(self.parts(left), self.parts(right), subtract)
            case Binary("*", left, right) if not self.depends(left):
                return _map(self.parts(right), lambda part: multiply(left, part))
            case Binary("*", left, right) if not self.depends(right):
                return _map(self.parts(left), lambda part: multiply(part, right))
            case Binary("/", left, right) if not self.depends(right):
                return _map(self.parts(left), lambda part: divide(part, right))
            case Binary("**", base, exponent) if as_number(exponent) == 1:
                return self.parts(base)
            case Call("where", (condition, yes, no)) if not self.depends(condition):
                return _combine(self.parts(yes), self.parts(no), lambda a, b: _where(condition, a, b))
        return AffineParts({}, ZERO, node)


def _map(parts: AffineParts, change: Callable[[Node], Node]) -> AffineParts:
    return AffineParts(
        {name: change(c) for name, c in parts.coefficients.items()}, change(parts.constant), change(parts.remainder)
    )


def _combine(left: AffineParts, right: AffineParts, join: Callable[[Node, Node], Node]) -> AffineParts:
    names = dict.fromkeys([*left.coefficients, *right.coefficients])
    return AffineParts(
        {n: join(left.coefficients.get(n, ZERO), right.coefficients.get(n, ZERO)) for n in names},
        join(left.constant, right.constant),
        join(left.remainder, right.remainder),
    )


def _where(condition: Node, yes: Node, no: Node) -> Node:
    return yes if yes == no else call("where", condition, yes, no)


def find_nonlinearity(node: Node, subject: Collection[str]) -> tuple[str, Node]:
    """Why the formula is not affine: the kind of operation, and the smallest subtree that shows it.

    Kinds: ``function, power, exponent, product, denominator, condition``.
    """
    decomposition = _Decomposition(node, subject)
    while True:
        nonlinear = [child for child in children(node) if not decomposition.parts(child).is_affine]
        if not nonlinear:
            return _kind(node, subject), node
        node = nonlinear[0]


def _kind(node: Node, subject: Collection[str]) -> str:
    match node:
        case Binary("*"):
            return "product"
        case Binary("/"):
            return "denominator"
        case Binary("**", _, exponent):
            return "exponent" if depends_on(exponent, subject) else "power"
        case Call("where"):
            return "condition"
        case Call():
            return "function"
    return "condition"
