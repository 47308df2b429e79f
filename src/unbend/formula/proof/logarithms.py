"""Exponentials and logarithms in normal form: products become sums and sums products, as far as they go."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .sparse_polynomial import ONE, UNIT, Polynomial, Quotient, constant, prime_factors, whole

if TYPE_CHECKING:
    from .normal_form import Normal


def exp(n: Normal, q: Quotient) -> Quotient:
    """exp(q), one factor for each term of q"""
    result = whole(ONE)
    for monomial, coefficient in q.top.items():
        result = n.a.product(result, _exp_term(n, {monomial: Fraction(1)}, q.bottom, coefficient))
    return result


def _exp_term(n: Normal, term: Polynomial, bottom: Polynomial, coefficient: Fraction) -> Quotient:
    if bottom == ONE:
        if UNIT in term:
            e = next(iter(n.atoms.named("e").top))[0][0]
            return whole({((e, coefficient),): Fraction(1)})
        single = n.atoms.single(whole(term))
        if single is not None and single[0].kind == "log":  # exp(c*log|u|) = |u|**c
            inner = single[0].arguments[0]
            value = n.rational(inner)
            if value is not None:
                return n.number_power(value, coefficient)
            return n.size_power(inner, coefficient)
    return n.atoms.of("exp", n.a.quotient(term, bottom), exponent=coefficient)


def log(n: Normal, q: Quotient) -> Quotient:
    """log(q); the formula has a value only where q > 0."""
    n.atoms.assume(q, frozenset({1}))
    return n.plus(_log_size(n, q.top), _log_size(n, q.bottom), -1)


def _log_size(n: Normal, p: Polynomial) -> Quotient:
    """log|p| as a sum over the factors of p"""
    coefficient, factor, rest = n.atoms.content(p)
    total = whole({})
    for number, sign in ((abs(coefficient).numerator, 1), (abs(coefficient).denominator, -1)):
        for prime, times in prime_factors(number).items():
            total = n.plus(total, n.atoms.of("log", whole(constant(prime))), sign * times)
    for atom, power in factor:
        total = n.plus(total, _log_atom(n, atom), power)
    if rest == ONE:
        return total
    root = n.a.square_root(rest)
    last = n.atoms.of("log", whole(rest)) if root is None else n.scaled(_log_size(n, root), 2)
    return n.plus(total, last)


def _log_atom(n: Normal, index: int) -> Quotient:
    atom = n.atoms.table[index]
    if atom.kind == "exp":
        return atom.arguments[0]
    if atom.kind == "e":
        return whole(ONE)
    if atom.kind == "prime":
        return n.atoms.of("log", whole(constant(int(atom.label))))
    if atom.kind == "base":
        return _log_size(n, atom.arguments[0].top)
    return n.atoms.of("log", whole({((index, Fraction(1)),): Fraction(1)}))
