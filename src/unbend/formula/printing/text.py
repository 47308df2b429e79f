"""`to_text`: an expression tree as text that parses to the same tree, with no more brackets than needed."""

from __future__ import annotations

from ..language.tree import COMPARISONS, Binary, Call, Name, Negative, Node, Number

# how tightly each operation binds
_LEVELS = {**dict.fromkeys(COMPARISONS, 0), "+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
_ATOM = 5


def level(node: Node) -> int:
    """How tightly the node's outermost operation binds; 5 for a name, a number or a call."""
    match node:
        case Binary(operator):
            return _LEVELS[operator]
        case Negative():
            return 3
    return _ATOM


def needs_brackets(child: Node, parent: Node, *, right: bool) -> bool:
    """Whether the operand needs brackets as a child of its parent."""
    inner, outer = level(child), level(parent)
    if isinstance(parent, Negative):
        return inner < 3
    if isinstance(parent, Binary) and parent.operator == "**":
        return inner < 3 if right else inner <= 4
    if outer == 0:
        return inner == 0
    return inner <= outer if right else inner < outer


def to_text(node: Node) -> str:
    """The formula's text: ``parse(to_text(tree)) == tree``."""
    match node:
        case Number(text):
            return text
        case Name(name):
            return name
        case Negative(operand):
            return f"-{_part(operand, node, right=True)}"
        case Binary(operator, left, right):
            a, b = _part(left, node, right=False), _part(right, node, right=True)
            return f"{a} {operator} {b}" if _LEVELS[operator] < 2 else f"{a}{operator}{b}"
        case Call(function, arguments):
            return f"{function}({', '.join(to_text(a) for a in arguments)})"
    raise TypeError(node)


def _part(child: Node, parent: Node, *, right: bool) -> str:
    inside = to_text(child)
    return f"({inside})" if needs_brackets(child, parent, right=right) else inside
