"""Maps and patterns of the finished cells, from the levels they descend from."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .stages import coordinate_scale
from .subdivide import Subdivision

BLOCK = 1 << 17  # numbers per matrix looked at together


def last_stages(found: Subdivision) -> list[int]:
    """For each network of the subdivision, the number of its last stage."""
    stages = found.levels.stages
    return [s for s in range(len(stages)) if s + 1 == len(stages) or stages[s + 1].starts]


def ancestors(found: Subdivision, level: int) -> Array:
    """(cells,): the cell of an earlier level that each finished cell lies in."""
    cell = np.arange(found.mesh.cells)
    for later in range(len(found.levels.stages), level, -1):
        cell = found.levels.parent(later)[cell]
    return cell


def output_maps(found: Subdivision, network: int = 0) -> tuple[Array, Array]:
    """A (cells, outputs, dimensions) and c (cells, outputs) of one of the networks, in slice coordinates."""
    stage = last_stages(found)[network]
    step = found.levels.stages[stage]
    count = len(found.levels.parent(stage + 1))
    rows = max(1, BLOCK // max(step.W.shape))
    parts = [found.levels.leaving(stage, low, min(low + rows, count)) for low in range(0, count, rows)]
    # one map for all cells where nothing before has bent
    whole = np.concatenate([np.broadcast_to(p, (3, min(rows, count - i * rows), p.shape[2]))
                            for i, p in enumerate(parts)], axis=1) * step.scale  # fmt: skip
    scale = coordinate_scale(found.where)[:, None, None]
    level, slopes = whole[0], whole[1:] / scale
    own = ancestors(found, stage + 1)
    return np.moveaxis(slopes[: found.where.dimensions], 0, 2)[own], level[own]


def patterns(found: Subdivision, network: int = 0) -> Array:
    """(cells, neurons) uint8: each neuron's piece, over the stages of one network that bend."""
    ends = last_stages(found)
    first = ends[network - 1] + 1 if network else 0
    columns = [
        found.levels.pieces(s, slice(None))[ancestors(found, s + 1)]
        for s in range(first, ends[network] + 1)
        if found.levels.stages[s].pieces.breaks
    ]
    if not columns:
        return np.zeros((found.mesh.cells, 0), dtype=np.uint8)
    return np.concatenate(columns, axis=1)
