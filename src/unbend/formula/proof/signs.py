"""Signs of polynomials under the assumptions of one case; an unknown sign raises ``NeedSign``, to split the case."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .atom_table import AtomTable
from .sparse_polynomial import ONE, UNIT, Budget, Monomial, Polynomial, Quotient, inverse_monomial, multiply_monomials

Key = frozenset[tuple[Monomial, Fraction]]
Signs = frozenset[int]
ANY_SIGN: Signs = frozenset({-1, 0, 1})
_ALWAYS_POSITIVE = ("exp", "e", "pi", "prime")


class UndefinedCase(Exception):
    """The formula has no value in this case."""


class NeedSign(Exception):
    """The result depends on the sign of this polynomial; ``closed``: 0 may be counted to either side."""

    def __init__(self, polynomial: Polynomial, closed: bool) -> None:
        self.polynomial = polynomial
        self.closed = closed


class SignedAtoms(AtomTable):
    """A table of atoms, and the signs of polynomials that are assumed in one case."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.signs: dict[Key, Signs] = {}

    def content(self, p: Polynomial) -> tuple[Fraction, Monomial, Polynomial]:
        """p = coefficient * monomial * primitive part, which has leading coefficient 1 and no common atom."""
        self.algebra.budget.charge(4 * len(p))
        exponents = [dict(monomial) for monomial in p]
        atoms = sorted({atom for monomial in exponents for atom in monomial})
        lowest = [(atom, min(monomial.get(atom, Fraction(0)) for monomial in exponents)) for atom in atoms]
        factor: Monomial = tuple((atom, exponent) for atom, exponent in lowest if exponent)
        primitive = {multiply_monomials(m, inverse_monomial(factor)): c for m, c in p.items()} if factor else p
        lead = primitive[max(primitive)]
        return lead, factor, {m: c / lead for m, c in primitive.items()}

    def possible_signs(self, p: Polynomial) -> Signs:
        """The signs the polynomial can have, as far as is known."""
        if not p:
            return frozenset({0})
        coefficient, factor, primitive = self.content(p)
        signs = frozenset({1 if coefficient > 0 else -1})
        for atom, exponent in factor:
            signs = _product(signs, self._power_signs(self._atom_signs(atom), exponent))
        return signs if primitive == ONE else _product(signs, self._sum_signs(primitive))

    def _sum_signs(self, p: Polynomial) -> Signs:
        """The signs of a sum: as assumed, and as follows from terms that all have one sign."""
        signs = self.signs.get(frozenset(p.items()), ANY_SIGN)
        union = frozenset[int]()
        strict = False
        for monomial, coefficient in p.items():
            term = frozenset({1 if coefficient > 0 else -1})
            for atom, exponent in monomial:
                term = _product(term, self._power_signs(self._atom_signs(atom), exponent))
            strict = strict or 0 not in term
            union |= term
        if not ({-1, 1} <= union):
            signs &= union - {0} if strict else union
        return signs

    def _atom_signs(self, index: int) -> Signs:
        atom = self.table[index]
        if atom.kind in _ALWAYS_POSITIVE:
            return frozenset({1})
        natural = frozenset({0, 1}) if atom.kind in ("abs", "base") else ANY_SIGN
        return natural & self.signs.get(frozenset({(((index, Fraction(1)),), Fraction(1))}), ANY_SIGN)

    def _power_signs(self, signs: Signs, exponent: Fraction) -> Signs:
        if exponent.denominator == 1 and exponent.numerator % 2 == 0:
            signs = frozenset(s * s for s in signs)
        return signs - {0} if exponent < 0 else signs

    def sign(self, q: Quotient, *, closed: bool = False) -> int:
        """The sign of the quotient in this case; ``closed``: 0 may come out as 1 or -1. May raise ``NeedSign``."""
        total = 1
        for p, may_be_zero in ((q.denominator, False), (q.numerator, True)):
            signs = self.possible_signs(p) - (frozenset() if may_be_zero else {0})
            if closed and may_be_zero and len(signs) > 1:
                signs -= {0}
            if not signs:
                raise UndefinedCase
            if len(signs) > 1:
                raise NeedSign(self._undecided(p, closed), closed)
            total *= next(iter(signs))
        return total

    def sign_is_known(self, q: Quotient, *, closed: bool) -> bool:
        """Whether ``sign`` has an answer in this case."""
        try:
            self.sign(q, closed=closed)
        except NeedSign:
            return False
        return True

    def assume(self, q: Quotient, allowed: Signs) -> None:
        """Assume a sign that the formula needs to have a value; raises ``UndefinedCase`` where it is excluded."""
        signs = _product(self.possible_signs(q.numerator), self.possible_signs(q.denominator) - {0})
        if not signs & allowed:
            raise UndefinedCase
        if q.denominator == ONE and not signs <= allowed:
            coefficient, factor, primitive = self.content(q.numerator)
            single: Polynomial = primitive if not factor else {factor: Fraction(1)}
            if not factor or (primitive == ONE and len(factor) == 1 and factor[0][1] == 1):
                oriented = allowed if coefficient > 0 else frozenset(-s for s in allowed)
                key = frozenset(single.items())
                remaining = self.signs.get(key, ANY_SIGN) & oriented
                if remaining == {0}:  # an equation, which the caller has to substitute
                    raise NeedSign(single, closed=False)
                self.signs[key] = remaining

    def _undecided(self, p: Polynomial, closed: bool) -> Polynomial:
        """A factor of p whose sign is unknown."""
        _, factor, primitive = self.content(p)
        for atom, _ in factor:
            signs = self._atom_signs(atom)
            if len(signs - ({0} if closed else frozenset())) > 1:
                return {((atom, Fraction(1)),): Fraction(1)}
        return primitive

    def start_case(self, signs: Mapping[Key, Signs]) -> None:
        """Start a case: these signs are assumed, and no others."""
        self.signs = dict(signs)


def _product(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def feasible(atoms: AtomTable, signs: Mapping[Key, Signs]) -> bool:
    """Whether some value of each name satisfies the assumed signs of expressions that are affine in it alone."""
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
        oriented = allowed if rising else frozenset(-s for s in allowed)
        if -1 not in oriented:
            low[atom.label] = max(low.get(atom.label, (zero, False)), (zero, 0 not in oriented))
        if 1 not in oriented:
            old = high.get(atom.label, (zero, False))
            high[atom.label] = min(old, (zero, 0 not in oriented), key=lambda bound: (bound[0], not bound[1]))
    return all(
        low[name][0] < high[name][0] or (low[name][0] == high[name][0] and not (low[name][1] or high[name][1]))
        for name in low.keys() & high.keys()
    )
