"""The atoms that polynomials are made of: names, constants, and functions of quotients, numbered in a table.

Equal arguments give the same atom in whatever form they are written: quotients are equal when their difference is 0.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

from .sparse_polynomial import (
    ONE,
    UNIT,
    Budget,
    Monomial,
    Polynomial,
    PolynomialAlgebra,
    Quotient,
    as_quotient,
    multiply_monomials,
)

_MAX_EXPANDED_TERMS = 40  # terms a power of a sum may be multiplied out to inside other terms


class Atom(NamedTuple):
    """``kind`` is name, e, pi, prime, base (of fractional powers) or a function's name; ``names`` it depends on."""

    kind: str
    label: str
    arguments: tuple[Quotient, ...]
    names: frozenset[str]


class AtomTable:
    """The table of atoms, and the polynomial algebra over them."""

    def __init__(self, budget: Budget) -> None:
        self.table: list[Atom] = []
        self.algebra = PolynomialAlgebra(budget, self._reduce)
        self._power_atoms: set[int] = set()
        self._symbols: dict[tuple[str, str], int] = {}
        self._by_form: dict[tuple[Any, ...], int] = {}  # kind and arguments, in the form they are written in
        self._ambiguous: dict[str, list[int]] = defaultdict(list)  # atoms whose arguments have several forms

    # --- atoms

    def symbol(self, kind: str, label: str = "") -> Quotient:
        """The atom of a name, of a prime's roots, of e or of pi, as a quotient."""
        if (kind, label) not in self._symbols:
            self._symbols[kind, label] = len(self.table)
            self.table.append(Atom(kind, label, (), frozenset({label} if kind == "name" else ())))
        return as_quotient({((self._symbols[kind, label], Fraction(1)),): Fraction(1)})

    def function(self, kind: str, *arguments: Quotient, exponent: Fraction | int = 1) -> Quotient:
        """The atom kind(arguments), to a power."""
        return as_quotient({((self._find(kind, arguments), Fraction(exponent)),): Fraction(1)})

    def _find(self, kind: str, arguments: tuple[Quotient, ...]) -> int:
        key = (kind, *(frozenset(p.items()) for q in arguments for p in q))
        if key not in self._by_form:
            self._by_form[key] = self._find_or_add(kind, arguments)
        return self._by_form[key]

    def _find_or_add(self, kind: str, arguments: tuple[Quotient, ...]) -> int:
        """The number of the atom, which may already exist in another form."""
        canonical = all(map(self._is_canonical, arguments))
        for i in self._ambiguous[kind] if canonical else range(len(self.table)):
            atom = self.table[i]
            if atom.kind == kind and len(atom.arguments) == len(arguments):
                self.algebra.budget.charge(3)
                if all(self.equal(a, b) for a, b in zip(atom.arguments, arguments, strict=True)):
                    return i
        names = frozenset[str]().union(*(self.names(q.numerator) | self.names(q.denominator) for q in arguments))
        self.table.append(Atom(kind, "", arguments, names))
        if kind == "**":
            self._power_atoms.add(len(self.table) - 1)
        if not canonical:
            self._ambiguous[kind].append(len(self.table) - 1)
        return len(self.table) - 1

    def names(self, p: Polynomial) -> frozenset[str]:
        """The names the polynomial depends on."""
        return frozenset[str]().union(*(self.table[i].names for m in p for i, _ in m))

    def as_atom(self, q: Quotient) -> tuple[Atom, int] | None:
        """The atom and its number, where the quotient is an atom to the first power."""
        if q.denominator != ONE or len(q.numerator) != 1:
            return None
        ((monomial, coefficient),) = q.numerator.items()
        if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1:
            return None
        return self.table[monomial[0][0]], monomial[0][0]

    # --- equality

    def equal(self, a: Quotient, b: Quotient) -> bool:
        """Whether a - b is 0 by algebra."""
        if a == b:
            return True
        if self._is_canonical(a) and self._is_canonical(b):
            return False
        return self.is_zero(self.algebra.add_quotients(a, b, -1))

    def _is_canonical(self, q: Quotient) -> bool:
        """Whether the quotient has only one form, so that equality is equality of the dictionaries."""
        return q.denominator == ONE and not any(
            self.table[i].kind in ("base", "cos") for m in q.numerator for i, _ in m
        )

    def is_zero(self, q: Quotient) -> bool:
        """Whether the quotient is 0 by algebra."""
        return not self.clear_negative_powers(q.numerator)[0]

    def clear_negative_powers(self, p: Polynomial) -> tuple[Polynomial, Monomial]:
        """The polynomial times the monomial that clears negative powers of roots and cosines, and that monomial."""
        lowest: dict[int, Fraction] = {}
        for monomial in p:
            for atom, exponent in monomial:
                if exponent < 0 and self.table[atom].kind in ("base", "cos"):
                    lowest[atom] = min(lowest.get(atom, exponent), exponent)
        if not lowest:
            return p, UNIT
        factor = tuple(sorted((atom, -exponent) for atom, exponent in lowest.items()))
        return self.algebra.multiply(p, {factor: Fraction(1)}), factor

    def _reduce(self, p: Polynomial) -> Polynomial:
        """Reducible powers rewritten.

        cos**2 = 1 - sin**2, a root to its own power, 2**(3/2) = 2*2**(1/2), u**v*u**w = u**(v + w).
        """
        for monomial, coefficient in p.items():
            joined = self._join_powers(monomial) if self._power_atoms else None
            if joined is not None:
                others = {m: c for m, c in p.items() if m != monomial}
                return self.algebra.add(self._reduce(others) if others else {}, joined, coefficient)
            for atom, exponent in monomial:
                rule = self._power_rule(atom, exponent)
                if rule is not None:
                    remaining, replacement = rule
                    cofactor = multiply_monomials(monomial, ((atom, remaining - exponent),))
                    others = {m: c for m, c in p.items() if m != monomial}
                    return self.algebra.add(
                        self._reduce(others) if others else {},
                        self.algebra.multiply({cofactor: coefficient}, replacement),
                    )
        return p

    def _join_powers(self, monomial: Monomial) -> Polynomial | None:
        """The monomial with two powers of the same base as one: u**v*u**w = u**(v + w); None where there are none."""
        powers = [(i, e) for i, e in monomial if i in self._power_atoms and e.denominator == 1]
        for (i, e), (j, f) in combinations(powers, 2):
            (base, v), (other, w) = self.table[i].arguments, self.table[j].arguments
            if base == other and base.denominator == ONE:
                remaining = tuple(part for part in monomial if part[0] not in (i, j))
                exponent = self.algebra.add_quotients(self._scaled(v, e), self._scaled(w, f))
                return self.algebra.multiply({remaining: Fraction(1)}, self._power_of(base, exponent))
        return None

    def _scaled(self, q: Quotient, factor: Fraction) -> Quotient:
        return Quotient(self.algebra.add({}, q.numerator, factor), q.denominator)

    def _power_of(self, base: Quotient, exponent: Quotient) -> Polynomial:
        """base**exponent, with powers to integers multiplied out."""
        steps = exponent.numerator.get(UNIT, Fraction(0)) if exponent.denominator == ONE else Fraction(0)
        n = steps.numerator // steps.denominator
        if n < 0 and len(base.numerator) > 1:
            n = 0
        remaining = self.algebra.add_quotients(exponent, as_quotient({UNIT: Fraction(n)} if n else {}), -1)
        power = self.algebra.power(base.numerator, n) if n >= 0 else inverse_power(base.numerator, n)
        return self.algebra.multiply(
            power, self.function("**", base, remaining).numerator if remaining.numerator else ONE
        )

    def _power_rule(self, index: int, exponent: Fraction) -> tuple[Fraction, Polynomial] | None:
        """(the exponent that remains, the polynomial that replaces the other factor), or None."""
        atom = self.table[index]
        if atom.kind == "cos" and exponent >= 2:
            sine = self.function("sin", *atom.arguments, exponent=2)
            return exponent - 2, self.algebra.add(ONE, sine.numerator, -1)
        if atom.kind == "prime" and not 0 <= exponent < 1:
            n = exponent.numerator // exponent.denominator
            return exponent - n, {UNIT: Fraction(int(atom.label)) ** n}
        if atom.kind == "base" and exponent >= 1:
            n = exponent.numerator // exponent.denominator
            payload = atom.arguments[0].numerator
            if len(payload) == 1 or terms_of_power(len(payload), n) <= _MAX_EXPANDED_TERMS:
                return exponent - n, self.algebra.power(payload, n)
        return None


def inverse_power(p: Polynomial, n: int) -> Polynomial:
    """p**n for n < 0 and a single term p."""
    ((monomial, coefficient),) = p.items()
    return {tuple((atom, e * n) for atom, e in monomial): coefficient**n}


def terms_of_power(terms: int, n: int) -> int:
    """The number of terms of the n-th power of a sum (a binomial coefficient), counted up to a million."""
    count = 1
    for k in range(1, terms):
        count = count * (n + k) // k
        if count > 1_000_000:
            break
    return count
