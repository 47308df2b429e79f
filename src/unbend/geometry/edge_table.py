"""The edges of a subdivision: where they run, which pieces they part, which neuron bends there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .mesh import BOX
from .subdivide import Subdivision


@dataclass(frozen=True, eq=False)
class Edges:
    """``ends`` (E, 2) vertex numbers; ``left`` and ``right`` (E,) pieces, -1 outside the box; ``layer``, ``neuron``
    and ``kink`` (E,) say who bends there, -1 on the box. In one dimension an edge is one vertex, ``ends`` (E, 1).
    """

    ends: Array
    left: Array
    right: Array
    layer: Array
    neuron: Array
    kink: Array

    def __len__(self) -> int:
        return len(self.left)


def edge_table(found: Subdivision, place: Array) -> Edges:
    """The table, with pieces numbered by ``place`` (cells,)."""
    mesh, stages = found.mesh, found.levels.stages
    left, right = np.full((2, len(mesh.line)), -1)
    owner = place[mesh.owner]
    left[mesh.side[mesh.ahead]] = owner[mesh.ahead]
    right[mesh.side[~mesh.ahead]] = owner[~mesh.ahead]
    stage, kind = mesh.lines.level[mesh.line], mesh.lines.kind[mesh.line]
    layer, neuron, kink = np.full((3, len(mesh.line)), BOX)
    first = 0
    for s, step in enumerate(stages):
        first = s if step.starts else first
        mine = stage == s
        layer[mine], neuron[mine], kink[mine] = s - first, step.neuron[kind[mine]], step.which[kind[mine]]
    ends, kept = mesh.ends, np.ones(len(layer), dtype=bool)
    if found.where.dimensions == 1:  # edges across the strip, each as its lower vertex; pieces ordered left to right
        x = mesh.xy[mesh.ends, 0]
        across = (mesh.lines.level[mesh.line] != BOX) | (mesh.lines.kind[mesh.line] % 2 == 1)
        kept = across & (mesh.xy[mesh.ends, 1].min(axis=1) == 0)
        low = mesh.ends[np.arange(len(x)), np.argmin(mesh.xy[mesh.ends, 1], axis=1)]
        ends = low[:, None]
    return Edges(ends[kept], left[kept], right[kept], layer[kept], neuron[kept], kink[kept])
