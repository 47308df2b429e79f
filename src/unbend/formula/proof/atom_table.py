"""What the polynomials are made of: names, and functions of quotients, numbered.

Equal arguments give the same atom, whatever they look like: two quotients are equal when their difference is 0.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple

from .sparse_polynomial import ONE, UNIT, Algebra, Budget, Monomial, Polynomial, Quotient, times, whole

_EXPANDED = 40  # terms a power of a sum may be multiplied out to inside other terms


class Atom(NamedTuple):
    """``kind`` is name, e, pi, prime, base (of fractional powers) or a function's name; ``names`` it depends on."""

    kind: str
    label: str
    arguments: tuple[Quotient, ...]
    names: frozenset[str]


class Atoms:
    """The table of atoms, their algebra, and the signs assumed in the case at hand."""

    def __init__(self, budget: Budget) -> None:
        self.table: list[Atom] = []
        self.algebra = Algebra(budget, self._settle)
        self._plain: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[Any, ...], int] = {}  # kind and arguments as they are written
        self._several: dict[str, list[int]] = defaultdict(list)  # atoms whose arguments can be written otherwise

    # --- atoms

    def named(self, kind: str, label: str = "") -> Quotient:
        """The atom of a name, of a prime's roots, of e or of pi, as a quotient."""
        if (kind, label) not in self._plain:
            self._plain[kind, label] = len(self.table)
            self.table.append(Atom(kind, label, (), frozenset({label} if kind == "name" else ())))
        return whole({((self._plain[kind, label], Fraction(1)),): Fraction(1)})

    def of(self, kind: str, *arguments: Quotient, exponent: Fraction | int = 1) -> Quotient:
        """The atom kind(arguments), to a power."""
        return whole({((self._find(kind, arguments), Fraction(exponent)),): Fraction(1)})

    def _find(self, kind: str, arguments: tuple[Quotient, ...]) -> int:
        key = (kind, *(frozenset(p.items()) for q in arguments for p in q))
        if key not in self._written:
            self._written[key] = self._known(kind, arguments)
        return self._written[key]

    def _known(self, kind: str, arguments: tuple[Quotient, ...]) -> int:
        """The number of the atom, which may be there already in another form."""
        plain = all(map(self._plain_written, arguments))
        for i in self._several[kind] if plain else range(len(self.table)):
            atom = self.table[i]
            if atom.kind == kind and len(atom.arguments) == len(arguments):
                self.algebra.budget.charge(3)
                if all(self.same(a, b) for a, b in zip(atom.arguments, arguments, strict=True)):
                    return i
        names = frozenset[str]().union(*(self.names(q.top) | self.names(q.bottom) for q in arguments))
        self.table.append(Atom(kind, "", arguments, names))
        if not plain:
            self._several[kind].append(len(self.table) - 1)
        return len(self.table) - 1

    def names(self, p: Polynomial) -> frozenset[str]:
        """The names the polynomial depends on."""
        return frozenset[str]().union(*(self.table[i].names for m in p for i, _ in m))

    def single(self, q: Quotient) -> tuple[Atom, int] | None:
        """The atom the quotient is, with its number, if it is one to the first power."""
        if q.bottom != ONE or len(q.top) != 1:
            return None
        ((monomial, coefficient),) = q.top.items()
        if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1:
            return None
        return self.table[monomial[0][0]], monomial[0][0]

    # --- equality

    def same(self, a: Quotient, b: Quotient) -> bool:
        """Whether a - b is 0 by algebra."""
        if a == b:
            return True
        if self._plain_written(a) and self._plain_written(b):
            return False
        return self.is_zero(self.algebra.plus(a, b, -1))

    def _plain_written(self, q: Quotient) -> bool:
        """Whether there is no other way to write the quotient."""
        return q.bottom == ONE and not any(self.table[i].kind in ("base", "cos") for m in q.top for i, _ in m)

    def is_zero(self, q: Quotient) -> bool:
        """Whether the quotient is 0 by algebra."""
        return not self.cleared(q.top)[0]

    def cleared(self, p: Polynomial) -> tuple[Polynomial, Monomial]:
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

    def _settle(self, p: Polynomial) -> Polynomial:
        """Powers that can be written otherwise: cos**2 = 1 - sin**2, a root to its own power, 2**(3/2) = 2*2**(1/2)."""
        for monomial, coefficient in p.items():
            for atom, exponent in monomial:
                other = self._rewritten(atom, exponent)
                if other is not None:
                    left, replacement = other
                    rest = times(monomial, ((atom, left - exponent),))
                    kept = {m: c for m, c in p.items() if m != monomial}
                    return self.algebra.add(
                        self._settle(kept) if kept else {}, self.algebra.multiply({rest: coefficient}, replacement)
                    )
        return p

    def _rewritten(self, index: int, exponent: Fraction) -> tuple[Fraction, Polynomial] | None:
        """(the exponent that stays, the polynomial that comes in for the rest), or None."""
        atom = self.table[index]
        if atom.kind == "cos" and exponent >= 2:
            sine = self.of("sin", *atom.arguments, exponent=2)
            return exponent - 2, self.algebra.add(ONE, sine.top, -1)
        if atom.kind == "prime" and not 0 <= exponent < 1:
            n = exponent.numerator // exponent.denominator
            return exponent - n, {UNIT: Fraction(int(atom.label)) ** n}
        if atom.kind == "base" and exponent >= 1:
            n = exponent.numerator // exponent.denominator
            payload = atom.arguments[0].top
            if len(payload) == 1 or terms_of_power(len(payload), n) <= _EXPANDED:
                return exponent - n, self.algebra.power(payload, n)
        return None


def terms_of_power(terms: int, n: int) -> int:
    """About how many terms a sum of so many terms has after being raised to the n-th power."""
    count = 1
    for k in range(1, terms):
        count = count * (n + k) // k
        if count > 1_000_000:  # enough to know
            break
    return count
