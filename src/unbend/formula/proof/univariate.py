"""Polynomials in one unknown with rational coefficients: square-free parts, rational roots, number of real roots.

A polynomial is the list of its coefficients, lowest power first, without zeros at the end.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

Coefficients = list[Fraction]
_MAX_DEGREE = 12
_MAX_BITS = 400  # of a coefficient
_DENOMINATORS = (1, 1_000, 10**6, 10**9, 10**12)  # tried for the rational number nearest to a root in doubles


def factors(p: Coefficients) -> list[tuple[Coefficients, int]]:
    """(factor, multiplicity), their product the monic ``p``: square-free parts divided by their rational roots."""
    if len(p) - 1 > _MAX_DEGREE or any(
        max(c.numerator.bit_length(), c.denominator.bit_length()) > _MAX_BITS for c in p
    ):
        return [(p, 1)]
    found: list[tuple[Coefficients, int]] = []
    for part, multiplicity in _square_free(p):
        for root in rational_roots(part):
            linear = [-root, Fraction(1)]
            found.append((linear, multiplicity))
            part = _divide(part, linear)[0]
        if len(part) > 1:
            found.append((part, multiplicity))
    return found


def rational_roots(p: Coefficients) -> list[Fraction]:
    """The rational roots, each once, as far as doubles come close to them."""
    if len(p) < 2:
        return []
    if len(p) == 2:
        return [-p[0] / p[1]]
    try:
        approximate = np.roots([float(c) for c in reversed(p)])
    except (OverflowError, np.linalg.LinAlgError):
        return []
    roots: set[Fraction] = set()
    for root in approximate[np.isfinite(approximate)]:
        for largest in _DENOMINATORS:
            candidate = Fraction(float(root.real)).limit_denominator(largest)
            if evaluate(p, candidate) == 0:
                roots.add(candidate)
                break
    return sorted(roots)


def has_real_root(p: Coefficients) -> bool:
    """Whether a polynomial has a real root, by Sturm's theorem."""
    chain = [p, _derivative(p)]
    while len(chain[-1]) > 1:
        remainder = _divide(chain[-2], chain[-1])[1]
        if not remainder:
            break
        chain.append([-c for c in remainder])
    at_minus_infinity = _sign_changes([q[-1] * (-1) ** (len(q) - 1) for q in chain if q])
    return at_minus_infinity != _sign_changes([q[-1] for q in chain if q])


def evaluate(p: Coefficients, x: Fraction) -> Fraction:
    """p(x)"""
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def interpolate(points: list[tuple[Fraction, Fraction]]) -> Coefficients:
    """The polynomial of lowest degree through the points (x, y), by Newton's divided differences."""
    xs, table = [x for x, _ in points], [y for _, y in points]
    for k in range(1, len(xs)):
        for i in reversed(range(k, len(xs))):
            table[i] = (table[i] - table[i - 1]) / (xs[i] - xs[i - k])
    p: Coefficients = []
    for x, c in zip(reversed(xs), reversed(table), strict=True):  # p = p*(t - x) + c
        shifted = [Fraction(0), *p]
        for i, value in enumerate(p):
            shifted[i] -= x * value
        shifted[0] += c
        p = shifted
    return _trim(p)


def _square_free(p: Coefficients) -> list[tuple[Coefficients, int]]:
    """Yun's algorithm: monic square-free parts with their multiplicities."""
    slope = _derivative(p)
    common = _gcd(p, slope)
    b, d = _divide(p, common)[0], _divide(slope, common)[0]
    parts: list[tuple[Coefficients, int]] = []
    multiplicity = 1
    while len(b) > 1:
        d = _subtract(d, _derivative(b))
        a = _gcd(b, d)
        if len(a) > 1:
            parts.append((a, multiplicity))
        b, d = _divide(b, a)[0], _divide(d, a)[0]
        multiplicity += 1
    return parts


def _gcd(a: Coefficients, b: Coefficients) -> Coefficients:
    while b:
        a, b = b, _divide(a, b)[1]
    return [c / a[-1] for c in a]


def _divide(a: Coefficients, b: Coefficients) -> tuple[Coefficients, Coefficients]:
    """Quotient and remainder."""
    remainder, quotient = list(a), [Fraction(0)] * max(len(a) - len(b) + 1, 0)
    while len(remainder) >= len(b):
        factor, shift = remainder[-1] / b[-1], len(remainder) - len(b)
        quotient[shift] = factor
        for i, c in enumerate(b):
            remainder[shift + i] -= factor * c
        remainder = _trim(remainder[:-1])
    return _trim(quotient), remainder


def _subtract(a: Coefficients, b: Coefficients) -> Coefficients:
    width = max(len(a), len(b))
    return _trim([(a[i] if i < len(a) else Fraction(0)) - (b[i] if i < len(b) else Fraction(0)) for i in range(width)])


def _derivative(p: Coefficients) -> Coefficients:
    return [i * c for i, c in enumerate(p)][1:]


def _trim(p: Coefficients) -> Coefficients:
    while p and p[-1] == 0:
        p = p[:-1]
    return p


def _sign_changes(values: list[Fraction]) -> int:
    return sum((a > 0) != (b > 0) for a, b in pairwise(values))
