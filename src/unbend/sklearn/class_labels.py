"""`ClassLabels`: class labels ↔ training targets, for two classes, several classes, or several labels a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from ..arrays import Array
from ..errors import BadInput
from .sample_weights import WeightedRows


@dataclass(frozen=True, eq=False)
class ClassLabels:
    """The kind of target: one of the ``classes`` (k,) a row, or ``multilabel``: k labels of 0 or 1, in ``dtype``."""

    classes: Array
    multilabel: bool
    dtype: Any

    @classmethod
    def infer(cls, y: Any, classes: Any, partial: bool) -> ClassLabels:
        """From y (n,) or (n, labels); in a first ``partial_fit`` (``partial``) from ``classes``.

        Raises ``ValueError`` for continuous numbers, for fewer than two classes and for several columns of more than
        two classes.
        """
        check_classification_targets(y)
        kind = type_of_target(y)
        if kind == "multiclass-multioutput":
            raise BadInput("estimators.several_of_several")
        if kind == "multilabel-indicator":
            return cls(np.arange(y.shape[1]), True, y.dtype)
        y = column_or_1d(y, warn=True)
        if partial and classes is None:
            raise BadInput("estimators.classes_first")
        known = np.unique(np.asarray(classes) if partial else y)
        if len(known) < 2:
            raise BadInput("estimators.one_class", got=known[0])
        return cls(known, False, known.dtype)

    @property
    def binary(self) -> bool:
        """Whether one output, the log odds of the second class, suffices."""
        return not self.multilabel and len(self.classes) == 2

    @property
    def outputs(self) -> int:
        """The network's number of outputs."""
        return 1 if self.binary else len(self.classes)

    @property
    def loss(self) -> str:
        """The name of the loss to train with."""
        return "logistic" if self.binary or self.multilabel else "cross_entropy"

    def encode(self, y: Any) -> Array:
        """Class numbers (n,), or zeros and ones (n, labels). Raises ``BadInput`` for an unknown class."""
        if self.multilabel:
            numbers = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
            if numbers.ndim != 2 or numbers.shape[1] != len(self.classes) or not np.isin(numbers, (0, 1)).all():
                raise BadInput("estimators.labels_shape", labels=len(self.classes), got=numbers.shape)
            return numbers.astype(np.float64)
        y = column_or_1d(y, warn=True)
        unknown = np.setdiff1d(y, self.classes)
        if len(unknown):
            raise BadInput("estimators.new_class", got=unknown[0], known=", ".join(map(str, self.classes)))
        codes: Array = np.searchsorted(self.classes, y)
        return codes

    def decode(self, output: Array) -> Array:
        """The most probable classes (n,), or labels (n, labels), from outputs (n, k)."""
        if self.multilabel:
            return (output > 0).astype(self.dtype)
        predicted: Array = self.classes[(output[:, 0] > 0).astype(int) if self.binary else output.argmax(axis=1)]
        return predicted

    def weight_factors(
        self, rows: WeightedRows, class_weight: str | Mapping[Any, float] | None, partial: bool
    ) -> Array:
        """(n,) factors by which ``class_weight`` multiplies the row weights; for multilabel the product over labels.

        "balanced": total weight / (number of classes * weight of the class), as in scikit-learn.
        """
        if class_weight is None:
            return np.ones(len(rows.y))
        if class_weight == "balanced" and partial:
            raise BadInput("estimators.balanced_in_parts")
        columns = rows.y.astype(np.int64).reshape(len(rows.y), -1).T
        values = np.array([0, 1]) if self.multilabel else self.classes
        factors = np.ones(len(rows.y))
        for column in columns:
            if class_weight == "balanced":
                sums = np.bincount(column, rows.weights, len(values))
                by_class = rows.weights.sum() / (np.count_nonzero(sums) * np.where(sums > 0, sums, 1.0))
            elif isinstance(class_weight, Mapping):
                by_class = np.array([float(class_weight.get(value, 1.0)) for value in values.tolist()])
            else:
                raise BadInput("estimators.class_weight", got=class_weight)
            if not (np.isfinite(by_class).all() and (by_class >= 0).all()):
                raise BadInput("estimators.class_weight", got=class_weight)
            factors *= by_class[column]
        return factors
