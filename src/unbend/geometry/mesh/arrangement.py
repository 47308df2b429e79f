"""`arrange_cuts`: convex cells and the cuts within them → a planar graph of segments, its faces the new cells.

Nothing here depends on rounding: cuts cross exactly when their ends alternate around the boundary, and of the
half-edges that leave a vertex the next one counterclockwise is the one whose line meets the cell's boundary next
counterclockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .cell_boundaries import CellBoundaries
from .edge_splits import Vertices, intersections, positions_along
from .exact_predicates import ExactPredicates
from .polygon_mesh import Lines
from .vertex_order import order_along_lines


@dataclass(frozen=True, eq=False)
class Faces:
    """The new cells of a block: ``parent`` (F,) numbers cells of the block, ``size`` (F,) counts half-edges;
    ``origin``, ``edge`` and ``forward`` run face after face as in a mesh.

    ``vertices`` are the new ones inside cells, ``ends`` (S, 2) and ``edge_line`` (S,) the new edges along cuts.
    """

    parent: Array
    size: Array
    origin: Array
    edge: Array
    forward: Array
    vertices: Vertices
    ends: Array
    edge_line: Array


@dataclass(frozen=True, eq=False)
class BlockCuts:
    """The cuts of a block: the ``cell`` in the block, the boundary nodes from ``tail`` to ``head``, the ``line``."""

    cell: Array
    tail: Array
    head: Array
    line: Array

    def distinct(self, nodes: int) -> BlockCuts:
        """One cut for all those with both ends (of ``nodes``) in common, which lie on each other; sorted by them."""
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        first = np.unique(low * nodes + high, return_index=True)[1]
        return BlockCuts(self.cell[first], self.tail[first], self.head[first], self.line[first])


def arrange_cuts(
    boundaries: CellBoundaries,
    cuts: BlockCuts,
    lines: Lines,
    exact: ExactPredicates,
    *,
    first_vertex: int,
    first_edge: int,
) -> Faces:
    """Divide a block of cells along cuts. New vertices and edges are numbered from the two firsts on."""
    nodes = len(boundaries.vertex)
    cuts = cuts.distinct(nodes)
    i, j = _crossing_pairs(cuts, len(boundaries.first))
    inner, cut, inner_on_cut = _vertices_on_cuts(lines, cuts.line, i, j, exact)
    vertex = np.concatenate([boundaries.vertex, first_vertex + np.arange(len(inner))])
    origin, target, owner = _segments(cuts, cut, nodes + inner_on_cut)
    # half-edges: those of the boundary, then every segment forward, then every segment backward
    cell = np.concatenate([boundaries.cell, cuts.cell[owner], cuts.cell[owner]])
    from_node = np.concatenate([np.arange(nodes), origin, target])
    exit_node = np.concatenate([boundaries.following, cuts.head[owner], cuts.tail[owner]]) - boundaries.first[cell]
    following = _next_around_face(
        boundaries, from_node=from_node, exit_node=exit_node, cell=cell, segments=len(owner), vertices=len(vertex)
    )
    size, in_order = _cycles(following)
    begin = np.cumsum(size) - size
    edge = first_edge + np.arange(len(owner))
    direction = np.ones(len(owner), bool)
    return Faces(
        parent=cell[in_order[begin]],
        size=size,
        origin=vertex[from_node[in_order]],
        edge=np.concatenate([boundaries.edge, edge, edge])[in_order],
        forward=np.concatenate([boundaries.forward, direction, ~direction])[in_order],
        vertices=inner,
        ends=vertex[np.stack([origin, target], axis=1)],
        edge_line=cuts.line[owner],
    )


def _crossing_pairs(cuts: BlockCuts, cells: int) -> tuple[Array, Array]:
    """All pairs of cuts (sorted by cell and lower end) of one cell whose ends alternate around the boundary."""
    low, high = np.minimum(cuts.tail, cuts.head), np.maximum(cuts.tail, cuts.head)
    count = np.bincount(cuts.cell, minlength=cells)
    last = np.repeat(np.cumsum(count), count)
    later = last - np.arange(len(low)) - 1
    i = np.repeat(np.arange(len(low)), later)
    j = np.arange(len(i)) - np.repeat(np.cumsum(later) - later, later) + i + 1
    # cuts are sorted by low, so low[i] <= low[j], and only one of the two orders of alternation can occur
    crossed = (low[i] < low[j]) & (low[j] < high[i]) & (high[i] < high[j])
    return i[crossed], j[crossed]


def _vertices_on_cuts(
    lines: Lines, line: Array, i: Array, j: Array, exact: ExactPredicates
) -> tuple[Vertices, Array, Array]:
    """The points where cuts i and j cross, and every cut's points in order along it: (points, cut, point)."""
    points = intersections(lines, line[i], line[j], exact)
    cut, point = np.concatenate([i, j]), np.tile(np.arange(len(i)), 2)
    other = np.concatenate([j, i])
    position, error = positions_along(lines, line[cut], points.xy[point], points.error[point])
    order, equal = order_along_lines(
        cut, position, error, lambda k: exact.position_along(lines, int(line[cut[k]]), int(line[other[k]]))
    )
    cut, point = cut[order], point[order]
    if not equal.any():
        return points, cut, point
    # three or more cuts through one point: their pairwise points become one, the one of the lowest number
    label = np.arange(len(i))
    one, two = point[1:][equal[1:]], point[:-1][equal[1:]]
    while (label[one] != label[two]).any():
        lower = np.minimum(label[one], label[two])
        np.minimum.at(label, one, lower)
        np.minimum.at(label, two, lower)
    distinct, number = np.unique(label, return_inverse=True)
    return points.take(distinct), cut[~equal], number[point[~equal]]


