"""``spaces``: a catalogue of example spaces, half of them vector spaces, half of them not."""

from __future__ import annotations

from ..display import Registry
from .space import Space


class Spaces(Registry[Space]):
    """Spaces by name."""


spaces = Spaces(
    [
        Space(3, name="R3"),
        Space(4, name="2x2 matrices"),  # (u1, u2; u3, u4)
        Space(3, name="polynomials up to degree 2"),  # u1 + u2 x + u3 x²
        Space(5, name="functions on five points"),  # the values at the points
        Space(2, member="u2 == 2*u1", name="line through the origin"),
        Space(3, member="u1 - 2*u2 + u3 == 0", name="plane through the origin"),
        Space(3, member="u1 + u2 == 0 and u2 - 2*u3 == 0", name="solutions of Ax = 0"),
        Space(1, "u*v", "u**a", "u > 0", name="positive reals"),
        Space(1, "u + v - 1", "a*u - a + 1", name="reals with zero 1"),
        Space(2, member="u2 == 2*u1 + 1", name="shifted line"),
        Space(2, member="u1 >= 0 and u2 >= 0", name="quadrant"),
        Space(2, member="u1**2 + u2**2 == 1", name="unit circle"),
        Space(1, member="u == floor(u)", name="integers over R"),
        Space(2, scale="(a*u1, u2)", name="twisted plane"),
        Space(3, member="u1 + u2 == 1 and u2 - 2*u3 == 3", name="solutions of Ax = b"),
        Space(3, member="u3 != 0", name="polynomials of degree 2"),
        Space(2, member="u1*u2 == 0", name="two crossing lines"),
        Space(1, "max(u, v)", "a + u", name="max-plus line"),
    ]
)
"""Example spaces by name: an immutable mapping from str to `Space`.

Examples
--------
>>> import unbend as ub
>>> ub.check_axioms(ub.spaces["positive reals"]).is_vector_space
True
"""
