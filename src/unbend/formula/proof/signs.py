"""The signs of polynomials: what is known in the case at hand, and the question asked where it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .atom_table import Atoms
from .sparse_polynomial import ONE, UNIT, Budget, Monomial, Polynomial, Quotient, inverse, times

Key = frozenset[tuple[Monomial, Fraction]]
Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
_ALWAYS_POSITIVE = ("exp", "e", "pi", "prime")


class Undefined(Exception):
    """The formula has no value in this case."""


class NeedSign(Exception):
    """The answer depends on the sign of this polynomial; ``closed``: 0 may be counted to either side."""

    def __init__(self, polynomial: Polynomial, closed: bool) -> None:
        self.polynomial = polynomial
        self.closed = closed


class Signed(Atoms):
    """Atoms with the signs that are assumed in one case."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.signs: dict[Key, Signs] = {}

    def content(self, p: Polynomial) -> tuple[Fraction, Monomial, Polynomial]:
        """p = coefficient * monomial * rest, where the rest has leading coefficient 1 and no common atom."""
        self.algebra.budget.charge(4 * len(p))
        everywhere = [dict(monomial) for monomial in p]
        atoms = sorted({atom for exponents in everywhere for atom in exponents})
        least = [(atom, min(exponents.get(atom, Fraction(0)) for exponents in everywhere)) for atom in atoms]
        factor: Monomial = tuple((atom, exponent) for atom, exponent in least if exponent)
        rest = {times(m, inverse(factor)): c for m, c in p.items()} if factor else p
        lead = rest[max(rest)]
        return lead, factor, {m: c / lead for m, c in rest.items()}

    def possible(self, p: Polynomial) -> Signs:
        """The signs the polynomial can have, as far as is known."""
        if not p:
            return frozenset({0})
        coefficient, factor, rest = self.content(p)
        found = frozenset({1 if coefficient > 0 else -1})
        for atom, exponent in factor:
            found = _product(found, self._power_signs(self._atom_signs(atom), exponent))
        return found if rest == ONE else _product(found, self._sum_signs(rest))

    def _sum_signs(self, rest: Polynomial) -> Signs:
        known = self.signs.get(frozenset(rest.items()), ANY)
        union = frozenset[int]()
        strict = False
        for monomial, coefficient in rest.items():
            term = frozenset({1 if coefficient > 0 else -1})
            for atom, exponent in monomial:
                term = _product(term, self._power_signs(self._atom_signs(atom), exponent))
            strict = strict or 0 not in term
            union |= term
        if not ({-1, 1} <= union):
            known &= union - {0} if strict else union
        return known

    def _atom_signs(self, index: int) -> Signs:
        atom = self.table[index]
        if atom.kind in _ALWAYS_POSITIVE:
            return frozenset({1})
        natural = frozenset({0, 1}) if atom.kind in ("abs", "base") else ANY
        return natural & self.signs.get(frozenset({(((index, Fraction(1)),), Fraction(1))}), ANY)

    def _power_signs(self, signs: Signs, exponent: Fraction) -> Signs:
        if exponent.denominator == 1 and exponent.numerator % 2 == 0:
            signs = frozenset(s * s for s in signs)
        return signs - {0} if exponent < 0 else signs

    def sign(self, q: Quotient, *, closed: bool = False) -> int:
        """The sign of the quotient in this case; ``closed``: 0 may come out as 1 or -1. May raise ``NeedSign``."""
        total = 1
        for p, may_be_zero in ((q.bottom, False), (q.top, True)):
            signs = self.possible(p) - (frozenset() if may_be_zero else {0})
            if closed and may_be_zero and len(signs) > 1:
                signs -= {0}
            if not signs:
                raise Undefined
            if len(signs) > 1:
                raise NeedSign(self._undecided(p, closed), closed)
            total *= next(iter(signs))
        return total

    def decided(self, q: Quotient, *, closed: bool) -> bool:
        """Whether ``sign`` would answer in this case."""
        try:
            self.sign(q, closed=closed)
        except NeedSign:
            return False
        return True

    def assume(self, q: Quotient, allowed: Signs) -> None:
        """The formula has a value only where the quotient's sign is allowed; raises ``Undefined`` where it is not."""
        signs = _product(self.possible(q.top), self.possible(q.bottom) - {0})
        if not signs & allowed:
            raise Undefined
        if q.bottom == ONE and not signs <= allowed:
            coefficient, factor, rest = self.content(q.top)
            single: Polynomial = rest if not factor else {factor: Fraction(1)}
            if not factor or (rest == ONE and len(factor) == 1 and factor[0][1] == 1):
                turned = allowed if coefficient > 0 else frozenset(-s for s in allowed)
                key = frozenset(single.items())
                left = self.signs.get(key, ANY) & turned
                if left == {0}:  # an equation, which the caller must put in
                    raise NeedSign(single, closed=False)
                self.signs[key] = left

    def _undecided(self, p: Polynomial, closed: bool) -> Polynomial:
        """The factor of p whose sign is open."""
        _, factor, rest = self.content(p)
        for atom, _ in factor:
            signs = self._atom_signs(atom)
            if len(signs - ({0} if closed else frozenset())) > 1:
                return {((atom, Fraction(1)),): Fraction(1)}
        return rest

    def restrict(self, signs: Mapping[Key, Signs]) -> None:
        """Start a case: these signs hold, and no others are known."""
        self.signs = dict(signs)


def _product(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def feasible(atoms: Atoms, signs: Mapping[Key, Signs]) -> bool:
    """Whether the signs of straight expressions in one name leave that name any value."""
    low: dict[str, tuple[Fraction, bool]] = {}
    high: dict[str, tuple[Fraction, bool]] = {}
    for key, allowed in signs.items():
        p = dict(key)
        powers = [m for m in p if m != UNIT]
        if len(powers) != 1 or len(powers[0]) != 1 or powers[0][0][1] != 1:
            continue
        atom = atoms.table[powers[0][0][0]]
        if atom.kind != "name":
            continue
        zero, rising = -p.get(UNIT, Fraction(0)) / p[powers[0]], p[powers[0]] > 0
        turned = allowed if rising else frozenset(-s for s in allowed)
        if -1 not in turned:
            low[atom.label] = max(low.get(atom.label, (zero, False)), (zero, 0 not in turned))
        if 1 not in turned:
            old = high.get(atom.label, (zero, False))
            high[atom.label] = min(old, (zero, 0 not in turned), key=lambda bound: (bound[0], not bound[1]))
    return all(
        low[name][0] < high[name][0] or (low[name][0] == high[name][0] and not (low[name][1] or high[name][1]))
        for name in low.keys() & high.keys()
    )
