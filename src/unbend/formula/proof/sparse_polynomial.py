"""Sparse polynomials with rational coefficients over atoms, and their quotients, with a budget of work.

A monomial maps atoms (by number) to rational exponents, negative ones included. This file holds the arithmetic alone;
what the atoms mean, and which of their powers can be reduced, is known to ``AtomTable``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

Monomial = tuple[tuple[int, Fraction], ...]  # ((atom, exponent), ...) sorted by atom
Polynomial = dict[Monomial, Fraction]

UNIT: Monomial = ()
_MAX_COEFFICIENT_BITS = 12_000  # of a coefficient; Python prints integers of up to 4300 digits


class OutOfBudget(Exception):
    """The computation would exceed its budget of work."""


class Budget:
    """Counts units of work (about a microsecond each) and stops at a limit."""

    def __init__(self, units: int) -> None:
        self.remaining = units

    def charge(self, units: int) -> None:
        """Spend the units; raises ``OutOfBudget`` where they are not there."""
        self.remaining -= units
        if self.remaining < 0:
            raise OutOfBudget


class Quotient(NamedTuple):
    """numerator / denominator; the denominator is 1 or has two terms and more (a single term moves up)."""

    numerator: Polynomial
    denominator: Polynomial


def constant(value: Fraction | int) -> Polynomial:
    """The constant polynomial."""
    return {UNIT: Fraction(value)} if value else {}


ONE = constant(1)


def as_quotient(numerator: Polynomial) -> Quotient:
    """The polynomial as a quotient."""
    return Quotient(numerator, ONE)


def multiply_monomials(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    exponents = dict(a)
    for atom, exponent in b:
        exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
    return tuple(sorted((atom, e) for atom, e in exponents.items() if e))


def inverse_monomial(a: Monomial) -> Monomial:
    """1 / monomial"""
    return tuple((atom, -e) for atom, e in a)


def lexicographic_key(monomial: Monomial, order: list[int]) -> list[Fraction]:
    """The exponents in the given order of atoms: a monomial order, since it is kept under multiplication."""
    exponents = dict(monomial)
    return [exponents.get(atom, Fraction(0)) for atom in order]


class PolynomialAlgebra:
    """Sums, products and powers within a budget. ``reduce`` rewrites reducible powers of atoms: cos**2 = 1 - sin**2."""

    def __init__(self, budget: Budget, reduce: Callable[[Polynomial], Polynomial]) -> None:
        self.budget = budget
        self.reduce = reduce

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
        width = len(next(iter(p), UNIT)) + len(next(iter(q), UNIT))
        self.budget.charge((2 + width // 2) * len(p) * len(q))
        total: Polynomial = {}
        for m, a in p.items():
            for n, b in q.items():
                monomial = multiply_monomials(m, n)
                total[monomial] = total.get(monomial, Fraction(0)) + a * b
        result = {m: c for m, c in total.items() if c}
        if any(c.numerator.bit_length() + c.denominator.bit_length() > _MAX_COEFFICIENT_BITS for c in result.values()):
            raise OutOfBudget
        return self.reduce(result)

    def power(self, p: Polynomial, n: int) -> Polynomial:
        """p**n for n >= 0"""
        if not n:
            return ONE
        if len(p) == 1:
            ((monomial, coefficient),) = p.items()
            self.budget.charge(1)
            if (
                max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length()) * n
                > _MAX_COEFFICIENT_BITS
            ):
                raise OutOfBudget
            return self.reduce({tuple((atom, e * n) for atom, e in monomial): coefficient**n})
        result, square = ONE, p
        while n:
            if n & 1:
                result = self.multiply(result, square)
            n >>= 1
            if n:
                square = self.multiply(square, square)
        return result

    def quotient(self, numerator: Polynomial, denominator: Polynomial) -> Quotient:
        """numerator / denominator; raises ``ZeroDivisionError`` where the denominator is 0."""
        if denominator == ONE:
            return as_quotient(numerator)
        if not denominator:
            raise ZeroDivisionError
        if len(denominator) == 1:
            ((monomial, coefficient),) = denominator.items()
            return as_quotient(self.multiply(numerator, {inverse_monomial(monomial): 1 / coefficient}))
        if numerator == denominator:
            return as_quotient(ONE)
        lead = denominator[max(denominator)]
        return (
            Quotient(self.add({}, numerator, 1 / lead), self.add({}, denominator, 1 / lead))
            if numerator
            else as_quotient({})
        )

    def add_quotients(self, a: Quotient, b: Quotient, factor: Fraction | int = 1) -> Quotient:
        """a + factor*b"""
        if a.denominator == b.denominator:
            return self.quotient(self.add(a.numerator, b.numerator, factor), a.denominator)
        numerator = self.add(
            self.multiply(a.numerator, b.denominator), self.multiply(b.numerator, a.denominator), factor
        )
        return self.quotient(numerator, self.multiply(a.denominator, b.denominator))

    def multiply_quotients(self, a: Quotient, b: Quotient) -> Quotient:
        """a * b"""
        if a.numerator == b.denominator:
            return self.quotient(b.numerator, a.denominator)
        if b.numerator == a.denominator:
            return self.quotient(a.numerator, b.denominator)
        return self.quotient(self.multiply(a.numerator, b.numerator), self.multiply(a.denominator, b.denominator))

    def divide_quotients(self, a: Quotient, b: Quotient) -> Quotient:
        """a / b; raises ``ZeroDivisionError`` where b is 0."""
        return self.multiply_quotients(a, self.quotient(b.denominator, b.numerator))

    def root(self, p: Polynomial, n: int) -> Polynomial | None:
        """The polynomial whose n-th power is p, term by term from the leading one; None where there is none."""
        order = sorted({atom for m in p for atom, _ in m})
        root: Polynomial = {}
        remainder, first, coefficient = p, UNIT, Fraction(1)
        for _ in range((len(p) + 1) // 2 + 1):
            if not remainder:
                return root
            lead = max(remainder, key=lambda m: lexicographic_key(m, order))
            if not root:
                rational = _rational_root(remainder[lead], n)
                if rational is None or any(e % n for _, e in lead):
                    return None
                coefficient, first = rational, tuple((atom, e / n) for atom, e in lead)
                term: Polynomial = {first: coefficient}
            else:
                below = tuple((atom, -e * (n - 1)) for atom, e in first)
                term = {multiply_monomials(lead, below): remainder[lead] / (n * coefficient ** (n - 1))}
            root = self.add(root, term)
            remainder = self.add(p, self.power(root, n), -1)
        return None


def _rational_root(value: Fraction, n: int) -> Fraction | None:
    """The rational n-th root; for even n the positive one."""
    if value < 0:
        opposite = _rational_root(-value, n) if n % 2 else None
        return None if opposite is None else -opposite
    numerator, denominator = _integer_root(value.numerator, n), _integer_root(value.denominator, n)
    return None if numerator is None or denominator is None else Fraction(numerator, denominator)


def _integer_root(value: int, n: int) -> int | None:
    """The n-th root of an integer >= 0, where it is an integer."""
    if n == 2:
        root = isqrt(value)
    else:
        root = 1 << -(-value.bit_length() // n)  # above the root, from where Newton's method falls to it
        while (better := ((n - 1) * root + value // root ** (n - 1)) // n) < root:
            root = better
    return root if root**n == value else None


def prime_factors(number: int) -> dict[int, int]:
    """{prime: power} for the primes below 1000; the remaining cofactor counts as one prime."""
    factors: dict[int, int] = {}
    candidate = 2
    while candidate < 1_000 and candidate * candidate <= number:
        while number % candidate == 0:
            factors[candidate] = factors.get(candidate, 0) + 1
            number //= candidate
        candidate += 1
    if number > 1:
        if number.bit_length() > 2_000:
            raise OutOfBudget
        factors[number] = factors.get(number, 0) + 1
    return factors
