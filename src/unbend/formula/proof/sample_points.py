"""`SamplePoints`: values of a formula at sample points, in doubles and exactly; a changed name recomputes its part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np

from ..evaluate.floats import Floats
from ..evaluate.interval_arithmetic import Intervals
from ..evaluate.tape import Tape
from ..language.tree import Node
from .counterexample import Point

_SMALL_VALUES = [Fraction(n) for n in (1, 2, 3, -1, 0, -2, 4, 5)] + [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2)]

Changed = tuple[int, Point]  # the number of a sample point, and the names that take other values there


class SamplePoints:
    """Several trees at sample points, each with a value for every name."""

    def __init__(self, trees: Sequence[Node], names: Sequence[str], count: int, seed: int) -> None:
        self.tape: Tape[Any] = Tape(trees)
        self.points: list[Point] = [
            dict(zip(names, row, strict=True)) for row in sample_rows(len(names), count, 0, seed)
        ]
        self._exact_steps: dict[int, list[Any]] = {}

    @cached_property
    def _float_columns(self) -> dict[str, Any]:
        return {n: np.array([_double(p[n]) for p in self.points]) for n in self.tape.names}

    @cached_property
    def _float_steps(self) -> list[Any]:
        with np.errstate(all="ignore"):
            return [v + np.zeros(len(self.points)) for v in self.tape.all_steps(self._float_columns, Floats())]

    @property
    def float_values(self) -> Any:
        """The first tree's value at every sample point, NaN where it has none."""
        return self._float_steps[self.tape.results[0]]

    def float_values_at(self, points: Sequence[Changed]) -> Any:
        """The first tree's values at changed sample points."""
        index = np.array([i for i, _ in points])
        columns: dict[str, Any] = {}
        for row, (_, changes) in enumerate(points):
            for name, value in changes.items():
                if name in self.tape.names:
                    if name not in columns:
                        columns[name] = self._float_columns[name][index]
                    columns[name][row] = _double(value)
        with np.errstate(all="ignore"):
            return self.tape.rerun(_SelectedPoints(self._float_steps, index), columns, Floats())[0]

    def exact_cost(self, index: int, changes: Point) -> int:
        """What ``exact_values`` costs, in units of about ten microseconds."""
        return self.tape.cost(changes) + (0 if index in self._exact_steps else self.tape.cost(None))

    def exact_values(self, index: int, changes: Point) -> list[Any]:
        """The exact values or enclosing intervals of all trees at a changed sample point."""
        if index not in self._exact_steps:
            self._exact_steps[index] = self.tape.all_steps(self.points[index], Intervals())
        return self.tape.rerun(self._exact_steps[index], changes, Intervals())


def _double(value: Fraction) -> float:
    """The nearest double, an infinity beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


class _SelectedPoints(Sequence[Any]):
    """Arrays over all sample points, restricted to some."""

    def __init__(self, arrays: list[Any], index: Any) -> None:
        self.arrays = arrays
        self.selected = index

    def __len__(self) -> int:
        return len(self.arrays)

    def __getitem__(self, step: Any) -> Any:
        return self.arrays[step][self.selected]


@cache
def sample_rows(width: int, count: int, stream: int, seed: int) -> list[list[Fraction]]:
    """``count`` rows of ``width`` values: small numbers first, then random fractions of every size; some positive."""
    random = np.random.default_rng([seed, stream, width])
    sampled: list[list[Fraction]] = []
    for i in range(count):
        if i < count // 2:
            few = _SMALL_VALUES[: 4 + i // 20] if i < count // 3 else _SMALL_VALUES
            row = [few[k] for k in random.integers(0, len(few), width)]
        else:
            size = int(random.integers(-9, 10)) if i % 2 else int(random.integers(-1, 3))
            digits = random.integers(-9999, 10_000, width)
            row = [Fraction(int(n), 1000) * Fraction(10) ** size for n in digits]
        if i % 6 == 4:  # roots and logarithms of many names are real where all are positive,
            row = [abs(v) or Fraction(1) for v in row]
        elif i % 6 == 5:  # and others between 0 and 1
            row = [(abs(v) + 1) / (abs(v) + 3) for v in row]
        sampled.append(row)
    return sampled
