"""The pieces as one planar mesh: vertices, edges and cells that share them, and the lines they lie on.

Coordinates are slice coordinates divided by a power of two per axis, so that they are at most 1 in size. Every edge
runs along its line with the line's positive side on its left; every cell lists its corners counterclockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .plane import Slice
from .stages import UNIT, coordinate_scale

BOX = -1  # the level of a line that is a side of the box


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines a*x + b*y + c = 0 with a² + b² = 1 and the positive side of their neuron where the left side is > 0.

    ``level``, ``cell`` and ``kind``: a line of level s belongs to class ``kind`` of stage s in cell ``cell`` of level
    s; a line of level ``BOX`` is side ``kind`` of the box (bottom, right, top, left). ``slack`` bounds the error of
    the left side anywhere in the box.
    """

    level: Array
    cell: Array
    kind: Array
    coefficients: Array
    slack: Array

    def __len__(self) -> int:
        return len(self.level)

    def plus(self, other: Lines) -> Lines:
        """These lines followed by the others."""
        return Lines(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Mesh:
    """All cells of one level.

    ``xy`` (V, 2) with error at most ``slack`` (V,), on the two lines ``on`` (V, 2); ``ends`` (E, 2) and ``line`` (E,)
    of each edge; cell c has the half-edges start[c]:start[c + 1], each with its first vertex ``corner``, its edge
    ``side``, and ``ahead``: whether it runs as the edge does.
    """

    xy: Array
    slack: Array
    on: Array
    ends: Array
    line: Array
    start: Array
    corner: Array
    side: Array
    ahead: Array
    lines: Lines

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.start) - 1

    @property
    def owner(self) -> Array:
        """The cell of each half-edge."""
        return np.repeat(np.arange(self.cells), np.diff(self.start))

    def middle_and_reach(self) -> tuple[Array, Array]:
        """Each cell's bounding box: its middle (C, 2) and half its sides, errors included (C, 2)."""
        points = self.xy[self.corner]
        low = np.minimum.reduceat(points, self.start[:-1])
        high = np.maximum.reduceat(points, self.start[:-1])
        error = np.maximum.reduceat(self.slack[self.corner], self.start[:-1])
        return (low + high) / 2, (high - low) * (0.5 + 4 * UNIT) + (error + 4 * UNIT)[:, None]


def box_mesh(where: Slice) -> Mesh:
    """The mesh of one cell, the box; a segment is a strip of height 1 on which nothing depends on the height."""
    box = np.array([[0.0, 1.0], [0.0, 1.0]])
    box[: where.dimensions] = where.box
    (left, right), (low, high) = box / coordinate_scale(where)[:, None]
    sides = np.array([[0, 1, -low], [-1, 0, right], [0, -1, high], [1, 0, -left]], dtype=np.float64)
    none = np.full(4, BOX)
    lines = Lines(none, none, np.arange(4), sides, np.zeros(4))
    four = np.arange(4)
    return Mesh(
        np.array([[left, low], [right, low], [right, high], [left, high]]),
        np.zeros(4),
        np.stack([(four + 3) % 4, four], axis=1),
        np.stack([four, (four + 1) % 4], axis=1),
        four,
        np.array([0, 4]),
        four,
        four,
        np.ones(4, dtype=bool),
        lines,
    )


def intersect(first: Array, first_slack: Array, second: Array, second_slack: Array) -> tuple[Array, Array]:
    """Where lines meet, (n, 2), and a bound on the error of each point (n,); coefficients come as (n, 3).

    The error of a computed point follows from its residuals: both true lines pass within slack + residual of it, and
    the two gradients turn that into a distance.
    """
    (a, b, c), (d, e, f) = first.T, second.T
    determinant = a * e - b * d
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.clip((b * f - c * e) / determinant, -1.0, 1.0)
        y = np.clip((c * d - a * f) / determinant, -1.0, 1.0)
        miss = first_slack + np.abs(a * x + b * y + c) + 16 * UNIT
        other = second_slack + np.abs(d * x + e * y + f) + 16 * UNIT
        error = 1.01 * (miss + other) / (np.abs(determinant) - 8 * UNIT)
    error[~((error >= 0) & (error < 4.0))] = 4.0
    return np.nan_to_num(np.stack([x, y], axis=1)), error
