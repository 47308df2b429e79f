"""Tree to Python source: NumPy for whole arrays, or Python's ``math`` for one number at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .functions import CONSTANTS, FUNCTIONS
from .tree import Binary, Call, Name, Negative, Node, Number

Dialect = Literal["numpy", "scalar"]


def to_source(node: Node, dialect: Dialect = "numpy", names: Mapping[str, str] | None = None) -> str:
    """Python source of the tree; ``names`` renames variables (``{"x": "z"}``).

    Every operation stands in its own brackets, in the order of the text, so that all dialects round alike.
    """
    match node:
        case Number(text):
            # whole numbers stay integers: x**2 is one product, and NumPy keeps float32
            return text.lstrip("0") or "0" if text.isdigit() else repr(float(text))
        case Name(name):
            renamed = (names or {}).get(name)
            return renamed or CONSTANTS.get(name, name)
        case Negative(operand):
            return f"(-{to_source(operand, dialect, names)})"
        case Binary(operator, left, right):
            return f"({to_source(left, dialect, names)} {operator} {to_source(right, dialect, names)})"
        case Call(function, arguments):
            filled = [to_source(a, dialect, names) for a in arguments]
            record = FUNCTIONS[function]
            return (record.numpy if dialect == "numpy" else record.scalar).format(*filled)
    raise TypeError(node)


_BINDING = {"<": 0, "<=": 0, ">": 0, ">=": 0, "==": 0, "!=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def to_text(node: Node) -> str:
    """The tree as a formula's text, with no more brackets than it needs; reading it gives the same tree."""
    return _text(node, 0)


def _text(node: Node, binding: int) -> str:
    match node:
        case Number(text):
            return text
        case Name(name):
            return name
        case Negative(operand):
            return _bracket(f"-{_text(operand, 3)}", binding > 3)
        case Binary(operator, left, right):
            own = _BINDING[operator]
            # ** binds to the right and takes a sign on its right; the others bind to the left
            sides = (_text(left, 5), _text(right, 3)) if operator == "**" else (_text(left, own), _text(right, own + 1))
            joined = f"{operator}".join(sides) if own in (2, 4) else f" {operator} ".join(sides)
            return _bracket(joined, binding > own)
        case Call(function, arguments):
            return f"{function}({', '.join(_text(a, 0) for a in arguments)})"
    raise TypeError(node)


def _bracket(text: str, needed: bool) -> str:
    return f"({text})" if needed else text
