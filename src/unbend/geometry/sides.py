"""On which side of each chord of its old cell every new cell lies."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..arrays import Array
from .chords import Chords
from .exact import Exact
from .levels import Level
from .mesh import Mesh
from .stages import UNIT

BLOCK = 1 << 18  # pairs of a new cell and a chord looked at together
MANY = 32  # chords in one old cell from which on its new cells are looked at by a matrix product


def child_bits(mesh: Mesh, level: Level, classes: int, chords: Chords, old_lines: int, exact: Exact) -> None:
    """Set, in the newest level's bits, the new cells' sides of the chords that cut their old cell."""
    first = np.searchsorted(chords.lines.cell, level.parent, side="left")
    count = np.searchsorted(chords.lines.cell, level.parent, side="right") - first
    size = np.diff(mesh.start)
    middle = np.add.reduceat(mesh.xy[mesh.corner], mesh.start[:-1]) / size[:, None]
    blur = np.maximum.reduceat(mesh.slack[mesh.corner], mesh.start[:-1]) + 16 * UNIT
    old, begin = np.unique(level.parent, return_index=True)
    crowded = np.flatnonzero(count[begin] >= MANY)
    for p in crowded:
        family = np.arange(begin[p], begin[p + 1] if p + 1 < len(old) else len(count))
        for low in range(0, len(family), max(1, BLOCK // int(count[begin[p]]))):
            part = family[low : low + max(1, BLOCK // int(count[begin[p]]))]
            chord = slice(int(first[part[0]]), int(first[part[0]] + count[part[0]]))
            value = middle[part] @ chords.lines.coefficients[chord, :2].T + chords.lines.coefficients[chord, 2]
            above = value > 0
            doubtful = np.abs(value) <= chords.lines.slack[chord] + blur[part][:, None]
            for i, j in np.argwhere(doubtful):
                above[i, j] = _side(mesh, int(part[i]), old_lines + chord.start + int(j), exact)
            rows = np.unpackbits(level.bits[part], axis=1, count=classes)
            rows[:, chords.lines.kind[chord]] = above
            level.bits[part] = np.packbits(rows, axis=1)
    child = np.flatnonzero((count > 0) & (count < MANY))
    for low, high in _blocks(count[child]):
        part = child[low:high]
        many = count[part]
        cell = np.repeat(part, many)
        chord_of = np.arange(len(cell)) + np.repeat(first[part] - np.cumsum(many) + many, many)
        a, b, c = chords.lines.coefficients[chord_of].T
        side = a * middle[cell, 0] + b * middle[cell, 1] + c
        above = side > 0
        for i in np.flatnonzero(np.abs(side) <= chords.lines.slack[chord_of] + blur[cell]):
            above[i] = _side(mesh, int(cell[i]), old_lines + int(chord_of[i]), exact)
        rows = np.unpackbits(level.bits[part], axis=1, count=classes)
        rows[np.repeat(np.arange(len(part)), many), chords.lines.kind[chord_of]] = above
        level.bits[part] = np.packbits(rows, axis=1)


def _blocks(count: Array) -> list[tuple[int, int]]:
    block = (np.cumsum(count) - 1) // BLOCK
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(count)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def _side(mesh: Mesh, cell: int, line: int, exact: Exact) -> bool:
    """Whether a cell lies above a line that does not cut it: known for its own edges, else by its vertices."""
    own = slice(int(mesh.start[cell]), int(mesh.start[cell + 1]))
    along = np.flatnonzero(mesh.line[mesh.side[own]] == line)
    if len(along):
        return bool(mesh.ahead[own][along[0]])
    for vertex in mesh.corner[own]:
        one, two = mesh.on[vertex]
        sign = exact.on_which_side(mesh.lines, line, exact.meet(mesh.lines, int(one), int(two)))
        if sign:
            return sign > 0
    raise AssertionError("a cell has a corner off every line")
