"""Comparisons of f(x) with f(y) for an increasing f, as comparisons of x with y: exp(x) = exp(y) says x = y."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp

from ...formula.language.build import as_number
from ...formula.language.tree import Binary, Call, Node
from ..language.conditions import AllOf, AnyOf, Comparison, Condition

Expression = Any
# strictly increasing wherever they have a value
_INCREASING = frozenset(
    "exp expm1 log log2 log10 log1p sqrt cbrt sinh tanh asinh acosh atanh asin atan erf".split()
)  # fmt: skip


def simplify_injective(condition: Condition) -> Condition:
    """The condition with increasing functions taken off both sides of comparisons, everything having a value."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(simplify_injective(p) for p in parts))
        case AnyOf(parts):
            return AnyOf(tuple(simplify_injective(p) for p in parts))
        case Comparison(relation, left, right):
            inner = _inner(left, right)
            return condition if inner is None else simplify_injective(Comparison(relation, *inner))
    return condition


def _inner(left: Node, right: Node) -> tuple[Node, Node] | None:
    """x and y, where the sides are f(x) and f(y) for the same increasing f."""
    match left, right:
        case Call(f, (x,)), Call(g, (y,)) if f == g and f in _INCREASING:
            return x, y
        case Binary("**", x, n), Binary("**", y, m) if n == m and _odd(n):
            return x, y
    return None


def _odd(exponent: Node) -> bool:
    power = as_number(exponent)
    return power is not None and power.denominator == 1 and power.numerator > 0 and power.numerator % 2 == 1


def take_odd_roots(difference: Expression) -> Expression:
    """An expression of the same sign: X - r Y for c Xⁿ - c rⁿ Yⁿ with an odd n; others stay as they are.

    For real numbers t ↦ tⁿ is increasing, so that Xⁿ > (r Y)ⁿ where X > r Y.
    """
    for e in (difference, sp.expand(difference, deep=False)):
        terms = sp.Add.make_args(e)
        if len(terms) != 2:
            continue
        (c, first), (d, second) = (t.as_coeff_Mul() for t in terms)
        if not (c.is_Rational and d.is_Rational):
            continue
        exponents = [p.as_base_exp()[1] for t in (first, second) for p in sp.Mul.make_args(t) if p != 1]
        if not exponents or not all(x.is_Integer and x > 0 for x in exponents):
            continue
        n = math.gcd(*map(int, exponents))
        while n and n % 2 == 0:
            n //= 2
        if n > 1:
            x, y = (sp.Mul(*(_root(p, n) for p in sp.Mul.make_args(t))) for t in (first, second))
            ratio = -d / c
            root = sp.sign(ratio) * sp.root(abs(ratio), n)
            return sp.sign(c) * (x - root * y)
    return difference


def _root(power: Expression, n: int) -> Expression:
    base, exponent = power.as_base_exp()
    return base ** (exponent / n)
