"""`PolygonMesh`: the pieces as a planar polygon mesh: shared vertices, edges and half-edges, and their lines.

Coordinates are slice coordinates divided by a power of two per axis, so that they are at most 1 in size. Every edge
runs along its line with the line's positive side on its left; every cell lists its half-edges counterclockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ..slices import Slice
from .scaled_layers import UNIT, coordinate_scale

BOX = -1  # the layer of a line that is a side of the box


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines a*x + b*y + c = 0 with a² + b² = 1; the left side is > 0 where the neuron is above its kink.

    A line of layer s is hyperplane number ``hyperplane`` of that layer, restricted to cell number ``cell`` of the
    cells that enter the layer. A line of layer ``BOX`` is side ``hyperplane`` of the box (bottom, right, top, left).
    ``error`` bounds the error of the left side anywhere in the box.
    """

    layer: Array
    cell: Array
    hyperplane: Array
    coefficients: Array
    error: Array

    def __len__(self) -> int:
        return len(self.layer)

    def plus(self, other: Lines) -> Lines:
        """These lines followed by the others."""
        return Lines(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class PolygonMesh:
    """All cells after one layer.

    Vertices: ``xy`` (V, 2) with an error of at most ``error`` (V,), and ``vertex_lines`` (V, 2), two lines that meet
    there. Edges: ``ends`` (E, 2) and ``edge_line`` (E,). Cell c has the half-edges start[c]:start[c + 1], each with
    the vertex ``origin`` it begins at, its ``edge``, and ``forward``: whether it runs as the edge does.
    """

    xy: Array
    error: Array
    vertex_lines: Array
    ends: Array
    edge_line: Array
    start: Array
    origin: Array
    edge: Array
    forward: Array
    lines: Lines

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.start) - 1

    @property
    def half_edge_cell(self) -> Array:
        """The cell of each half-edge."""
        return np.repeat(np.arange(self.cells), np.diff(self.start))

    def bounding_boxes(self) -> tuple[Array, Array]:
        """Each cell's bounding box: its centre (C, 2) and half its sides, errors included (C, 2)."""
        points = self.xy[self.origin]
        low = np.minimum.reduceat(points, self.start[:-1])
        high = np.maximum.reduceat(points, self.start[:-1])
        error = np.maximum.reduceat(self.error[self.origin], self.start[:-1])
        return (low + high) / 2, (high - low) * (0.5 + 4 * UNIT) + (error + 4 * UNIT)[:, None]


def box_mesh(domain: Slice) -> PolygonMesh:
    """The mesh of one cell, the box; a segment is a strip of height 1 on which nothing depends on the height."""
    box = np.array([[0.0, 1.0], [0.0, 1.0]])
    box[: domain.dimensions] = domain.box
    (left, right), (low, high) = box / coordinate_scale(domain)[:, None]
    four = np.arange(4)
    no_layer = np.full(4, BOX)
    lines = Lines(
        layer=no_layer,
        cell=no_layer,
        hyperplane=four,
        coefficients=np.array([[0, 1, -low], [-1, 0, right], [0, -1, high], [1, 0, -left]], dtype=np.float64),
        error=np.zeros(4),
    )
    return PolygonMesh(
        xy=np.array([[left, low], [right, low], [right, high], [left, high]]),
        error=np.zeros(4),
        vertex_lines=np.stack([(four + 3) % 4, four], axis=1),
        ends=np.stack([four, (four + 1) % 4], axis=1),
        edge_line=four,
        start=np.array([0, 4]),
        origin=four,
        edge=four,
        forward=np.ones(4, dtype=bool),
        lines=lines,
    )


def intersect_lines(first: Array, first_error: Array, second: Array, second_error: Array) -> tuple[Array, Array]:
    """Where lines meet, (n, 2), and a bound on the error of each point (n,); coefficients come as (n, 3).

    The error of a computed point follows from its residuals: both true lines pass within line error + residual of
    it, and the two gradients turn that into a distance.
    """
    (a, b, c), (d, e, f) = first.T, second.T
    determinant = a * e - b * d
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.clip((b * f - c * e) / determinant, -1.0, 1.0)
        y = np.clip((c * d - a * f) / determinant, -1.0, 1.0)
        first_distance = first_error + np.abs(a * x + b * y + c) + 16 * UNIT
        second_distance = second_error + np.abs(d * x + e * y + f) + 16 * UNIT
        error = 1.01 * (first_distance + second_distance) / (np.abs(determinant) - 8 * UNIT)
    error[~((error >= 0) & (error < 4.0))] = 4.0
    return np.nan_to_num(np.stack([x, y], axis=1)), error
