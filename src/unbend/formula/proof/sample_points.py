"""Places to try a formula at, in doubles and exactly. At a moved place only what the moved names touch is computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np

from ..evaluate.floats import Floats
from ..evaluate.intervals import Enclosures
from ..evaluate.tape import Tape
from ..language.tree import Node
from .counterexample import Point

_SMALL = [Fraction(n) for n in (1, 2, 3, -1, 0, -2, 4, 5)] + [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2)]

Moved = tuple[int, Point]  # the number of a place, and the names that have other values


class Places:
    """Some trees at places with a value for every name."""

    def __init__(self, trees: Sequence[Node], names: Sequence[str], count: int, seed: int) -> None:
        self.tape: Tape[Any] = Tape(trees)
        self.points: list[Point] = [dict(zip(names, row, strict=True)) for row in rows(len(names), count, 0, seed)]
        self._known: dict[int, list[Any]] = {}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return {n: np.array([_double(p[n]) for p in self.points]) for n in self.tape.names}

    @cached_property
    def _doubles(self) -> list[Any]:
        with np.errstate(all="ignore"):
            return [v + np.zeros(len(self.points)) for v in self.tape.all_steps(self._columns, Floats())]

    @property
    def doubles(self) -> Any:
        """The first tree's value at every place, NaN where it has none."""
        return self._doubles[self.tape.results[0]]

    def moved_doubles(self, moved: Sequence[Moved]) -> Any:
        """The first tree's values at moved places."""
        index = np.array([i for i, _ in moved])
        columns: dict[str, Any] = {}
        for place, (_, moves) in enumerate(moved):
            for name, value in moves.items():
                if name in self.tape.names:
                    if name not in columns:
                        columns[name] = self._columns[name][index]
                    columns[name][place] = _double(value)
        with np.errstate(all="ignore"):
            return self.tape.again(_At(self._doubles, index), columns, Floats())[0]

    def work(self, place: int, moves: Point) -> int:
        """What ``exact`` costs, in units of about ten microseconds."""
        return self.tape.work(moves) + (0 if place in self._known else self.tape.work(None))

    def exact(self, place: int, moves: Point) -> list[Any]:
        """The exact values or enclosures of all trees at a moved place."""
        if place not in self._known:
            self._known[place] = self.tape.all_steps(self.points[place], Enclosures())
        return self.tape.again(self._known[place], moves, Enclosures())


def _double(value: Fraction) -> float:
    """The nearest double, an infinity beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


class _At(Sequence[Any]):
    """Arrays over all places, picked at some."""

    def __init__(self, arrays: list[Any], index: Any) -> None:
        self.arrays = arrays
        self.at = index

    def __len__(self) -> int:
        return len(self.arrays)

    def __getitem__(self, step: Any) -> Any:
        return self.arrays[step][self.at]


@cache
def rows(width: int, count: int, stream: int, seed: int) -> list[list[Fraction]]:
    """Values to try: small numbers first, then random fractions of every size; some rows positive."""
    random = np.random.default_rng([seed, stream, width])
    found: list[list[Fraction]] = []
    for i in range(count):
        if i < count // 2:
            few = _SMALL[: 4 + i // 20] if i < count // 3 else _SMALL
            row = [few[k] for k in random.integers(0, len(few), width)]
        else:
            size = int(random.integers(-9, 10)) if i % 2 else int(random.integers(-1, 3))
            parts = random.integers(-9999, 10_000, width)
            row = [Fraction(int(n), 1000) * Fraction(10) ** size for n in parts]
        if i % 6 == 4:  # roots and logarithms of many names are real where all are positive,
            row = [abs(v) or Fraction(1) for v in row]
        elif i % 6 == 5:  # and others between 0 and 1
            row = [(abs(v) + 1) / (abs(v) + 3) for v in row]
        found.append(row)
    return found
