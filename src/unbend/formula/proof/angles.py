"""Sines and cosines in normal form: addition theorems, whole multiples, quarter turns, inverse functions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .sparse_polynomial import ONE, Monomial, Quotient, whole

if TYPE_CHECKING:
    from .normal_form import Normal

_MULTIPLE = 8  # sin(n t) is written with sin(t) and cos(t) up to this n
_TERMS = 4  # of a sum whose sine is taken apart

Pair = tuple[Quotient, Quotient]  # sine and cosine of one angle


def sine_and_cosine(n: Normal, angle: Quotient) -> Pair:
    """The sine and the cosine of an angle."""
    if angle.bottom != ONE or len(angle.top) > _TERMS:
        return _atoms(n, angle)
    total: Pair = (whole({}), whole(ONE))
    for monomial, coefficient in angle.top.items():
        total = _added(n, total, _term(n, monomial, coefficient))
    return total


def _added(n: Normal, a: Pair, b: Pair) -> Pair:
    p = n.a.product
    return n.a.plus(p(a[0], b[1]), p(a[1], b[0])), n.a.plus(p(a[1], b[1]), p(a[0], b[0]), -1)


def _term(n: Normal, monomial: Monomial, coefficient: Fraction) -> Pair:
    single = n.atoms.single(whole({monomial: Fraction(1)}))
    kind = single[0].kind if single is not None else ""
    if kind == "pi" and (2 * coefficient).denominator == 1:
        quarter = int(2 * coefficient) % 4
        values = [(0, 1), (1, 0), (0, -1), (-1, 0)][quarter]
        return n.scaled(whole(ONE), values[0]), n.scaled(whole(ONE), values[1])
    times, part = coefficient.numerator, Fraction(1, coefficient.denominator)
    if abs(times) > _MULTIPLE:
        times, part = (1 if times > 0 else -1), abs(coefficient)
    if single is not None and part == 1 and kind in ("asin", "atan"):
        once = _inverse(n, kind, single[0].arguments[0])
    else:
        once = _atoms(n, whole({monomial: part}))
    total: Pair = (whole({}), whole(ONE))
    for _ in range(abs(times)):
        total = _added(n, total, once)
    return (total[0] if times > 0 else n.scaled(total[0], -1)), total[1]


def _inverse(n: Normal, kind: str, u: Quotient) -> Pair:
    """sin(asin u) = u, cos(asin u) = sqrt(1 - u**2); with r = sqrt(1 + u**2): sin(atan u) = u/r, cos(atan u) = 1/r"""
    square = n.power(u, Fraction(2))
    if kind == "asin":
        return u, n.power(n.a.plus(whole(ONE), square, -1), Fraction(1, 2))
    root = n.power(n.a.plus(whole(ONE), square), Fraction(1, 2))
    return n.a.ratio(u, root), n.a.ratio(whole(ONE), root)


def _atoms(n: Normal, angle: Quotient) -> Pair:
    sign = -1 if angle.top and angle.top[max(angle.top)] < 0 else 1
    turned = n.scaled(angle, sign)
    return n.scaled(n.atoms.of("sin", turned), sign), n.atoms.of("cos", turned)
