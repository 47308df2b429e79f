"""`TextTarget`: what a model of text predicts, as class numbers or as numbers about as large as 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...data import Problem
from ...data.target import TASKS, Task
from ...errors import DataError
from ...text.normalise import normalise

LEAST_ROWS = 20
MOST_CLASSES = 20_000
LARGEST_NUMBER = 1e30  # of a target: weights are stored in float32
MOST_DUAL_VARIABLES = 200_000_000  # rows times classes: they are held in memory, and each is visited in every pass


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
        if task not in TASKS:
            raise DataError("data.no_such_task", task=task, known=", ".join(TASKS))
        if len(texts) != len(target):
            raise DataError("text.lengths", texts=len(texts), target=len(target))
        if len(texts) < LEAST_ROWS:
            raise DataError("text.few_rows", got=len(texts), least=LEAST_ROWS)
        return cls._of_labels(target) if task == "classification" else cls._of_numbers(target)

    def take(self, rows: Array) -> TextTarget:
        """That of some rows (k,)."""
        return replace(self, y=self.y[rows])

    @classmethod
    def of_problem(cls, problem: Problem) -> TextTarget:
        """That of a table's rows."""
        if problem.classes:
            return cls(problem.y, problem.classes)
        centre, unit = float(problem.y.mean()), float(problem.y.std())
        return cls((problem.y - centre) / unit, (), centre, unit)

    @classmethod
    def _of_labels(cls, target: Sequence[Any]) -> TextTarget:
        labels = [str(label) for label in target]
        number = {label: k for k, label in enumerate(sorted(set(labels)))}
        check_classes(number, len(labels))
        return cls(np.array([number[label] for label in labels], np.int64), tuple(number))

    @classmethod
    def _of_numbers(cls, target: Sequence[Any]) -> TextTarget:
        y = as_floats(target)
        check_numbers(y)
        centre, unit = float(y.mean()), float(y.std())
        if unit < 1 / LARGEST_NUMBER:
            raise DataError("text.one_number", got=centre)
        return cls((y - centre) / unit, (), centre, unit)


def check_classes(labels: Collection[str], rows: int) -> None:
    """Raises ``DataError`` where rows have one label alone, or nearly each its own."""
    if len(labels) < 2:
        raise DataError("text.one_class", got=next(iter(labels))[:40])
    most = min(MOST_CLASSES, MOST_DUAL_VARIABLES // rows)
    if len(labels) > min(most, rows / 2):
        raise DataError("text.many_classes", got=len(labels), rows=rows, most=most)


def check_numbers(y: Array, before: int = 0) -> None:
    """Raises ``DataError`` for numbers not finite or too large; ``before`` rows stand in front of them."""
    if not np.isfinite(y).all():
        raise DataError("text.not_finite", row=before + int(np.flatnonzero(~np.isfinite(y))[0]))
    if (size := np.abs(y)).max(initial=0) > LARGEST_NUMBER:
        raise DataError("text.large_number", row=before + int(size.argmax()), got=y[size.argmax()], most=LARGEST_NUMBER)


def as_floats(target: Sequence[Any]) -> Array:
    """Numbers in float64, NaN for what is none."""
    try:
        return np.asarray(target, np.float64)
    except (TypeError, ValueError):
        return np.array([_as_float(value) for value in target])


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


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
