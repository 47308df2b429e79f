"""The derivative of a tree, as a tree. At a kink one side is stated: |u|' = 0 at 0, max(a, b)' = b' at a = b."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from .grammar import parse
from .tree import Binary, Call, Name, Negative, Node, Number, children

# d/du of function(u), by the chain rule multiplied with u'
_SLOPES = {
    "exp": "exp(u)",
    "expm1": "exp(u)",
    "log": "1/u",
    "log2": "1/(u*0.6931471805599453)",
    "log10": "1/(u*2.302585092994046)",
    "log1p": "1/(1 + u)",
    "sqrt": "1/(2*sqrt(u))",
    "cbrt": "1/(3*cbrt(u)**2)",
    "sin": "cos(u)",
    "cos": "-sin(u)",
    "tan": "1/cos(u)**2",
    "sinh": "cosh(u)",
    "cosh": "sinh(u)",
    "tanh": "1 - tanh(u)**2",
    "asin": "1/sqrt(1 - u**2)",
    "acos": "-1/sqrt(1 - u**2)",
    "atan": "1/(1 + u**2)",
    "asinh": "1/sqrt(1 + u**2)",
    "acosh": "1/sqrt(u**2 - 1)",
    "atanh": "1/(1 - u**2)",
    "abs": "sign(u)",
    "sign": "0",
    "floor": "0",
    "ceil": "0",
    "erf": "1.1283791670955126*exp(-u**2)",
    "erfc": "-1.1283791670955126*exp(-u**2)",
}
ZERO, ONE = Number("0"), Number("1")


def derivative(node: Node, name: str) -> Node:
    """d(node)/d(name). Comparisons count as constant between their jumps."""
    match node:
        case Number():
            return ZERO
        case Name(other):
            return ONE if other == name else ZERO
        case Negative(operand):
            return _negative(derivative(operand, name))
        case Binary("+", a, b):
            return _sum(derivative(a, name), derivative(b, name))
        case Binary("-", a, b):
            return _sum(derivative(a, name), _negative(derivative(b, name)))
        case Binary("*", a, b):
            return _sum(_product(derivative(a, name), b), _product(a, derivative(b, name)))
        case Binary("/", a, b):
            top = _sum(_product(derivative(a, name), b), _negative(_product(a, derivative(b, name))))
            return ZERO if top == ZERO else Binary("/", top, Binary("**", b, Number("2")))
        case Binary("**", a, b):
            return _power(a, b, name)
        case Binary():
            return ZERO
        case Call("where", (condition, a, b)):
            da, db = derivative(a, name), derivative(b, name)
            return da if da == db else Call("where", (condition, da, db))
        case Call("max", (a, b)):
            return Call("where", (Binary(">", a, b), derivative(a, name), derivative(b, name)))
        case Call("min", (a, b)):
            return Call("where", (Binary("<", a, b), derivative(a, name), derivative(b, name)))
        case Call("atan2", (a, b)):
            top = _sum(_product(derivative(a, name), b), _negative(_product(a, derivative(b, name))))
            squares = _sum(Binary("**", a, Number("2")), Binary("**", b, Number("2")))
            return ZERO if top == ZERO else Binary("/", top, squares)
        case Call(function, (u,)):
            inner = derivative(u, name)
            return ZERO if inner == ZERO else _product(substitute(_slope_of(function), {"u": u}), inner)
    raise TypeError(node)


def substitute(node: Node, values: dict[str, Node]) -> Node:
    """The tree with each name in ``values`` replaced."""
    match node:
        case Name(name):
            return values.get(name, node)
        case Negative(operand):
            return Negative(substitute(operand, values), node.span)
        case Binary(operator, a, b):
            return Binary(operator, substitute(a, values), substitute(b, values), node.span)
        case Call(function, arguments):
            return Call(function, tuple(substitute(a, values) for a in arguments), node.span)
    return node


def contains(node: Node, name: str) -> bool:
    """Whether the name stands anywhere in the tree."""
    return (isinstance(node, Name) and node.name == name) or any(contains(c, name) for c in children(node))


@cache
def _slope_of(function: str) -> Node:
    return parse(_SLOPES[function])


def _power(a: Node, b: Node, name: str) -> Node:
    if not contains(b, name):  # the usual rule, which also holds for negative a
        inner = derivative(a, name)
        if isinstance(b, Number):
            less = b.value - 1
            lower = ONE if less == 0 else a if less == 1 else Binary("**", a, _number(less))
        else:
            lower = Binary("**", a, Binary("-", b, ONE))
        return _product(_product(b, lower), inner)
    log_slope = _sum(_product(derivative(b, name), Call("log", (a,))),
                     _product(b, Binary("/", derivative(a, name), a)))  # fmt: skip
    return _product(Binary("**", a, b), log_slope)


def _number(value: Fraction) -> Node:
    text = str(value) if value.denominator == 1 else repr(float(value))
    return Negative(Number(text[1:])) if text.startswith("-") else Number(text)


def _sum(a: Node, b: Node) -> Node:
    if a == ZERO:
        return b
    if b == ZERO:
        return a
    return Binary("-", a, b.operand) if isinstance(b, Negative) else Binary("+", a, b)


def _product(a: Node, b: Node) -> Node:
    if ZERO in (a, b):
        return ZERO
    if a == ONE:
        return b
    if b == ONE:
        return a
    return Binary("*", a, b)


def _negative(a: Node) -> Node:
    if a == ZERO:
        return a
    return a.operand if isinstance(a, Negative) else Negative(a)
