"""Carving cells along their chords: the planar graph of chords in convex cells, and its faces.

Nothing here depends on rounding: chords cross exactly when their ends alternate around the boundary, and of the ways
that leave a vertex the next one counterclockwise is the one that meets the cell's boundary next counterclockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .boundary import Boundary
from .edges import Points, meet, positions
from .exact import Exact
from .mesh import Lines
from .order import along


@dataclass(frozen=True, eq=False)
class Faces:
    """The cells a block is carved into: ``parent`` (F,) numbers cells of the block, ``size`` (F,) counts corners;
    ``corner``, ``side`` and ``ahead`` run face after face as in a mesh.

    ``points`` are the new vertices inside cells, ``ends`` (S, 2) and ``line`` (S,) the new edges along chords.
    """

    parent: Array
    size: Array
    corner: Array
    side: Array
    ahead: Array
    points: Points
    ends: Array
    line: Array


def carve(
    around: Boundary,
    cell: Array,
    tail: Array,
    head: Array,
    line: Array,
    lines: Lines,
    exact: Exact,
    start: tuple[int, int],
) -> Faces:
    """Carve a block of cells along chords: each chord's ``cell`` in the block, the boundary nodes it runs from and to
    (``tail``, ``head``), its ``line``. New vertices and edges are numbered from ``start``.
    """
    # chords with both ends in common lie on each other: one of them stands for all
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    one = np.unique(low * len(around.vertex) + high, return_index=True)[1]
    cell, tail, head, line = cell[one], tail[one], head[one], line[one]
    i, j = _crossing_pairs(low[one], high[one], np.bincount(cell, minlength=len(around.first)))
    points, chord, inner = _points_on_chords(lines, line, i, j, exact)
    nodes = len(around.vertex)
    vertex = np.concatenate([around.vertex, start[0] + np.arange(len(points.slack))])
    origin, target, owner = _segments(tail, head, chord, nodes + inner)
    cell_of = np.concatenate([around.cell, cell[owner], cell[owner]])
    from_node = np.concatenate([np.arange(nodes), origin, target])
    to_exit = np.concatenate([around.following, head[owner], tail[owner]]) - around.first[cell_of]
    following = _next(around, from_node, to_exit, target, cell_of, len(vertex))
    size, in_order = _cycles(following)
    begin = np.cumsum(size) - size
    edge = start[1] + np.arange(len(owner))
    side = np.concatenate([around.side, edge, edge])[in_order]
    ahead = np.concatenate([around.ahead, np.ones(len(owner), bool), np.zeros(len(owner), bool)])[in_order]
    return Faces(cell_of[in_order[begin]], size, vertex[from_node[in_order]], side, ahead, points,
                 vertex[np.stack([origin, target], axis=1)], line[owner])  # fmt: skip


def _crossing_pairs(low: Array, high: Array, count: Array) -> tuple[Array, Array]:
    """All pairs of chords (sorted by cell, ``count`` per cell) of one cell whose ends alternate."""
    last = np.repeat(np.cumsum(count), count)
    later = last - np.arange(len(low)) - 1
    i = np.repeat(np.arange(len(low)), later)
    j = np.arange(len(i)) - np.repeat(np.cumsum(later) - later, later) + i + 1
    # sorted by low: low[i] <= low[j]
    crossed = (low[i] < low[j]) & (low[j] < high[i]) & (high[i] < high[j])
    return i[crossed], j[crossed]


def _points_on_chords(lines: Lines, line: Array, i: Array, j: Array, exact: Exact) -> tuple[Points, Array, Array]:
    """The points where chords i and j cross, and each chord's points in order: (points, chord, point)."""
    met = meet(lines, line[i], line[j], exact)
    chord, point = np.concatenate([i, j]), np.tile(np.arange(len(i)), 2)
    other = np.concatenate([j, i])
    place, blur = positions(lines, line[chord], met.xy[point], met.slack[point])
    order, same = along(chord, place, blur, lambda k: exact.place(lines, int(line[chord[k]]), int(line[other[k]])))
    chord, point = chord[order], point[order]
    if not same.any():
        return met, chord, point
    # three or more chords through one point: their pairwise points become one
    label = np.arange(len(i))
    one, two = point[1:][same[1:]], point[:-1][same[1:]]
    while (label[one] != label[two]).any():
        lower = np.minimum(label[one], label[two])
        np.minimum.at(label, one, lower)
        np.minimum.at(label, two, lower)
    kept, number = np.unique(label, return_inverse=True)
    return Points(met.xy[kept], met.slack[kept], met.on[kept]), chord[~same], number[point[~same]]


def _segments(tail: Array, head: Array, chord: Array, node: Array) -> tuple[Array, Array, Array]:
    """The pieces of each chord between its nodes: where each begins and ends, and its chord."""
    count = np.bincount(chord, minlength=len(tail)) + 1
    owner = np.repeat(np.arange(len(tail)), count)
    last = np.cumsum(count) - 1
    origin, target = np.empty((2, len(owner)), dtype=np.int64)
    inner = np.ones(len(owner), dtype=bool)
    inner[last] = False
    target[inner], target[last] = node, head
    origin[1:] = target[:-1]
    origin[last - count + 1] = tail
    return origin, target, owner


def _next(around: Boundary, from_node: Array, to_exit: Array, target: Array, cell: Array, vertices: int) -> Array:
    """The half-edge that follows each one around the face on its left.

    It is the next clockwise, at the node arrived at, from the way back. ``to_exit`` is the place on the boundary that
    a half-edge points to, counted within its cell; at a boundary node it is counted from that node on.
    """
    nodes, size = len(around.vertex), around.size[cell]
    own = np.where(from_node < nodes, from_node - around.first[cell], 0)
    turn = to_exit - own
    turn[turn < 0] += size[turn < 0]
    order = np.argsort(from_node * (int(around.size.max()) + 1) + turn)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ways = np.bincount(from_node, minlength=vertices)
    first = np.cumsum(ways) - ways
    segments = len(target)
    back = np.concatenate([place[nodes + segments :], place[nodes : nodes + segments]])
    arrived = from_node[order[back]]
    following = back - 1
    wrapped = back == first[arrived]
    following[wrapped] += ways[arrived[wrapped]]
    # the way back along the boundary is the last of all, though no half-edge of this cell
    ahead = first[around.following] + ways[around.following] - 1
    result: Array = order[np.concatenate([ahead, following])]
    return result


def _cycles(following: Array) -> tuple[Array, Array]:
    """The cycles of a permutation: their sizes, and their members cycle after cycle, each in its order."""
    label, jump = np.arange(len(following)), following
    while True:
        label = np.minimum(label, label[jump])
        if (label == label[following]).all():
            break
        jump = jump[jump]
    leader = np.flatnonzero(label == np.arange(len(label)))
    size = np.bincount(label, minlength=len(label))[leader]
    by_size = np.argsort(-size, kind="stable")
    begin = (np.cumsum(size) - size)[by_size]
    falling = size[by_size]
    members = np.empty(len(following), dtype=np.int64)
    here = leader[by_size]
    for step in range(int(falling[0])):
        active = int(np.searchsorted(-falling, -step, side="left"))
        here = here[:active]
        members[begin[:active] + step] = here
        here = following[here]
    return size, members
