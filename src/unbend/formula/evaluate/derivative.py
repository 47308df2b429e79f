"""`derivative`: the derivative of a tree by the rules of calculus, in time bounded by the size of the tree.

At a kink a one-sided value is used: |u|' = 0 at 0, max(a, b)' = b' at a = b.
"""

from __future__ import annotations

from functools import cache

from ..language.build import (
    ONE,
    ZERO,
    add,
    as_number,
    call,
    divide,
    multiply,
    negative,
    number,
    power,
    rebuild,
    subtract,
)
from ..language.functions import FUNCTIONS
from ..language.grammar import parse
from ..language.tree import COMPARISONS, Binary, Call, Name, Negative, Node, Number, children, depends_on, substitute


def derivative(node: Node, name: str) -> Node:
    """d(node)/d(name). Comparisons count as constant between their jumps."""
    if not depends_on(node, (name,)):
        return ZERO
    match node:
        case Name():
            return ONE
        case Negative(operand):
            return negative(derivative(operand, name))
        case Binary("+" | "-", a, b):
            return rebuild(node, [derivative(a, name), derivative(b, name)])
        case Binary("*", a, b):
            return add(multiply(derivative(a, name), b), multiply(a, derivative(b, name)))
        case Binary("/", a, b):
            return _quotient(a, b, name)
        case Binary("**", a, b):
            return _power(a, b, name)
        case Binary(operator) if operator in COMPARISONS:
            return ZERO
        case Call("where", (condition, a, b)):
            return _choice(condition, a, b, name)
        case Call("max", (a, b)):
            return _choice(Binary(">", a, b), a, b, name)
        case Call("min", (a, b)):
            return _choice(Binary("<", a, b), a, b, name)
        case Call(function, arguments):
            total: Node = ZERO
            for argument, outer in zip(arguments, _slopes(function), strict=True):
                inner = derivative(argument, name)
                if inner != ZERO:
                    filled = substitute(outer, dict(zip(("x", "y"), arguments, strict=False)))
                    total = add(total, multiply(_refold(filled), inner))
            return total
    raise TypeError(node)


def _choice(condition: Node, a: Node, b: Node, name: str) -> Node:
    da, db = derivative(a, name), derivative(b, name)
    return da if da == db else call("where", condition, da, db)


def _quotient(a: Node, b: Node, name: str) -> Node:
    da, db = derivative(a, name), derivative(b, name)
    if db == ZERO:
        return divide(da, b)
    return subtract(divide(da, b), divide(multiply(a, db), power(b, Number("2"))))


def _power(base: Node, exponent: Node, name: str) -> Node:
    value = as_number(exponent)
    if value is not None:
        return multiply(multiply(number(value), power(base, number(value - 1))), derivative(base, name))
    up, side = derivative(exponent, name), derivative(base, name)
    # at base 0 the power is constant 0: avoid 0 * log(0)
    safe = base if as_number(base) else call("where", Binary("==", base, ZERO), ONE, base)
    total = multiply(multiply(power(base, exponent), call("log", safe)), up) if up != ZERO else ZERO
    if side != ZERO:
        total = add(total, multiply(multiply(exponent, power(base, subtract(exponent, ONE))), side))
    return total


@cache
def _slopes(function: str) -> tuple[Node, ...]:
    """The partial derivatives of the function, as trees in x and y."""
    return tuple(parse(text) for text in FUNCTIONS[function].derivatives)


def _refold(node: Node) -> Node:
    """The tree with constants folded anew, after values were substituted."""
    parts = children(node)
    return rebuild(node, [_refold(p) for p in parts]) if parts else node
