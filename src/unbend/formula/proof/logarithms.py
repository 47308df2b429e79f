"""Exponentials and logarithms in normal form: exp of a sum is a product, log of a product a sum."""

from __future__ import annotations

from fractions import Fraction

from .normal_arithmetic import NormalArithmetic
from .sparse_polynomial import ONE, UNIT, Polynomial, Quotient, as_quotient, constant, prime_factors


def exp(n: NormalArithmetic, q: Quotient) -> Quotient:
    """exp(q), one factor for each term of q"""
    result = as_quotient(ONE)
    for monomial, coefficient in q.numerator.items():
        result = n.algebra.multiply_quotients(result, _exp_term(n, {monomial: Fraction(1)}, q.denominator, coefficient))
    return result


def _exp_term(n: NormalArithmetic, term: Polynomial, denominator: Polynomial, coefficient: Fraction) -> Quotient:
    if denominator == ONE:
        if UNIT in term:
            e = next(iter(n.atoms.symbol("e").numerator))[0][0]
            return as_quotient({((e, coefficient),): Fraction(1)})
        single = n.atoms.as_atom(as_quotient(term))
        if single is not None and single[0].kind == "log":  # exp(c*log|u|) = |u|**c
            inner = single[0].arguments[0]
            value = n.rational(inner)
            if value is not None:
                return n.number_power(value, coefficient)
            return n.abs_power(inner, coefficient)
    return n.atoms.function("exp", n.algebra.quotient(term, denominator), exponent=coefficient)


def log(n: NormalArithmetic, q: Quotient) -> Quotient:
    """log(q); the formula has a value only where q > 0."""
    n.atoms.assume(q, frozenset({1}))
    return n.add(_log_abs(n, q.numerator), _log_abs(n, q.denominator), -1)


def _log_abs(n: NormalArithmetic, p: Polynomial) -> Quotient:
    """log|p| as a sum over the factors of p"""
    coefficient, factor, primitive = n.atoms.content(p)
    total = as_quotient({})
    for number, sign in ((abs(coefficient).numerator, 1), (abs(coefficient).denominator, -1)):
        for prime, multiplicity in prime_factors(number).items():
            total = n.add(total, n.atoms.function("log", as_quotient(constant(prime))), sign * multiplicity)
    for atom, power in factor:
        total = n.add(total, _log_atom(n, atom), power)
    if primitive == ONE:
        return total
    for order in (2, 3):
        root = n.algebra.root(primitive, order)
        if root is not None:
            return n.add(total, n.scale(_log_abs(n, root), order))
    return n.add(total, n.atoms.function("log", as_quotient(primitive)))


def _log_atom(n: NormalArithmetic, index: int) -> Quotient:
    atom = n.atoms.table[index]
    if atom.kind == "exp":
        return atom.arguments[0]
    if atom.kind == "e":
        return as_quotient(ONE)
    if atom.kind == "prime":
        return n.atoms.function("log", as_quotient(constant(int(atom.label))))
    if atom.kind == "base":
        return _log_abs(n, atom.arguments[0].numerator)
    if atom.kind == "**":
        base, exponent = atom.arguments
        log_base = n.add(_log_abs(n, base.numerator), _log_abs(n, base.denominator), -1)
        return n.algebra.multiply_quotients(exponent, log_base)
    return n.atoms.function("log", as_quotient({((index, Fraction(1)),): Fraction(1)}))
