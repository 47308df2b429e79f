"""`to_sympy`: formulas as SymPy expressions over real symbols; numbers stay exact."""

from __future__ import annotations

from typing import Any

import sympy

from ..language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number

_SAME_NAME = (
    "exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh",
    "atanh", "atan2", "sign", "floor", "erf", "erfc",
)  # fmt: skip
_OTHER_NAME = {
    "expm1": lambda u: sympy.exp(u) - 1,
    "log2": lambda u: sympy.log(u, 2),
    "log10": lambda u: sympy.log(u, 10),
    "log1p": lambda u: sympy.log(1 + u),
    "cbrt": lambda u: sympy.sign(u) * sympy.Abs(u) ** sympy.Rational(1, 3),
    "ceil": sympy.ceiling,
    "abs": sympy.Abs,
    "max": sympy.Max,
    "min": sympy.Min,
}
_COMPARE = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne}


def to_sympy(node: Node) -> Any:
    """The SymPy expression over real symbols; ``where`` and comparisons become ``Piecewise``."""
    match node:
        case Number():
            return sympy.Rational(node.value.numerator, node.value.denominator)
        case Constant(name):
            return sympy.pi if name == "pi" else sympy.E
        case Name(name):
            return sympy.Symbol(name, real=True)
        case Negative(operand):
            return -to_sympy(operand)
        case Binary("+", a, b):
            return to_sympy(a) + to_sympy(b)
        case Binary("-", a, b):
            return to_sympy(a) - to_sympy(b)
        case Binary("*", a, b):
            return to_sympy(a) * to_sympy(b)
        case Binary("/", a, b):
            return to_sympy(a) / to_sympy(b)
        case Binary("**", a, b):
            return to_sympy(a) ** to_sympy(b)
        case Binary(operator) if operator in COMPARISONS:
            return sympy.Piecewise((1, _condition(node)), (0, True))
        case Call("where", (condition, yes, no)):
            return sympy.Piecewise((to_sympy(yes), _condition(condition)), (to_sympy(no), True))
        case Call(function, arguments):
            filled = [to_sympy(a) for a in arguments]
            return getattr(sympy, function)(*filled) if function in _SAME_NAME else _OTHER_NAME[function](*filled)
    raise TypeError(node)


def _condition(node: Node) -> Any:
    if isinstance(node, Binary) and node.operator in COMPARISONS:
        return _COMPARE[node.operator](to_sympy(node.left), to_sympy(node.right))
    return sympy.Ne(to_sympy(node), 0)
