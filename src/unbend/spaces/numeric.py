"""Trees and conditions on whole arrays of floats: quick, and only ever a hint of what to look at exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from ..arrays import Array
from ..formula.language.tree import Node, names
from ..formula.printing.numpy import NUMPY
from ..formula.printing.numpy_functions import compile_function
from .conditions import All, Comparison, Condition, Either, Kind

_CLOSE = 1e-9


def value_of(node: Node, values: Mapping[str, Array]) -> Array:
    """The tree's value at each place, (n,) from named arrays (n,); NaN or infinite where it has none."""
    wanted, function = _program(node)
    length = len(next(iter(values.values())))
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*(values[n] for n in wanted)), dtype=float), (length,))


def truth_of(condition: Condition, values: Mapping[str, Array]) -> Array:
    """Whether the condition holds at each place, (n,); equal means equal to nine digits."""
    match condition:
        case Comparison(relation, left, right):
            return related(relation, value_of(left, values), value_of(right, values))
        case Kind(kind, node, holds):
            value = value_of(node, values)
            return np.asarray((same(value, np.round(value)) if kind == "integer" else np.isfinite(value)) == holds)
        case All(parts):
            every: Array = np.ones(len(next(iter(values.values()))), dtype=bool)
            for part in parts:
                every &= truth_of(part, values)
            return every
        case Either(parts):
            some: Array = np.zeros(len(next(iter(values.values()))), dtype=bool)
            for part in parts:
                some |= truth_of(part, values)
            return some


def same(left: Array, right: Array) -> Array:
    """Equal to nine digits; False where a side is NaN."""
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(left - right) <= _CLOSE * (1 + np.abs(left) + np.abs(right)))


def related(relation: str, left: Array, right: Array) -> Array:
    """left relation right, with equality to nine digits."""
    if relation in ("==", "!="):
        return np.asarray(same(left, right) == (relation == "=="))
    with np.errstate(all="ignore"):
        compare: dict[str, Callable[[Array, Array], Array]] = {
            "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
        }  # fmt: skip
        return np.asarray(compare[relation](left, right))


@cache
def _program(node: Node) -> tuple[tuple[str, ...], Callable[..., Any]]:
    wanted = tuple(n for n in names(node) if n not in ("pi", "e"))
    return wanted, compile_function(NUMPY.function(node, wanted, "program"), "program")
