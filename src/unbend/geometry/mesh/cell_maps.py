"""Affine maps (`output_maps`) and activation patterns (`cell_patterns`) of the finished cells."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .scaled_layers import coordinate_scale
from .subdivision import Subdivision

BLOCK = 1 << 17  # numbers per matrix processed at once


def last_layers(subdivision: Subdivision) -> list[int]:
    """For each network of the subdivision, the index of its last layer."""
    layers = subdivision.tree.layers
    return [s for s in range(len(layers)) if s + 1 == len(layers) or layers[s + 1].first]


def ancestors(subdivision: Subdivision, level: int) -> Array:
    """(cells,): the cell of an earlier level that contains each finished cell."""
    tree = subdivision.tree
    cell = np.arange(subdivision.mesh.cells)
    for later in range(len(tree.layers), level, -1):
        cell = tree.parent(later)[cell]
    return cell


def output_maps(subdivision: Subdivision, network: int = 0) -> tuple[Array, Array]:
    """A (cells, outputs, dimensions) and c (cells, outputs) of one of the networks, in slice coordinates."""
    tree, domain = subdivision.tree, subdivision.domain
    last = last_layers(subdivision)[network]
    scaled = tree.layers[last]
    count = len(tree.parent(last + 1))
    rows = max(1, BLOCK // max(scaled.W.shape))
    blocks = [tree.output_maps(last, low, min(low + rows, count)) for low in range(0, count, rows)]
    # one map stands for all cells where nothing before has bent
    maps = np.concatenate([np.broadcast_to(block, (3, min(rows, count - i * rows), block.shape[2]))
                           for i, block in enumerate(blocks)], axis=1) * scaled.scale  # fmt: skip
    constant, slopes = maps[0], maps[1:] / coordinate_scale(domain)[:, None, None]
    cell = ancestors(subdivision, last + 1)
    return np.moveaxis(slopes[: domain.dimensions], 0, 2)[cell], constant[cell]


def cell_patterns(subdivision: Subdivision, network: int = 0) -> Array:
    """(cells, neurons) uint8: the piece each neuron is on, over the layers of one network that bend."""
    tree, last = subdivision.tree, last_layers(subdivision)
    first = last[network - 1] + 1 if network else 0
    columns = [
        tree.pattern(s, slice(None))[ancestors(subdivision, s + 1)]
        for s in range(first, last[network] + 1)
        if tree.layers[s].pieces.breaks
    ]
    if not columns:
        return np.zeros((subdivision.mesh.cells, 0), dtype=np.uint8)
    return np.concatenate(columns, axis=1)
