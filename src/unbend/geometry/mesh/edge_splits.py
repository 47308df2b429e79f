"""`split_edges`: new vertices where cuts end on edges, in order along each edge, shared by the cells on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from .cell_cuts import Cuts
from .exact_predicates import ExactPredicates
from .polygon_mesh import Lines, PolygonMesh, intersect_lines
from .vertex_order import order_along_lines

INACCURATE = 1e-4  # a computed point with a larger error bound is computed again, exactly


@dataclass(frozen=True, eq=False)
class Vertices:
    """New vertices: ``xy`` (n, 2), ``error`` (n,), and the two ``lines`` (n, 2) that meet there."""

    xy: Array
    error: Array
    lines: Array

    def __len__(self) -> int:
        return len(self.error)

    def take(self, index: Array) -> Vertices:
        """The vertices of the given numbers."""
        return Vertices(self.xy[index], self.error[index], self.lines[index])


@dataclass(frozen=True, eq=False)
class EdgeSplits:
    """``vertices`` on the edges, ordered by edge and along it; edge e has ``count[e]`` from ``first[e]`` on.

    ``tail_rank`` and ``head_rank`` (cuts,) are the ranks of the cuts' ends among their edge's new vertices.
    """

    vertices: Vertices
    first: Array
    count: Array
    tail_rank: Array
    head_rank: Array


def split_edges(mesh: PolygonMesh, lines: Lines, cuts: Cuts, exact: ExactPredicates, *, after_jump: bool) -> EdgeSplits:
    """Put the cuts' ends on the edges. ``lines`` are the mesh's followed by the cuts'.

    A hyperplane meets an edge in one point for the cells on both sides, unless values differ ``after_jump``.
    """
    in_edge = np.concatenate([np.flatnonzero(~cuts.tail_at_vertex), np.flatnonzero(~cuts.head_at_vertex)])
    tails = int((~cuts.tail_at_vertex).sum())
    half_edge = np.concatenate([cuts.tail[~cuts.tail_at_vertex], cuts.head[~cuts.head_at_vertex]])
    edge = mesh.edge[half_edge]
    side = edge * 2 + mesh.forward[half_edge] if after_jump else edge
    hyperplanes = int(cuts.lines.hyperplane.max(initial=0)) + 1
    _, representative, crossing = np.unique(side * hyperplanes + cuts.lines.hyperplane[in_edge],
                                            return_index=True, return_inverse=True)  # fmt: skip
    edge = edge[representative]
    points = intersections(lines, mesh.edge_line[edge], len(mesh.lines) + in_edge[representative], exact)
    position, error = positions_along(lines, mesh.edge_line[edge], points.xy, points.error)
    order, equal = order_along_lines(
        edge, position, error, lambda i: exact.position_along(lines, *map(int, points.lines[i]))
    )
    distinct = order[~equal]
    count = np.bincount(edge[distinct], minlength=len(mesh.edge_line))
    first = np.cumsum(count) - count
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.cumsum(~equal) - 1
    rank -= first[edge]
    ranks = np.zeros((2, len(cuts)), dtype=np.int64)
    ranks[0, in_edge[:tails]] = rank[crossing[:tails]]
    ranks[1, in_edge[tails:]] = rank[crossing[tails:]]
    return EdgeSplits(points.take(distinct), first, count, ranks[0], ranks[1])


def split_edge_table(mesh: PolygonMesh, splits: EdgeSplits) -> tuple[Array, Array]:
    """The edges after splitting: their ends (n, 2) and lines (n,)."""
    parts = splits.count + 1
    edge = np.repeat(np.arange(len(parts)), parts)
    begin = np.cumsum(parts) - parts
    inner = np.ones(len(edge), dtype=bool)
    inner[begin] = False
    ends = np.empty((len(edge), 2), dtype=np.int64)
    new = len(mesh.xy) + np.arange(int(splits.count.sum()))
    ends[begin, 0], ends[inner, 0] = mesh.ends[:, 0], new
    before_new = np.append(inner[1:], False)
    ends[begin + parts - 1, 1], ends[before_new, 1] = mesh.ends[:, 1], new
    return ends, mesh.edge_line[edge]


def positions_along(lines: Lines, line: Array, xy: Array, error: Array) -> tuple[Array, Array]:
    """How far along their lines the points ``xy`` (n, 2) lie, and the error of that, from the points' ``error`` (n,).

    A line's computed direction is off by little: projected on any direction less than a right angle off the true one,
    the points keep their order.
    """
    a, b, _ = lines.coefficients[line].T
    return xy[:, 0] * b - xy[:, 1] * a, np.where(lines.error[line] < 0.25, error, 4.0)


def intersections(lines: Lines, first: Array, second: Array, exact: ExactPredicates) -> Vertices:
    """Where pairs of lines meet that are known to cross; inaccurate points are computed exactly."""
    xy, error = intersect_lines(lines.coefficients[first], lines.error[first],
                                lines.coefficients[second], lines.error[second])  # fmt: skip
    for i in np.flatnonzero(error > INACCURATE):
        x, y, denominator = exact.intersection(lines, int(first[i]), int(second[i]))
        xy[i] = x / denominator, y / denominator
        error[i] = 2.0**-52
    return Vertices(xy, error, np.stack([first, second], axis=1))
