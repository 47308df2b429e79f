"""`NormalArithmetic`: sums, multiples and powers of quotients under the signs of one case; roots factor by factor."""

from __future__ import annotations

from fractions import Fraction

from .atom_table import terms_of_power
from .signs import SignedAtoms
from .sparse_polynomial import ONE, UNIT, Monomial, Polynomial, Quotient, as_quotient, constant, prime_factors

_MAX_TERMS = 300  # terms a power may be multiplied out to


class NormalArithmetic:
    """The operations of one case. Piecewise functions stay atoms where no name of ``subject`` is in their argument."""

    def __init__(self, atoms: SignedAtoms, subject: frozenset[str]) -> None:
        self.atoms = atoms
        self.algebra = atoms.algebra
        self.subject = subject
        # {term of an angle: denominator}, so that all angles of the formula are integer multiples of the same parts
        self.angle_denominators: dict[Monomial, int] = {}

    def scale(self, q: Quotient, factor: Fraction | int) -> Quotient:
        """factor*q"""
        return Quotient(self.algebra.add({}, q.numerator, factor), q.denominator) if factor else as_quotient({})

    def add(self, a: Quotient, b: Quotient | int, factor: Fraction | int = 1) -> Quotient:
        """a + factor*b"""
        return self.algebra.add_quotients(a, as_quotient(constant(b)) if isinstance(b, int) else b, factor)

    def rational(self, q: Quotient) -> Fraction | None:
        """The number the quotient is, if it is one."""
        if q.denominator != ONE or any(m != UNIT for m in q.numerator):
            return None
        return q.numerator.get(UNIT, Fraction(0))

    def power(self, q: Quotient, exponent: Fraction) -> Quotient:
        """q**exponent"""
        if exponent < 0:
            q, exponent = self.algebra.divide_quotients(as_quotient(ONE), q), -exponent
        if exponent.denominator == 1:
            n = exponent.numerator
            return self.algebra.quotient(self._integer_power(q.numerator, n), self._integer_power(q.denominator, n))
        if not q.numerator:
            return as_quotient({})
        self.atoms.assume(q, frozenset({0, 1}))
        return self.algebra.divide_quotients(self._root(q.numerator, exponent), self._root(q.denominator, exponent))

    def _integer_power(self, p: Polynomial, n: int) -> Polynomial:
        if len(p) > 1 and (n > 1_000 or terms_of_power(len(p), n) > _MAX_TERMS):
            coefficient, factor, primitive = self.atoms.content(p)
            block = self.atoms.function("base", as_quotient(primitive), exponent=n).numerator
            return self.algebra.multiply(self.algebra.power({factor: coefficient}, n), block)
        return self.algebra.power(p, n)

    def _root(self, p: Polynomial, exponent: Fraction) -> Quotient:
        """|p|**exponent as a product of powers of its factors."""
        if exponent.denominator == 1:
            q = as_quotient(p)
            return self.power(q if self.atoms.sign(q, closed=True) >= 0 else self.scale(q, -1), exponent)
        coefficient, factor, primitive = self.atoms.content(p)
        result = self.number_power(abs(coefficient), exponent)
        for atom, power in factor:
            single_atom = as_quotient({((atom, Fraction(1)),): Fraction(1)})
            result = self.algebra.multiply_quotients(result, self.abs_power(single_atom, power * exponent))
        if primitive == ONE:
            return result
        for order in dict.fromkeys((2, *prime_factors(exponent.denominator))):
            root = self.algebra.root(primitive, order)
            if root is not None:
                return self.algebra.multiply_quotients(result, self._root(root, order * exponent))
        return self.algebra.multiply_quotients(result, self.abs_power(as_quotient(primitive), exponent))

    def abs_power(self, q: Quotient, exponent: Fraction) -> Quotient:
        """|q|**exponent for an atom or a sum without common factors."""
        if exponent.denominator == 1 and exponent % 2 == 0:
            return self.power(q, exponent)
        single = self.atoms.as_atom(q)
        if single is not None and single[0].kind in ("exp", "e", "pi", "prime", "base", "abs"):
            return as_quotient(self.algebra.power({((single[1], exponent),): Fraction(1)}, 1))
        positive = q if self.atoms.sign(q, closed=True) >= 0 else self.scale(q, -1)
        if exponent.denominator == 1:
            return self.power(positive, exponent)
        return as_quotient(self.algebra.reduce(self.atoms.function("base", positive, exponent=exponent).numerator))

    def number_power(self, value: Fraction, exponent: Fraction) -> Quotient:
        """value**exponent for value > 0, with the roots of primes as atoms."""
        result = as_quotient(ONE)
        for number, sign in ((value.numerator, 1), (value.denominator, -1)):
            for prime, multiplicity in prime_factors(number).items():
                atom = next(iter(self.atoms.symbol("prime", str(prime)).numerator))[0][0]
                power = self.algebra.power({((atom, exponent * multiplicity * sign),): Fraction(1)}, 1)
                result = self.algebra.multiply_quotients(result, as_quotient(power))
        return result