def _segments(cuts: BlockCuts, cut: Array, node: Array) -> tuple[Array, Array, Array]:
    """The segments of each cut between its nodes: where each begins and ends, and its cut."""
    count = np.bincount(cut, minlength=len(cuts.tail)) + 1
    owner = np.repeat(np.arange(len(cuts.tail)), count)
    last = np.cumsum(count) - 1
    origin, target = np.empty((2, len(owner)), dtype=np.int64)
    inner = np.ones(len(owner), dtype=bool)
    inner[last] = False
    target[inner], target[last] = node, cuts.head
    origin[1:] = target[:-1]
    origin[last - count + 1] = cuts.tail
    return origin, target, owner


def _next_around_face(
    boundaries: CellBoundaries, *, from_node: Array, exit_node: Array, cell: Array, segments: int, vertices: int
) -> Array:
    """The half-edge that follows each one around the face on its left.

    It is the next one clockwise, at the node arrived at, from the twin. ``exit_node`` is the boundary node that a
    half-edge points to, counted within its cell; at a boundary node it is counted from that node on.
    """
    nodes, size = len(boundaries.vertex), boundaries.size[cell]
    own = np.where(from_node < nodes, from_node - boundaries.first[cell], 0)
    angle = exit_node - own  # increases counterclockwise among the half-edges that leave one node
    angle[angle < 0] += size[angle < 0]
    order = np.argsort(from_node * (int(boundaries.size.max()) + 1) + angle)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    degree = np.bincount(from_node, minlength=vertices)
    first = np.cumsum(degree) - degree
    twin = np.concatenate([rank[nodes + segments :], rank[nodes : nodes + segments]])
    arrived = from_node[order[twin]]
    following = twin - 1
    wrapped = twin == first[arrived]
    following[wrapped] += degree[arrived[wrapped]]
    # along the boundary the twin would come last of all, though it is no half-edge of this cell
    along_boundary = first[boundaries.following] + degree[boundaries.following] - 1
    result: Array = order[np.concatenate([along_boundary, following])]
    return result


def _cycles(following: Array) -> tuple[Array, Array]:
    """The cycles of a permutation: their sizes, and their members cycle after cycle, each in its order."""
    label, jump = np.arange(len(following)), following
    while True:  # pointer doubling
        label = np.minimum(label, label[jump])
        if (label == label[following]).all():
            break
        jump = jump[jump]
    leader = np.flatnonzero(label == np.arange(len(label)))
    size = np.bincount(label, minlength=len(label))[leader]
    by_size = np.argsort(-size, kind="stable")
    begin = (np.cumsum(size) - size)[by_size]
    descending = size[by_size]
    members = np.empty(len(following), dtype=np.int64)
    current = leader[by_size]
    for step in range(int(descending[0])):
        active = int(np.searchsorted(-descending, -step, side="left"))
        current = current[:active]
        members[begin[:active] + step] = current
        current = following[current]
    return size, members
