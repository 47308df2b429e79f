"""Expression trees as SymPy expressions, in symbols whose assumptions follow from given conditions.

The trees have no case distinctions (max, abs, where, …): ``proof.case_split`` removes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from ...formula.language.tree import Binary, Call, Name, Negative, Node, Number
from ...formula.language.tree import names as names_in
from ..language.conditions import Comparison, Literal, NumberKind, terms
from .affine_form import affine_form, single_name

Expression = Any  # a SymPy expression


class CubeRoot(sp.Function):  # type: ignore[misc]
    """The real cube root of any real number."""

    nargs = 1
    is_real = True

    def _eval_power(self, exponent: Expression) -> Expression:
        """The cube of the cube root is the number itself."""
        if not exponent.is_Integer or abs(exponent) < 3:
            return None
        cubes, remainder = divmod(int(exponent), 3)
        return self.args[0] ** cubes * self**remainder


def to_sympy(node: Node, values: Mapping[str, Expression]) -> Expression:
    """The tree in SymPy, with ``values`` for the names. Hyperbolic functions are written with exp and log."""
    match node:
        case Number():
            return sp.Rational(node.value.numerator, node.value.denominator)
        case Name(name):
            return values[name] if name in values else sp.pi if name == "pi" else sp.E
        case Negative(operand):
            return -to_sympy(operand, values)
        case Binary(operator, left, right):
            a, b = to_sympy(left, values), to_sympy(right, values)
            return {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__, "**": a.__pow__}[operator](b)
        case Call(outer, (Call(inner, (x,)),)) if (outer, inner) in _INVERSES:
            return to_sympy(x, values)
        case Call(function, arguments):
            return _FUNCTIONS[function](*(to_sympy(a, values) for a in arguments))
    raise TypeError(node)


# outer(inner(x)) is x wherever it has a value
_INVERSES = {
    ("exp", "log"), ("log", "exp"), ("sinh", "asinh"), ("asinh", "sinh"), ("tanh", "atanh"), ("atanh", "tanh"),
    ("cosh", "acosh"), ("tan", "atan"), ("sin", "asin"), ("cos", "acos"), ("expm1", "log1p"), ("log1p", "expm1"),
}  # fmt: skip


def _hyperbolic(form: Any) -> Any:
    return lambda x: form(sp.exp(x))


_FUNCTIONS: dict[str, Any] = {
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "cbrt": CubeRoot, "sin": sp.sin, "cos": sp.cos, "asin": sp.asin,
    "acos": sp.acos, "atan": sp.atan, "atan2": sp.atan2, "floor": sp.floor, "ceil": sp.ceiling, "erf": sp.erf,
    "expm1": lambda x: sp.exp(x) - 1,
    "log2": lambda x: sp.log(x) / sp.log(2),
    "log10": lambda x: sp.log(x) / sp.log(10),
    "log1p": lambda x: sp.log(1 + x),
    "tan": lambda x: x.args[0] if isinstance(x, sp.atan) else sp.sin(x) / sp.cos(x),
    "sinh": _hyperbolic(lambda e: (e - 1 / e) / 2),
    "cosh": _hyperbolic(lambda e: (e + 1 / e) / 2),
    "tanh": _hyperbolic(lambda e: (e**2 - 1) / (e**2 + 1)),
    "asinh": lambda x: sp.log(x + sp.sqrt(x**2 + 1)),
    "acosh": lambda x: sp.log(x + sp.sqrt(x**2 - 1)),
    "atanh": lambda x: sp.log((1 + x) / (1 - x)) / 2,
    "erfc": lambda x: 1 - sp.erf(x),
}  # fmt: skip


def sympy_symbols(
    literals: Sequence[Literal], fields: Mapping[str, str]
) -> tuple[dict[str, Expression], list[Expression]]:
    """Each name as a SymPy expression, and the expressions known to be positive or not negative.

    A bound on one name, u > c, makes it c + p with a positive symbol p, so that SymPy sees the sign.
    ``fields`` says of scalars whether they are "rational" or "integer".
    """
    occurring = dict.fromkeys(n for x in literals for node in terms(x) for n in names_in(node) if n not in ("pi", "e"))
    bounds = [b for x in literals if isinstance(x, Comparison) and (b := _bound(x))]
    kinds = {
        x.node.name: x.kind for x in literals if isinstance(x, NumberKind) and x.holds and isinstance(x.node, Name)
    }
    values: dict[str, Expression] = {}
    signed: list[Expression] = []
    for name in occurring:
        kind = kinds.get(name) or fields.get(name, "real")
        assumptions: dict[str, bool] = {kind: True} if kind != "real" else {"real": True}
        side, at, strict = _tightest([b for b in bounds if b[0] == name])
        if side and kind == "integer" and at.denominator != 1:
            side = 0
        if side:
            assumptions["positive" if strict else "nonnegative"] = True
        if (name, 0, Fraction(0), False) in bounds and (not side or at == 0):
            assumptions["zero"] = False
        symbol = sp.Symbol(name, **assumptions)
        values[name] = sp.Rational(at.numerator, at.denominator) + side * symbol if side else symbol
        if side:
            signed.append(symbol)
    return values, signed


def _tightest(bounds: Sequence[tuple[str, int, Fraction, bool]]) -> tuple[int, Fraction, bool]:
    """(1, c, strict) for the largest lower bound, else (-1, c, strict) for the least upper one, else (0, 0, False)."""
    below = [(at, strict) for _, side, at, strict in bounds if side == 1]
    above = [(-at, strict) for _, side, at, strict in bounds if side == -1]
    if below:
        return (1, *max(below))
    if above:
        at, strict = max(above)
        return -1, -at, strict
    return 0, Fraction(0), False


def _bound(x: Comparison) -> tuple[str, int, Fraction, bool] | None:
    """(name, side, c, strict) for a comparison of one name with a number; side 1: above c, -1: below, 0: not c."""
    one = single_name(affine_form(Binary("-", x.left, x.right)))
    if one is None or x.relation == "==":
        return None
    name, factor, shift = one
    if x.relation == "!=":
        return name, 0, -shift / factor, False
    side = (1 if x.relation in (">", ">=") else -1) * (1 if factor > 0 else -1)
    return name, side, -shift / factor, x.relation in ("<", ">")
