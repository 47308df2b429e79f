"""`cell_boundaries`: the nodes around each cell of a block after its edges were split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .edge_splits import EdgeSplits
from .polygon_mesh import PolygonMesh


@dataclass(frozen=True, eq=False)
class CellBoundaries:
    """Nodes around each cell, counterclockwise: cell i of the block has first[i] to first[i] + size[i].

    Per node: its ``cell`` in the block, its ``vertex``, the node ``following`` it, and the ``edge`` between the two,
    with ``forward`` where the boundary runs as the edge does. ``half_edge_shift`` (cells,) and ``half_edge_node``
    lead from a half-edge of the mesh to its node.
    """

    first: Array
    size: Array
    cell: Array
    vertex: Array
    following: Array
    edge: Array
    forward: Array
    half_edge_shift: Array
    half_edge_node: Array


def cell_boundaries(mesh: PolygonMesh, splits: EdgeSplits, cells: Array) -> CellBoundaries:
    """The boundary of the mesh's ``cells`` with the new vertices on it and the split edges' new numbers."""
    corners = mesh.start[cells + 1] - mesh.start[cells]
    half_edge_first = np.cumsum(corners) - corners
    half_edge_shift = half_edge_first - mesh.start[cells]
    half_edge = np.arange(int(corners.sum())) - np.repeat(half_edge_shift, corners)
    nodes = 1 + splits.count[mesh.edge[half_edge]]
    half_edge_node = np.cumsum(nodes) - nodes
    size = np.add.reduceat(nodes, half_edge_first)
    first = np.cumsum(size) - size
    node_half_edge = np.repeat(half_edge, nodes)
    step = np.arange(len(node_half_edge)) - np.repeat(half_edge_node, nodes)
    old_edge, forward = mesh.edge[node_half_edge], mesh.forward[node_half_edge]
    count, offset = splits.count[old_edge], splits.first[old_edge]
    vertex = len(mesh.xy) + offset + np.where(forward, step - 1, count - step)
    vertex[half_edge_node] = mesh.origin[half_edge]
    following = np.arange(1, len(node_half_edge) + 1)
    following[first + size - 1] = first
    return CellBoundaries(
        first=first,
        size=size,
        cell=np.repeat(np.arange(len(cells)), size),
        vertex=vertex,
        following=following,
        edge=old_edge + offset + np.where(forward, step, count - step),
        forward=forward,
        half_edge_shift=half_edge_shift,
        half_edge_node=half_edge_node,
    )


def end_nodes(
    boundaries: CellBoundaries,
    mesh: PolygonMesh,
    splits: EdgeSplits,
    *,
    cell: Array,
    half_edge: Array,
    at_vertex: Array,
    rank: Array,
) -> Array:
    """The node of each cut's end: its half-edge's origin, or the new vertex of that ``rank`` along the edge."""
    new = np.where(mesh.forward[half_edge], rank, splits.count[mesh.edge[half_edge]] - 1 - rank)
    node = boundaries.half_edge_node[half_edge + boundaries.half_edge_shift[cell]]
    result: Array = node + np.where(at_vertex, 0, 1 + new)
    return result
