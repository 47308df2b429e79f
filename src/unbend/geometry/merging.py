"""Neighbouring pieces with the same map, counted as one: bends that do not reach the output disappear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .regions import Regions

SAME = 1e-9  # of the largest number of the two maps


def merged_count(found: Regions) -> int:
    """The number of classes of pieces linked by edges across which the map does not change, to float rounding."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edges, maps = found.edges, found.maps
    inner = (edges.left >= 0) & (edges.right >= 0)
    left, right = edges.left[inner], edges.right[inner]
    reach = np.abs(found.slice.box).max(axis=1)
    numbers = np.concatenate([maps.A * reach, maps.c[:, :, None]], axis=2).reshape(found.count, -1)
    size = np.maximum(np.abs(numbers[left]).max(axis=1), np.abs(numbers[right]).max(axis=1))
    same = np.abs(numbers[left] - numbers[right]).max(axis=1) <= SAME * size
    links = coo_array((np.ones(int(same.sum())), (left[same], right[same])), shape=(found.count, found.count))
    return int(connected_components(links, directed=False)[0])
