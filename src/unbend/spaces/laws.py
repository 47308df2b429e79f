"""The axioms that are laws (all but zero and inverse), written once for trees, exact numbers and arrays alike.

What a law is reckoned with has ``plus(u, v)`` and ``times(a, u)`` of the space, ``sum(a, b)`` and ``product(a, b)`` of
scalars, and ``one``: ``Trees`` gives formulas, ``Exactly`` numbers, ``InFloats`` arrays with one entry per trial.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import Array
from ..formula.language.tree import Binary, Name, Node, substitute
from .conditions import ONE
from .numeric import value_of
from .space import Space, unknown

Vector = Sequence[Any]


@dataclass(frozen=True)
class Law:
    """For all vectors and scalars: ``left`` equals ``right``; without a right side, left belongs to the set."""

    axiom: str
    vectors: tuple[str, ...]
    scalars: tuple[str, ...]
    left_text: str
    right_text: str
    left: Callable[..., Vector]
    right: Callable[..., Vector] | None

    @property
    def letters(self) -> tuple[str, ...]:
        """Scalars, then vectors: the arguments of both sides after the reckoner."""
        return (*self.scalars, *self.vectors)


LAWS: dict[str, Law] = {
    law.axiom: law
    for law in [
        Law("V1", ("u", "v"), (), "u + v", "", lambda s, u, v: s.plus(u, v), None),
        Law("V2", ("u",), ("a",), "a u", "", lambda s, a, u: s.times(a, u), None),
        Law("V3", ("u", "v"), (), "u + v", "v + u", lambda s, u, v: s.plus(u, v), lambda s, u, v: s.plus(v, u)),
        Law("V4", ("u", "v", "w"), (), "(u + v) + w", "u + (v + w)",
            lambda s, u, v, w: s.plus(s.plus(u, v), w), lambda s, u, v, w: s.plus(u, s.plus(v, w))),
        Law("V7", ("u",), ("a", "b"), "a (b u)", "(a b) u",
            lambda s, a, b, u: s.times(a, s.times(b, u)), lambda s, a, b, u: s.times(s.product(a, b), u)),
        Law("V8", ("u", "v"), ("a",), "a (u + v)", "a u + a v",
            lambda s, a, u, v: s.times(a, s.plus(u, v)), lambda s, a, u, v: s.plus(s.times(a, u), s.times(a, v))),
        Law("V9", ("u",), ("a", "b"), "(a + b) u", "a u + b u",
            lambda s, a, b, u: s.times(s.sum(a, b), u), lambda s, a, b, u: s.plus(s.times(a, u), s.times(b, u))),
        Law("V10", ("u",), (), "1 u", "u", lambda s, u: s.times(s.one, u), lambda s, u: u),
    ]
}  # fmt: skip


@dataclass
class Trees:
    """Reckons with trees: the sides of a law become formulas. The space must be one of formulas."""

    space: Space
    one: Any = ONE

    def plus(self, u: Vector, v: Vector) -> tuple[Node, ...]:
        """The components' trees of u + v."""
        return self._filled(self.space.sum_trees or (), {**self._named("u", u), **self._named("v", v)})

    def times(self, a: Node, u: Vector) -> tuple[Node, ...]:
        """The components' trees of a times u."""
        return self._filled(self.space.multiple_trees or (), {"a": a, **self._named("u", u)})

    def sum(self, a: Node, b: Node) -> Node:
        """a + b"""
        return Binary("+", a, b)

    def product(self, a: Node, b: Node) -> Node:
        """a b"""
        return Binary("*", a, b)

    def vector(self, letter: str) -> tuple[Node, ...]:
        """An unknown vector."""
        return tuple(Name(n) for n in unknown(letter, self.space.dimension))

    def _named(self, letter: str, vector: Vector) -> dict[str, Node]:
        return dict(zip(unknown(letter, self.space.dimension), vector, strict=True))

    def _filled(self, trees: Sequence[Node], values: Mapping[str, Node]) -> tuple[Node, ...]:
        return tuple(substitute(t, values) for t in trees)


@dataclass(frozen=True)
class Exactly:
    """Reckons with exact numbers."""

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
class InFloats:
    """Reckons with arrays of floats, one entry per trial."""

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
        return dict(zip(unknown(letter, self.space.dimension), vector, strict=True))
