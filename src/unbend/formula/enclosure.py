"""Exact evaluation: rational numbers where the value is rational, otherwise an interval that surely holds it.

What an interval says is a proof: two values whose intervals do not meet are different numbers (Moore, Interval
Analysis, 1966). Endpoints carry 60 digits and are rounded outwards.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any

from .functions import FUNCTIONS

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
def _point_context() -> Any:
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
        try:
            return UNDEFINED if base is UNDEFINED else _power(base, exponent)
        except Unknown:
            return UNDEFINED

    def apply(self, operation: str, operands: list[Value]) -> Value:
        try:
            if operation == "where" and operands[0] is not UNDEFINED:
                return operands[1] if _sign(operands[0]) else operands[2]
            if UNDEFINED in operands:
                return UNDEFINED
            if operation in _OPERATIONS:
                return _OPERATIONS[operation](*operands)
            return _monotone(operation, *operands)
        except Unknown:
            return UNDEFINED


def _power(base: Value, exponent: Fraction) -> Value:
    if exponent.denominator == 1:
        return _whole_power(base, int(exponent))
    if _sign(base) < 0:
        raise Unknown
    root = _exact_root(base, exponent.denominator)
    if root is not None:
        return _whole_power(root, exponent.numerator)
    if _sign(base) == 0:
        if exponent > 0:
            return Fraction(0)
        raise Unknown
    return _exp(_multiply(exponent, _log(base)))


def _interval(value: Value) -> Any:
    iv = interval_context()
    if isinstance(value, Fraction):
        return iv.mpf(value.numerator) / iv.mpf(value.denominator)
    return value


def _tidy(value: Value) -> Value:
    """A rational that has grown too long becomes an interval."""
    if isinstance(value, Fraction):
        long = max(value.numerator.bit_length(), value.denominator.bit_length()) > _LARGE
        return _interval(value) if long else value
    if not (abs(value.a) < 1e300 and abs(value.b) < 1e300):  # doubles would overflow; also not a number
        raise Unknown
    return value


def _pair(a: Value, b: Value) -> tuple[Any, Any]:
    return (a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else (_interval(a), _interval(b))


def _sign(value: Value) -> int:
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
        return _sign(_subtract(a, b)) != 0
    except Unknown:
        return False


def _add(a: Value, b: Value) -> Value:
    a, b = _pair(a, b)
    return _tidy(a + b)


def _subtract(a: Value, b: Value) -> Value:
    a, b = _pair(a, b)
    return _tidy(a - b)


def _multiply(a: Value, b: Value) -> Value:
    if (isinstance(a, Fraction) and a == 0) or (isinstance(b, Fraction) and b == 0):
        return Fraction(0)
    a, b = _pair(a, b)
    return _tidy(a * b)


def _divide(a: Value, b: Value) -> Value:
    if _sign(b) == 0:
        raise Unknown
    a, b = _pair(a, b)
    return _tidy(a / b)


def _whole_power(base: Value, n: int) -> Value:
    if n < 0:
        return _divide(Fraction(1), _whole_power(base, -n))
    if n > _LARGE:
        raise Unknown
    if isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * n
        if bits <= _LARGE:
            return base**n
    return _tidy(_interval(base) ** n)


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, Fraction):
        return _power(base, exponent)
    if _sign(base) <= 0:
        raise Unknown
    return _exp(_multiply(exponent, _log(base)))


def _exact_root(base: Value, n: int) -> Fraction | None:
    if not isinstance(base, Fraction) or n > 64:
        return None
    top, bottom = _integer_root(base.numerator, n), _integer_root(base.denominator, n)
    return Fraction(top, bottom) if top is not None and bottom is not None else None


def _integer_root(value: int, n: int) -> int | None:
    if n == 2:
        root = isqrt(value)
    else:
        root = round(value ** (1 / n)) if value.bit_length() < 1_000 else -1
    return root if root >= 0 and root**n == value else None


def _exp(x: Value) -> Value:
    if isinstance(x, Fraction) and x == 0:
        return Fraction(1)
    x = _interval(x)
    if not (abs(x.a) < 700 and abs(x.b) < 700):
        raise Unknown
    return interval_context().exp(x)


def _log(x: Value) -> Value:
    if _sign(x) <= 0:
        raise Unknown
    return Fraction(0) if isinstance(x, Fraction) and x == 1 else interval_context().log(_interval(x))


def _abs(x: Value) -> Value:
    return abs(x) if isinstance(x, Fraction) else (x if _sign(x) > 0 else -x)


def _floor(x: Value) -> Value:
    if isinstance(x, Fraction):
        return Fraction(x.numerator // x.denominator)
    low, high = int(_point_context().floor(x.a)), int(_point_context().floor(x.b))
    if low != high:
        raise Unknown
    return Fraction(low)


def _compare(operator: str) -> Any:
    def compare(a: Value, b: Value) -> Fraction:
        sign = _sign(_subtract(a, b))
        truth = {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "==": sign == 0, "!=": sign != 0}
        return Fraction(int(truth[operator]))

    return compare


def _tan(x: Value) -> Value:
    iv = interval_context()
    return _divide(iv.sin(_interval(x)), iv.cos(_interval(x)))


def _atan2(y: Value, x: Value) -> Value:
    if _sign(x) > 0:
        return _monotone("atan", _divide(y, x))
    half = interval_context().pi / 2
    if _sign(y) > 0:
        return _subtract(half, _monotone("atan", _divide(x, y)))
    if _sign(y) < 0:
        return _subtract(-half, _monotone("atan", _divide(x, y)))
    if _sign(x) < 0:
        return +interval_context().pi
    return Fraction(0)


_DECREASING = ("acos", "erfc")
_ODD = ("sin", "tan", "sinh", "tanh", "asin", "atan", "asinh", "atanh", "erf", "expm1", "log1p")  # 0 at 0
_DOMAIN = {"asin": (-1, 1), "acos": (-1, 1), "atanh": (-1, 1), "acosh": (1, None), "log1p": (-1, None)}


def _monotone(function: str, *operands: Value) -> Value:
    """A monotone function, enclosed by its values at the two ends, widened by far more than mpmath's rounding."""
    (x,) = operands
    if function not in FUNCTIONS:
        raise Unknown
    if isinstance(x, Fraction) and x == 0 and function in _ODD:
        return Fraction(0)
    low, high = _DOMAIN.get(function, (None, None))
    if (low is not None and _sign(_subtract(x, Fraction(low))) < 0) or (
        high is not None and _sign(_subtract(Fraction(high), x)) < 0
    ):
        raise Unknown
    x = _interval(x)
    if function in ("sinh", "cosh", "expm1") and not (abs(x.a) < 700 and abs(x.b) < 700):
        raise Unknown
    if function == "cosh":
        x = _interval(_abs(x)) if not (x.a <= 0 <= x.b) else x
        if x.a <= 0:
            raise Unknown
    mp, iv = _point_context(), interval_context()
    f = getattr(mp, function)
    try:
        first, last = f(mp.mpf(x.a)), f(mp.mpf(x.b))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise Unknown from error
    if not (mp.isfinite(first) and mp.isfinite(last)) or mp.im(first) or mp.im(last):
        raise Unknown
    if function in _DECREASING:
        first, last = last, first
    margin = (abs(first) + abs(last)) * mp.mpf(10) ** -(DIGITS - 2) + mp.mpf(10) ** -(3 * DIGITS)
    return _tidy(iv.mpf([first - margin, last + margin]))


