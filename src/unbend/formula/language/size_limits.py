"""Limits on the size of formulas and numbers, checked while parsing, so that no text takes long to process.

Numbers must fit a double (about 1e308), since fits and plots are computed in doubles.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..evaluate.floats import Floats
from .functions import FUNCTIONS
from .tokens import Token, formula_error, shorten
from .tree import Binary, Call, Constant, Name, Negative, Node, Number, children, depth, walk

MAX_LENGTH = 5_000  # characters
MAX_DEPTH = 100  # nested brackets and signs
MAX_TREE = 190  # depth of the tree; Python itself parses 200 nested brackets
MAX_EXPONENT = 1_000  # of a power written as a number
MAX_DIGITS = 400  # characters of a number
MAX_DECIMAL_EXPONENT = 308  # of a number


def check_number(token: Token) -> None:
    """Raise ``FormulaError`` where the number is beyond a double, or written with too many digits."""
    if len(token.text) > MAX_DIGITS:
        raise formula_error("formula.number_too_long", at=token.start, length=len(token.text), most=MAX_DIGITS)
    mantissa, _, exponent = token.text.lower().partition("e")
    integer_part = mantissa.partition(".")[0].lstrip("0")
    size = (int(exponent) if len(exponent) <= 6 and exponent else 0) + len(integer_part)
    if len(exponent) > 6 or abs(size) > MAX_DECIMAL_EXPONENT + 1 or math.isinf(float(token.text)):
        raise formula_error(
            "formula.number_too_large", at=token.start, got=shorten(token.text, 20), most=MAX_DECIMAL_EXPONENT
        )


def check_exponent(node: Node) -> None:
    """Raise ``FormulaError`` where a written exponent exceeds ``MAX_EXPONENT``, itself or as a power (9**9**9)."""
    while isinstance(node, Negative):
        node = node.operand
    if isinstance(node, Number) and node.value > MAX_EXPONENT:
        raise formula_error("formula.power_too_large", at=node.span[0], got=shorten(node.text, 20), most=MAX_EXPONENT)
    if isinstance(node, Binary) and node.operator == "**" and _number_power(node) > MAX_EXPONENT:
        raise formula_error("formula.power_tower", at=node.span[0], most=MAX_EXPONENT)


def _number_power(node: Node) -> float:
    """The size of a power of numbers; 0 where a name is in it, NaN where it is not real."""
    match node:
        case Number():
            return float(node.value)
        case Negative(operand):
            return -_number_power(operand)
        case Binary("**", base, exponent) if not any(isinstance(n, Name) for n in walk(node)):
            with np.errstate(all="ignore"):
                return abs(float(np.float64(_number_power(base)) ** np.float64(_number_power(exponent))))
    return 0.0


def check_tree(root: Node, text: str) -> None:
    """Raise ``FormulaError`` where the tree is too deep, or a subtree of numbers alone overflows a double."""
    if depth(root) > MAX_TREE:
        raise formula_error("formula.too_deep", at=root.span[0], most=MAX_TREE)
    values: dict[int, Any] = {}  # of the subtrees without names, in doubles; children before parents
    arithmetic = Floats()
    with np.errstate(all="ignore"):
        for node in reversed(list(walk(root))):
            operands = [values.get(id(child)) for child in children(node)]
            value = None if any(b is None for b in operands) else _value(node, operands, arithmetic)
            if value is not None and np.isinf(value):
                part = shorten(text[node.span[0] : node.span[1]], 40)
                raise formula_error("formula.constant_too_large", at=node.span[0], part=part, most=MAX_DECIMAL_EXPONENT)
            values[id(node)] = value


def _value(node: Node, operands: list[Any], arithmetic: Floats) -> Any:
    """The value of a node whose operands have values; None for a name, and for a function defined elsewhere."""
    match node:
        case Number():
            return arithmetic.number(node.value)
        case Constant(name):
            return arithmetic.constant(name)
        case Negative():
            return -operands[0]
        case Binary("/") if operands[1] == 0:  # no value, and nothing large
            return None
        case Binary(operator):
            return arithmetic.apply(operator, operands)
        case Call(function) if function in FUNCTIONS and function not in ("log", "log2", "log10", "log1p", "atanh"):
            return arithmetic.apply(function, operands)
    return None
