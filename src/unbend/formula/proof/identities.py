"""Functions in normal form: defined by other functions, piecewise by a sign, or atoms where no identity applies."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor

from .angles import sine_and_cosine
from .logarithms import exp, log
from .normal_arithmetic import NormalArithmetic
from .signs import UndefinedCase
from .sparse_polynomial import ONE, Polynomial, Quotient, as_quotient, constant

_PIECEWISE = ("abs", "sign", "max", "min", "cbrt")


def function_of(n: NormalArithmetic, function: str, arguments: list[Quotient]) -> Quotient:
    """The normal form of function(arguments)."""
    if function in _PIECEWISE:
        return _piecewise(n, function, arguments)
    if function in _DEFINITIONS:
        return _DEFINITIONS[function](n, *arguments)
    if function in ("sin", "cos", "tan"):
        sine, cosine = sine_and_cosine(n, arguments[0])
        return n.algebra.divide_quotients(sine, cosine) if function == "tan" else sine if function == "sin" else cosine
    return n.atoms.function(function, *arguments)


def _piecewise(n: NormalArithmetic, function: str, arguments: list[Quotient]) -> Quotient:
    """abs, sign, max, min, cbrt by the sign of the argument; an atom where that is unknown and no case is needed."""
    q = arguments[0] if len(arguments) == 1 else n.algebra.add_quotients(arguments[0], arguments[1], -1)
    if function in ("max", "min"):  # (a + b)/2 + |a - b|/2 and (a + b)/2 - |a - b|/2
        middle = n.scale(n.add(arguments[0], arguments[1]), Fraction(1, 2))
        half = Fraction(1 if function == "max" else -1, 2)
        return n.add(middle, _piecewise(n, "abs", [q]), half)
    if not q.numerator:
        return as_quotient({})
    free = not (n.atoms.names(q.numerator) | n.atoms.names(q.denominator)) & n.subject
    if free and not n.atoms.sign_is_known(q, closed=function != "sign"):
        lead = q.numerator[max(q.numerator)]  # |-u| = |u|, sign(-u) = -sign(u)
        sign = 1 if lead > 0 else -1
        if function == "abs":
            return n.scale(n.atoms.function("abs", n.scale(q, 1 / lead)), abs(lead))
        return n.scale(n.atoms.function(function, n.scale(q, sign)), sign)
    if function == "sign":
        return as_quotient(constant(n.atoms.sign(q)))
    positive = n.atoms.sign(q, closed=True) >= 0
    size = q if positive else n.scale(q, -1)
    if function == "abs":
        return size
    return n.scale(n.power(size, Fraction(1, 3)), 1 if positive else -1)


def _floor(n: NormalArithmetic, q: Quotient) -> Quotient:
    """floor(u + n) = floor(u) + n for integers n, and for what has integer values"""
    if q.denominator != ONE:
        return n.atoms.function("floor", q)
    whole: Polynomial = {}
    for monomial, coefficient in q.numerator.items():
        if all(n.atoms.table[i].kind in ("floor", "sign") and e > 0 and e.denominator == 1 for i, e in monomial):
            integer = Fraction(floor(coefficient))
            if integer:
                whole[monomial] = integer
    part = n.algebra.add(q.numerator, whole, -1)
    value = n.rational(as_quotient(part))
    return (
        as_quotient(whole)
        if value == 0 or (value is not None and 0 < value < 1)
        else n.add(as_quotient(whole), n.atoms.function("floor", as_quotient(part)))
    )


def _odd(n: NormalArithmetic, function: str, q: Quotient) -> Quotient:
    """f(q) = -f(-q): one atom for both"""
    if not q.numerator:
        return as_quotient({})
    sign = 1 if q.numerator[max(q.numerator)] > 0 else -1
    return n.scale(n.atoms.function(function, n.scale(q, sign)), sign)


def _hyperbolic(n: NormalArithmetic, q: Quotient, sign: int) -> Quotient:
    """(exp(u) + sign*exp(-u))/2"""
    return n.scale(n.add(exp(n, q), exp(n, n.scale(q, -1)), sign), Fraction(1, 2))


def _inverse_hyperbolic(n: NormalArithmetic, q: Quotient, square: int) -> Quotient:
    """log(u + sqrt(u**2 + 1)), or with sqrt(u - 1)*sqrt(u + 1) where square is -1"""
    half = Fraction(1, 2)
    if square == 1:
        root = n.power(n.add(n.power(q, Fraction(2)), 1), half)
    else:
        n.atoms.assume(n.add(q, -1), frozenset({0, 1}))
        root = n.algebra.multiply_quotients(n.power(n.add(q, -1), half), n.power(n.add(q, 1), half))
    return log(n, n.add(q, root))


def _log_in_base(n: NormalArithmetic, q: Quotient, base: int) -> Quotient:
    return n.algebra.divide_quotients(log(n, q), log(n, as_quotient(constant(base))))


def _log_of(n: NormalArithmetic, q: Quotient) -> Quotient:
    if not q.numerator:
        raise UndefinedCase
    return log(n, q)


_DEFINITIONS: dict[str, Callable[..., Quotient]] = {
    "exp": exp,
    "log": _log_of,
    "sqrt": lambda n, q: n.power(q, Fraction(1, 2)),
    "expm1": lambda n, q: n.add(exp(n, q), -1),
    "log1p": lambda n, q: _log_of(n, n.add(q, 1)),
    "log2": lambda n, q: _log_in_base(n, q, 2),
    "log10": lambda n, q: _log_in_base(n, q, 10),
    "sinh": partial(_hyperbolic, sign=-1),
    "cosh": partial(_hyperbolic, sign=1),
    "tanh": lambda n, q: n.algebra.divide_quotients(_hyperbolic(n, q, -1), _hyperbolic(n, q, 1)),
    "asinh": partial(_inverse_hyperbolic, square=1),
    "acosh": partial(_inverse_hyperbolic, square=-1),
    "atanh": lambda n, q: n.scale(
        n.add(_log_of(n, n.add(q, 1)), _log_of(n, n.add(n.scale(q, -1), 1)), -1), Fraction(1, 2)
    ),
    "erf": lambda n, q: _odd(n, "erf", q),
    "erfc": lambda n, q: n.add(n.scale(_odd(n, "erf", q), -1), 1),
    "asin": lambda n, q: _odd(n, "asin", q),
    "acos": lambda n, q: n.add(n.scale(n.atoms.symbol("pi"), Fraction(1, 2)), _odd(n, "asin", q), -1),
    "atan": lambda n, q: _odd(n, "atan", q),
    "floor": _floor,
    "ceil": lambda n, q: n.scale(_floor(n, n.scale(q, -1)), -1),
}
