"""The expression tree a formula's text is read into. Nodes are frozen; ``span`` is the place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

Span = tuple[int, int]
_HERE: Span = (0, 0)


@dataclass(frozen=True)
class Number:
    """A number as written; ``value`` is exact (0.1 is one tenth, not its nearest double)."""

    text: str
    span: Span = field(default=_HERE, compare=False)

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True)
class Name:
    """A variable, a parameter or one of the constants ``pi`` and ``e``."""

    name: str
    span: Span = field(default=_HERE, compare=False)


@dataclass(frozen=True)
class Negative:
    """-operand"""

    operand: Node
    span: Span = field(default=_HERE, compare=False)


@dataclass(frozen=True)
class Binary:
    """left operator right, with operator one of ``+ - * / **`` or a comparison ``< <= > >= == !=`` (1 or 0)."""

    operator: str
    left: Node
    right: Node
    span: Span = field(default=_HERE, compare=False)


@dataclass(frozen=True)
class Call:
    """function(arguments): ``function`` is a name in ``functions.FUNCTIONS`` or an activation's."""

    function: str
    arguments: tuple[Node, ...]
    span: Span = field(default=_HERE, compare=False)


Node = Number | Name | Negative | Binary | Call


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
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """The distinct names in the tree, in order of first appearance."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))
