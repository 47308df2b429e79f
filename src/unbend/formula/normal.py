"""A formula in normal form: a quotient of polynomials over atoms, so that equal formulas become equal quotients.

Every rule used is an identity wherever the formula has a value: exp(a + b) = exp(a)exp(b), exp(log u) = u,
sin**2 + cos**2 = 1, the addition theorems, sqrt(u)**2 = u. |u|, max, where and comparisons ask for a sign; the
caller goes through the cases (see ``cases``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from .atoms import Atoms, Undefined, terms_of_power
from .polynomial import ONE, UNIT, OutOfBudget, Polynomial, Quotient, constant, whole
from .tree import COMPARISONS, Binary, Call, Name, Negative, Node, Number

_WIDE = 300  # terms a power may be multiplied out to
_FREE_SIGNS = ("abs", "sign", "max", "min", "cbrt")


class Normal:
    """Normal forms in one case. Functions that bend, of arguments without any of ``subject``, stay as they are."""

    def __init__(self, atoms: Atoms, subject: frozenset[str], values: Mapping[str, Quotient]) -> None:
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
        match node:
            case Number():
                return whole(constant(node.value))
            case Name(name):
                if name in self.values:
                    return self.values[name]
                return self.atoms.named(name if name in ("pi", "e") else "name", "" if name in ("pi", "e") else name)
            case Negative(operand):
                return self._scaled(self.of(operand), -1)
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
                return self._call(function, [self.of(a) for a in arguments])
        raise TypeError(node)

    def _scaled(self, q: Quotient, factor: Fraction | int) -> Quotient:
        return Quotient(self.a.add({}, q.top, factor), q.bottom) if factor else whole({})

    def _sum(self, a: Quotient, b: Quotient | int, factor: Fraction | int = 1) -> Quotient:
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

    def _rational(self, q: Quotient) -> Fraction | None:
        if q.bottom != ONE or any(m != UNIT for m in q.top):
            return None
        return q.top.get(UNIT, Fraction(0))

    # --- powers

    def _general_power(self, base: Quotient, exponent: Quotient) -> Quotient:
        value = self._rational(exponent)
        if value is not None:
            return self.power(base, value)
        if self.atoms.possible(base.top) == self.atoms.possible(base.bottom) == {1}:
            return self.exp(self.a.product(exponent, self.log(base)))
        steps = exponent.top.get(UNIT, Fraction(0)) if exponent.bottom == ONE else Fraction(0)
        n = steps.numerator // steps.denominator  # u**(v + n) = u**v * u**n
        rest = self.atoms.of("**", base, self._sum(exponent, -n))
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
                              self._scaled(whole(p), -1), exponent)  # fmt: skip
        coefficient, factor, rest = self.atoms.content(p)
        result = self._number_power(abs(coefficient), exponent)
        for atom, power in factor:
            whole_atom = whole({((atom, Fraction(1)),): Fraction(1)})
            result = self.a.product(result, self._size_power(whole_atom, power * exponent))
        if rest == ONE:
            return result
        root = self.a.square_root(rest)
        last = self._size_power(whole(rest), exponent) if root is None else self._root(root, 2 * exponent)
        return self.a.product(result, last)

    def _size_power(self, q: Quotient, exponent: Fraction) -> Quotient:
        """|q|**exponent for an atom or a sum without common factors."""
        if exponent.denominator == 1 and exponent % 2 == 0:
            return self.power(q, exponent)
        single = self.atoms.single(q)
        if single is not None and single[0].kind in ("exp", "e", "pi", "prime", "base", "abs"):
            return whole(self.a.power({((single[1], exponent),): Fraction(1)}, 1))
        positive = q if self.atoms.sign(q, closed=True) >= 0 else self._scaled(q, -1)
        if exponent.denominator == 1:
            return self.power(positive, exponent)
        return whole(self.a.settle(self.atoms.of("base", positive, exponent=exponent).top))

    def _number_power(self, value: Fraction, exponent: Fraction) -> Quotient:
        """value**exponent for value > 0, with the roots of primes as atoms."""
        result = whole(ONE)
        for number, sign in ((value.numerator, 1), (value.denominator, -1)):
            for prime, times in _factors(number).items():
                atom = next(iter(self.atoms.named("prime", str(prime)).top))[0][0]
                power = self.a.power({((atom, exponent * times * sign),): Fraction(1)}, 1)
                result = self.a.product(result, whole(power))
        return result

    # --- exponentials and logarithms

    def exp(self, q: Quotient) -> Quotient:
        """exp(q), one factor for each term of q"""
        result = whole(ONE)
        for monomial, coefficient in q.top.items():
            result = self.a.product(result, self._exp_term({monomial: Fraction(1)}, q.bottom, coefficient))
        return result

    def _exp_term(self, term: Polynomial, bottom: Polynomial, coefficient: Fraction) -> Quotient:
        if bottom == ONE:
            if UNIT in term:
                e = next(iter(self.atoms.named("e").top))[0][0]
                return whole({((e, coefficient),): Fraction(1)})
            single = self.atoms.single(whole(term))
            if single is not None and single[0].kind == "log":  # exp(c*log|u|) = |u|**c
                inner = single[0].arguments[0]
                value = self._rational(inner)
                if value is not None:
                    return self._number_power(value, coefficient)
                return self._size_power(inner, coefficient)
        return self.atoms.of("exp", self.a.quotient(term, bottom), exponent=coefficient)

    def log(self, q: Quotient) -> Quotient:
        """log(q); the formula has a value only where q > 0."""
        self.atoms.assume(q, frozenset({1}))
        return self._sum(self._log_size(q.top), self._log_size(q.bottom), -1)

    def _log_size(self, p: Polynomial) -> Quotient:
        """log|p| as a sum over the factors of p"""
        coefficient, factor, rest = self.atoms.content(p)
        total = whole({})
        for number, sign in ((abs(coefficient).numerator, 1), (abs(coefficient).denominator, -1)):
            for prime, times in _factors(number).items():
                total = self._sum(total, self.atoms.of("log", whole(constant(prime))), sign * times)
        for atom, power in factor:
            total = self._sum(total, self._log_atom(atom), power)
        if rest == ONE:
            return total
        root = self.a.square_root(rest)
        last = self.atoms.of("log", whole(rest)) if root is None else self._scaled(self._log_size(root), 2)
        return self._sum(total, last)

    def _log_atom(self, index: int) -> Quotient:
        atom = self.atoms.table[index]
        if atom.kind == "exp":
            return atom.arguments[0]
        if atom.kind == "e":
            return whole(ONE)
        if atom.kind == "prime":
            return self.atoms.of("log", whole(constant(int(atom.label))))
        if atom.kind == "base":
            return self._log_size(atom.arguments[0].top)
        return self.atoms.of("log", whole({((index, Fraction(1)),): Fraction(1)}))

    # --- the other functions

    def _call(self, function: str, arguments: list[Quotient]) -> Quotient:
        if function in _FREE_SIGNS:
            return self._bending(function, arguments)
        if function in _DEFINITIONS:
            return _DEFINITIONS[function](self, *arguments)
        if function in ("sin", "cos", "tan"):
            from .angles import sine_and_cosine

            sine, cosine = sine_and_cosine(self, arguments[0])
            return self.a.ratio(sine, cosine) if function == "tan" else sine if function == "sin" else cosine
        return self.atoms.of(function, *arguments)

    def _bending(self, function: str, arguments: list[Quotient]) -> Quotient:
        q = arguments[0] if len(arguments) == 1 else self.a.plus(arguments[0], arguments[1], -1)
        if function in ("max", "min"):  # the mean of both, and half the distance
            middle = self._scaled(self._sum(arguments[0], arguments[1]), Fraction(1, 2))
            half = Fraction(1 if function == "max" else -1, 2)
            return self._sum(middle, self._bending("abs", [q]), half)
        if not q.top:
            return whole({})
        free = not (self.atoms.names(q.top) | self.atoms.names(q.bottom)) & self.subject
        if free and not self.atoms.decided(q, closed=function != "sign"):
            lead = q.top[max(q.top)]  # |-u| = |u|, sign(-u) = -sign(u)
            sign = 1 if lead > 0 else -1
            if function == "abs":
                return self._scaled(self.atoms.of("abs", self._scaled(q, 1 / lead)), abs(lead))
            return self._scaled(self.atoms.of(function, self._scaled(q, sign)), sign)
        if function == "sign":
            return whole(constant(self.atoms.sign(q)))
        positive = self.atoms.sign(q, closed=True) >= 0
        size = q if positive else self._scaled(q, -1)
        if function == "abs":
            return size
        return self._scaled(self.power(size, Fraction(1, 3)), 1 if positive else -1)

    def odd(self, function: str, q: Quotient) -> Quotient:
        """f(q) = -f(-q): one atom for both"""
        if not q.top:
            return whole({})
        sign = 1 if q.top[max(q.top)] > 0 else -1
        return self._scaled(self.atoms.of(function, self._scaled(q, sign)), sign)


def _factors(number: int) -> dict[int, int]:
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


def _hyperbolic(n: Normal, q: Quotient, sign: int) -> Quotient:
    return n._scaled(n._sum(n.exp(q), n.exp(n._scaled(q, -1)), sign), Fraction(1, 2))


def _area(n: Normal, q: Quotient, square: int) -> Quotient:
    """log(u + sqrt(u**2 + 1)), or with sqrt(u - 1)*sqrt(u + 1) where square is -1"""
    half = Fraction(1, 2)
    if square == 1:
        root = n.power(n._sum(n.power(q, Fraction(2)), 1), half)
    else:
        n.atoms.assume(n._sum(q, -1), frozenset({0, 1}))
        root = n.a.product(n.power(n._sum(q, -1), half), n.power(n._sum(q, 1), half))
    return n.log(n._sum(q, root))


def _log_to(n: Normal, q: Quotient, base: int) -> Quotient:
    return n.a.ratio(n.log(q), n.log(whole(constant(base))))


def _log_of(n: Normal, q: Quotient) -> Quotient:
    if not q.top:
        raise Undefined
    return n.log(q)


_DEFINITIONS: dict[str, Callable[..., Quotient]] = {
    "exp": Normal.exp,
    "log": _log_of,
    "sqrt": lambda n, q: n.power(q, Fraction(1, 2)),
    "expm1": lambda n, q: n._sum(n.exp(q), -1),
    "log1p": lambda n, q: _log_of(n, n._sum(q, 1)),
    "log2": lambda n, q: _log_to(n, q, 2),
    "log10": lambda n, q: _log_to(n, q, 10),
    "sinh": partial(_hyperbolic, sign=-1),
    "cosh": partial(_hyperbolic, sign=1),
    "tanh": lambda n, q: n.a.ratio(_hyperbolic(n, q, -1), _hyperbolic(n, q, 1)),
    "asinh": partial(_area, square=1),
    "acosh": partial(_area, square=-1),
    "atanh": lambda n, q: n._scaled(
        n._sum(_log_of(n, n._sum(q, 1)), _log_of(n, n._sum(n._scaled(q, -1), 1)), -1), Fraction(1, 2)
    ),
    "erf": lambda n, q: n.odd("erf", q),
    "erfc": lambda n, q: n._sum(n._scaled(n.odd("erf", q), -1), 1),
    "asin": lambda n, q: n.odd("asin", q),
    "acos": lambda n, q: n._sum(n._scaled(n.atoms.named("pi"), Fraction(1, 2)), n.odd("asin", q), -1),
    "atan": lambda n, q: n.odd("atan", q),
    "ceil": lambda n, q: n._scaled(n.atoms.of("floor", n._scaled(q, -1)), -1),
}
