"""`Intervals`: interval arithmetic for tapes; each step is exact, enclosed by an interval, or ``UNDEFINED``."""

from __future__ import annotations

from fractions import Fraction

from .interval_functions import apply_operation, power
from .intervals import NotEnclosed, Value, interval_context, sign_of


class Undefined:
    """The type of ``UNDEFINED``: no real value, or none that can be enclosed. ``where`` may discard it."""


UNDEFINED = Undefined()


class Intervals:
    """The rigorous arithmetic of a tape: fractions and intervals; what is undefined or too large is ``UNDEFINED``."""

    def number(self, value: Fraction) -> Value:
        return value

    def constant(self, name: str) -> Value:
        iv = interval_context()
        return +iv.pi if name == "pi" else iv.e + 0

    def power(self, base: Value, exponent: Fraction) -> Value:
        try:
            return UNDEFINED if base is UNDEFINED else power(base, exponent)
        except NotEnclosed:
            return UNDEFINED

    def apply(self, operation: str, operands: list[Value]) -> Value:
        try:
            if operation == "where" and operands[0] is not UNDEFINED:
                return operands[1] if sign_of(operands[0]) else operands[2]
            if UNDEFINED in operands:
                return UNDEFINED
            return apply_operation(operation, operands)
        except NotEnclosed:
            return UNDEFINED
