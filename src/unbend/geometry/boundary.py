"""The boundaries of a block of cells after their edges were divided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .edges import Divided
from .mesh import Mesh


@dataclass(frozen=True, eq=False)
class Boundary:
    """Nodes around each cell, counterclockwise: cell i of the block has first[i] to first[i] + size[i].

    Per node: its ``cell`` in the block, its ``vertex``, the node ``following`` it, and the edge between the two
    (``side``, ``ahead``). ``half_shift`` (cells,) and ``half_node`` lead from a half-edge of the mesh to its node.
    """

    first: Array
    size: Array
    cell: Array
    vertex: Array
    following: Array
    side: Array
    ahead: Array
    half_shift: Array
    half_node: Array

    def node(self, mesh: Mesh, divided: Divided, cell: Array, half: Array, corner: Array, rank: Array) -> Array:
        """The node of a chord's end: a half-edge's corner, or the point of that ``rank`` along its edge."""
        inside = np.where(mesh.ahead[half], rank, divided.count[mesh.side[half]] - 1 - rank)
        result: Array = self.half_node[half + self.half_shift[cell]] + np.where(corner, 0, 1 + inside)
        return result


def boundary(mesh: Mesh, divided: Divided, cells: Array) -> Boundary:
    """The boundary of the mesh's ``cells`` with the new points on it and the divided edges' new numbers."""
    corners = mesh.start[cells + 1] - mesh.start[cells]
    half_first = np.cumsum(corners) - corners
    half_shift = half_first - mesh.start[cells]
    half = np.arange(int(corners.sum())) - np.repeat(half_shift, corners)
    nodes = 1 + divided.count[mesh.side[half]]
    half_node = np.cumsum(nodes) - nodes
    size = np.add.reduceat(nodes, half_first)
    first = np.cumsum(size) - size
    along = np.repeat(half, nodes)
    step = np.arange(len(along)) - np.repeat(half_node, nodes)
    edge, ahead = mesh.side[along], mesh.ahead[along]
    points = divided.count[edge]
    vertex = len(mesh.xy) + divided.first[edge] + np.where(ahead, step - 1, points - step)
    vertex[half_node] = mesh.corner[half]
    following = np.arange(1, len(along) + 1)
    following[first + size - 1] = first
    side = edge + divided.first[edge] + np.where(ahead, step, points - step)
    cell = np.repeat(np.arange(len(cells)), size)
    return Boundary(first, size, cell, vertex, following, side, ahead, half_shift, half_node)


def divided_edges(mesh: Mesh, divided: Divided) -> tuple[Array, Array]:
    """The edges after division: their ends (n, 2) and lines (n,)."""
    pieces = divided.count + 1
    edge = np.repeat(np.arange(len(pieces)), pieces)
    begin = np.cumsum(pieces) - pieces
    # the k-th point, over all edges, stands between edges k + its edge and the next
    middle = np.ones(len(edge), dtype=bool)
    middle[begin] = False
    ends = np.empty((len(edge), 2), dtype=np.int64)
    new = len(mesh.xy) + np.arange(int(divided.count.sum()))
    ends[begin, 0], ends[middle, 0] = mesh.ends[:, 0], new
    last = np.append(middle[1:], False)
    ends[begin + pieces - 1, 1], ends[last, 1] = mesh.ends[:, 1], new
    return ends, mesh.line[edge]
