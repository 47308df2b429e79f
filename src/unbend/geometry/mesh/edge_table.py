"""`edge_table`: the edges of a subdivision: their ends, the pieces on both sides, the neuron that bends there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .polygon_mesh import BOX
from .subdivision import Subdivision


@dataclass(frozen=True, eq=False)
class Edges:
    """A table of E edges.

    Attributes
    ----------
    ends : ndarray of shape (E, 2)
        Vertex numbers; (E, 1) in one dimension, where an edge is one vertex.
    left, right : ndarray of shape (E,)
        The pieces on both sides, -1 outside the box.
    layer, neuron, kink : ndarray of shape (E,)
        The neuron that bends there and the number of its kink; -1 on the box.
    """

    ends: Array
    left: Array
    right: Array
    layer: Array
    neuron: Array
    kink: Array

    def __len__(self) -> int:
        return len(self.left)


def edge_table(subdivision: Subdivision, piece: Array) -> Edges:
    """The table, with cells numbered as pieces by ``piece`` (cells,)."""
    mesh, layers = subdivision.mesh, subdivision.tree.layers
    left, right = np.full((2, len(mesh.edge_line)), -1)
    own_piece = piece[mesh.half_edge_cell]
    left[mesh.edge[mesh.forward]] = own_piece[mesh.forward]
    right[mesh.edge[~mesh.forward]] = own_piece[~mesh.forward]
    line_layer, hyperplane = mesh.lines.layer[mesh.edge_line], mesh.lines.hyperplane[mesh.edge_line]
    layer, neuron, kink = np.full((3, len(mesh.edge_line)), BOX)
    first = 0
    for s, scaled in enumerate(layers):
        first = s if scaled.first else first
        own = line_layer == s
        layer[own], neuron[own] = s - first, scaled.neuron[hyperplane[own]]
        kink[own] = scaled.kink_index[hyperplane[own]]
    ends, mask = mesh.ends, np.ones(len(layer), dtype=bool)
    if subdivision.domain.dimensions == 1:  # edges across the strip, each as its lower vertex; pieces left to right
        x = mesh.xy[mesh.ends, 0]
        across = (line_layer != BOX) | (hyperplane % 2 == 1)
        mask = across & (mesh.xy[mesh.ends, 1].min(axis=1) == 0)
        lower = mesh.ends[np.arange(len(x)), np.argmin(mesh.xy[mesh.ends, 1], axis=1)]
        ends = lower[:, None]
    return Edges(
        ends=ends[mask],
        left=left[mask],
        right=right[mask],
        layer=layer[mask],
        neuron=neuron[mask],
        kink=kink[mask],
    )
