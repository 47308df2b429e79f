"""The axioms that are laws (all but zero and inverse), written once for expressions, exact numbers and arrays alike.

The sides of a law are functions of a space's operations (see ``operations``), then scalars, then vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .operations import Vector


@dataclass(frozen=True)
class Law:
    """For all vectors and scalars ``left`` equals ``right``; without a right side, ``left`` belongs to the set."""

    axiom: str
    vectors: tuple[str, ...]
    scalars: tuple[str, ...]
    left_text: str
    left: Callable[..., Vector]
    right_text: str = ""
    right: Callable[..., Vector] | None = None

    @property
    def letters(self) -> tuple[str, ...]:
        """Scalars, then vectors: the arguments of both sides after the operations."""
        return (*self.scalars, *self.vectors)


LAWS: dict[str, Law] = {
    law.axiom: law
    for law in [
        Law(
            axiom="V1",
            vectors=("u", "v"),
            scalars=(),
            left_text="u + v",
            left=lambda s, u, v: s.plus(u, v),
        ),
        Law(
            axiom="V2",
            vectors=("u",),
            scalars=("a",),
            left_text="a u",
            left=lambda s, a, u: s.times(a, u),
        ),
        Law(
            axiom="V3",
            vectors=("u", "v"),
            scalars=(),
            left_text="u + v",
            left=lambda s, u, v: s.plus(u, v),
            right_text="v + u",
            right=lambda s, u, v: s.plus(v, u),
        ),
        Law(
            axiom="V4",
            vectors=("u", "v", "w"),
            scalars=(),
            left_text="(u + v) + w",
            left=lambda s, u, v, w: s.plus(s.plus(u, v), w),
            right_text="u + (v + w)",
            right=lambda s, u, v, w: s.plus(u, s.plus(v, w)),
        ),
        Law(
            axiom="V7",
            vectors=("u",),
            scalars=("a", "b"),
            left_text="a (b u)",
            left=lambda s, a, b, u: s.times(a, s.times(b, u)),
            right_text="(a b) u",
            right=lambda s, a, b, u: s.times(s.product(a, b), u),
        ),
        Law(
            axiom="V8",
            vectors=("u", "v"),
            scalars=("a",),
            left_text="a (u + v)",
            left=lambda s, a, u, v: s.times(a, s.plus(u, v)),
            right_text="a u + a v",
            right=lambda s, a, u, v: s.plus(s.times(a, u), s.times(a, v)),
        ),
        Law(
            axiom="V9",
            vectors=("u",),
            scalars=("a", "b"),
            left_text="(a + b) u",
            left=lambda s, a, b, u: s.times(s.sum(a, b), u),
            right_text="a u + b u",
            right=lambda s, a, b, u: s.plus(s.times(a, u), s.times(b, u)),
        ),
        Law(
            axiom="V10",
            vectors=("u",),
            scalars=(),
            left_text="1 u",
            left=lambda s, u: s.times(s.one, u),
            right_text="u",
            right=lambda s, u: u,
        ),
    ]
}
