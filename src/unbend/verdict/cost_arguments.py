"""`cost_matrix`: what a wrong label costs, from the arguments ``cost`` and ``class_weight`` of `unbend.fit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from ..arrays import Array
from ..data.notes import closest_name
from ..errors import BadInput, DataError

ClassWeight: TypeAlias = "str | Mapping[str, float] | None"
Cost: TypeAlias = "Mapping[str, float] | Mapping[str, Mapping[str, float]] | None"


def cost_matrix(
    cost: Cost, class_weight: ClassWeight, classes: tuple[str, ...], y: Array, positive: str | None
) -> Array | None:
    """(classes, classes) cost of predicting the second class for a row of the first; 0 for the right label.

    None where neither argument is given. ``y`` (n,) are class numbers, ``positive`` is the positive of two classes. A
    class weight is the cost of any wrong label for a row of the class (Elkan 2001, "The foundations of cost-sensitive
    learning", section 2). Raises ``BadInput`` where both are given and for values that are no costs, ``DataError`` for
    a class that is not there and for a target of numbers.
    """
    if cost is None and class_weight is None:
        return None
    if cost is not None and class_weight is not None:
        raise BadInput("verdict.cost_and_weight")
    if not classes:
        raise DataError("verdict.cost_of_numbers")
    if class_weight is not None:
        if class_weight == "balanced":
            counts = np.bincount(y, minlength=len(classes))
            return _by_actual(len(y) / (len(classes) * np.maximum(counts, 1)))
        if not isinstance(class_weight, Mapping):
            raise BadInput("verdict.class_weight", got=class_weight)
        return _by_actual(_of_classes(class_weight, classes))
    if not isinstance(cost, Mapping) or not cost:
        raise BadInput("verdict.cost", got=cost)
    if set(cost) <= {"FP", "FN"} and not set(cost) & set(classes):
        return _of_two(cost, classes, positive)
    if not any(isinstance(value, Mapping) for value in cost.values()):
        return _by_actual(_of_classes(cost, classes))
    return _table(cost, classes)


def _of_two(cost: Mapping[str, Any], classes: tuple[str, ...], positive: str | None) -> Array:
    if len(classes) != 2 or positive is None:
        raise DataError("verdict.cost_two_classes", count=len(classes), known=", ".join(classes[:8]))
    k = classes.index(positive)
    matrix = np.zeros((2, 2))
    matrix[1 - k, k], matrix[k, 1 - k] = (_number(cost.get(name, 1.0), name) for name in ("FP", "FN"))
    return _checked(matrix)


def _of_classes(values: Mapping[str, Any], classes: tuple[str, ...]) -> Array:
    """(classes,) the value of each class, 1 where none is given."""
    found = np.ones(len(classes))
    for name, value in values.items():
        found[_index(name, classes)] = _number(value, name)
    return found


def _table(cost: Mapping[str, Any], classes: tuple[str, ...]) -> Array:
    matrix = np.ones((len(classes), len(classes)))
    for actual, row in cost.items():
        if not isinstance(row, Mapping):
            raise BadInput("verdict.cost", got={actual: row})
        for predicted, value in row.items():
            i, j = _index(actual, classes), _index(predicted, classes)
            number = _number(value, f"{actual}, {predicted}")
            if i == j and number != 0:
                raise BadInput("verdict.cost_right_label", name=actual, got=value)
            matrix[i, j] = number
    np.fill_diagonal(matrix, 0.0)
    return _checked(matrix)


def _by_actual(weights: Array) -> Array:
    return _checked(weights[:, None] * (1 - np.eye(len(weights))))


def _checked(matrix: Array) -> Array:
    if not matrix.any():
        raise BadInput("verdict.cost_all_zero")
    return matrix


def _index(name: Any, classes: tuple[str, ...]) -> int:
    if str(name) not in classes:
        near = closest_name(str(name), classes)
        raise DataError("verdict.no_such_class", got=str(name), known=", ".join([near] if near else classes[:12]))
    return classes.index(str(name))


def _number(value: Any, name: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value < np.inf:
        raise BadInput("verdict.cost_number", name=name, got=value)
    return float(value)
