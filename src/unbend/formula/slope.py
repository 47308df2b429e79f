"""The slope of a formula: the derivative with respect to one name, as a tree again.

Plain rules of calculus over the tree, so that the time is bounded by its size whatever the formula.
"""

from __future__ import annotations

from functools import cache

from .build import ONE, ZERO, add, as_number, call, divide, multiply, negative, number, power, rebuild, subtract
from .functions import FUNCTIONS
from .grammar import parse
from .tree import COMPARISONS, Binary, Call, Name, Negative, Node, Number, children, names, substitute


def slope(node: Node, name: str) -> Node:
    """d node / d name. At a kink: the value the function's record gives. Comparisons count as flat."""
    if name not in names(node):
        return ZERO
    match node:
        case Name():
            return ONE
        case Negative(operand):
            return negative(slope(operand, name))
        case Binary("+" | "-", left, right):
            return rebuild(node, [slope(left, name), slope(right, name)])
        case Binary("*", left, right):
            return add(multiply(slope(left, name), right), multiply(left, slope(right, name)))
        case Binary("/", left, right):
            first, second = slope(left, name), slope(right, name)
            if second == ZERO:
                return divide(first, right)
            return subtract(divide(first, right), divide(multiply(left, second), power(right, Number("2"))))
        case Binary("**", base, exponent):
            return _power(base, exponent, name)
        case Binary(operator) if operator in COMPARISONS:
            return ZERO
        case Call("where", (condition, yes, no)):
            return call("where", condition, slope(yes, name), slope(no, name))
        case Call(function, arguments):
            total: Node = ZERO
            for argument, outer in zip(arguments, outer_slopes(function), strict=True):
                inner = slope(argument, name)
                if inner != ZERO:
                    filled = substitute(outer, dict(zip(("x", "y"), arguments, strict=False)))
                    total = add(total, multiply(_plain(filled), inner))
            return total
    raise TypeError(node)


def _power(base: Node, exponent: Node, name: str) -> Node:
    value = as_number(exponent)
    if value is not None:
        return multiply(multiply(number(value), power(base, number(value - 1))), slope(base, name))
    up, side = slope(exponent, name), slope(base, name)
    # at base 0 the power is 0 and stays so: the logarithm there must not make 0 * log 0 of it
    safe = base if as_number(base) else call("where", Binary("==", base, ZERO), ONE, base)
    total = multiply(multiply(power(base, exponent), call("log", safe)), up) if up != ZERO else ZERO
    if side != ZERO:
        total = add(total, multiply(multiply(exponent, power(base, subtract(exponent, ONE))), side))
    return total


@cache
def outer_slopes(function: str) -> tuple[Node, ...]:
    """The partial derivatives of the function, as trees in x and y."""
    return tuple(parse(text) for text in FUNCTIONS[function].slopes)


def _plain(node: Node) -> Node:
    parts = children(node)
    return rebuild(node, [_plain(p) for p in parts]) if parts else node
