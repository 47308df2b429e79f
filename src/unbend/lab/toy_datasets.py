"""Two-dimensional toy data sets, one record each: random draws, and formulas of them.

NumPy and the static page's JavaScript are both made from the records (`static_page.formulas`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..formula.printing.numpy_functions import numpy_function

ROWS = 400


@dataclass(frozen=True)
class Draw:
    """A row's random numbers, one per name: uniform between ``a`` and ``b``, or normal of mean ``a`` and sd ``b``."""

    names: tuple[str, ...]
    kind: Literal["uniform", "normal"]
    a: float
    b: float


@dataclass(frozen=True)
class ToyDataset:
    """A toy data set.

    Parameters
    ----------
    draws : tuple of Draw
        Drawn one after another, each for all rows.
    steps : tuple of (str, str)
        (name, formula) pairs in the draws' names, ``odd`` (0 and 1 in turn, row after row) and ``noise`` (0 to 1); they
        end in ``x1``, ``x2`` and ``y``.
    classes : int, default 0
        How many classes y numbers; 0 where y is a value.
    rows : int, default 400
    """

    draws: tuple[Draw, ...]
    steps: tuple[tuple[str, str], ...]
    classes: int = 0
    rows: int = ROWS

    @property
    def names(self) -> tuple[str, ...]:
        """What the formulas are in: the draws' names and ``odd``."""
        return (*(name for draw in self.draws for name in draw.names), "odd")

    def __call__(self, rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
        """x (rows, 2), and y (rows,): values, or class numbers."""
        columns: list[Array] = []
        for draw in self.draws:
            shape = (self.rows, len(draw.names))
            numbers = (
                rng.uniform(draw.a, draw.b, shape) if draw.kind == "uniform" else rng.normal(draw.a, draw.b, shape)
            )
            columns += [*numbers.T]
        x1, x2, y = self._numpy(*columns, np.arange(self.rows) % 2, noise)
        y = np.broadcast_to(y, (self.rows,))
        return np.column_stack([x1, x2]), y.astype(np.int64) if self.classes else y.astype(np.float64)

    @cached_property
    def _numpy(self) -> Any:
        return numpy_function((*self.names, "noise"), self.steps, ("x1", "x2", "y"))


def _noisy(noise: Draw, *steps: tuple[str, str], classes: int = 2, draws: tuple[Draw, ...]) -> ToyDataset:
    """Points (a, b) to which the noise (e1, e2) is added."""
    moved = (("x1", "a + noise*e1"), ("x2", "b + noise*e2"))
    return ToyDataset((*draws, noise), (*steps, *moved), classes)


_SQUARE = Draw(("a", "b"), "uniform", -5, 5)
_CENTRES = ((1, -3, 2.5), (-1, 0, 2.5), (1, 3, 2.5), (-1, -3, -2.5), (1, 0, -2.5), (-1, 3, -2.5))  # sign, a, b
_HILLS = " + ".join(f"{sign}*exp(-((a - {a})**2 + (b - {b})**2)/2.5)" for sign, a, b in _CENTRES)
TOY_DATASETS: Mapping[str, ToyDataset] = MappingProxyType(
    {
        # a disc inside a ring
        "circle": _noisy(
            Draw(("e1", "e2"), "normal", 0, 2),
            ("r", "where(odd, inner, outer)"),
            ("a", "r*cos(angle)"),
            ("b", "r*sin(angle)"),
            ("y", "odd"),
            draws=(
                Draw(("inner",), "uniform", 0, 2.5),
                Draw(("outer",), "uniform", 3.5, 5),
                Draw(("angle",), "uniform", 0, 2 * np.pi),
            ),
        ),
        # quadrants of equal signs against those of unequal ones, with a gap between
        "xor": _noisy(
            Draw(("e1", "e2"), "normal", 0, 3),
            ("a", "u + 0.3*sign(u)"),
            ("b", "v + 0.3*sign(v)"),
            ("y", "where(a*b > 0, 1, 0)"),
            draws=(Draw(("u", "v"), "uniform", -5, 5),),
        ),
        # two round Gaussian clouds
        "clouds": ToyDataset(
            (Draw(("e1", "e2"), "normal", 0, 1),),
            (
                ("centre", "where(odd, 2, -2)"),
                ("x1", "centre + (0.8 + 3*noise)*e1"),
                ("x2", "centre + (0.8 + 3*noise)*e2"),
                ("y", "odd"),
            ),
            2,
        ),
        # two interleaved spiral arms
        "spiral": _noisy(
            Draw(("e1", "e2"), "normal", 0, 1.5),
            ("t", "sqrt(area)"),
            ("angle", "1.75*2*pi*t + pi*odd"),
            ("a", "5*t*sin(angle)"),
            ("b", "5*t*cos(angle)"),
            ("y", "odd"),
            draws=(Draw(("area",), "uniform", 0.01, 1),),
        ),
        # an inclined plane: a linear model fits it exactly when there is no noise
        "plane": ToyDataset(
            (_SQUARE, Draw(("e1",), "normal", 0, 2)), (("x1", "a"), ("x2", "b"), ("y", "(a + b)/5 + noise*e1"))
        ),
        # three positive and three negative Gaussian bumps
        "hills": ToyDataset(
            (_SQUARE, Draw(("e1",), "normal", 0, 1)), (("x1", "a"), ("x2", "b"), ("y", f"{_HILLS} + noise*e1"))
        ),
    }
)
SECTORS = ToyDataset(  # of the page Network: three sectors around the origin
    (Draw(("a", "b"), "normal", 0, 1),),
    (
        ("turn", "floor(atan2(b, a)/(2*pi/3) + 1.5)"),
        ("x1", "a"),
        ("x2", "b"),
        ("y", "turn - 3*floor(turn/3)"),
    ),
    3,
    1000,
)
