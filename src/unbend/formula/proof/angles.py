"""Sines and cosines in normal form: addition theorems, integer multiples, quarter turns, inverse functions."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from .normal_arithmetic import NormalArithmetic
from .sparse_polynomial import ONE, Monomial, Quotient, as_quotient

_MAX_MULTIPLE = 8  # sin(n t) is written with sin(t) and cos(t) up to this n
_MAX_TERMS = 4  # of a sum that the addition theorems are applied to

_PARTS_OF_PI = (1, 2, 3, 4, 5, 6, 10, 12)  # denominators of the fractions of pi with known sine and cosine

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
    if kind == "pi" and coefficient.denominator in _PARTS_OF_PI:
        return _fraction_of_pi(n, coefficient)
    part = Fraction(1, lcm(coefficient.denominator, n.angle_denominators.get(monomial, 1)))
    multiple = int(coefficient / part)
    if abs(multiple) > _MAX_MULTIPLE:
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


def _fraction_of_pi(n: NormalArithmetic, coefficient: Fraction) -> Pair:
    """The sine and the cosine of coefficient*pi, by square roots."""
    coefficient %= 2
    quarter, first = divmod(coefficient, Fraction(1, 2))
    total = _first_quarter(n, first)
    for _ in range(int(quarter)):
        total = (total[1], n.scale(total[0], -1))  # sin(t + pi/2) = cos(t), cos(t + pi/2) = -sin(t)
    return total


def _first_quarter(n: NormalArithmetic, part: Fraction) -> Pair:
    """The pair of part*pi for 0 <= part < 1/2."""
    one = as_quotient(ONE)

    def surd(number: int, factor: Fraction) -> Quotient:
        return n.scale(n.number_power(Fraction(number), Fraction(1, 2)), factor)

    half, quarter = Fraction(1, 2), Fraction(1, 4)
    if part == 0:
        return as_quotient({}), one
    if part > quarter:
        sine, cosine = _first_quarter(n, half - part)
        return cosine, sine
    if part == quarter:
        return surd(2, half), surd(2, half)
    if part == Fraction(1, 6):
        return n.scale(one, half), surd(3, half)
    if part == Fraction(1, 12):
        return n.add(surd(6, quarter), surd(2, quarter), -1), n.add(surd(6, quarter), surd(2, quarter))
    cosine = n.scale(n.add(surd(5, Fraction(1)), 1), quarter)  # of pi/5
    square = n.scale(n.add(as_quotient(n.algebra.add({}, ONE, 5)), surd(5, Fraction(1)), -1), Fraction(1, 8))
    fifth = n.power(square, half), cosine
    return fifth if part == Fraction(1, 5) else _tenth(n, fifth)


def _tenth(n: NormalArithmetic, fifth: Pair) -> Pair:
    """pi/10 = pi/2 - 2*pi/5"""
    sine, cosine = _add_angles(n, fifth, fifth)
    return cosine, sine


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
