"""Sparse polynomials with rational coefficients over atoms, and their quotients, with a budget of work.

A monomial maps atoms (numbered) to rational exponents, negative ones included. Only the arithmetic; what the atoms
mean, and which powers of them can be written otherwise, is told by ``Atoms`` (see ``normal``).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

Monomial = tuple[tuple[int, Fraction], ...]  # ((atom, exponent), ...) sorted by atom
Polynomial = dict[Monomial, Fraction]

UNIT: Monomial = ()
_MOST_BITS = 12_000  # of a coefficient; Python prints whole numbers up to 4300 digits


class OutOfBudget(Exception):
    """The question costs more than it may."""


class Budget:
    """Counts units of work (about a microsecond each) and stops at a limit."""

    def __init__(self, units: int) -> None:
        self.left = units

    def charge(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise OutOfBudget


class Quotient(NamedTuple):
    """top / bottom; the bottom is 1 or has at least two terms (a single one moves to the top)."""

    top: Polynomial
    bottom: Polynomial


def constant(value: Fraction | int) -> Polynomial:
    """The constant polynomial."""
    return {UNIT: Fraction(value)} if value else {}


ONE = constant(1)


def whole(top: Polynomial) -> Quotient:
    """The polynomial as a quotient."""
    return Quotient(top, ONE)


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    exponents = dict(a)
    for atom, exponent in b:
        exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
    return tuple(sorted((atom, e) for atom, e in exponents.items() if e))


def inverse(a: Monomial) -> Monomial:
    """1 / monomial"""
    return tuple((atom, -e) for atom, e in a)


def rank(monomial: Monomial, order: list[int]) -> list[Fraction]:
    """The exponents in the given order of atoms: comparing these lists orders monomials as their products are."""
    exponents = dict(monomial)
    return [exponents.get(atom, Fraction(0)) for atom in order]


class Algebra:
    """Sums, products and powers within a budget. ``settle`` rewrites powers of atoms that can be written otherwise."""

    def __init__(self, budget: Budget, settle: Callable[[Polynomial], Polynomial]) -> None:
        self.budget = budget
        self.settle = settle

    def add(self, p: Polynomial, q: Polynomial, factor: Fraction | int = 1) -> Polynomial:
        """p + factor*q"""
        self.budget.charge(len(p) + len(q))
        total = dict(p)
        for monomial, coefficient in q.items():
            new = total.get(monomial, Fraction(0)) + factor * coefficient
            if new:
                total[monomial] = new
            else:
                total.pop(monomial, None)
        return total

    def multiply(self, p: Polynomial, q: Polynomial) -> Polynomial:
        """p * q"""
        wide = len(next(iter(p), UNIT)) + len(next(iter(q), UNIT))
        self.budget.charge((2 + wide // 2) * len(p) * len(q))
        total: Polynomial = {}
        for m, a in p.items():
            for n, b in q.items():
                product = times(m, n)
                total[product] = total.get(product, Fraction(0)) + a * b
        result = {m: c for m, c in total.items() if c}
        if any(c.numerator.bit_length() + c.denominator.bit_length() > _MOST_BITS for c in result.values()):
            raise OutOfBudget
        return self.settle(result)

    def power(self, p: Polynomial, n: int) -> Polynomial:
        """p**n for n >= 0"""
        if not n:
            return ONE
        if len(p) == 1:
            ((monomial, coefficient),) = p.items()
            self.budget.charge(1)
            if max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length()) * n > _MOST_BITS:
                raise OutOfBudget
            return self.settle({tuple((atom, e * n) for atom, e in monomial): coefficient**n})
        result, square = ONE, p
        while n:
            if n & 1:
                result = self.multiply(result, square)
            n >>= 1
            if n:
                square = self.multiply(square, square)
        return result

    def quotient(self, top: Polynomial, bottom: Polynomial) -> Quotient:
        """top / bottom, a bottom of one term moved to the top; raises ``ZeroDivisionError`` where the bottom is 0."""
        if bottom == ONE:
            return whole(top)
        if not bottom:
            raise ZeroDivisionError
        if len(bottom) == 1:
            ((monomial, coefficient),) = bottom.items()
            return whole(self.multiply(top, {inverse(monomial): 1 / coefficient}))
        if top == bottom:
            return whole(ONE)
        lead = bottom[max(bottom)]
        return Quotient(self.add({}, top, 1 / lead), self.add({}, bottom, 1 / lead)) if top else whole({})

    def plus(self, a: Quotient, b: Quotient, factor: Fraction | int = 1) -> Quotient:
        """a + factor*b"""
        if a.bottom == b.bottom:
            return self.quotient(self.add(a.top, b.top, factor), a.bottom)
        top = self.add(self.multiply(a.top, b.bottom), self.multiply(b.top, a.bottom), factor)
        return self.quotient(top, self.multiply(a.bottom, b.bottom))

    def product(self, a: Quotient, b: Quotient) -> Quotient:
        """a * b"""
        if a.top == b.bottom:
            return self.quotient(b.top, a.bottom)
        if b.top == a.bottom:
            return self.quotient(a.top, b.bottom)
        return self.quotient(self.multiply(a.top, b.top), self.multiply(a.bottom, b.bottom))

    def ratio(self, a: Quotient, b: Quotient) -> Quotient:
        """a / b; raises ``ZeroDivisionError`` where b is 0."""
        return self.product(a, self.quotient(b.bottom, b.top))

    def square_root(self, p: Polynomial) -> Polynomial | None:
        """The polynomial whose square is p, term by term from the leading one; None where there is none."""
        order = sorted({atom for m in p for atom, _ in m})
        root: Polynomial = {}
        rest, first, coefficient = p, UNIT, Fraction(1)
        for _ in range((len(p) + 1) // 2 + 1):
            if not rest:
                return root
            lead = max(rest, key=lambda m: rank(m, order))
            if not root:
                found = _rational_root(rest[lead])
                if found is None or any(e % 2 for _, e in lead):
                    return None
                coefficient, first = found, tuple((atom, e / 2) for atom, e in lead)
                term: Polynomial = {first: coefficient}
            else:
                term = {times(lead, inverse(first)): rest[lead] / (2 * coefficient)}
            root = self.add(root, term)
            rest = self.add(p, self.multiply(root, root), -1)
        return None


def _rational_root(value: Fraction) -> Fraction | None:
    if value < 0:
        return None
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(top, bottom) if top * top == value.numerator and bottom * bottom == value.denominator else None


def prime_factors(number: int) -> dict[int, int]:
    """The prime factors below 1000 with their powers, and what is left as one factor."""
    found: dict[int, int] = {}
    candidate = 2
    while candidate < 1_000 and candidate * candidate <= number:
        while number % candidate == 0:
            found[candidate] = found.get(candidate, 0) + 1
            number //= candidate
        candidate += 1
    if number > 1:
        if number.bit_length() > 2_000:
            raise OutOfBudget
        found[number] = found.get(number, 0) + 1
    return found
