"""What a formula may hold at most, checked while reading, so that no text costs more than a moment.

Numbers must fit a double (about 1e308): what is fitted and drawn is computed in doubles in the end.
"""

from __future__ import annotations

import math

from ..errors import FormulaError
from .tokens import Token, shorten
from .tree import Binary, Call, Name, Negative, Node, Number, children, depth, walk

MAX_LENGTH = 5_000  # characters
MAX_DEPTH = 100  # nested brackets and signs
MAX_TREE = 190  # operations on the longest way down; Python itself reads 200 nested brackets
MAX_EXPONENT = 1_000  # of a written power
MAX_DIGITS = 400  # characters of a written number
MAX_DECIMAL_EXPONENT = 308  # of a written number


def check_number(token: Token) -> None:
    """Raise ``FormulaError`` where the number is beyond a double, or written with too many digits."""
    if len(token.text) > MAX_DIGITS:
        raise FormulaError("formula.number_too_long", at=token.start, length=len(token.text), most=MAX_DIGITS)
    mantissa, _, exponent = token.text.lower().partition("e")
    whole = mantissa.partition(".")[0].lstrip("0")
    size = (int(exponent) if len(exponent) <= 6 and exponent else 0) + len(whole)
    if len(exponent) > 6 or abs(size) > MAX_DECIMAL_EXPONENT + 1 or math.isinf(float(token.text)):
        raise FormulaError(
            "formula.number_too_large", at=token.start, got=shorten(token.text, 20), most=MAX_DECIMAL_EXPONENT
        )


def check_exponent(node: Node) -> None:
    """A written power is at most ``MAX_EXPONENT``, and no power stands on a written power (9**9**9)."""
    while isinstance(node, Negative):
        node = node.operand
    if isinstance(node, Number) and node.value > MAX_EXPONENT:
        raise FormulaError("formula.power_too_large", at=node.span[0], got=shorten(node.text, 20), most=MAX_EXPONENT)
    if isinstance(node, Binary) and node.operator == "**" and isinstance(node.left, Number):
        raise FormulaError("formula.power_tower", at=node.span[0])


def check_tree(root: Node) -> None:
    """Raise ``FormulaError`` where the tree is too deep, or a part made of numbers alone leaves the doubles."""
    if depth(root) > MAX_TREE:
        raise FormulaError("formula.too_deep", at=root.span[0], most=MAX_TREE)
    # children before parents; the size of a part without names, None for one with names
    sizes: dict[int, float | None] = {}
    for node in reversed(list(walk(root))):
        below = [sizes[id(child)] for child in children(node)]
        size = None if None in below else _size(node, [b for b in below if b is not None])
        if size is not None and not size <= MAX_DECIMAL_EXPONENT:
            raise FormulaError("formula.constant_too_large", at=node.span[0], most=MAX_DECIMAL_EXPONENT)
        sizes[id(node)] = size


def _size(node: Node, below: list[float]) -> float | None:
    """An upper bound of log10 |value| for a part without names; what cannot be large counts as 1."""
    match node:
        case Number():
            value = abs(node.value)
            return math.log10(value) if value else 0.0
        case Name(name):
            return 0.5 if name in ("pi", "e") else None
        case Negative():
            return below[0]
        case Binary("+" | "-"):
            return max(below) + 0.31
        case Binary("*" | "/"):
            return max(below[0], 0) + abs(below[1])
        case Binary("**"):
            return abs(below[0]) * 10 ** min(below[1], 10)
        case Call("exp" | "sinh" | "cosh" | "expm1"):
            return 10 ** min(below[0], 10) / 2.3
    return max([0.0, *below])
