"""`as_slice`: ``box`` and ``plane`` → the `Slice` of the input space to analyse, a segment or a rectangle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import ShapeError


@dataclass(frozen=True, eq=False)
class Slice:
    """The points origin + u d1 + v d2 with (u, v) in ``box``; a segment has one direction and no v.

    Attributes
    ----------
    origin : ndarray of shape (inputs,)
        The point at u = v = 0.
    directions : ndarray of shape (1 or 2, inputs)
        d1, and d2 for a rectangle.
    box : ndarray of shape (1 or 2, 2)
        Lowest and highest u, and v for a rectangle.
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
        """The dimension of the input space."""
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
    """Intervals as (dimensions, 2) float64; a single interval [low, high] is a box of one dimension.

    Raises ``ShapeError`` where an interval is not finite with low < high, or their number is not ``dimensions``.
    """
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


def input_box(inputs: int, box: Any) -> Array:
    """The box (inputs, 2) of the input space: ``box``, or [-1, 1] per input where it is None."""
    return as_box([[-1, 1]] * inputs if box is None else box, inputs)


def as_slice(inputs: int, box: Any, plane: Sequence[Any] | None) -> Slice:
    """The slice given by ``box`` and ``plane`` = (origin, d1) or (origin, d1, d2).

    Without a plane the inputs, one or two, are the coordinates themselves. Without a box every coordinate runs over
    [-1, 1]. Raises ``ShapeError``.
    """
    if box is None:
        try:
            dimensions = inputs if plane is None else len(plane) - 1
        except TypeError:
            raise ShapeError("geometry.plane_shape", inputs=inputs, got=type(plane).__name__) from None
        box = [[-1, 1]] * max(1, min(dimensions, 2))
    intervals = as_box(box)
    if plane is None:
        if inputs > 2:
            raise ShapeError("geometry.plane_missing", inputs=inputs)
        return Slice(np.zeros(inputs), np.eye(inputs), as_box(box, inputs))
    try:
        vectors = [np.asarray(vector, dtype=np.float64) for vector in plane]
    except (TypeError, ValueError):
        vectors = []
    if len(vectors) not in (2, 3) or any(v.shape != (inputs,) or not np.isfinite(v).all() for v in vectors):
        raise ShapeError("geometry.plane_shape", inputs=inputs, got=[v.shape for v in vectors])
    directions = np.stack(vectors[1:])
    if np.linalg.matrix_rank(directions) < len(directions):
        raise ShapeError("geometry.plane_flat")
    return Slice(vectors[0], directions, as_box(intervals, len(directions)))
