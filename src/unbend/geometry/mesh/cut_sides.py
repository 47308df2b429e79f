"""`CutSides`: sets the sign bits of new cells, on which side of each cut of their parent each cell is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...arrays import Array
from .cell_cuts import Cuts
from .cell_tree import Level
from .exact_predicates import ExactPredicates
from .polygon_mesh import PolygonMesh
from .scaled_layers import UNIT

BLOCK = 1 << 18  # pairs of a new cell and a cut processed at once
MANY = 32  # cuts in one parent from which on its new cells are handled by a matrix product


class CutSides:
    """Sets, in the newest level's sign bits, the new cells' sides of the cuts of their parents.

    ``first_line`` is the number of the first cut's line in the mesh.
    """

    def __init__(
        self, *, mesh: PolygonMesh, level: Level, hyperplanes: int, cuts: Cuts, first_line: int, exact: ExactPredicates
    ) -> None:
        self.mesh, self.level, self.cuts, self.exact = mesh, level, cuts, exact
        self.hyperplanes, self.first_line = hyperplanes, first_line

    def __call__(self) -> None:
        mesh, level, lines = self.mesh, self.level, self.cuts.lines
        first = np.searchsorted(lines.cell, level.parent, side="left")
        count = np.searchsorted(lines.cell, level.parent, side="right") - first
        size = np.diff(mesh.start)
        centre = np.add.reduceat(mesh.xy[mesh.origin], mesh.start[:-1]) / size[:, None]
        error = np.maximum.reduceat(mesh.error[mesh.origin], mesh.start[:-1]) + 16 * UNIT
        parent, begin = np.unique(level.parent, return_index=True)
        for p in np.flatnonzero(count[begin] >= MANY):
            siblings = np.arange(begin[p], begin[p + 1] if p + 1 < len(parent) else len(count))
            cut = slice(int(first[siblings[0]]), int(first[siblings[0]] + count[siblings[0]]))
            self._siblings(siblings, cut, centre, error)
        few = np.flatnonzero((count > 0) & (count < MANY))
        for low, high in _blocks(count[few]):
            self._pairs(few[low:high], first, count, centre, error)

    def _siblings(self, siblings: Array, cut: slice, centre: Array, error: Array) -> None:
        """The sides of all cells of one parent, which the cuts of the slice ``cut`` divide."""
        lines = self.cuts.lines
        rows = max(1, BLOCK // (cut.stop - cut.start))
        for low in range(0, len(siblings), rows):
            cells = siblings[low : low + rows]
            value = centre[cells] @ lines.coefficients[cut, :2].T + lines.coefficients[cut, 2]
            above = value > 0
            undecided = np.abs(value) <= lines.error[cut] + error[cells][:, None]
            for i, j in np.argwhere(undecided):
                above[i, j] = self._side(int(cells[i]), self.first_line + cut.start + int(j))
            signs = np.unpackbits(self.level.sign_bits[cells], axis=1, count=self.hyperplanes)
            signs[:, lines.hyperplane[cut]] = above
            self.level.sign_bits[cells] = np.packbits(signs, axis=1)

    def _pairs(self, cells: Array, first: Array, count: Array, centre: Array, error: Array) -> None:
        """The sides of cells whose parents have few cuts: ``count`` each from ``first`` on."""
        lines = self.cuts.lines
        many = count[cells]
        cell = np.repeat(cells, many)
        cut = np.arange(len(cell)) + np.repeat(first[cells] - np.cumsum(many) + many, many)
        a, b, c = lines.coefficients[cut].T
        value = a * centre[cell, 0] + b * centre[cell, 1] + c
        above = value > 0
        for i in np.flatnonzero(np.abs(value) <= lines.error[cut] + error[cell]):
            above[i] = self._side(int(cell[i]), self.first_line + int(cut[i]))
        signs = np.unpackbits(self.level.sign_bits[cells], axis=1, count=self.hyperplanes)
        signs[np.repeat(np.arange(len(cells)), many), lines.hyperplane[cut]] = above
        self.level.sign_bits[cells] = np.packbits(signs, axis=1)

    def _side(self, cell: int, line: int) -> bool:
        """Whether a cell lies above a line that does not cut it: known for its own edges, else by its vertices."""
        mesh = self.mesh
        own = slice(int(mesh.start[cell]), int(mesh.start[cell + 1]))
        along = np.flatnonzero(mesh.edge_line[mesh.edge[own]] == line)
        if len(along):
            return bool(mesh.forward[own][along[0]])
        for vertex in mesh.origin[own]:
            one, two = mesh.vertex_lines[vertex]
            point = self.exact.intersection(mesh.lines, int(one), int(two))
            sign = self.exact.side_of_line(mesh.lines, line, point)
            if sign:
                return sign > 0
        raise AssertionError("a cell has a vertex off every line")


def _blocks(count: Array) -> list[tuple[int, int]]:
    """(low, high) of runs of cells whose counts add up to about ``BLOCK`` pairs."""
    block = (np.cumsum(count) - 1) // BLOCK
    bounds = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(count)]
    return [(a, b) for a, b in pairwise(bounds) if a < b]
