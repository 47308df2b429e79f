"""The expression tree of a formula. Nodes are immutable; ``span`` is the position in the text, (start, end)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Span = tuple[int, int]
_NO_SPAN: Span = (0, 0)


@dataclass(frozen=True)
class Number:
    """A number as written; ``value`` is exact (0.1 is one tenth, not its nearest double)."""

    text: str
    span: Span = field(default=_NO_SPAN, compare=False)

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True)
class Name:
    """A variable or a parameter."""

    name: str
    span: Span = field(default=_NO_SPAN, compare=False)


@dataclass(frozen=True)
class Constant(Name):
    """``pi`` or ``e``; where the data have a column of that name, the column is a ``Name``, and differs."""


@dataclass(frozen=True)
class Negative:
    """-operand"""

    operand: Node
    span: Span = field(default=_NO_SPAN, compare=False)


@dataclass(frozen=True)
class Binary:
    """left operator right, with operator one of ``+ - * / **`` or a comparison ``< <= > >= == !=`` (1 or 0)."""

    operator: str
    left: Node
    right: Node
    span: Span = field(default=_NO_SPAN, compare=False)


@dataclass(frozen=True)
class Call:
    """function(arguments): ``function`` is a name in ``functions.FUNCTIONS`` or an activation's."""

    function: str
    arguments: tuple[Node, ...]
    span: Span = field(default=_NO_SPAN, compare=False)


Node = Number | Name | Negative | Binary | Call
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def children(node: Node) -> tuple[Node, ...]:
    """The node's operands or arguments, left to right."""
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def names(node: Node) -> tuple[str, ...]:
    """The distinct names in the tree, in order of first appearance (``pi`` and ``e`` among them)."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))


def depth(node: Node) -> int:
    """The number of nodes on the longest path from the root."""
    level, deepest = [node], 0
    while level:
        deepest += 1
        level = [child for n in level for child in children(n)]
    return deepest


def depends_on(node: Node, names: Collection[str]) -> bool:
    """Whether one of the variables or parameters occurs in the tree."""
    return any(isinstance(n, Name) and n.name in names and not isinstance(n, Constant) for n in walk(node))


def substitute(node: Node, values: Mapping[str, Node], kind: type[Name] = Name) -> Node:
    """The tree with the given names (or, with ``kind=Constant``, the given constants) replaced by trees."""
    match node:
        case Name(name):
            return values.get(name, node) if type(node) is kind else node
        case Negative(operand, span):
            return Negative(substitute(operand, values, kind), span)
        case Binary(operator, left, right, span):
            return Binary(operator, substitute(left, values, kind), substitute(right, values, kind), span)
        case Call(function, arguments, span):
            return Call(function, tuple(substitute(a, values, kind) for a in arguments), span)
    return node
