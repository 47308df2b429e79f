"""The search for a counterexample: many small round numbers in floats at once, what looks wrong then exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, product
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Array
from .exact import Unclear, Undefined, compare, ends
from .laws import Exactly, InFloats, Law
from .numeric import same, truth_of
from .points import Vector, cost, scalars
from .space import Space, unknown

_COMBINED, _RANDOM, _BY_FUNCTION = 6_000, 2_000, 600
_LOOKED_AT = 60  # suspects that are worked out exactly


@dataclass(frozen=True)
class Counterexample:
    """Where an axiom fails: the numbers, and both sides. For a closure, ``right`` is empty: the left side leaves."""

    values: Mapping[str, Any]
    left: str
    right: str = ""

    def __str__(self) -> str:
        given = ", ".join(f"{name} = {show(value)}" for name, value in self.values.items())
        return f"{given}: {self.left}" + (f" ≠ {self.right}" if self.right else "")


class Found(NamedTuple):
    """What a search came to; ``undefined`` holds numbers at which a side has no value, where there are any."""

    counterexample: Counterexample | None
    undefined: Mapping[str, Any] | None
    trials: int


def search(space: Space, law: Law, pool: Sequence[Vector]) -> Found:
    """Try the law on the pool's vectors and on round scalars; the simplest counterexample that is certain."""
    trials = _assignments(space, law, pool)
    order = range(len(trials)) if not space.is_formula else _suspects(space, law, trials)
    undefined = None
    for looked, i in enumerate(order):
        values = dict(zip(law.letters, trials[i], strict=True))
        try:
            wrong = _failure(space, law, values)
        except Undefined:
            undefined = undefined or values
            continue
        except Unclear:
            continue
        if wrong is not None:
            return Found(wrong, undefined, len(trials))
        if space.is_formula and looked > 4 * _LOOKED_AT:
            break
    return Found(None, undefined, len(trials))


def show(value: Any) -> str:
    """A number or a vector as a reader writes it: 3/2, (1, 0), ≈ 1.41421."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list | tuple):
        return show(value[0]) if len(value) == 1 else f"({', '.join(show(x) for x in value)})"
    if hasattr(value, "_mpi_"):
        return f"≈ {float(ends(value)[0]):.6g}"
    return str(value)


def _failure(space: Space, law: Law, values: Mapping[str, Any]) -> Counterexample | None:
    """The counterexample these numbers are, if they certainly are one."""
    reckon = Exactly(space)
    if law.right is None:
        try:
            left = law.left(reckon, *values.values())
        except Undefined:
            return Counterexample(values, f"{law.left_text} = ?")
        return Counterexample(values, f"{law.left_text} = {show(left)}") if space.contains(left) is False else None
    left, right = law.left(reckon, *values.values()), law.right(reckon, *values.values())
    if any(compare("!=", x, y) for x, y in zip(left, right, strict=True)):
        return Counterexample(values, f"{law.left_text} = {show(left)}", f"{show(right)} = {law.right_text}")
    return None


def _assignments(space: Space, law: Law, pool: Sequence[Vector]) -> list[tuple[Any, ...]]:
    """Rows of scalars and vectors, the simplest first: all combinations of the simplest, then random ones."""
    lists: list[Sequence[Any]] = [scalars(space.field) for _ in law.scalars] + [pool for _ in law.vectors]
    room, extra = (_COMBINED, _RANDOM) if space.is_formula else (_BY_FUNCTION, 0)
    side = max(2, int(room ** (1 / len(lists)) + 1e-9))
    rng = np.random.default_rng(0)
    random = zip(*([some[i] for i in rng.integers(len(some), size=extra)] for some in lists), strict=True)
    rows = dict.fromkeys(chain(product(*(some[:side] for some in lists)), random))
    return sorted(rows, key=lambda row: sum(cost(x) if isinstance(x, tuple) else cost((x,)) for x in row))


def _suspects(space: Space, law: Law, trials: Sequence[tuple[Any, ...]]) -> Iterator[int]:
    """The trials that fail in floats, those with values on both sides first, then those without."""
    values: dict[str, Any] = {}
    for at, letter in enumerate(law.letters):
        column = [trial[at] for trial in trials]
        if letter in law.scalars:
            values[letter] = _floats(column)
        else:
            values[letter] = [_floats([v[k] for v in column]) for k in range(space.dimension)]
    reckon = InFloats(space, np.ones(len(trials)))
    left = law.left(reckon, *values.values())
    known: Array = np.all(np.isfinite(np.array(left)), axis=0)
    if law.right is None:
        assert space.condition is not None
        fine = truth_of(space.condition, dict(zip(unknown("u", space.dimension), left, strict=True))) & known
    else:
        right = law.right(reckon, *values.values())
        known &= np.all(np.isfinite(np.array(right)), axis=0)
        fine = np.all([same(x, y) for x, y in zip(left, right, strict=True)], axis=0)
    failing = np.flatnonzero(~fine & known)[:_LOOKED_AT]
    yield from failing
    yield from np.flatnonzero(~fine & ~known)[:_LOOKED_AT]


def _floats(values: Sequence[Any]) -> Array:
    return np.array([float(x) if isinstance(x, Fraction) else float(ends(x)[0]) for x in values])
