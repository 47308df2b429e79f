"""Exact values of expressions and conditions at given numbers: fractions, or intervals that contain the value.

A comparison that the intervals do not decide gives None. Undefined and undecided values are kept apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from ...formula.evaluate.intervals import interval_context
from ...formula.evaluate.tape import run
from ...formula.language.tree import Node
from ..language.conditions import AllOf, AnyOf, Comparison, Condition, NumberKind
from ..language.domain_conditions import domain_condition

Value = Any  # Fraction, or mpmath's interval


class Undefined(ArithmeticError):
    """There is no real value here."""


class Undecided(ArithmeticError):
    """The intervals are too wide to decide."""


def evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    """The expression's value. Raises ``Undefined`` where it has none, ``Undecided`` where intervals cannot tell."""
    value = run(node, values, Intervals())
    if value is UNDEFINED:
        raise Undefined if holds(domain_condition(node), values) is False else Undecided
    return value


def holds(condition: Condition, values: Mapping[str, Value]) -> bool | None:
    """Whether the condition holds; None where that is undecided. A comparison of undefined values does not hold."""
    match condition:
        case Comparison(relation, left, right):
            try:
                return compare(relation, evaluate(left, values), evaluate(right, values))
            except Undefined:
                return False
            except Undecided:
                return None
        case NumberKind(kind, node, wanted):
            try:
                is_kind = _is_kind(kind, evaluate(node, values))
            except Undefined:
                return False
            except Undecided:
                return None
            return None if is_kind is None else is_kind == wanted
        case AllOf(parts):
            answers = [holds(p, values) for p in parts]
            return False if False in answers else None if None in answers else True
        case AnyOf(parts):
            answers = [holds(p, values) for p in parts]
            return True if True in answers else None if None in answers else False


def compare(relation: str, left: Value, right: Value) -> bool | None:
    """``left relation right``; None where the intervals overlap."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        low = high = left - right
    else:
        low, high = ends(interval(left) - interval(right))
    yes, no = {
        ">": (low > 0, high <= 0), ">=": (low >= 0, high < 0), "<": (high < 0, low >= 0), "<=": (high <= 0, low > 0),
        "==": (low == high == 0, low > 0 or high < 0), "!=": (low > 0 or high < 0, low == high == 0),
    }[relation]  # fmt: skip
    return True if yes else False if no else None


def interval(value: Value) -> Any:
    """The value as an interval."""
    if isinstance(value, Fraction):
        iv = interval_context()
        return iv.mpf(value.numerator) / iv.mpf(value.denominator)
    return value


def interval_around(value: float) -> Any:
    """A float with rounding errors, as an interval: nine digits count."""
    margin = max(abs(value), 1e-3) * 1e-9
    return interval_context().mpf([value - margin, value + margin])


def ends(value: Any) -> tuple[Fraction, Fraction]:
    """The end points of a value's interval, exactly."""
    from mpmath.libmp import to_rational

    if isinstance(value, Fraction):
        return value, value
    low, high = value._mpi_
    return Fraction(*to_rational(low)), Fraction(*to_rational(high))


def _is_kind(kind: str, value: Value) -> bool | None:
    if isinstance(value, Fraction):
        return kind == "rational" or value.denominator == 1
    low, high = ends(value)
    return False if kind == "integer" and math.floor(low) == math.floor(high) < low else None
