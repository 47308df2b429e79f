"""Sines and cosines in normal form: addition theorems, integer multiples, quarter turns, inverse functions."""

from __future__ import annotations

from fractions import Fraction

from .normal_arithmetic import NormalArithmetic
from .sparse_polynomial import ONE, Monomial, Quotient, as_quotient

_MAX_MULTIPLE = 8  # sin(n t) is written with sin(t) and cos(t) up to this n
_MAX_TERMS = 4  # of a sum that the addition theorems are applied to

Pair = tuple[Quotient, Quotient]  # sine and cosine of one angle


def sine_and_cosine(n: NormalArithmetic, angle: Quotient) -> Pair:
    """The sine and the cosine of an angle."""
    if angle.denominator != ONE or len(angle.numerator) > _MAX_TERMS:
        return _atoms(n, angle)
    total: Pair = (as_quotient({}), as_quotient(ONE))
    for monomial, coefficient in angle.numerator.items():
        total = _add_angles(n, total, _term(n, monomial, coefficient))
    return total


def _add_angles(n: NormalArithmetic, a: Pair, b: Pair) -> Pair:
    """The sine and the cosine of the sum of two angles."""
    product, add = n.algebra.multiply_quotients, n.algebra.add_quotients
    sine = add(product(a[0], b[1]), product(a[1], b[0]))
    return sine, add(product(a[1], b[1]), product(a[0], b[0]), -1)


def _term(n: NormalArithmetic, monomial: Monomial, coefficient: Fraction) -> Pair:
    """The pair of coefficient*monomial: a known value, or a multiple of an angle by the addition theorems."""
    single = n.atoms.as_atom(as_quotient({monomial: Fraction(1)}))
    kind = single[0].kind if single is not None else ""
    if kind == "pi" and (2 * coefficient).denominator == 1:
        quarter = int(2 * coefficient) % 4
        values = [(0, 1), (1, 0), (0, -1), (-1, 0)][quarter]
        return n.scale(as_quotient(ONE), values[0]), n.scale(as_quotient(ONE), values[1])
    multiple, part = coefficient.numerator, Fraction(1, coefficient.denominator)
    if abs(multiple) > _MAX_MULTIPLE:
        multiple, part = (1 if multiple > 0 else -1), abs(coefficient)
    if single is not None and part == 1 and kind in ("asin", "atan"):
        single_angle = _inverse(n, kind, single[0].arguments[0])
    else:
        single_angle = _atoms(n, as_quotient({monomial: part}))
    total: Pair = (as_quotient({}), as_quotient(ONE))
    for _ in range(abs(multiple)):
        total = _add_angles(n, total, single_angle)
    return (total[0] if multiple > 0 else n.scale(total[0], -1)), total[1]


def _inverse(n: NormalArithmetic, kind: str, u: Quotient) -> Pair:
    """sin(asin u) = u, cos(asin u) = sqrt(1 - u**2); with r = sqrt(1 + u**2): sin(atan u) = u/r, cos(atan u) = 1/r"""
    square = n.power(u, Fraction(2))
    if kind == "asin":
        return u, n.power(n.algebra.add_quotients(as_quotient(ONE), square, -1), Fraction(1, 2))
    root = n.power(n.algebra.add_quotients(as_quotient(ONE), square), Fraction(1, 2))
    return n.algebra.divide_quotients(u, root), n.algebra.divide_quotients(as_quotient(ONE), root)


def _atoms(n: NormalArithmetic, angle: Quotient) -> Pair:
    """The pair as atoms; sin(-t) = -sin(t) and cos(-t) = cos(t) give one atom for both signs."""
    sign = -1 if angle.numerator and angle.numerator[max(angle.numerator)] < 0 else 1
    oriented = n.scale(angle, sign)
    return n.scale(n.atoms.function("sin", oriented), sign), n.atoms.function("cos", oriented)
