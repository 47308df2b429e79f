"""`TextTarget`: what a model of text predicts, as class numbers or as numbers about as large as 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ...arrays import Array
from ...data import Problem
from ...errors import DataError
from ...text.normalise import normalise

Task = Literal["classification", "regression"]

LEAST_ROWS = 20
MOST_CLASSES = 20_000


@dataclass(frozen=True, eq=False)
class TextTarget:
    """Class numbers (n,) and the labels they stand for, or ``(number - centre)/unit`` (n,) and no labels."""

    y: Array
    classes: tuple[str, ...]
    centre: float = 0.0
    unit: float = 1.0

    @classmethod
    def of(cls, texts: Sequence[Any], target: Sequence[Any], task: Task) -> TextTarget:
        """Checked: as many as there are texts, not too few, not all the same. Raises ``DataError``."""
        if len(texts) != len(target):
            raise DataError("text.lengths", texts=len(texts), target=len(target))
        if len(texts) < LEAST_ROWS:
            raise DataError("text.few_rows", got=len(texts), least=LEAST_ROWS)
        return cls._of_labels(target) if task == "classification" else cls._of_numbers(target)

    @classmethod
    def of_problem(cls, problem: Problem) -> TextTarget:
        """That of a table's rows."""
        if problem.classes:
            return cls(problem.y, problem.classes)
        centre, unit = float(problem.y.mean()), float(problem.y.std())
        return cls((problem.y - centre) / unit, (), centre, unit)

    @classmethod
    def _of_labels(cls, target: Sequence[Any]) -> TextTarget:
        labels, y = np.unique(np.asarray([str(label) for label in target]), return_inverse=True)
        if len(labels) < 2:
            raise DataError("text.one_class", got=labels[0])
        if len(labels) > min(MOST_CLASSES, len(y) / 2):
            raise DataError("text.many_classes", got=len(labels), rows=len(y), most=MOST_CLASSES)
        return cls(y.astype(np.int64), tuple(labels.tolist()))

    @classmethod
    def _of_numbers(cls, target: Sequence[Any]) -> TextTarget:
        y = np.asarray(target, np.float64)
        if not np.isfinite(y).all():
            raise DataError("text.not_finite", row=int(np.flatnonzero(~np.isfinite(y))[0]))
        centre, unit = float(y.mean()), float(y.std())
        if unit == 0:
            raise DataError("text.one_number", got=centre)
        return cls((y - centre) / unit, (), centre, unit)


def text_groups(texts: Sequence[Any]) -> Array:
    """A number for each text (n,), the same for texts that are equal once normalised.

    Raises ``DataError`` where all are equal.
    """
    number: dict[str, int] = {}
    groups = np.array([number.setdefault(normalise(text), len(number)) for text in texts])
    if len(number) < 2:
        raise DataError("text.all_equal", got=next(iter(number))[:40])
    return groups


def shuffled_groups(groups: Array, rng: np.random.Generator) -> Array:
    """The groups' numbers (n,) in another order, at random."""
    order: Array = rng.permutation(int(groups.max()) + 1)[groups]
    return order
