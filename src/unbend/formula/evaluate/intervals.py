"""Elementary interval operations: a value is an exact fraction where it is rational, else an enclosing interval.

Endpoints carry 60 digits and are rounded outwards, so two values whose intervals are disjoint are proved to be
different numbers (R. E. Moore, Interval Analysis, 1966).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

DIGITS = 60
_MAX_BITS = 4_000  # a longer fraction becomes an interval; a larger exponent is refused

Value = Any  # Fraction, or mpmath's interval


class NotEnclosed(Exception):
    """The value is undefined here, or no finite interval for it is known."""


@cache
def interval_context() -> Any:
    """A private mpmath interval context: changes of the global precision do not reach it."""
    from mpmath.ctx_iv import MPIntervalContext

    context = MPIntervalContext()
    context.dps = DIGITS
    return context


@cache
def point_context() -> Any:
    """A private mpmath context for point values, ten digits more precise than the intervals."""
    import mpmath

    context = mpmath.mp.clone()
    context.dps = DIGITS + 10
    return context


def interval(value: Value) -> Any:
    """The value as an interval; a fraction is enclosed by one."""
    iv = interval_context()
    if isinstance(value, Fraction):
        return iv.mpf(value.numerator) / iv.mpf(value.denominator)
    return value


def bounded(value: Value) -> Value:
    """The value, a fraction of more than 4,000 bits as an interval; raises ``NotEnclosed`` beyond 1e300."""
    if isinstance(value, Fraction):
        too_long = max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_BITS
        return interval(value) if too_long else value
    if not (abs(value.a) < 1e300 and abs(value.b) < 1e300):  # doubles would overflow; also not a number
        raise NotEnclosed
    return value


def _common_type(a: Value, b: Value) -> tuple[Any, Any]:
    """Both as fractions, or both as intervals."""
    return (a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else (interval(a), interval(b))


def sign_of(value: Value) -> int:
    """-1, 0 or 1; raises ``NotEnclosed`` when the interval contains 0."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value.a > 0:
        return 1
    if value.b < 0:
        return -1
    raise NotEnclosed


def differ(a: Value, b: Value) -> bool:
    """Whether the two values are proved to be different."""
    try:
        return sign_of(subtract(a, b)) != 0
    except NotEnclosed:
        return False


def add(a: Value, b: Value) -> Value:
    """a + b"""
    a, b = _common_type(a, b)
    return bounded(a + b)


def subtract(a: Value, b: Value) -> Value:
    """a - b"""
    a, b = _common_type(a, b)
    return bounded(a - b)


def multiply(a: Value, b: Value) -> Value:
    """a * b; exactly 0 where one factor is"""
    if (isinstance(a, Fraction) and a == 0) or (isinstance(b, Fraction) and b == 0):
        return Fraction(0)
    a, b = _common_type(a, b)
    return bounded(a * b)


def divide(a: Value, b: Value) -> Value:
    """a / b; raises ``NotEnclosed`` where b may be 0."""
    if sign_of(b) == 0:
        raise NotEnclosed
    a, b = _common_type(a, b)
    return bounded(a / b)


def integer_power(base: Value, n: int) -> Value:
    """base**n, exact while the result is short."""
    if n < 0:
        return divide(Fraction(1), integer_power(base, -n))
    if n > _MAX_BITS:
        raise NotEnclosed
    if isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * n
        if bits <= _MAX_BITS:
            return base**n
    return bounded(interval(base) ** n)
