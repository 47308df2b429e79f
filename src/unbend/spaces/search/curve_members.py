"""Members with irrational components, on curves such as u2 = sin(u1).

A component that SymPy solves for is substituted, and the membership proved. Otherwise a root is located in floats and
enclosed: a continuous function of opposite signs at both ends of an interval has a zero inside (Bolzano), so that the
interval contains a component of a member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np

from ...formula.evaluate.intervals import interval_context
from ...formula.language.tree import COMPARISONS, Binary, Call, Node, children, names
from ..evaluate import exact_values as exact
from ..evaluate.float_values import value_of
from ..language.conditions import (
    AllOf,
    Comparison,
    TooManyCases,
    disjunctive_normal_form,
    literals,
    negate,
    substitute_in,
    terms,
)
from ..language.domain_conditions import domain_condition
from ..proof.prover import unsatisfiable
from ..space import Space, component_names

Vector = tuple[Any, ...]
_FREE = tuple(Fraction(t) for t in "0 1 -1 2 1/2 -2 3 -1/2".split())
_GRID = np.linspace(-12, 12, 481) + 0.0123  # where changes of sign are looked for; off the round numbers
_MAX_ROOTS = 40
_DISCONTINUOUS = frozenset({"floor", "ceil", "sign", "where", "integer", "rational"})


def is_proved_member(space: Space, vector: tuple[Node, ...]) -> bool:
    """Whether a vector of expressions without names is proved to belong to the set."""
    assert space.condition is not None
    condition = substitute_in(space.condition, dict(zip(component_names("u", space.dimension), vector, strict=True)))
    needs = [domain_condition(node) for x in literals(condition) for node in terms(x)]
    return unsatisfiable(negate(AllOf((*needs, condition))))


def enclosed_roots(space: Space) -> Iterator[Vector]:
    """Members with one component enclosed by an interval, the others round numbers."""
    u = component_names("u", space.dimension)
    try:
        rows = disjunctive_normal_form(space.condition) if space.condition is not None else []
    except TooManyCases:
        return
    found = (vector for row in rows for vector in _roots_of_row(row, u))
    yield from islice(found, _MAX_ROOTS)


def _roots_of_row(row: tuple[Any, ...], u: tuple[str, ...]) -> Iterator[Vector]:
    equations = [x for x in row if isinstance(x, Comparison) and x.relation == "=="]
    if len(equations) != 1 or not _continuous(equations[0].left) or not _continuous(equations[0].right):
        return
    difference = Binary("-", equations[0].left, equations[0].right)
    others = [x for x in row if x is not equations[0]]
    for name in (n for n in reversed(u) if n in names(difference)):
        free = [n for n in u if n != name]
        for values in islice(product(_FREE, repeat=len(free)), 64):
            given: dict[str, Any] = dict(zip(free, values, strict=True))
            for root in _enclosures(difference, name, given):
                point = {**given, name: root}
                if all(exact.holds(x, point) is True for x in others):
                    yield tuple(point[n] for n in u)


def _enclosures(difference: Node, name: str, given: Mapping[str, Fraction]) -> Iterator[Any]:
    """Intervals that are proved to contain a zero of the expression as a function of ``name``."""

    def at(x: Any) -> Any:
        x = np.atleast_1d(x)
        return value_of(difference, {**{n: np.full(len(x), float(v)) for n, v in given.items()}, name: x})

    y = at(_GRID)
    for k in np.flatnonzero(np.isfinite(y[:-1]) & np.isfinite(y[1:]) & (y[:-1] * y[1:] < 0))[:3]:
        low, high, sign = float(_GRID[k]), float(_GRID[k + 1]), y[k] > 0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if (at(middle)[0] > 0) == sign else (low, middle)
        for margin in (1e-14, 1e-12, 1e-10):
            ends = low - margin * max(1.0, abs(low)), low + margin * max(1.0, abs(low))
            interval = interval_context().mpf(list(ends))
            try:
                signs = [exact.compare(">", exact.evaluate(difference, {**given, name: Fraction(x)}), Fraction(0))
                         for x in ends]  # fmt: skip
                below = [exact.compare("<", exact.evaluate(difference, {**given, name: Fraction(x)}), Fraction(0))
                         for x in ends]  # fmt: skip
                exact.evaluate(difference, {**given, name: interval})  # it has a value all along
            except (exact.Undefined, exact.Undecided):
                continue
            if (signs[0] and below[1]) or (below[0] and signs[1]):
                yield interval
                break


def _continuous(node: Node) -> bool:
    """Whether the expression is continuous wherever it has a value."""
    if isinstance(node, Call) and node.function in _DISCONTINUOUS:
        return False
    if isinstance(node, Binary) and node.operator in COMPARISONS:
        return False
    return all(_continuous(c) for c in children(node))
