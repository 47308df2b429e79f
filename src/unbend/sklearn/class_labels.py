"""Classes and labels ↔ the numbers a network learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from ..arrays import Array
from ..errors import BadInput
from .sample_weights import Rows


@dataclass(frozen=True, eq=False)
class Labels:
    """What y holds: one of the ``classes`` (k,) a row, or ``several`` labels at once, each 0 or 1, in ``dtype``."""

    classes: Array
    several: bool
    dtype: Any

    @classmethod
    def of(cls, y: Any, classes: Any, in_parts: bool) -> Labels:
        """Read off y (n,) or (n, labels); ``classes`` are those of a first ``partial_fit``.

        Raises ``ValueError`` for numbers that are no classes, for fewer than two classes and for columns of more than
        two classes each.
        """
        check_classification_targets(y)
        kind = type_of_target(y)
        if kind == "multiclass-multioutput":
            raise BadInput("estimators.several_of_several")
        if kind == "multilabel-indicator":
            return cls(np.arange(y.shape[1]), True, y.dtype)
        y = column_or_1d(y, warn=True)
        if in_parts and classes is None:
            raise BadInput("estimators.classes_first")
        known = np.unique(np.asarray(classes) if in_parts else y)
        if len(known) < 2:
            raise BadInput("estimators.one_class", got=known[0])
        return cls(known, False, known.dtype)

    @property
    def two(self) -> bool:
        """Whether one output, the log odds of the second class, says everything."""
        return not self.several and len(self.classes) == 2

    @property
    def outputs(self) -> int:
        """How many numbers the network answers."""
        return 1 if self.two else len(self.classes)

    @property
    def loss(self) -> str:
        """The loss that fits."""
        return "logistic" if self.two or self.several else "cross_entropy"

    def numbers(self, y: Any) -> Array:
        """Class numbers (n,), or zeros and ones (n, labels). Raises ``BadInput`` for a class that is not known."""
        if self.several:
            numbers = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
            if numbers.ndim != 2 or numbers.shape[1] != len(self.classes) or not np.isin(numbers, (0, 1)).all():
                raise BadInput("estimators.labels_shape", labels=len(self.classes), got=numbers.shape)
            return numbers.astype(np.float64)
        y = column_or_1d(y, warn=True)
        new = np.setdiff1d(y, self.classes)
        if len(new):
            raise BadInput("estimators.new_class", got=new[0], known=", ".join(map(str, self.classes)))
        places: Array = np.searchsorted(self.classes, y)
        return places

    def factors(self, rows: Rows, class_weight: str | Mapping[Any, float] | None, in_parts: bool) -> Array:
        """(n,) what ``class_weight`` multiplies the weight of each row by; for labels the product over them.

        "balanced": total weight / (number of classes * weight of the class), as scikit-learn has it.
        """
        if class_weight is None:
            return np.ones(len(rows.y))
        if class_weight == "balanced" and in_parts:
            raise BadInput("estimators.balanced_in_parts")
        columns = rows.y.astype(np.int64).reshape(len(rows.y), -1).T
        values = np.array([0, 1]) if self.several else self.classes
        found = np.ones(len(rows.y))
        for column in columns:
            if class_weight == "balanced":
                sums = np.bincount(column, rows.weights, len(values))
                factor = rows.weights.sum() / (np.count_nonzero(sums) * np.where(sums > 0, sums, 1.0))
            elif isinstance(class_weight, Mapping):
                factor = np.array([float(class_weight.get(value, 1.0)) for value in values.tolist()])
            else:
                raise BadInput("estimators.class_weight", got=class_weight)
            if not (np.isfinite(factor).all() and (factor >= 0).all()):
                raise BadInput("estimators.class_weight", got=class_weight)
            found *= factor[column]
        return found

    def likeliest(self, output: Array) -> Array:
        """Classes (n,), or labels (n, labels), from outputs (n, k)."""
        if self.several:
            return (output > 0).astype(self.dtype)
        chosen: Array = self.classes[(output[:, 0] > 0).astype(int) if self.two else output.argmax(axis=1)]
        return chosen
