"""Exact values of trees and conditions at given numbers: fractions, or intervals that surely hold the value.

A comparison that the intervals do not decide is answered with None; what has no value is told from what is not known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..formula.evaluate.interval_arithmetic import UNDEFINED, Intervals
from ..formula.evaluate.intervals import interval_context
from ..formula.evaluate.tape import run
from ..formula.language.tree import Node
from .conditions import All, Comparison, Condition, Either, Kind
from .definedness import defined

Value = Any  # Fraction, or mpmath's interval


class Undefined(ArithmeticError):
    """There is no real value here."""


class Unclear(ArithmeticError):
    """The intervals are too wide to tell."""


def evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    """The tree's value. Raises ``Undefined`` where it has none, ``Unclear`` where the intervals cannot tell."""
    value = run(node, values, Intervals())
    if value is UNDEFINED:
        raise Undefined if holds(defined(node), values) is False else Unclear
    return value


def holds(condition: Condition, values: Mapping[str, Value]) -> bool | None:
    """Whether the condition holds: True, False, or None where it cannot be told. What is undefined does not hold."""
    match condition:
        case Comparison(relation, left, right):
            try:
                return compare(relation, evaluate(left, values), evaluate(right, values))
            except Undefined:
                return False
            except Unclear:
                return None
        case Kind(kind, node, wanted):
            try:
                found = _is_kind(kind, evaluate(node, values))
            except Undefined:
                return False
            except Unclear:
                return None
            return None if found is None else found == wanted
        case All(parts):
            answers = [holds(p, values) for p in parts]
            return False if False in answers else None if None in answers else True
        case Either(parts):
            answers = [holds(p, values) for p in parts]
            return True if True in answers else None if None in answers else False


def compare(relation: str, left: Value, right: Value) -> bool | None:
    """left relation right; None where the intervals overlap."""
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


def around(value: float) -> Any:
    """A float whose last digits may be off, as an interval: nine digits count."""
    margin = max(abs(value), 1e-3) * 1e-9
    return interval_context().mpf([value - margin, value + margin])


def ends(value: Any) -> tuple[Fraction, Fraction]:
    """The two ends of a value, exactly."""
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
