"""Exact evaluation: rational numbers where the value is rational, otherwise an interval that surely holds it.

What an interval says is a proof: two values whose intervals do not meet are different numbers (Moore, Interval
Analysis, 1966). Endpoints carry 60 digits and are rounded outwards.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

DIGITS = 60
_LARGE = 4_000  # bits of a rational before it becomes an interval; an exponent before a power is refused

Value = Any  # Fraction, or mpmath's interval


class Unknown(Exception):
    """The value is not defined here, or cannot be enclosed."""


@cache
def interval_context() -> Any:
    """mpmath's interval arithmetic, of our own, so that nobody else's precision changes it."""
    from mpmath.ctx_iv import MPIntervalContext

    context = MPIntervalContext()
    context.dps = DIGITS
    return context


@cache
def point_context() -> Any:
    import mpmath

    context = mpmath.mp.clone()
    context.dps = DIGITS + 10
    return context


class Undefined:
    """No value here, or none that can be enclosed; harmless unless ``where`` takes it."""


UNDEFINED = Undefined()


class Enclosures:
    """The arithmetic a tape runs in to be sure; what is undefined or too wide to use is ``UNDEFINED``."""

    def number(self, value: Fraction) -> Value:
        return value

    def constant(self, name: str) -> Value:
        iv = interval_context()
        return +iv.pi if name == "pi" else iv.e + 0

    def power(self, base: Value, exponent: Fraction) -> Value:
        from .interval_functions import power

        try:
            return UNDEFINED if base is UNDEFINED else power(base, exponent)
        except Unknown:
            return UNDEFINED

    def apply(self, operation: str, operands: list[Value]) -> Value:
        from .interval_functions import evaluate

        try:
            if operation == "where" and operands[0] is not UNDEFINED:
                return operands[1] if sign_of(operands[0]) else operands[2]
            if UNDEFINED in operands:
                return UNDEFINED
            return evaluate(operation, operands)
        except Unknown:
            return UNDEFINED


def interval(value: Value) -> Any:
    iv = interval_context()
    if isinstance(value, Fraction):
        return iv.mpf(value.numerator) / iv.mpf(value.denominator)
    return value


def tidy(value: Value) -> Value:
    """A rational that has grown too long becomes an interval."""
    if isinstance(value, Fraction):
        long = max(value.numerator.bit_length(), value.denominator.bit_length()) > _LARGE
        return interval(value) if long else value
    if not (abs(value.a) < 1e300 and abs(value.b) < 1e300):  # doubles would overflow; also not a number
        raise Unknown
    return value


def pair(a: Value, b: Value) -> tuple[Any, Any]:
    return (a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else (interval(a), interval(b))


def sign_of(value: Value) -> int:
    """-1, 0 or 1; raises ``Unknown`` when the interval holds 0."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value.a > 0:
        return 1
    if value.b < 0:
        return -1
    raise Unknown


def differ(a: Value, b: Value) -> bool:
    """Whether the two values are surely different."""
    try:
        return sign_of(subtract(a, b)) != 0
    except Unknown:
        return False


def add(a: Value, b: Value) -> Value:
    a, b = pair(a, b)
    return tidy(a + b)


def subtract(a: Value, b: Value) -> Value:
    a, b = pair(a, b)
    return tidy(a - b)


def multiply(a: Value, b: Value) -> Value:
    if (isinstance(a, Fraction) and a == 0) or (isinstance(b, Fraction) and b == 0):
        return Fraction(0)
    a, b = pair(a, b)
    return tidy(a * b)


def divide(a: Value, b: Value) -> Value:
    if sign_of(b) == 0:
        raise Unknown
    a, b = pair(a, b)
    return tidy(a / b)


def whole_power(base: Value, n: int) -> Value:
    if n < 0:
        return divide(Fraction(1), whole_power(base, -n))
    if n > _LARGE:
        raise Unknown
    if isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * n
        if bits <= _LARGE:
            return base**n
    return tidy(interval(base) ** n)
