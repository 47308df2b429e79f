"""`locate`: the piece that each point is in, by its activation pattern."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import Network
from .forward import activation_pattern
from .slices import Slice

BLOCK = 1 << 16  # points processed at once


def locate(net: Network, domain: Slice, patterns: Array, points: Array) -> Array:
    """(n,): the row of ``patterns`` (count, neurons) that each point (n, dimensions) of the slice has.

    -1 outside the box, and for a point exactly on an edge where its pattern is that of no piece.
    """
    piece = {row.tobytes(): i for i, row in enumerate(patterns)}
    box = domain.box
    inside = ((points >= box[:, 0]) & (points <= box[:, 1])).all(axis=1)
    result = np.full(len(points), -1)
    for low in range(0, len(points), BLOCK):
        block = slice(low, low + BLOCK)
        rows = np.ascontiguousarray(activation_pattern(net, domain.points(points[block])))
        result[block] = [piece.get(row.tobytes(), -1) for row in rows]
    return np.where(inside, result, -1)
