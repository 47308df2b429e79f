"""`StreamedTarget`: labels or numbers of a stream, which are all known only at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...data.target import Task
from ...errors import DataError
from .text_target import LARGEST_NUMBER, LEAST_ROWS, TextTarget, as_floats, check_classes, check_numbers


class StreamedTarget:
    """Labels get numbers as they come, which `finish` puts into the labels' order; numbers stay as they are."""

    def __init__(self, task: Task) -> None:
        self.rows = 0
        self._task = task
        self._numbers: dict[str, int] = {}
        self._mean, self._squares = 0.0, 0.0

    def read(self, target: Sequence[Any]) -> Array:
        """What `finish` takes, for some rows (n,). Raises ``DataError`` for numbers that are none."""
        if self._task == "classification":
            self.rows += len(target)
            known = self._numbers
            return np.array([known.setdefault(str(label), len(known)) for label in target], np.int32)
        y = as_floats(target)
        check_numbers(y, self.rows)
        before, mean = self.rows, float(y.mean())
        self.rows += len(y)
        away = mean - self._mean  # Chan, Golub & LeVeque (1983)
        self._squares += float(((y - mean) ** 2).sum()) + away**2 * before * len(y) / self.rows
        self._mean += away * len(y) / self.rows
        return y

    def check(self) -> None:
        """Raises ``DataError`` where the whole stream has nothing to learn."""
        if self.rows < LEAST_ROWS:
            raise DataError("text.few_rows", got=self.rows, least=LEAST_ROWS)
        if self._task == "classification":
            check_classes(self._numbers, self.rows)
        elif self._unit < 1 / LARGEST_NUMBER:
            raise DataError("text.one_number", got=self._mean)

    @property
    def order(self) -> Array:
        """The labels' numbers as they were read, in the order of the sorted labels; none for numbers."""
        return np.array([self._numbers[label] for label in sorted(self._numbers)], np.int64)

    def finish(self, read: Array) -> TextTarget:
        """The target of rows that were read (n,), once the stream has ended."""
        if self._task == "classification":
            return TextTarget(np.argsort(self.order)[read], tuple(sorted(self._numbers)))
        return TextTarget((read - self._mean) / self._unit, (), self._mean, self._unit)

    @property
    def _unit(self) -> float:
        return float(np.sqrt(self._squares / self.rows))
