"""Decimal arithmetic with 100 digits, in which linear least squares is exact for all practical purposes.

Every double is converted to its shortest decimal, which is the number that was printed in the file (0.1 is one tenth).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

DIGITS = 100
Column = Any  # an object array (rows,) of Decimals, or one Decimal for all rows

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "neg": operator.neg,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "abs": abs,
}  # fmt: skip
_DECIMAL_METHODS: dict[str, Callable[[Decimal], Decimal]] = {
    "exp": Decimal.exp, "log": Decimal.ln, "log10": Decimal.log10, "sqrt": Decimal.sqrt,
    "sign": lambda x: Decimal((x > 0) - (x < 0)),
    "floor": lambda x: x.to_integral_value("ROUND_FLOOR"), "ceil": lambda x: x.to_integral_value("ROUND_CEILING"),
}  # fmt: skip


class NoValue(ArithmeticError):
    """An operation is undefined in some row."""


def context() -> Any:
    """The context manager that sets the precision; undefined operations raise inside it."""
    return localcontext(Context(prec=DIGITS, traps=[DivisionByZero, InvalidOperation, Overflow]))


def to_decimals(values: Any) -> Column:
    """The shortest decimals of doubles (rows,)."""
    return np.array([Decimal(repr(v)) for v in np.asarray(values, dtype=float).tolist()], dtype=object)


class Decimals:
    """The arithmetic of a tape, inside ``context()``. Raises ``NoValue`` if a row has no value."""

    def number(self, value: Fraction) -> Column:
        return Decimal(value.numerator) / Decimal(value.denominator)

    def constant(self, name: str) -> Column:
        return _pi() if name == "pi" else Decimal(1).exp()

    def power(self, base: Column, exponent: Fraction) -> Column:
        if exponent.denominator == 1:
            return _apply(lambda x: x ** int(exponent) if x or exponent > 0 else Decimal(not exponent), base)
        if exponent == Fraction(1, 2):
            return _apply(Decimal.sqrt, base)
        return _apply(lambda x: _general_power(x, self.number(exponent)), base)

    def apply(self, operation: str, operands: list[Column]) -> Column:
        if operation in _ARITHMETIC:
            return _apply(_ARITHMETIC[operation], *operands)
        if operation in _DECIMAL_METHODS:
            return _apply(_DECIMAL_METHODS[operation], *operands)
        if operation == "where":
            return _apply(lambda c, a, b: a if c else b, *operands)
        if operation in ("max", "min"):
            return _apply(max if operation == "max" else min, *operands)
        if operation == "**":
            return _apply(_general_power, *operands)
        return _apply(_elementary(operation), *operands)


def _apply(function: Callable[..., Any], *operands: Column) -> Column:
    """The function of the operands, row by row; arithmetic errors become ``NoValue``."""
    try:
        if not any(isinstance(o, np.ndarray) for o in operands):
            return function(*operands)
        if function in (operator.add, operator.sub, operator.mul, operator.truediv, operator.neg, abs):
            return function(*operands)  # NumPy broadcasts these over object arrays
        columns = np.broadcast_arrays(*[np.asarray(o, dtype=object) for o in operands])
        result = np.empty(columns[0].shape, dtype=object)
        result[:] = [function(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
        return result
    except (ArithmeticError, ValueError) as error:
        raise NoValue from error


def _general_power(base: Decimal, exponent: Decimal) -> Decimal:
    if base <= 0 and exponent != exponent.to_integral_value():
        if base == 0 and exponent > 0:
            return Decimal(0)
        raise NoValue
    return base**exponent


@cache
def _mpmath() -> Any:
    """An mpmath context with more than ``DIGITS`` digits."""
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = DIGITS + 10
    return mp


@cache
def _pi() -> Decimal:
    mp = _mpmath()
    return Decimal(mp.nstr(mp.pi, DIGITS + 5))


@cache
def _elementary(name: str) -> Callable[..., Decimal]:
    """A function that the module ``decimal`` does not have, from mpmath."""
    mp = _mpmath()
    function = {"log2": lambda x: mp.log(x, 2), "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x))}.get(name)
    function = function or getattr(mp, name)

    def value(*arguments: Decimal) -> Decimal:
        result = function(*(mp.mpf(str(Decimal(a))) for a in arguments))
        if isinstance(result, mp.mpc) or not mp.isfinite(result):
            raise NoValue
        return Decimal(mp.nstr(result, DIGITS + 5))

    return value
