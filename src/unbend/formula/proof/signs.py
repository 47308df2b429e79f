"""Signs of polynomials under the assumptions of one case; an unknown sign raises ``NeedSign``, to split the case."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..evaluate.interval_arithmetic import UNDEFINED, Intervals
from ..evaluate.intervals import NotEnclosed, sign_of
from . import univariate
from .atom_table import AtomTable
from .sparse_polynomial import (
    ONE,
    UNIT,
    Budget,
    Monomial,
    Polynomial,
    Quotient,
    as_quotient,
    inverse_monomial,
    multiply_monomials,
)

Key = frozenset[tuple[Monomial, Fraction]]
Signs = frozenset[int]
ANY_SIGN: Signs = frozenset({-1, 0, 1})
_MAX_STURM = 9  # coefficients of a polynomial whose real roots are counted
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
        self._sign_factors: dict[Key, list[tuple[Polynomial, int]]] = {}
        self._fixed: dict[Key, Signs] = {}

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
            signs = _product(signs, self._atom_power_signs(atom, exponent))
        for part, multiplicity in self.sign_factors(primitive):
            signs = _product(signs, self._power_signs(self._sum_signs(part), Fraction(multiplicity)))
        return signs

    def possible_signs_of_quotient(self, q: Quotient) -> Signs:
        """The signs the quotient can have where it has a value; raises ``UndefinedCase`` where it has none."""
        signs = _product(self.possible_signs(q.numerator), self.possible_signs(q.denominator) - {0})
        if not signs:
            raise UndefinedCase
        return signs

    def sign_factors(self, primitive: Polynomial) -> list[tuple[Polynomial, int]]:
        """(factor, multiplicity) of a primitive part, none for 1: what its sign is decided by."""
        if primitive == ONE:
            return []
        key = frozenset(primitive.items())
        if key not in self._sign_factors:
            self._sign_factors[key] = self._factor(primitive)
        return self._sign_factors[key]

    def _factor(self, primitive: Polynomial) -> list[tuple[Polynomial, int]]:
        single = _as_univariate(primitive)
        if single is not None:
            atom, coefficients = single
            self.algebra.budget.charge(20 * len(coefficients))
            return [
                ({((atom, Fraction(k)),) if k else UNIT: c for k, c in enumerate(part) if c}, multiplicity)
                for part, multiplicity in univariate.factors(coefficients)
            ]
        for order in (2, 3):
            root = self.algebra.root(primitive, order) if len(primitive) > 2 else None
            if root is not None:
                lead, _, normed = self.content(root)
                if order % 2 == 0 or lead > 0:
                    return [(normed, order)]
        return [(primitive, 1)]

    def _sum_signs(self, p: Polynomial) -> Signs:
        """The signs of a sum: as assumed, from terms that all have one sign, and as is proved without cases."""
        signs = self.signs.get(frozenset(p.items()), ANY_SIGN)
        union = frozenset[int]()
        strict = False
        for monomial, coefficient in p.items():
            term = frozenset({1 if coefficient > 0 else -1})
            for atom, exponent in monomial:
                term = _product(term, self._atom_power_signs(atom, exponent))
            strict = strict or 0 not in term
            union |= term
        if not ({-1, 1} <= union):
            signs &= union - {0} if strict else union
        return signs & self._fixed_signs(p) if len(signs) > 1 else signs

    def _fixed_signs(self, p: Polynomial) -> Signs:
        """The signs of a sum whatever its atoms are: of a number, of a polynomial without roots or of squares."""
        key = frozenset(p.items())
        if key not in self._fixed:
            single = _as_univariate(p)
            if not self.names(p):
                self._fixed[key] = self._sign_of_number(p)
            elif single is not None and len(single[1]) <= _MAX_STURM and not univariate.has_real_root(single[1]):
                self._fixed[key] = frozenset({1 if single[1][-1] > 0 else -1})
            else:
                self._fixed[key] = _signs_of_quadratic(p)
        return self._fixed[key]

    def _sign_of_number(self, p: Polynomial) -> Signs:
        self.algebra.budget.charge(200)
        try:
            value = self._enclose(as_quotient(p))
            return ANY_SIGN if value is UNDEFINED else frozenset({sign_of(value)})
        except NotEnclosed:
            return ANY_SIGN

    def _enclose(self, q: Quotient) -> Any:
        """The value of a quotient without names as a fraction or an interval."""
        exact = Intervals()
        sums = []
        for p in q:
            total: Any = Fraction(0)
            for monomial, coefficient in p.items():
                term: Any = coefficient
                for index, exponent in monomial:
                    term = exact.apply("*", [term, exact.power(self._enclose_atom(index), exponent)])
                total = exact.apply("+", [total, term])
            sums.append(total)
        return exact.apply("/", sums)

    def _enclose_atom(self, index: int) -> Any:
        atom, exact = self.table[index], Intervals()
        if atom.kind == "prime":
            return Fraction(int(atom.label))
        if atom.kind in ("pi", "e"):
            return exact.constant(atom.kind)
        arguments = [self._enclose(q) for q in atom.arguments]
        return arguments[0] if atom.kind == "base" else exact.apply(atom.kind, arguments)

    def _atom_signs(self, index: int) -> Signs:
        atom = self.table[index]
        if atom.kind in _ALWAYS_POSITIVE:
            return frozenset({1})
        natural = frozenset({0, 1}) if atom.kind in ("abs", "base") else ANY_SIGN
        return natural & self.signs.get(frozenset({(((index, Fraction(1)),), Fraction(1))}), ANY_SIGN)

    def _atom_power_signs(self, index: int, exponent: Fraction) -> Signs:
        signs = self._power_signs(self._atom_signs(index), exponent)
        # 1/u**v stands for u**-v too, which may be 0
        return signs | ({0} if self.table[index].kind == "**" and exponent < 0 else frozenset())

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
        signs = self.possible_signs_of_quotient(q)
        if not signs & allowed:
            raise UndefinedCase
        if q.denominator == ONE and not signs <= allowed:
            coefficient, factor, primitive = self.content(q.numerator)
            parts: list[tuple[Polynomial, Fraction]] = [
                ({((atom, Fraction(1)),): Fraction(1)}, exponent) for atom, exponent in factor
            ]
            parts += [(part, Fraction(multiplicity)) for part, multiplicity in self.sign_factors(primitive)]
            oriented = allowed if coefficient > 0 else frozenset(-s for s in allowed)
            self._narrow(parts, oriented)

    def _narrow(self, parts: list[tuple[Polynomial, Fraction]], allowed: Signs) -> None:
        """Assume of each factor of a product what follows from the sign of the product."""
        known = [self._part_signs(part) for part, _ in parts]
        for i, (part, exponent) in enumerate(parts):
            others: Signs = frozenset({1})
            for j, (_, power) in enumerate(parts):
                others = _product(others, self._power_signs(known[j], power)) if j != i else others
            if exponent.denominator != 1:
                continue
            remaining = frozenset(
                s for s in known[i] if _product(self._power_signs(frozenset({s}), exponent), others) & allowed
            )
            if not remaining:
                raise UndefinedCase
            if remaining != known[i]:
                if remaining == {0}:  # an equation, which the caller has to substitute
                    raise NeedSign(part, closed=False)
                self.signs[frozenset(part.items())] = remaining

    def _part_signs(self, part: Polynomial) -> Signs:
        """The signs of an atom, or of a sum that is no product."""
        if len(part) == 1:
            return self._atom_signs(next(iter(part))[0][0])
        return self._sum_signs(part)

    def _undecided(self, p: Polynomial, closed: bool) -> Polynomial:
        """A factor of p whose sign is unknown."""
        _, factor, primitive = self.content(p)
        for atom, _ in factor:
            signs = self._atom_signs(atom)
            if len(signs - ({0} if closed else frozenset())) > 1:
                return {((atom, Fraction(1)),): Fraction(1)}
        for part, _ in self.sign_factors(primitive):
            if len(self._sum_signs(part) - ({0} if closed else frozenset())) > 1:
                return part
        return primitive

    def start_case(self, signs: Mapping[Key, Signs]) -> None:
        """Start a case: these signs are assumed, and no others."""
        self.signs = dict(signs)


def _product(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def _as_univariate(p: Polynomial) -> tuple[int, univariate.Coefficients] | None:
    """(atom, coefficients) of a polynomial in one atom, of degree 2 or more; None for others."""
    atoms = {atom for monomial in p for atom, _ in monomial}
    if len(atoms) != 1 or any(e.denominator != 1 or not 0 < e <= 40 for m in p for _, e in m):
        return None
    powers = {int(m[0][1]) if m else 0: c for m, c in p.items()}
    degree = max(powers)
    return (atoms.pop(), [powers.get(k, Fraction(0)) for k in range(degree + 1)]) if degree >= 2 else None


def _signs_of_quadratic(p: Polynomial) -> Signs:
    """The signs of a polynomial of degree 2 in several atoms: one sign if its symmetric matrix is definite."""
    names = sorted({atom for monomial in p for atom, _ in monomial})
    if len(names) > 6 or any(sum(e for _, e in m) > 2 or any(e not in (1, 2) for _, e in m) for m in p):
        return ANY_SIGN
    place = {atom: i + 1 for i, atom in enumerate(names)}
    matrix = [[Fraction(0)] * (len(names) + 1) for _ in range(len(names) + 1)]
    for monomial, coefficient in p.items():
        factors = [place[atom] for atom, e in monomial for _ in range(int(e))]
        i, j = [*factors, 0, 0][:2]
        matrix[i][j] += coefficient / 2
        matrix[j][i] += coefficient / 2
    lead = next((row[i] for i, row in enumerate(matrix) if row[i]), Fraction(0))
    sign = 1 if lead > 0 else -1
    definite = _definite([[sign * v for v in row] for row in matrix])
    return ANY_SIGN if definite is None else frozenset({sign} if definite else {0, sign})


def _definite(matrix: list[list[Fraction]]) -> bool | None:
    """True for a positive definite matrix, False for a positive semidefinite one, None for others."""
    while matrix:
        pivot = max(range(len(matrix)), key=lambda i: matrix[i][i])
        if matrix[pivot][pivot] <= 0:
            return False if not any(v for row in matrix for v in row) else None
        others = [i for i in range(len(matrix)) if i != pivot]
        if any(matrix[i][i] < 0 for i in others):
            return None
        matrix = [
            [matrix[i][j] - matrix[i][pivot] * matrix[pivot][j] / matrix[pivot][pivot] for j in others] for i in others
        ]
    return True
