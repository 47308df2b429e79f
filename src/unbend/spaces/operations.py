"""A space's operations on expression trees, on exact numbers, and on arrays of floats: one interface for all three.

Each has ``plus(u, v)`` and ``times(a, u)`` of the space, ``sum(a, b)`` and ``product(a, b)`` of scalars, and ``one``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import Array
from ..formula.language.tree import Binary, Name, Node, substitute
from .evaluate.float_values import value_of
from .language.conditions import ONE
from .space import Space, component_names

Vector = Sequence[Any]


@dataclass
class SymbolicOperations:
    """Operations on expression trees; the space must be given by formulas."""

    space: Space
    one: Any = ONE

    def plus(self, u: Vector, v: Vector) -> tuple[Node, ...]:
        """The components of u + v."""
        return self._substituted(self.space.sum_trees or (), {**self._named("u", u), **self._named("v", v)})

    def times(self, a: Node, u: Vector) -> tuple[Node, ...]:
        """The components of a times u."""
        return self._substituted(self.space.multiple_trees or (), {"a": a, **self._named("u", u)})

    def sum(self, a: Node, b: Node) -> Node:
        """a + b"""
        return Binary("+", a, b)

    def product(self, a: Node, b: Node) -> Node:
        """a b"""
        return Binary("*", a, b)

    def vector(self, letter: str) -> tuple[Node, ...]:
        """An unknown vector."""
        return tuple(Name(n) for n in component_names(letter, self.space.dimension))

    def _named(self, letter: str, vector: Vector) -> dict[str, Node]:
        return dict(zip(component_names(letter, self.space.dimension), vector, strict=True))

    def _substituted(self, trees: Sequence[Node], values: Mapping[str, Node]) -> tuple[Node, ...]:
        return tuple(substitute(t, values) for t in trees)


@dataclass(frozen=True)
class ExactOperations:
    """Operations on exact numbers (fractions, intervals)."""

    space: Space
    one: Any = Fraction(1)

    def plus(self, u: Vector, v: Vector) -> Vector:
        """u + v; raises ``Undefined`` where it has no value."""
        return self.space.sum(u, v)

    def times(self, a: Any, u: Vector) -> Vector:
        """a times u; raises ``Undefined`` where it has no value."""
        return self.space.multiple(a, u)

    def sum(self, a: Any, b: Any) -> Any:
        """a + b"""
        return a + b

    def product(self, a: Any, b: Any) -> Any:
        """a b"""
        return a * b


@dataclass(frozen=True)
class FloatOperations:
    """Operations on arrays of floats with one entry per trial, (trials,)."""

    space: Space
    one: Any

    def plus(self, u: Vector, v: Vector) -> list[Array]:
        """u + v at every trial."""
        values = {**self._named("u", u), **self._named("v", v)}
        return [value_of(t, values) for t in self.space.sum_trees or ()]

    def times(self, a: Array, u: Vector) -> list[Array]:
        """a times u at every trial."""
        return [value_of(t, {"a": a, **self._named("u", u)}) for t in self.space.multiple_trees or ()]

    def sum(self, a: Array, b: Array) -> Array:
        """a + b"""
        return np.asarray(a + b)

    def product(self, a: Array, b: Array) -> Array:
        """a b"""
        return np.asarray(a * b)

    def _named(self, letter: str, vector: Vector) -> dict[str, Array]:
        return dict(zip(component_names(letter, self.space.dimension), vector, strict=True))
