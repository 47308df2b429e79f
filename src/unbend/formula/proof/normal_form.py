"""A formula in normal form: a quotient of polynomials over atoms, so that equal formulas become equal quotients.

Every rule used is an identity wherever the formula has a value: exp(a + b) = exp(a)exp(b), exp(log u) = u,
sin**2 + cos**2 = 1, the addition theorems, sqrt(u)**2 = u. |u|, max, where and comparisons ask for a sign; the
caller goes through the cases (see ``cases``).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number
from .atom_table import terms_of_power
from .logarithms import exp, log
from .signs import Signed
from .sparse_polynomial import ONE, UNIT, Polynomial, Quotient, constant, prime_factors, whole

_WIDE = 300  # terms a power may be multiplied out to


class Normal:
    """Normal forms in one case. Functions that bend, of arguments without any of ``subject``, stay as they are."""

    def __init__(self, atoms: Signed, subject: frozenset[str], values: Mapping[str, Quotient]) -> None:
        self.atoms = atoms
        self.a = atoms.algebra
        self.subject = subject
        self.values = values
        self._done: dict[int, Quotient] = {}

    def of(self, node: Node) -> Quotient:
        """The normal form of the tree. Raises ``NeedSign``, ``Undefined``, ``ZeroDivisionError``, ``OutOfBudget``."""
        self.a.budget.charge(5)
        if id(node) not in self._done:
            self._done[id(node)] = self._of(node)
        return self._done[id(node)]

    def _of(self, node: Node) -> Quotient:
        from .identities import function_of

        match node:
            case Number():
                return whole(constant(node.value))
            case Constant(name):
                return self.atoms.named(name)
            case Name(name):
                return self.values[name] if name in self.values else self.atoms.named("name", name)
            case Negative(operand):
                return self.scaled(self.of(operand), -1)
            case Binary("+", left, right):
                return self.a.plus(self.of(left), self.of(right))
            case Binary("-", left, right):
                return self.a.plus(self.of(left), self.of(right), -1)
            case Binary("*", left, right):
                return self.a.product(self.of(left), self.of(right))
            case Binary("/", left, right):
                return self.a.ratio(self.of(left), self.of(right))
            case Binary("**", left, right):
                return self._general_power(self.of(left), self.of(right))
            case Binary(operator, left, right) if operator in COMPARISONS:
                return whole(constant(int(self._holds(operator, left, right))))
            case Call("where", (condition, yes, no)):
                return self.of(yes if self._true(condition) else no)
            case Call(function, arguments):
                return function_of(self, function, [self.of(a) for a in arguments])
        raise TypeError(node)

    def scaled(self, q: Quotient, factor: Fraction | int) -> Quotient:
        """factor*q"""
        return Quotient(self.a.add({}, q.top, factor), q.bottom) if factor else whole({})

    def plus(self, a: Quotient, b: Quotient | int, factor: Fraction | int = 1) -> Quotient:
        """a + factor*b"""
        return self.a.plus(a, whole(constant(b)) if isinstance(b, int) else b, factor)

    def _holds(self, operator: str, left: Node, right: Node) -> bool:
        sign = self.atoms.sign(self.a.plus(self.of(left), self.of(right), -1))
        return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "==": sign == 0, "!=": sign != 0}[
            operator
        ]

    def _true(self, condition: Node) -> bool:
        if isinstance(condition, Binary) and condition.operator in COMPARISONS:
            return self._holds(condition.operator, condition.left, condition.right)
        return self.atoms.sign(self.of(condition)) != 0

    def rational(self, q: Quotient) -> Fraction | None:
        """The number the quotient is, if it is one."""
        if q.bottom != ONE or any(m != UNIT for m in q.top):
            return None
        return q.top.get(UNIT, Fraction(0))

    # --- powers

    def _general_power(self, base: Quotient, exponent: Quotient) -> Quotient:
        value = self.rational(exponent)
        if value is not None:
            return self.power(base, value)
        if self.atoms.possible(base.top) == self.atoms.possible(base.bottom) == {1}:
            return exp(self, self.a.product(exponent, log(self, base)))
        steps = exponent.top.get(UNIT, Fraction(0)) if exponent.bottom == ONE else Fraction(0)
        n = steps.numerator // steps.denominator  # u**(v + n) = u**v * u**n
        rest = self.atoms.of("**", base, self.plus(exponent, -n))
        return self.a.product(rest, self.power(base, Fraction(n)))

    def power(self, q: Quotient, exponent: Fraction) -> Quotient:
        """q**exponent"""
        if exponent < 0:
            q, exponent = self.a.ratio(whole(ONE), q), -exponent
        if exponent.denominator == 1:
            n = exponent.numerator
            return self.a.quotient(self._whole_power(q.top, n), self._whole_power(q.bottom, n))
        if not q.top:
            return whole({})
        self.atoms.assume(q, frozenset({0, 1}))
        return self.a.ratio(self._root(q.top, exponent), self._root(q.bottom, exponent))

    def _whole_power(self, p: Polynomial, n: int) -> Polynomial:
        if len(p) > 1 and (n > 1_000 or terms_of_power(len(p), n) > _WIDE):
            coefficient, factor, rest = self.atoms.content(p)
            block = self.atoms.of("base", whole(rest), exponent=n).top
            return self.a.multiply(self.a.power({factor: coefficient}, n), block)
        return self.a.power(p, n)

    def _root(self, p: Polynomial, exponent: Fraction) -> Quotient:
        """|p|**exponent as a product of powers of its factors."""
        if exponent.denominator == 1:
            return self.power(whole(p) if self.atoms.sign(whole(p), closed=True) >= 0 else
                              self.scaled(whole(p), -1), exponent)  # fmt: skip
        coefficient, factor, rest = self.atoms.content(p)
        result = self.number_power(abs(coefficient), exponent)
        for atom, power in factor:
            whole_atom = whole({((atom, Fraction(1)),): Fraction(1)})
            result = self.a.product(result, self.size_power(whole_atom, power * exponent))
        if rest == ONE:
            return result
        root = self.a.square_root(rest)
        last = self.size_power(whole(rest), exponent) if root is None else self._root(root, 2 * exponent)
        return self.a.product(result, last)

    def size_power(self, q: Quotient, exponent: Fraction) -> Quotient:
        """|q|**exponent for an atom or a sum without common factors."""
        if exponent.denominator == 1 and exponent % 2 == 0:
            return self.power(q, exponent)
        single = self.atoms.single(q)
        if single is not None and single[0].kind in ("exp", "e", "pi", "prime", "base", "abs"):
            return whole(self.a.power({((single[1], exponent),): Fraction(1)}, 1))
        positive = q if self.atoms.sign(q, closed=True) >= 0 else self.scaled(q, -1)
        if exponent.denominator == 1:
            return self.power(positive, exponent)
        return whole(self.a.settle(self.atoms.of("base", positive, exponent=exponent).top))

    def number_power(self, value: Fraction, exponent: Fraction) -> Quotient:
        """value**exponent for value > 0, with the roots of primes as atoms."""
        result = whole(ONE)
        for number, sign in ((value.numerator, 1), (value.denominator, -1)):
            for prime, times in prime_factors(number).items():
                atom = next(iter(self.atoms.named("prime", str(prime)).top))[0][0]
                power = self.a.power({((atom, exponent * times * sign),): Fraction(1)}, 1)
                result = self.a.product(result, whole(power))
        return result
