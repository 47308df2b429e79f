"""Chord ends inside edges: the points where edges are divided, in order, shared by the cells on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .chords import Chords
from .exact import Exact
from .mesh import Lines, Mesh, intersect
from .order import along

TOO_BLURRED = 1e-4  # a computed point known no better than this is computed again, exactly


@dataclass(frozen=True, eq=False)
class Points:
    """New vertices: ``xy`` (n, 2), ``slack`` (n,), ``on`` (n, 2)."""

    xy: Array
    slack: Array
    on: Array


@dataclass(frozen=True, eq=False)
class Divided:
    """``points`` on the edges, ordered by edge and along it; edge e has ``count[e]`` from ``first[e]`` on.

    ``tail_rank`` and ``head_rank`` (chords,) are the chord ends' places among their edge's points.
    """

    points: Points
    first: Array
    count: Array
    tail_rank: Array
    head_rank: Array


def divide_edges(mesh: Mesh, lines: Lines, chords: Chords, exact: Exact, jumped: bool) -> Divided:
    """Put the chords' ends on the edges. ``lines`` are the mesh's followed by the chords'."""
    own = len(mesh.lines)
    chord = np.concatenate([np.flatnonzero(~chords.tail_corner), np.flatnonzero(~chords.head_corner)])
    tails = int((~chords.tail_corner).sum())
    half = np.concatenate([chords.tail[~chords.tail_corner], chords.head[~chords.head_corner]])
    edge = mesh.side[half]
    # a neuron bends at one point of an edge for both cells beside it, unless values jump there
    seen_from = edge * 2 + mesh.ahead[half] if jumped else edge
    classes = int(chords.lines.kind.max(initial=0)) + 1
    _, representative, crossing = np.unique(seen_from * classes + chords.lines.kind[chord],
                                            return_index=True, return_inverse=True)  # fmt: skip
    edge = edge[representative]
    found = meet(lines, mesh.line[edge], own + chord[representative], exact)
    place, blur = positions(lines, mesh.line[edge], found.xy, found.slack)
    order, same = along(edge, place, blur, lambda i: exact.place(lines, int(found.on[i, 0]), int(found.on[i, 1])))
    kept = order[~same]
    count = np.bincount(edge[kept], minlength=len(mesh.line))
    first = np.cumsum(count) - count
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.cumsum(~same) - 1
    rank -= first[edge]
    ranks = np.zeros((2, len(chords)), dtype=np.int64)
    ranks[0, chord[:tails]] = rank[crossing[:tails]]
    ranks[1, chord[tails:]] = rank[crossing[tails:]]
    return Divided(Points(found.xy[kept], found.slack[kept], found.on[kept]), first, count, ranks[0], ranks[1])


def positions(lines: Lines, line: Array, xy: Array, slack: Array) -> tuple[Array, Array]:
    """How far along their lines points lie, and the error of that; the directions themselves are off by little.

    The projection of a line's points on a direction less than a right angle off keeps their order.
    """
    a, b, _ = lines.coefficients[line].T
    return xy[:, 0] * b - xy[:, 1] * a, np.where(lines.slack[line] < 0.25, slack, 4.0)


def meet(lines: Lines, first: Array, second: Array, exact: Exact) -> Points:
    """Where pairs of lines meet that are known to cross; blurred points are computed exactly."""
    xy, slack = intersect(lines.coefficients[first], lines.slack[first],
                          lines.coefficients[second], lines.slack[second])  # fmt: skip
    for i in np.flatnonzero(slack > TOO_BLURRED):
        x, y, bottom = exact.meet(lines, int(first[i]), int(second[i]))
        xy[i] = x / bottom, y / bottom
        slack[i] = 2.0**-52
    return Points(xy, slack, np.stack([first, second], axis=1))
