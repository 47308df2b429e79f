"""The slice of the input space that is looked at: a segment or a rectangle on a plane through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import ShapeError


@dataclass(frozen=True, eq=False)
class Slice:
    """The points ``origin + u*d1 + v*d2`` with (u, v) in ``box``; a segment has one direction and no v.

    ``origin`` (inputs,), ``directions`` (1 or 2, inputs), ``box`` (1 or 2, 2) with low and high of u and v.
    """

    origin: Array
    directions: Array
    box: Array

    @property
    def dimensions(self) -> int:
        """1 for a segment, 2 for a rectangle."""
        return int(self.box.shape[0])

    @property
    def inputs(self) -> int:
        """How many inputs a point has."""
        return int(self.origin.shape[0])

    def points(self, uv: Any) -> Array:
        """Input points (n, inputs) of slice coordinates (n, 1 or 2)."""
        coordinates = np.asarray(uv, dtype=np.float64).reshape(-1, self.dimensions)
        result: Array = self.origin + coordinates @ self.directions
        return result

    @property
    def measure(self) -> float:
        """Length or area of the box in slice coordinates."""
        return float(np.prod(self.box[:, 1] - self.box[:, 0]))


def as_box(box: Any, dimensions: int | None = None) -> Array:
    """(dimensions, 2) float64 of intervals, or of one interval [low, high]; raises ``ShapeError`` where it is none."""
    try:
        array = np.asarray(box, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    array = array[None] if array.shape == (2,) else array
    if array.ndim != 2 or array.shape[1:] != (2,) or not len(array):
        raise ShapeError("geometry.box_shape", got=np.shape(array))
    if dimensions is not None and len(array) != dimensions:
        raise ShapeError("geometry.box_dimensions", want=dimensions, got=len(array))
    if not (np.isfinite(array).all() and (array[:, 0] < array[:, 1]).all()):
        raise ShapeError("geometry.box_order", got=array.tolist())
    return array


def as_slice(inputs: int, box: Any, plane: Sequence[Any] | None) -> Slice:
    """The slice a user means by ``box`` and ``plane`` = (origin, d1) or (origin, d1, d2).

    Without a plane the network has as many inputs as the box has intervals, one or two. Raises ``ShapeError``.
    """
    intervals = as_box(box)
    if plane is None:
        if inputs > 2:
            raise ShapeError("geometry.plane_missing", inputs=inputs)
        return Slice(np.zeros(inputs), np.eye(inputs), as_box(box, inputs))
    try:
        rows = [np.asarray(row, dtype=np.float64) for row in plane]
    except (TypeError, ValueError):
        rows = []
    if len(rows) not in (2, 3) or any(r.shape != (inputs,) or not np.isfinite(r).all() for r in rows):
        raise ShapeError("geometry.plane_shape", inputs=inputs, got=[r.shape for r in rows])
    directions = np.stack(rows[1:])
    if np.linalg.matrix_rank(directions) < len(directions):
        raise ShapeError("geometry.plane_flat")
    return Slice(rows[0], directions, as_box(intervals, len(directions)))
