"""On which side of each chord of its old cell every new cell lies."""

from __future__ import annotations

import numpy as np

from ..network.dense import Array
from .chords import Chords
from .exact import Exact
from .levels import Levels
from .mesh import Mesh
from .stages import UNIT

BLOCK = 1 << 20  # pairs of a new cell and a chord looked at together


def child_bits(mesh: Mesh, levels: Levels, stage: int, chords: Chords, old_lines: int, exact: Exact) -> None:
    """Set, in the newest level's bits, the new cells' sides of the chords that cut their old cell."""
    level, classes = levels.done[stage], levels.stages[stage].classes
    first = np.searchsorted(chords.lines.cell, level.parent, side="left")
    count = np.searchsorted(chords.lines.cell, level.parent, side="right") - first
    child = np.flatnonzero(count)
    size = np.diff(mesh.start)
    middle = np.add.reduceat(mesh.xy[mesh.corner], mesh.start[:-1]) / size[:, None]
    blur = np.maximum.reduceat(mesh.slack[mesh.corner], mesh.start[:-1]) + 16 * UNIT
    for low, high in _blocks(count[child]):
        part = child[low:high]
        many = count[part]
        cell = np.repeat(part, many)
        chord = np.arange(len(cell)) + np.repeat(first[part] - np.cumsum(many) + many, many)
        a, b, c = chords.lines.coefficients[chord].T
        value = a * middle[cell, 0] + b * middle[cell, 1] + c
        above = value > 0
        for i in np.flatnonzero(np.abs(value) <= chords.lines.slack[chord] + blur[cell]):
            above[i] = _side(mesh, int(cell[i]), old_lines + int(chord[i]), exact)
        rows = np.unpackbits(level.bits[part], axis=1, count=classes)
        rows[np.repeat(np.arange(len(part)), many), chords.lines.kind[chord]] = above
        level.bits[part] = np.packbits(rows, axis=1)


def _blocks(count: Array) -> list[tuple[int, int]]:
    block = (np.cumsum(count) - 1) // BLOCK
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(count)]
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if a < b]


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
