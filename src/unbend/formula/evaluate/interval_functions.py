"""Powers and functions of exact fractions and intervals; see ``intervals`` for what an interval guarantees."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from ..language.functions import FUNCTIONS
from .intervals import (
    DIGITS,
    NotEnclosed,
    Value,
    add,
    bounded,
    divide,
    integer_power,
    interval,
    interval_context,
    multiply,
    point_context,
    sign_of,
    subtract,
)


def apply_operation(operation: str, operands: list[Value]) -> Value:
    """The value of one operator or function; raises ``NotEnclosed`` where it has none."""
    if operation in _OPERATIONS:
        return _OPERATIONS[operation](*operands)
    return _monotone(operation, *operands)


def power(base: Value, exponent: Fraction) -> Value:
    """base**exponent, exact where the root is rational; raises ``NotEnclosed`` where it has no real value."""
    if exponent.denominator == 1:
        return integer_power(base, int(exponent))
    if sign_of(base) < 0:
        raise NotEnclosed
    root = _exact_root(base, exponent.denominator)
    if root is not None:
        return integer_power(root, exponent.numerator)
    if sign_of(base) == 0:
        if exponent > 0:
            return Fraction(0)
        raise NotEnclosed
    return _exp(multiply(exponent, _log(base)))


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, Fraction):
        return power(base, exponent)
    if sign_of(base) <= 0:
        raise NotEnclosed
    return _exp(multiply(exponent, _log(base)))


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
    x = interval(x)
    if not (abs(x.a) < 700 and abs(x.b) < 700):
        raise NotEnclosed
    return interval_context().exp(x)


def _log(x: Value) -> Value:
    if sign_of(x) <= 0:
        raise NotEnclosed
    return Fraction(0) if isinstance(x, Fraction) and x == 1 else interval_context().log(interval(x))


def _abs(x: Value) -> Value:
    return abs(x) if isinstance(x, Fraction) else (x if sign_of(x) > 0 else -x)


def _floor(x: Value) -> Value:
    if isinstance(x, Fraction):
        return Fraction(x.numerator // x.denominator)
    low, high = int(point_context().floor(x.a)), int(point_context().floor(x.b))
    if low != high:
        raise NotEnclosed
    return Fraction(low)


def _compare(operator: str) -> Any:
    def compare(a: Value, b: Value) -> Fraction:
        sign = sign_of(subtract(a, b))
        truth = {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "==": sign == 0, "!=": sign != 0}
        return Fraction(int(truth[operator]))

    return compare


def _tan(x: Value) -> Value:
    iv = interval_context()
    return divide(iv.sin(interval(x)), iv.cos(interval(x)))


def _atan2(y: Value, x: Value) -> Value:
    if sign_of(x) > 0:
        return _monotone("atan", divide(y, x))
    half = interval_context().pi / 2
    if sign_of(y) > 0:
        return subtract(half, _monotone("atan", divide(x, y)))
    if sign_of(y) < 0:
        return subtract(-half, _monotone("atan", divide(x, y)))
    if sign_of(x) < 0:
        return +interval_context().pi
    return Fraction(0)


_DECREASING = ("acos", "erfc")
_ODD = ("sin", "tan", "sinh", "tanh", "asin", "atan", "asinh", "atanh", "erf", "expm1", "log1p")  # 0 at 0
_DOMAIN = {"asin": (-1, 1), "acos": (-1, 1), "atanh": (-1, 1), "acosh": (1, None), "log1p": (-1, None)}


def _monotone(function: str, *operands: Value) -> Value:
    """A monotone function, enclosed by its values at both ends, widened by far more than mpmath's rounding error."""
    (x,) = operands
    if function not in FUNCTIONS:
        raise NotEnclosed
    if isinstance(x, Fraction) and x == 0 and function in _ODD:
        return Fraction(0)
    low, high = _DOMAIN.get(function, (None, None))
    if (low is not None and sign_of(subtract(x, Fraction(low))) < 0) or (
        high is not None and sign_of(subtract(Fraction(high), x)) < 0
    ):
        raise NotEnclosed
    x = interval(x)
    if function in ("sinh", "cosh", "expm1") and not (abs(x.a) < 700 and abs(x.b) < 700):
        raise NotEnclosed
    if function == "cosh":
        x = interval(_abs(x)) if not (x.a <= 0 <= x.b) else x
        if x.a <= 0:
            raise NotEnclosed
    mp, iv = point_context(), interval_context()
    f = getattr(mp, function)
    try:
        lower, upper = f(mp.mpf(x.a)), f(mp.mpf(x.b))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise NotEnclosed from error
    if not (mp.isfinite(lower) and mp.isfinite(upper)) or mp.im(lower) or mp.im(upper):
        raise NotEnclosed
    if function in _DECREASING:
        lower, upper = upper, lower
    margin = (abs(lower) + abs(upper)) * mp.mpf(10) ** -(DIGITS - 2) + mp.mpf(10) ** -(3 * DIGITS)
    return bounded(iv.mpf([lower - margin, upper + margin]))


_OPERATIONS: dict[str, Any] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "**": _general_power, "neg": lambda x: -x,
    "exp": _exp, "log": _log, "abs": _abs, "floor": _floor, "tan": _tan, "atan2": _atan2,
    "ceil": lambda x: -_floor(-x),
    "sign": lambda x: Fraction(sign_of(x)),
    "max": lambda a, b: a if sign_of(subtract(a, b)) >= 0 else b,
    "min": lambda a, b: b if sign_of(subtract(a, b)) >= 0 else a,
    "sqrt": lambda x: power(x, Fraction(1, 2)),
    "cbrt": lambda x: power(x, Fraction(1, 3)) if sign_of(x) >= 0
    else -power(-x, Fraction(1, 3)),
    "log2": lambda x: divide(_log(x), _log(Fraction(2))),
    "log10": lambda x: divide(_log(x), _log(Fraction(10))),
    "sin": lambda x: Fraction(0) if isinstance(x, Fraction) and x == 0 else interval_context().sin(interval(x)),
    "cos": lambda x: Fraction(1) if isinstance(x, Fraction) and x == 0 else interval_context().cos(interval(x)),
    **{operator: _compare(operator) for operator in ("<", "<=", ">", ">=", "==", "!=")},
}  # fmt: skip
