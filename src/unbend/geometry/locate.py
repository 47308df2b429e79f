"""Which piece a point lies in: by its activation pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Array
from .trace import piece_numbers

if TYPE_CHECKING:
    from .regions import Regions

BLOCK = 1 << 16


def locate(found: Regions, points: Array) -> Array:
    """(n,): the number of each point's piece, -1 outside the box or exactly on an edge that parts its pattern."""
    table = {row.tobytes(): i for i, row in enumerate(found.patterns)}
    box = found.slice.box
    inside = ((points >= box[:, 0]) & (points <= box[:, 1])).all(axis=1)
    answer = np.full(len(points), -1)
    for low in range(0, len(points), BLOCK):
        part = slice(low, low + BLOCK)
        numbers = np.ascontiguousarray(piece_numbers(found.net, found.slice.points(points[part])))
        answer[part] = [table.get(row.tobytes(), -1) for row in numbers]
    return np.where(inside, answer, -1)
