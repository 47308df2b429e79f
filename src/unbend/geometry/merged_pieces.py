"""`merged_count`: the number of pieces when neighbours with the same map count as one.

Between such neighbours a neuron bends, but the bend does not reach the output.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .mesh.edge_table import Edges

SAME = 1e-9  # relative to the largest number of the two maps


def merged_count(edges: Edges, A: Array, c: Array, box: Array) -> int:
    """The number of connected components of pieces, linked by edges across which the map is the same.

    ``A`` (count, outputs, dimensions) and ``c`` (count, outputs) are the pieces' maps on ``box`` (dimensions, 2).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(c)
    inner = (edges.left >= 0) & (edges.right >= 0)
    left, right = edges.left[inner], edges.right[inner]
    reach = np.abs(box).max(axis=1)
    coefficients = np.concatenate([A * reach, c[:, :, None]], axis=2).reshape(count, -1)
    size = np.maximum(np.abs(coefficients[left]).max(axis=1), np.abs(coefficients[right]).max(axis=1))
    same = np.abs(coefficients[left] - coefficients[right]).max(axis=1) <= SAME * size
    links = coo_array((np.ones(int(same.sum())), (left[same], right[same])), shape=(count, count))
    return int(connected_components(links, directed=False)[0])
