"""What a formula may hold at most, checked while reading, so that no text costs more than a moment.

Numbers must fit a double (about 1e308): what is fitted and drawn is computed in doubles in the end.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..evaluate.floats import Floats
from .functions import FUNCTIONS
from .tokens import Token, refusal, shorten
from .tree import Binary, Call, Constant, Negative, Node, Number, children, depth, walk

MAX_LENGTH = 5_000  # characters
MAX_DEPTH = 100  # nested brackets and signs
MAX_TREE = 190  # operations on the longest way down; Python itself reads 200 nested brackets
MAX_EXPONENT = 1_000  # of a written power
MAX_DIGITS = 400  # characters of a written number
MAX_DECIMAL_EXPONENT = 308  # of a written number


def check_number(token: Token) -> None:
    """Raise ``FormulaError`` where the number is beyond a double, or written with too many digits."""
    if len(token.text) > MAX_DIGITS:
        raise refusal("formula.number_too_long", at=token.start, length=len(token.text), most=MAX_DIGITS)
    mantissa, _, exponent = token.text.lower().partition("e")
    whole = mantissa.partition(".")[0].lstrip("0")
    size = (int(exponent) if len(exponent) <= 6 and exponent else 0) + len(whole)
    if len(exponent) > 6 or abs(size) > MAX_DECIMAL_EXPONENT + 1 or math.isinf(float(token.text)):
        raise refusal(
            "formula.number_too_large", at=token.start, got=shorten(token.text, 20), most=MAX_DECIMAL_EXPONENT
        )


def check_exponent(node: Node) -> None:
    """A written power is at most ``MAX_EXPONENT``, and no power stands on a written power (9**9**9)."""
    while isinstance(node, Negative):
        node = node.operand
    if isinstance(node, Number) and node.value > MAX_EXPONENT:
        raise refusal("formula.power_too_large", at=node.span[0], got=shorten(node.text, 20), most=MAX_EXPONENT)
    if isinstance(node, Binary) and node.operator == "**" and isinstance(node.left, Number):
        raise refusal("formula.power_tower", at=node.span[0])


def check_tree(root: Node) -> None:
    """Raise ``FormulaError`` where the tree is too deep, or a part made of numbers alone leaves the doubles."""
    if depth(root) > MAX_TREE:
        raise refusal("formula.too_deep", at=root.span[0], most=MAX_TREE)
    values: dict[int, Any] = {}  # of the parts without names, in doubles; children before parents
    arithmetic = Floats()
    with np.errstate(all="ignore"):
        for node in reversed(list(walk(root))):
            below = [values.get(id(child)) for child in children(node)]
            value = None if any(b is None for b in below) else _value(node, below, arithmetic)
            if value is not None and np.isinf(value):
                raise refusal("formula.constant_too_large", at=node.span[0], most=MAX_DECIMAL_EXPONENT)
            values[id(node)] = value


def _value(node: Node, below: list[Any], arithmetic: Floats) -> Any:
    """The value of a part whose operands have values; None for a name, and for a function defined elsewhere."""
    match node:
        case Number():
            return arithmetic.number(node.value)
        case Constant(name):
            return arithmetic.constant(name)
        case Negative():
            return -below[0]
        case Binary("/") if below[1] == 0:  # no value, and nothing large
            return None
        case Binary(operator):
            return arithmetic.apply(operator, below)
        case Call(function) if function in FUNCTIONS and function not in ("log", "log2", "log10", "log1p", "atanh"):
            return arithmetic.apply(function, below)
    return None
