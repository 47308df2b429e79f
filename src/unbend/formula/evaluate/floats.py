"""`Floats`: floating-point arithmetic for tapes, on NumPy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from ..printing.numpy import NUMPY

_COMPARE: dict[str, Callable[..., Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_APPLY: dict[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power, "neg": np.negative,
}  # fmt: skip
_DOUBLE_ONLY = ("erf", "erfc")


class Floats:
    """IEEE floating point of one dtype; undefined values are NaN. Values are floats or arrays that broadcast."""

    def __init__(self, dtype: type[np.floating[Any]] = np.float64) -> None:
        self.dtype = dtype

    def number(self, value: Fraction) -> Any:
        return self.dtype(value.numerator) / self.dtype(value.denominator) if _exact(value) else self.dtype(value)

    def constant(self, name: str) -> Any:
        return self.dtype(math.pi if name == "pi" else math.e)

    def power(self, base: Any, exponent: Fraction) -> Any:
        if exponent.denominator == 1 and 2 <= exponent <= 4:  # products are faster than pow, and exact while short
            square = base * base
            return square if exponent == 2 else square * (base if exponent == 3 else square)
        if exponent == Fraction(1, 2):
            return np.sqrt(base)
        return np.power(base, self.number(exponent))

    def apply(self, operation: str, operands: list[Any]) -> Any:
        if operation in _COMPARE:
            return _COMPARE[operation](*operands).astype(self.dtype)
        if operation == "where":
            return np.where(np.asarray(operands[0]) != 0, operands[1], operands[2])
        if operation in _DOUBLE_ONLY and self.dtype == np.longdouble:  # SciPy has no long double version
            return np.asarray(_function(operation)(*(np.asarray(o, dtype=float) for o in operands)), np.longdouble)
        return _function(operation)(*operands)


def _exact(value: Fraction) -> bool:
    return abs(value.numerator) < 2**53 and value.denominator < 2**53


def _function(name: str) -> Callable[..., Any]:
    if name not in _APPLY:
        from scipy import special

        spelling = NUMPY.functions[name]  # such as np.arcsin({0})
        module, _, function = spelling.partition("(")[0].partition(".")
        _APPLY[name] = getattr(np if module == "np" else special, function)
    return _APPLY[name]
