"""Tree to source: NumPy for whole arrays, or Python's ``math``, C99 and JavaScript for one number at a time."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Literal

from .language.functions import CONSTANTS, FUNCTIONS
from .language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number
from .text import to_text

__all__ = ["Dialect", "to_source", "to_text"]

Dialect = Literal["numpy", "scalar", "c", "javascript"]


def to_source(node: Node, dialect: Dialect = "numpy", names: Mapping[str, str] | None = None) -> str:
    """Source of the tree; ``names`` renames variables (``{"x": "z"}``).

    Every operation stands in its own brackets, in the order of the text, so that all dialects round alike.
    """
    match node:
        case Number(text):
            # whole numbers stay integers in Python: x**2 is one product, and NumPy keeps float32; in C 1/2 would be 0
            whole = text.isdigit() and (dialect != "c")
            return text.lstrip("0") or "0" if whole else repr(float(text))
        case Constant(name):
            return CONSTANTS[name]
        case Name(name):
            renamed = (names or {}).get(name)
            return renamed or (f"{name}_" if keyword.iskeyword(name) else name)
        case Negative(operand):
            return f"(-{to_source(operand, dialect, names)})"
        case Binary(operator, left, right):
            return _operation(operator, to_source(left, dialect, names), to_source(right, dialect, names), dialect)
        case Call(function, arguments):
            filled = [to_source(a, dialect, names) for a in arguments]
            record = FUNCTIONS[function]
            template = record.c if dialect == "c" else getattr(record, dialect)
            return str(template.format(*filled))
    raise TypeError(node)


def _operation(operator: str, left: str, right: str, dialect: Dialect) -> str:
    if operator == "**" and dialect == "c":
        return f"pow({left}, {right})"
    if operator == "**" and dialect == "javascript":  # -x**2 is a syntax error there
        return f"Math.pow({left}, {right})"
    if operator in COMPARISONS and dialect == "c":
        return f"(double)({left} {operator} {right})"
    if operator in COMPARISONS and dialect == "javascript":
        return f"Number({left} {operator} {right})"
    return f"({left} {operator} {right})"
