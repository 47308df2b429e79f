"""Functions in normal form: those that are defined by others, those with two sides, and those that stay atoms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor

from .angles import sine_and_cosine
from .logarithms import exp, log
from .normal_form import Normal
from .signs import Undefined
from .sparse_polynomial import Quotient, constant, whole

_TWO_SIDED = ("abs", "sign", "max", "min", "cbrt")


def function_of(n: Normal, function: str, arguments: list[Quotient]) -> Quotient:
    """The normal form of function(arguments)."""
    if function in _TWO_SIDED:
        return _two_sided(n, function, arguments)
    if function in _DEFINITIONS:
        return _DEFINITIONS[function](n, *arguments)
    if function in ("sin", "cos", "tan"):
        sine, cosine = sine_and_cosine(n, arguments[0])
        return n.a.ratio(sine, cosine) if function == "tan" else sine if function == "sin" else cosine
    return n.atoms.of(function, *arguments)


def _two_sided(n: Normal, function: str, arguments: list[Quotient]) -> Quotient:
    q = arguments[0] if len(arguments) == 1 else n.a.plus(arguments[0], arguments[1], -1)
    if function in ("max", "min"):  # the mean of both, and half the distance
        middle = n.scaled(n.plus(arguments[0], arguments[1]), Fraction(1, 2))
        half = Fraction(1 if function == "max" else -1, 2)
        return n.plus(middle, _two_sided(n, "abs", [q]), half)
    if not q.top:
        return whole({})
    free = not (n.atoms.names(q.top) | n.atoms.names(q.bottom)) & n.subject
    if free and not n.atoms.decided(q, closed=function != "sign"):
        lead = q.top[max(q.top)]  # |-u| = |u|, sign(-u) = -sign(u)
        sign = 1 if lead > 0 else -1
        if function == "abs":
            return n.scaled(n.atoms.of("abs", n.scaled(q, 1 / lead)), abs(lead))
        return n.scaled(n.atoms.of(function, n.scaled(q, sign)), sign)
    if function == "sign":
        return whole(constant(n.atoms.sign(q)))
    positive = n.atoms.sign(q, closed=True) >= 0
    size = q if positive else n.scaled(q, -1)
    if function == "abs":
        return size
    return n.scaled(n.power(size, Fraction(1, 3)), 1 if positive else -1)


def _floor(n: Normal, q: Quotient) -> Quotient:
    value = n.rational(q)
    return n.atoms.of("floor", q) if value is None else whole(constant(floor(value)))


def _odd(n: Normal, function: str, q: Quotient) -> Quotient:
    """f(q) = -f(-q): one atom for both"""
    if not q.top:
        return whole({})
    sign = 1 if q.top[max(q.top)] > 0 else -1
    return n.scaled(n.atoms.of(function, n.scaled(q, sign)), sign)


def _hyperbolic(n: Normal, q: Quotient, sign: int) -> Quotient:
    return n.scaled(n.plus(exp(n, q), exp(n, n.scaled(q, -1)), sign), Fraction(1, 2))


def _area(n: Normal, q: Quotient, square: int) -> Quotient:
    """log(u + sqrt(u**2 + 1)), or with sqrt(u - 1)*sqrt(u + 1) where square is -1"""
    half = Fraction(1, 2)
    if square == 1:
        root = n.power(n.plus(n.power(q, Fraction(2)), 1), half)
    else:
        n.atoms.assume(n.plus(q, -1), frozenset({0, 1}))
        root = n.a.product(n.power(n.plus(q, -1), half), n.power(n.plus(q, 1), half))
    return log(n, n.plus(q, root))


def _log_to(n: Normal, q: Quotient, base: int) -> Quotient:
    return n.a.ratio(log(n, q), log(n, whole(constant(base))))


def _log_of(n: Normal, q: Quotient) -> Quotient:
    if not q.top:
        raise Undefined
    return log(n, q)


_DEFINITIONS: dict[str, Callable[..., Quotient]] = {
    "exp": exp,
    "log": _log_of,
    "sqrt": lambda n, q: n.power(q, Fraction(1, 2)),
    "expm1": lambda n, q: n.plus(exp(n, q), -1),
    "log1p": lambda n, q: _log_of(n, n.plus(q, 1)),
    "log2": lambda n, q: _log_to(n, q, 2),
    "log10": lambda n, q: _log_to(n, q, 10),
    "sinh": partial(_hyperbolic, sign=-1),
    "cosh": partial(_hyperbolic, sign=1),
    "tanh": lambda n, q: n.a.ratio(_hyperbolic(n, q, -1), _hyperbolic(n, q, 1)),
    "asinh": partial(_area, square=1),
    "acosh": partial(_area, square=-1),
    "atanh": lambda n, q: n.scaled(
        n.plus(_log_of(n, n.plus(q, 1)), _log_of(n, n.plus(n.scaled(q, -1), 1)), -1), Fraction(1, 2)
    ),
    "erf": lambda n, q: _odd(n, "erf", q),
    "erfc": lambda n, q: n.plus(n.scaled(_odd(n, "erf", q), -1), 1),
    "asin": lambda n, q: _odd(n, "asin", q),
    "acos": lambda n, q: n.plus(n.scaled(n.atoms.named("pi"), Fraction(1, 2)), _odd(n, "asin", q), -1),
    "atan": lambda n, q: _odd(n, "atan", q),
    "floor": _floor,
    "ceil": lambda n, q: n.scaled(_floor(n, n.scaled(q, -1)), -1),
}
