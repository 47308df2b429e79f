"""Constructors of trees that fold constants and drop neutral elements: 0 + x is x, 1*x is x, 2*3 is 6."""

from __future__ import annotations

from fractions import Fraction

from .tree import Binary, Call, Negative, Node, Number

ZERO = Number("0")
ONE = Number("1")


def number(value: Fraction | int) -> Node:
    """The tree of a rational number, as the text of a formula would have it: -3/4."""
    value = Fraction(value)
    top: Node = Number(str(abs(value.numerator)))
    size = top if value.denominator == 1 else Binary("/", top, Number(str(value.denominator)))
    return Negative(size) if value < 0 else size


def as_number(node: Node) -> Fraction | None:
    """The rational number the tree is, if it is one: 3, -3, 3/4."""
    match node:
        case Number():
            return node.value
        case Negative(operand):
            inner = as_number(operand)
            return None if inner is None else -inner
        case Binary("/", left, right):
            top, bottom = as_number(left), as_number(right)
            return top / bottom if top is not None and bottom else None
    return None


def add(left: Node, right: Node) -> Node:
    """left + right"""
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None:
        return number(a + b)
    if a == 0:
        return right
    if b == 0:
        return left
    if isinstance(right, Negative):
        return subtract(left, right.operand)
    return Binary("+", left, right)


def subtract(left: Node, right: Node) -> Node:
    """left - right"""
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None:
        return number(a - b)
    if a == 0:
        return negative(right)
    if b == 0:
        return left
    if left == right:
        return ZERO
    if isinstance(right, Negative):
        return Binary("+", left, right.operand)
    return Binary("-", left, right)


def negative(node: Node) -> Node:
    """-node"""
    value = as_number(node)
    if value is not None:
        return number(-value)
    return node.operand if isinstance(node, Negative) else Negative(node)


def multiply(left: Node, right: Node) -> Node:
    """left * right, a minus sign moved in front"""
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None:
        return number(a * b)
    if a == 0 or b == 0:
        return ZERO
    if a in (1, -1):
        return right if a == 1 else negative(right)
    if b in (1, -1):
        return left if b == 1 else negative(left)
    if isinstance(left, Negative):
        return negative(multiply(left.operand, right))
    if isinstance(right, Negative):
        return negative(multiply(left, right.operand))
    return Binary("*", left, right)


def divide(left: Node, right: Node) -> Node:
    """left / right; right is not checked for zero"""
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None and b:
        return number(a / b)
    if a == 0 and b != 0:
        return ZERO
    if b in (1, -1):
        return left if b == 1 else negative(left)
    if isinstance(left, Negative):
        return negative(divide(left.operand, right))
    return Binary("/", left, right)


def power(base: Node, exponent: Node) -> Node:
    """base ** exponent"""
    b = as_number(exponent)
    if b == 1:
        return base
    if b == 0:
        return ONE
    return Binary("**", base, exponent)


def call(function: str, *arguments: Node) -> Node:
    """function(arguments)"""
    return Call(function, arguments)


def rebuild(node: Node, parts: list[Node]) -> Node:
    """The node over other operands, through the constructors above."""
    match node:
        case Negative():
            return negative(parts[0])
        case Binary(operator):
            constructor = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}.get(operator)
            return constructor(parts[0], parts[1]) if constructor else Binary(operator, parts[0], parts[1])
        case Call(function):
            return Call(function, tuple(parts))
    return node
