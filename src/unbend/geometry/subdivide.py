"""The subdivision of a slice: cells split stage by stage along the lines where the stage's neurons bend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..arrays import Array
from ..network import Network
from .boundary import boundary, divided_edges
from .carve import Faces, carve
from .chords import Chords, find_chords
from .edges import Divided, divide_edges
from .exact import Exact
from .levels import Level, Levels
from .mesh import Lines, Mesh, box_mesh
from .plane import Slice
from .sides import child_bits
from .stages import all_stages

BLOCK = 1 << 17  # boundary nodes carved together


@dataclass(frozen=True, eq=False)
class Subdivision:
    """The finished mesh with what is needed to ask for patterns and maps."""

    where: Slice
    mesh: Mesh
    levels: Levels
    exact: Exact


def subdivide(nets: Sequence[Network], where: Slice) -> Subdivision:
    """Split the slice until every network is affine on every cell. Raises ``ModelError`` for curved activations."""
    stages = all_stages(nets, where)
    levels = Levels(where, stages)
    exact = Exact(where, stages, levels)
    mesh = box_mesh(where)
    for s in range(len(stages)):
        mesh = _split(mesh, levels, s, exact)
    return Subdivision(where, mesh, levels, exact)


def _split(mesh: Mesh, levels: Levels, stage: int, exact: Exact) -> Mesh:
    step = levels.stages[stage]
    last = stage + 1 == len(levels.stages) or levels.stages[stage + 1].starts
    if not step.classes and last:
        levels.done.append(Level(np.arange(mesh.cells), np.zeros((mesh.cells, 0), dtype=np.uint8)))
        return mesh
    chords = find_chords(mesh, levels, stage, exact)
    if not len(chords):
        levels.done.append(Level(np.arange(mesh.cells), chords.bits))
        return mesh
    lines = mesh.lines.plus(chords.lines)
    divided = divide_edges(mesh, lines, chords, exact, step.after_jump)
    carved = np.zeros(mesh.cells, dtype=bool)
    carved[chords.lines.cell] = True
    if step.after_jump:  # a neighbour's chord may end on an edge of a cell that has none
        carved |= np.add.reduceat(divided.count[mesh.side], mesh.start[:-1]) > 0
    blocks, cells = _carve_blocks(mesh, chords, divided, lines, exact, np.flatnonzero(carved))
    new, parent = _assemble(mesh, divided, lines, blocks, cells, np.flatnonzero(~carved))
    level = Level(parent, chords.bits[parent])
    level.finish = partial(child_bits, new, level, step.classes, chords, len(mesh.lines), exact)
    levels.done.append(level)
    return new


def _carve_blocks(
    mesh: Mesh, chords: Chords, divided: Divided, lines: Lines, exact: Exact, carved: Array
) -> tuple[list[Faces], list[Array]]:
    """The faces of all carved cells, a block of cells at a time to keep the memory low."""
    nodes = np.add.reduceat(1 + divided.count[mesh.side], mesh.start[:-1])[carved]
    block = (np.cumsum(nodes) - 1) // BLOCK
    start = (len(mesh.xy) + len(divided.points.slack), len(mesh.line) + len(divided.points.slack))
    found: list[Faces] = []
    parts = np.split(carved, np.flatnonzero(np.diff(block)) + 1)
    for cells in parts:
        low, high = np.searchsorted(chords.lines.cell, [cells[0], cells[-1] + 1])
        own = slice(int(low), int(high))
        around = boundary(mesh, divided, cells)
        cell = np.searchsorted(cells, chords.lines.cell[own])
        tail = around.node(mesh, divided, cell, chords.tail[own], chords.tail_corner[own], divided.tail_rank[own])
        head = around.node(mesh, divided, cell, chords.head[own], chords.head_corner[own], divided.head_rank[own])
        line = len(mesh.lines) + np.arange(own.start, own.stop)
        found.append(carve(around, cell, tail, head, line, lines, exact, start))
        start = (start[0] + len(found[-1].points.slack), start[1] + len(found[-1].line))
    return found, parts


def _assemble(
    mesh: Mesh, divided: Divided, lines: Lines, blocks: list[Faces], cells: list[Array], whole: Array
) -> tuple[Mesh, Array]:
    """The new mesh, its cells ordered by the cell they come from, and that cell's number."""
    corners = mesh.start[whole + 1] - mesh.start[whole]
    kept = np.arange(int(corners.sum())) + np.repeat(mesh.start[whole] - np.cumsum(corners) + corners, corners)
    side = mesh.side[kept]
    parent = np.concatenate([whole, *(c[f.parent] for f, c in zip(blocks, cells, strict=True))])
    size = np.concatenate([corners, *(f.size for f in blocks)])
    order = np.argsort(parent, kind="stable")
    begin = (np.cumsum(size) - size)[order]
    size = size[order]
    start = np.concatenate([[0], np.cumsum(size)])
    from_half = np.arange(int(start[-1])) + np.repeat(begin - start[:-1], size)
    ends, line = divided_edges(mesh, divided)
    points = [divided.points, *(f.points for f in blocks)]
    new = Mesh(
        np.concatenate([mesh.xy, *(p.xy for p in points)]),
        np.concatenate([mesh.slack, *(p.slack for p in points)]),
        np.concatenate([mesh.on, *(p.on for p in points)]),
        np.concatenate([ends, *(f.ends for f in blocks)]),
        np.concatenate([line, *(f.line for f in blocks)]),
        start,
        np.concatenate([mesh.corner[kept], *(f.corner for f in blocks)])[from_half],
        np.concatenate([side + divided.first[side], *(f.side for f in blocks)])[from_half],
        np.concatenate([mesh.ahead[kept], *(f.ahead for f in blocks)])[from_half],
        lines,
    )
    return new, parent[order]