_OPERATIONS: dict[str, Any] = {
    "+": _add, "-": _subtract, "*": _multiply, "/": _divide, "**": _general_power, "neg": lambda x: -x,
    "exp": _exp, "log": _log, "abs": _abs, "floor": _floor, "tan": _tan, "atan2": _atan2,
    "ceil": lambda x: -_floor(-x),
    "sign": lambda x: Fraction(_sign(x)),
    "max": lambda a, b: a if _sign(_subtract(a, b)) >= 0 else b,
    "min": lambda a, b: b if _sign(_subtract(a, b)) >= 0 else a,
    "sqrt": lambda x: _power(x, Fraction(1, 2)),
    "cbrt": lambda x: _power(x, Fraction(1, 3)) if _sign(x) >= 0
    else -_power(-x, Fraction(1, 3)),
    "log2": lambda x: _divide(_log(x), _log(Fraction(2))),
    "log10": lambda x: _divide(_log(x), _log(Fraction(10))),
    "sin": lambda x: Fraction(0) if isinstance(x, Fraction) and x == 0 else interval_context().sin(_interval(x)),
    "cos": lambda x: Fraction(1) if isinstance(x, Fraction) and x == 0 else interval_context().cos(_interval(x)),
    **{operator: _compare(operator) for operator in ("<", "<=", ">", ">=", "==", "!=")},
}  # fmt: skip
