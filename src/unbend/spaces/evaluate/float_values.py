"""Expressions and conditions on arrays of floats: fast, and only used to choose what is then evaluated exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from ...arrays import Array
from ...formula.language.tree import Node, names
from ...formula.printing.numpy import NUMPY
from ...formula.printing.numpy_functions import compile_function
from ..language.conditions import AllOf, AnyOf, Comparison, Condition, NumberKind

_CLOSE = 1e-9


def value_of(node: Node, values: Mapping[str, Array]) -> Array:
    """The expression's values (n,) for named arrays (n,); NaN or infinite where it has none."""
    arguments, function = _compiled(node)
    length = len(next(iter(values.values())))
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*(values[n] for n in arguments)), dtype=float), (length,))


def truth_of(condition: Condition, values: Mapping[str, Array]) -> Array:
    """Where the condition holds, bool (n,); equal means equal to nine digits."""
    match condition:
        case Comparison(relation, left, right):
            return compare_floats(relation, value_of(left, values), value_of(right, values))
        case NumberKind(kind, node, holds):
            value = value_of(node, values)
            return np.asarray((close(value, np.round(value)) if kind == "integer" else np.isfinite(value)) == holds)
        case AllOf(parts):
            every: Array = np.ones(len(next(iter(values.values()))), dtype=bool)
            for part in parts:
                every &= truth_of(part, values)
            return every
        case AnyOf(parts):
            some: Array = np.zeros(len(next(iter(values.values()))), dtype=bool)
            for part in parts:
                some |= truth_of(part, values)
            return some


def close(left: Array, right: Array) -> Array:
    """Equal to nine digits; False where a side is NaN."""
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(left - right) <= _CLOSE * (1 + np.abs(left) + np.abs(right)))


def compare_floats(relation: str, left: Array, right: Array) -> Array:
    """``left relation right``, with equality to nine digits."""
    if relation in ("==", "!="):
        return np.asarray(close(left, right) == (relation == "=="))
    with np.errstate(all="ignore"):
        compare: dict[str, Callable[[Array, Array], Array]] = {
            "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
        }  # fmt: skip
        return np.asarray(compare[relation](left, right))


@cache
def _compiled(node: Node) -> tuple[tuple[str, ...], Callable[..., Any]]:
    arguments = tuple(n for n in names(node) if n not in ("pi", "e"))
    return arguments, compile_function(NUMPY.function(node, arguments, "program"), "program")
