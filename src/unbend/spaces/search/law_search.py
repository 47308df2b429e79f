"""`search_counterexample`: tries a law on many small round numbers in floats, the suspicious ones exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, product, zip_longest
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ..axiom_laws import Law
from ..evaluate.exact_values import Undecided, Undefined, compare, ends
from ..evaluate.float_values import close, truth_of
from ..operations import ExactOperations, FloatOperations
from ..result import Counterexample, format_value
from ..space import Space, component_names
from .far_numbers import far_members, far_scalars
from .trial_vectors import Vector, complexity, trial_scalars

# trials: combinations of the simplest numbers, random ones, and combinations where an operation is a function
_COMBINATIONS, _RANDOM, _WITH_FUNCTIONS = 6_000, 2_000, 600
_MAX_EXAMINED = 60  # suspicious trials that are evaluated exactly


class SearchResult(NamedTuple):
    """The result of a search; ``undefined`` holds numbers at which a side has no value, if any were met."""

    counterexample: Counterexample | None
    undefined: Mapping[str, Any] | None
    trials: int


def search_counterexample(space: Space, law: Law, pool: Sequence[Vector]) -> SearchResult:
    """Try the law on the pool's vectors and on round scalars; returns the simplest counterexample that is certain."""
    return _search(space, law, _assignments(space, law, trial_scalars(space.field), pool), undefined_too=True)


def search_far(space: Space, law: Law, pool: Sequence[Vector]) -> SearchResult:
    """As ``search_counterexample``, far from 0 and around the numbers in the formulas, where the rules may change."""
    near, far = trial_scalars(space.field), far_scalars(space)
    mixed = [x for pair in zip_longest(far, near) for x in pair if x is not None]
    vectors = [*pool[:6], *far_members(space, pool), *pool[6:]]
    return _search(space, law, _assignments(space, law, mixed, vectors), undefined_too=False)


def _search(space: Space, law: Law, trials: Sequence[tuple[Any, ...]], *, undefined_too: bool) -> SearchResult:
    """The simplest certain counterexample among the trials; those without values count only on request."""
    order = range(len(trials)) if not space.is_formula else _suspects(space, law, trials, undefined_too)
    undefined = None
    for examined, i in enumerate(order):
        values = dict(zip(law.letters, trials[i], strict=True))
        try:
            counterexample = _failure(space, law, values)
        except Undefined:
            undefined = undefined or values
            continue
        except Undecided:
            continue
        if counterexample is not None:
            return SearchResult(counterexample, undefined, len(trials))
        if space.is_formula and examined > 4 * _MAX_EXAMINED:
            break
    return SearchResult(None, undefined, len(trials))


def _failure(space: Space, law: Law, values: Mapping[str, Any]) -> Counterexample | None:
    """The counterexample that these numbers give, if they certainly give one."""
    operations = ExactOperations(space)
    if law.right is None:
        try:
            left = law.left(operations, *values.values())
        except Undefined:
            return Counterexample(values, f"{law.left_text} = ?")
        if space.contains(left) is not False:
            return None
        return Counterexample(values, f"{law.left_text} = {format_value(left)}")
    left, right = law.left(operations, *values.values()), law.right(operations, *values.values())
    if any(compare("!=", x, y) for x, y in zip(left, right, strict=True)):
        return Counterexample(
            values, f"{law.left_text} = {format_value(left)}", f"{format_value(right)} = {law.right_text}"
        )
    return None


def _assignments(space: Space, law: Law, scalars: Sequence[Fraction], pool: Sequence[Vector]) -> list[tuple[Any, ...]]:
    """Tuples of scalars and vectors, the simplest first: all combinations of the simplest ones, and random ones."""
    lists: list[Sequence[Any]] = [scalars for _ in law.scalars] + [pool for _ in law.vectors]
    combinations, extra = (_COMBINATIONS, _RANDOM) if space.is_formula else (_WITH_FUNCTIONS, 0)
    side = max(2, int(combinations ** (1 / len(lists)) + 1e-9))
    rng = np.random.default_rng(0)
    random = zip(*([choices[i] for i in rng.integers(len(choices), size=extra)] for choices in lists), strict=True)
    rows = dict.fromkeys(chain(product(*(choices[:side] for choices in lists)), random))
    return sorted(rows, key=lambda row: sum(complexity(x) if isinstance(x, tuple) else complexity((x,)) for x in row))


def _suspects(space: Space, law: Law, trials: Sequence[tuple[Any, ...]], undefined_too: bool) -> Iterator[int]:
    """The indices of trials that fail in floats: those with values on both sides first, then those without."""
    values: dict[str, Any] = {}
    for index, letter in enumerate(law.letters):
        column = [trial[index] for trial in trials]
        if letter in law.scalars:
            values[letter] = _floats(column)
        else:
            values[letter] = [_floats([v[k] for v in column]) for k in range(space.dimension)]
    operations = FloatOperations(space, np.ones(len(trials)))
    left = law.left(operations, *values.values())
    finite: Array = np.all(np.isfinite(np.array(left)), axis=0)
    if law.right is None:
        assert space.condition is not None
        holds = truth_of(space.condition, dict(zip(component_names("u", space.dimension), left, strict=True))) & finite
    else:
        right = law.right(operations, *values.values())
        finite &= np.all(np.isfinite(np.array(right)), axis=0)
        holds = np.all([close(x, y) for x, y in zip(left, right, strict=True)], axis=0)
    failing = np.flatnonzero(~holds & finite)[:_MAX_EXAMINED]
    yield from failing
    if undefined_too:
        yield from np.flatnonzero(~holds & ~finite)[:_MAX_EXAMINED]


def _floats(values: Sequence[Any]) -> Array:
    return np.array([float(x) if isinstance(x, Fraction) else float(ends(x)[0]) for x in values])
