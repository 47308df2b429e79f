"""`trial_scalars`, `sample_members`: numbers and vectors on which axioms are tried, small and round ones first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np

from ...formula.language.build import number
from ...formula.language.tree import Binary, Node, substitute
from ..evaluate import exact_values as exact
from ..evaluate.float_values import truth_of
from ..language.conditions import TRUE, Comparison, disjunctive_normal_form, literals
from ..space import Space, component_names
from ..symbolic.affine_form import affine_form
from ..symbolic.equation_solver import solve_for_some
from .curve_members import enclosed_roots, is_proved_member

# 3/5 and 4/5 (and 5/13, 12/13) lie on the unit circle
_TEXTS = "0 1 -1 2 -2 1/2 -1/2 3 -3 3/2 -3/2 1/3 -1/3 4 -4 3/5 4/5 -3/5 -4/5 5 -5 1/4 3/4 5/13 12/13 9/10 7 10 1/10 -10"
ROUND = tuple(Fraction(t) for t in _TEXTS.split())
_MAX_TRIED = 20_000
_MAX_MEMBERS = 400
_FEW = 30  # members; with fewer, more are constructed
Vector = tuple[Any, ...]


def complexity(numbers: Sequence[Any]) -> float:
    """How far from small and round: 0 for zeros, 1 for a one, a little more for -1, 3 for 1/2; for sorting."""
    return sum(_number_complexity(x) for x in numbers)


def _number_complexity(x: Any) -> float:
    if not isinstance(x, Fraction):
        return 50.0
    return abs(x.numerator) + 2.0 * (x.denominator - 1) + (0.25 if x < 0 else 0.0)


def trial_scalars(field: str) -> list[Fraction]:
    """Scalars to try, the simplest first."""
    return [x for x in ROUND if field != "integer" or x.denominator == 1]


def sample_members(space: Space) -> list[Vector]:
    """Vectors of the space to try: the ten simplest, up to six on boundaries, then the others by complexity.

    They are taken from a grid of round numbers, and where equations leave few of those, by solving the equations for
    one component at a time.
    """
    members = [p for p in _grid_members(space) if space.contains(p)]
    irrational: list[Vector] = []
    if len(members) < _FEW and space.condition is not None:
        undecided: list[tuple[Vector, tuple[Node, ...]]] = []
        for p, trees in _equation_solutions(space):
            inside = space.contains(p)
            if inside:
                members.append(p)
            elif inside is None:  # intervals cannot confirm an equation
                undecided.append((p, trees))
        if len(members) < _FEW:
            on_grid = [(p, tuple(map(number, p))) for p in _grid_members(space) if space.contains(p) is None]
            irrational = [p for p, trees in [*on_grid[:_FEW], *undecided[:_FEW]] if is_proved_member(space, trees)]
        if not members and not irrational:
            irrational = list(enclosed_roots(space)) or [p for p, _ in undecided]
    if len(members) + len(irrational) < _FEW and space.condition is not None:
        irrational += enclosed_roots(space)
    members += [p for p in irrational if p not in members]
    pool = sorted(dict.fromkeys(members), key=complexity)[:_MAX_MEMBERS]
    boundary = [p for p in dict.fromkeys(_boundary_multiples(space, pool[:20])) if p not in pool and space.contains(p)]
    return [*pool[:10], *boundary[:6], *pool[10:]]


def _boundary_multiples(space: Space, vectors: Sequence[Vector]) -> Iterator[Vector]:
    """Multiples that lie on the set's straight boundaries, which may be far out: (1000, 0) for u1 <= 1000."""
    for literal in literals(space.condition or TRUE):
        form = affine_form(Binary("-", literal.left, literal.right)) if isinstance(literal, Comparison) else None
        offset = -form.get("", Fraction(0)) if form else Fraction(0)
        if form is None or not offset:
            continue
        for u in vectors:
            if all(isinstance(x, Fraction) for x in u):
                reach = sum(form.get(n, 0) * x for n, x in zip(component_names("u", space.dimension), u, strict=True))
                if reach:
                    for factor in (1, -1, 2, -2):
                        yield tuple(factor * x * offset / reach for x in u)


def _grid(dimension: int, seed: int = 0) -> Iterator[Vector]:
    """Points of round numbers: a full grid, as fine as the limit allows, then random ones."""
    side = len(ROUND) if dimension < 2 else int(_MAX_TRIED ** (1 / dimension))
    yield from islice(product(ROUND[: max(side, 2)], repeat=dimension), _MAX_TRIED)
    if dimension > 2:
        rng = np.random.default_rng(seed)
        # simple numbers are more probable, so that vectors with many zeros and ones occur
        weights = 1 / (1 + np.arange(len(ROUND)))
        for row in rng.choice(len(ROUND), size=(4_000, dimension), p=weights / weights.sum()):
            yield tuple(ROUND[i] for i in row)


def _grid_members(space: Space) -> list[Vector]:
    """The grid points that are members in floating-point arithmetic; all where membership is a function."""
    points = list(_grid(space.dimension))
    if space.condition is None:
        return sorted(points, key=complexity)[:4_000]
    columns = np.array([[float(x) for x in p] for p in points]).T
    inside = truth_of(space.condition, dict(zip(component_names("u", space.dimension), columns, strict=True)))
    return sorted((p for p, yes in zip(points, inside, strict=True) if yes), key=complexity)[: 2 * _MAX_MEMBERS]


def _equation_solutions(space: Space) -> Iterator[tuple[Vector, tuple[Node, ...]]]:
    """Solutions of the set's equations, the free components being round numbers: their values, and as expressions."""
    u = component_names("u", space.dimension)
    for row in disjunctive_normal_form(space.condition or TRUE):
        equations = [x for x in row if isinstance(x, Comparison) and x.relation == "=="]
        for solution in islice(solve_for_some(equations, u), 12):
            free = [n for n in u if n not in solution]
            for values in islice(_grid(len(free)), 600 if free else 1):
                given = dict(zip(free, values, strict=True))
                try:
                    p = tuple(given[n] if n in given else exact.evaluate(solution[n], given) for n in u)
                except (exact.Undefined, exact.Undecided):
                    continue
                numbers: dict[str, Node] = {n: number(x) for n, x in given.items()}
                yield p, tuple(numbers[n] if n in given else substitute(solution[n], numbers) for n in u)
