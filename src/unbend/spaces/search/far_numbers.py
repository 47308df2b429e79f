"""Trial numbers far from 0, and around the numbers that a space's formulas contain: where its rules may change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ...formula.language.tree import Node, Number, children
from ..language.conditions import literals, terms
from ..space import Space

Vector = tuple[Any, ...]
_LARGE = tuple(Fraction(10) ** k for k in (3, 6, 7, 9, 12))
_MAX_CONSTANTS, _MAX_VECTORS = 8, 40


def far_scalars(space: Space) -> list[Fraction]:
    """Scalars just below, at and beyond the constants of the formulas, and large and small ones."""
    numbers: list[Fraction] = []
    for c in _constants(space)[:_MAX_CONSTANTS]:
        numbers += [c, c + 1, c - 1, 2 * c, -c, -c - 1, -2 * c, c + Fraction(1, 2)]
    for large in _LARGE:
        numbers += [large + 1, -large - 1, 1 / large]
    return [x for x in dict.fromkeys(numbers) if space.field != "integer" or x.denominator == 1]


def far_members(space: Space, pool: Sequence[Vector]) -> list[Vector]:
    """Members like the given ones, with one component, or all, replaced by or multiplied with a far number."""
    members: dict[Vector, None] = {}
    for u in _far_vectors(space, pool):
        if u not in members and space.contains(u):
            members[u] = None
        if len(members) >= _MAX_VECTORS:
            break
    return list(members)


def _far_vectors(space: Space, pool: Sequence[Vector]) -> Iterator[Vector]:
    numbers = far_scalars(space)[:32]
    vectors = [u for u in pool[:4] if all(isinstance(x, Fraction) for x in u)]
    for number in numbers:
        for u in vectors:
            yield tuple(number * x for x in u)
            for k in range(len(u)):
                yield (*u[:k], number, *u[k + 1 :])


def _constants(space: Space) -> list[Fraction]:
    """The numbers in the formulas of sum, multiple and condition, the largest first, but for 0, 1 and 2."""
    trees: list[Node] = [*(space.sum_trees or ()), *(space.multiple_trees or ())]
    trees += [node for x in literals(space.condition) for node in terms(x)] if space.condition is not None else []
    found: dict[Fraction, None] = {}
    while trees:
        node = trees.pop()
        if isinstance(node, Number):
            found[node.value] = None
        trees += children(node)
    return sorted((c for c in found if c not in (0, 1, 2)), key=lambda c: (-abs(c), c))
