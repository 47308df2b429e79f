"""Operations and conditions given as Python functions, called with exact numbers or floats."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from ...errors import ShapeError
from ..language.function_tracing import WrongComponentCount, components
from .exact_values import Undefined, ends, interval_around


def call_operation(function: Any, values: Iterable[Any], dimension: int, vectors: int) -> tuple[Any, ...]:
    """An operation given as a function; floats it returns become narrow intervals, since they are rounded."""
    try:
        result = call_function(function, values, dimension, vectors)
        return tuple(_with_rounding(c) for c in components(result, dimension))
    except (ArithmeticError, ValueError):
        raise Undefined from None
    except WrongComponentCount as wrong:
        raise ShapeError("spaces.components", which="u", want=dimension, got=wrong.got) from None


def call_function(function: Any, values: Iterable[Any], dimension: int, vectors: int) -> Any:
    """The function called with fractions, or with floats where it cannot take those."""
    numbers = [x if isinstance(x, Fraction) else float(ends(x)[0]) for x in values]
    with np.errstate(all="ignore"):
        try:
            return function(*_arguments(numbers, dimension, vectors))
        except (TypeError, AttributeError):
            return function(*_arguments([float(x) for x in numbers], dimension, vectors))


def _arguments(numbers: list[Any], n: int, vectors: int) -> list[Any]:
    """The scalar, if there is one, followed by the vectors as arrays."""
    first = len(numbers) - vectors * n
    return [*numbers[:first], *(_array(numbers[i : i + n]) for i in range(first, len(numbers), n))]


def exact_number(value: Any) -> Any:
    """An integer, decimal text, or float (as the decimal it is printed as) as a fraction; others stay as they are."""
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float | np.floating):
        return Fraction(repr(float(value)))
    return Fraction(value) if isinstance(value, str) else value  # a fraction, or an interval


def _with_rounding(value: Any) -> Any:
    """A number that a function returned: a float has rounding errors, so it becomes an interval."""
    if not isinstance(value, float | np.floating):
        return exact_number(value)
    if not np.isfinite(value):
        raise Undefined
    return interval_around(float(value))


def _array(values: Any) -> Any:
    """An array of these numbers: of float64 where all are floats, else of objects."""
    numbers = list(values)
    if all(isinstance(x, float) for x in numbers):
        return np.array(numbers)
    array = np.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array
