"""Numbers and vectors to try axioms on: small and round ones first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np

from ..formula.language.tree import Binary
from . import exact
from .affine import affine
from .conditions import TRUE, Comparison, branches, literals
from .numeric import truth_of
from .solving import some_solved
from .space import Space, unknown

# 3/5 and 4/5 (and 5/13, 12/13) lie on the unit circle
_TEXTS = "0 1 -1 2 -2 1/2 -1/2 3 -3 3/2 -3/2 1/3 -1/3 4 -4 3/5 4/5 -3/5 -4/5 5 -5 1/4 3/4 5/13 12/13 9/10 7 10 1/10 -10"
ROUND = tuple(Fraction(t) for t in _TEXTS.split())
_MOST_TRIED = 20_000
_MOST_KEPT = 400
Vector = tuple[Any, ...]


def cost(numbers: Sequence[Any]) -> float:
    """How far from small and round: 0 for zeros, 1 for a one, a little more for -1, 3 for 1/2."""
    return sum(_cost(x) for x in numbers)


def _cost(x: Any) -> float:
    if not isinstance(x, Fraction):
        return 50.0
    return abs(x.numerator) + 2.0 * (x.denominator - 1) + (0.25 if x < 0 else 0.0)


def scalars(field: str) -> list[Fraction]:
    """Scalars to try, the simplest first."""
    return [x for x in ROUND if field != "integer" or x.denominator == 1]


def members(space: Space) -> list[Vector]:
    """Vectors of the space, the simplest first: from a grid of round numbers, and where equations leave few of those,
    by solving the equations for one component at a time."""  # fmt: skip
    found = [p for p in _probable(space) if space.contains(p)]
    if len(found) < 30 and space.condition is not None:
        found += [p for p in _solved(space) if space.contains(p)]
    if not found and space.condition is not None:
        # irrational ones: they solve the equations, which their intervals leave open
        found = [p for p in _solved(space) if space.contains(p) is None]
    pool = sorted(dict.fromkeys(found), key=cost)[:_MOST_KEPT]
    edge = [p for p in dict.fromkeys(_stretched(space, pool[:20])) if p not in pool and space.contains(p)]
    return [*pool[:10], *edge[:6], *pool[10:]]


def _stretched(space: Space, some: Sequence[Vector]) -> Iterator[Vector]:
    """Multiples that lie on the set's straight edges, which may be far out: u1 <= 1000 has (1000, 0)."""
    for literal in literals(space.condition or TRUE):
        form = affine(Binary("-", literal.left, literal.right)) if isinstance(literal, Comparison) else None
        edge = -form.get("", Fraction(0)) if form else Fraction(0)
        if form is None or not edge:
            continue
        for u in some:
            if all(isinstance(x, Fraction) for x in u):
                reach = sum(form.get(n, 0) * x for n, x in zip(unknown("u", space.dimension), u, strict=True))
                if reach:
                    for factor in (1, -1, 2, -2):
                        yield tuple(factor * x * edge / reach for x in u)


def _grid(dimension: int, seed: int = 0) -> Iterator[Vector]:
    """Points of round numbers: a full grid, as fine as there is room for, then random ones."""
    side = len(ROUND) if dimension < 2 else int(_MOST_TRIED ** (1 / dimension))
    yield from islice(product(ROUND[: max(side, 2)], repeat=dimension), _MOST_TRIED)
    if dimension > 2:
        rng = np.random.default_rng(seed)
        # the simple numbers more often, so that vectors with many zeros and ones come up
        share = 1 / (1 + np.arange(len(ROUND)))
        for row in rng.choice(len(ROUND), size=(4_000, dimension), p=share / share.sum()):
            yield tuple(ROUND[i] for i in row)


def _probable(space: Space) -> list[Vector]:
    """The grid's points that floating-point arithmetic finds in the set, or all where a function decides."""
    points = list(_grid(space.dimension))
    if space.condition is None:
        return sorted(points, key=cost)[:4_000]
    columns = np.array([[float(x) for x in p] for p in points]).T
    inside = truth_of(space.condition, dict(zip(unknown("u", space.dimension), columns, strict=True)))
    return sorted((p for p, yes in zip(points, inside, strict=True) if yes), key=cost)[: 2 * _MOST_KEPT]


def _solved(space: Space) -> Iterator[Vector]:
    """Points on the set's equations: all components but one round, the last one solved for."""
    u = unknown("u", space.dimension)
    for row in branches(space.condition or TRUE):
        equations = [x for x in row if isinstance(x, Comparison) and x.relation == "=="]
        for solution in islice(some_solved(equations, u), 12):
            free = [n for n in u if n not in solution]
            for values in islice(_grid(len(free)), 600 if free else 1):
                given = dict(zip(free, values, strict=True))
                try:
                    yield tuple(given[n] if n in given else exact.evaluate(solution[n], given) for n in u)
                except (exact.Undefined, exact.Unclear):
                    continue
