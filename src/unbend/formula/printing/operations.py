"""`operations`: an expression tree as a list in order of evaluation, each common subexpression once."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import NamedTuple

from ..language.tree import Binary, Call, Constant, Name, Negative, Node, Number, children


class Operation(NamedTuple):
    """A node, and the places in the list of its operands."""

    node: Node
    operands: tuple[int, ...]


def operations(tree: Node) -> list[Operation]:
    """The distinct operations, operands first, the root last; as many as the tree has distinct subexpressions.

    A tree may share subtrees (as objects): each is visited once. ``x**(1/2)`` becomes ``sqrt(x)``, as in NumPy, so that
    -0 and minus infinity give the same in every language.
    """
    result: list[Operation] = []
    by_key: dict[tuple[str, str, tuple[int, ...]], int] = {}
    by_node: dict[int, int] = {}
    waiting = [(tree, False)]
    while waiting:
        node, operands_done = waiting.pop()
        if id(node) in by_node:
            continue
        parts = _operands(node)
        if not operands_done:
            waiting.append((node, True))
            waiting.extend((part, False) for part in reversed(parts))
            continue
        places = tuple(by_node[id(part)] for part in parts)
        if isinstance(node, Binary) and len(parts) == 1:
            key = ("Call", "sqrt", places)
        else:
            key = (type(node).__name__, _label(node), places)
        if key not in by_key:
            by_key[key] = len(result)
            result.append(Operation(Call("sqrt", parts) if key[1] == "sqrt" else node, places))
        by_node[id(node)] = by_key[key]
    return result


def operand_counts(steps: list[Operation]) -> Counter[int]:
    """How often each operation is an operand of another."""
    return Counter(place for step in steps for place in step.operands)


def is_literal(node: Node) -> bool:
    """A number, a name, or one of them with a minus sign."""
    return isinstance(node.operand if isinstance(node, Negative) else node, Number | Name)


def _operands(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Binary) and node.operator == "**" and _value(node.right) == Fraction(1, 2):
        return (node.left,)
    return children(node)


def _value(node: Node) -> Fraction | None:
    """The value of a number, or of the quotient of two."""
    match node:
        case Number():
            return node.value
        case Binary("/", Number() as top, Number() as bottom) if bottom.value:
            return top.value / bottom.value
    return None


def _label(node: Node) -> str:
    match node:
        case Number(text):
            return text
        case Constant(name) | Name(name):
            return name
        case Binary(operator):
            return operator
        case Call(function):
            return function
    return ""
