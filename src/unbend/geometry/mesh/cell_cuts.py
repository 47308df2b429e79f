"""`find_cuts`: the segments, from boundary to boundary, in which a layer's hyperplanes cross cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from .cell_tree import CellTree
from .exact_predicates import ExactPredicates
from .polygon_mesh import Lines, PolygonMesh
from .scaled_layers import UNIT, ScaledLayer

BLOCK = 1 << 16  # numbers per matrix processed at once, so that they stay in the processor's cache
_UNKNOWN = 2  # stands for a sign that is not known yet


@dataclass(frozen=True, eq=False)
class Cuts:
    """All cuts of one layer, ordered by cell: ``lines[q]`` is cut q's line.

    The positive side is on the left of the way from ``tail`` to ``head``. Both are half-edges; the cut ends inside
    that half-edge, or at its origin where ``tail_at_vertex`` (``head_at_vertex``) is set. ``sign_bits`` (C, bytes)
    are the cells' sides of all hyperplanes, undetermined for those that cut the cell.
    """

    lines: Lines
    tail: Array
    head: Array
    tail_at_vertex: Array
    head_at_vertex: Array
    sign_bits: Array

    def __len__(self) -> int:
        return len(self.lines)


class _Block(NamedTuple):
    """The cuts of a block of cells, one entry per cut."""

    cell: Array
    hyperplane: Array
    coefficients: Array
    error: Array
    tail: Array
    head: Array
    tail_at_vertex: Array
    head_at_vertex: Array


class _Candidates(NamedTuple):
    """Pairs of a cell and a hyperplane that may cross it, (n,) each; ``coefficients`` (n, 3) of z - kink in x, y, 1."""

    cell: Array
    hyperplane: Array
    coefficients: Array


class _VertexSigns(NamedTuple):
    """The sign of z - kink at every vertex of every candidate's cell.

    ``first`` (n,) is where each candidate's signs begin, ``half_edge`` the half-edge that begins at the vertex.
    """

    sign: Array
    first: Array
    half_edge: Array


def find_cuts(mesh: PolygonMesh, tree: CellTree, layer: int, exact: ExactPredicates) -> Cuts:
    """The cuts of a layer in the mesh's cells; raises ``ModelError`` where a jumping neuron rests on its jump."""
    scaled = tree.layers[layer]
    centre, half_size = mesh.bounding_boxes()
    rows = max(64, BLOCK // max(scaled.W.shape[1], 1))
    sign_bits = np.zeros((mesh.cells, (scaled.hyperplanes + 7) // 8), dtype=np.uint8)
    error = 0.0 if scaled.first else tree.error[layer]
    finder = _CutFinder(mesh, tree, layer, exact)
    blocks, largest = [], 0.0
    for low in range(0, mesh.cells, rows):
        cells = slice(low, min(low + rows, mesh.cells))
        z, size = tree.preactivation_maps(layer, cells.start, cells.stop)
        size = size * (1 + 1e-6) + error
        largest = max(largest, size)
        tolerance = scaled.tolerance(error, size)
        signs, cuts = finder.block(cells.start, centre[cells], half_size[cells], z, tolerance)
        sign_bits[cells] = signs
        blocks.append(cuts)
    tree.error[layer + 1] = scaled.output_error(error, largest)
    cuts = _Block(*(np.concatenate(columns) for columns in zip(*blocks, strict=True)))
    lines = Lines(
        layer=np.full(len(cuts.cell), layer),
        cell=cuts.cell,
        hyperplane=cuts.hyperplane,
        coefficients=cuts.coefficients,
        error=cuts.error,
    )
    return Cuts(
        lines=lines,
        tail=cuts.tail,
        head=cuts.head,
        tail_at_vertex=cuts.tail_at_vertex,
        head_at_vertex=cuts.head_at_vertex,
        sign_bits=sign_bits,
    )


class _CutFinder:
    """Finds the cuts of one layer, a block of cells at a time."""

    def __init__(self, mesh: PolygonMesh, tree: CellTree, layer: int, exact: ExactPredicates) -> None:
        self.mesh, self.tree, self.layer, self.exact = mesh, tree, layer, exact
        self.scaled = tree.layers[layer]

    def block(self, first: int, centre: Array, half_size: Array, z: Array, tolerance: Array) -> tuple[Array, _Block]:
        """Sign bits (C, bytes) and cuts of the C cells from ``first`` on.

        ``centre`` and ``half_size`` (C, 2) are their bounding boxes, ``z`` (3, C or 1, neurons) the preactivation
        maps, ``tolerance`` (hyperplanes,) the rounding errors of z - kink.
        """
        scaled = self.scaled
        if not scaled.one_per_neuron:
            z = z[:, :, scaled.neuron]
        constant, by_x, by_y = z
        at_centre = constant + by_x * centre[:, :1]
        at_centre += by_y * centre[:, 1:]
        at_centre -= scaled.kinks
        # the farthest any vertex's value can be from the centre's
        reach = np.abs(by_x) * half_size[:, :1]
        reach += np.abs(by_y) * half_size[:, 1:]
        reach += tolerance
        above = at_centre > 0
        cell, hyperplane = np.divmod(np.flatnonzero(np.abs(at_centre) <= reach), scaled.hyperplanes)
        row = cell if z.shape[1] > 1 else np.zeros_like(cell)
        coefficients = np.stack(
            [by_x[row, hyperplane], by_y[row, hyperplane], constant[row, hyperplane] - scaled.kinks[hyperplane]], axis=1
        )
        candidates = _Candidates(cell + first, hyperplane, coefficients)
        signs = self._vertex_signs(candidates, tolerance)
        most, least = np.maximum.reduceat(signs.sign, signs.first), np.minimum.reduceat(signs.sign, signs.first)
        if any(scaled.pieces.jumps):
            above[cell, hyperplane] = _above_jump(scaled, hyperplane, most, least)
        else:
            above[cell, hyperplane] = most > 0
        crossed = np.flatnonzero((most > 0) & (least < 0))
        return np.packbits(above, axis=1), self._ends(crossed, candidates, tolerance, signs)

    def _vertex_signs(self, candidates: _Candidates, tolerance: Array) -> _VertexSigns:
        """The signs at all vertices: in floats where the error bounds allow, else exactly."""
        mesh = self.mesh
        cell, hyperplane, coefficients = candidates
        count = mesh.start[cell + 1] - mesh.start[cell]
        first = np.cumsum(count) - count
        pair = np.repeat(np.arange(len(cell)), count)
        half_edge = np.arange(len(pair)) + (mesh.start[cell] - first)[pair]
        vertex = mesh.origin[half_edge]
        x, y = mesh.xy[vertex].T
        a, b, c = coefficients.T
        value = a[pair] * x + b[pair] * y + c[pair]
        error = tolerance[hyperplane][pair] + (np.abs(a) + np.abs(b))[pair] * mesh.error[vertex]
        sign = (value > error).astype(np.int8) - (value < -error)
        undecided = np.flatnonzero(sign == 0)
        if len(undecided):
            constant = self._constant_signs(candidates, pair[undecided])
            known = np.array([constant.get(int(p), _UNKNOWN) for p in pair[undecided]], dtype=np.int8)
            sign[undecided] = known
            undecided = undecided[known == _UNKNOWN]
        if len(undecided):
            points = [
                self.exact.intersection(mesh.lines, int(one), int(two))
                for one, two in mesh.vertex_lines[vertex[undecided]]
            ]
            sign[undecided] = self.exact.signs(self.layer, cell[pair[undecided]], hyperplane[pair[undecided]], points)
        return _VertexSigns(sign, first, half_edge)

    def _constant_signs(self, candidates: _Candidates, pairs: Array) -> dict[int, int]:
        """Candidates whose neuron has only inputs that are 0 on the cell, with the sign of its bias: exact as it is.

        An input counts as 0 where its neuron's piece is the constant 0, not where a computed value is, which could be
        what rounding left of more.
        """
        cell, hyperplane, coefficients = candidates
        scaled = self.scaled
        pairs = np.unique(pairs)
        flat = pairs[(coefficients[pairs, 0] == 0) & (coefficients[pairs, 1] == 0)]
        result: dict[int, int] = {}
        if scaled.first:
            return result
        before = self.tree.layers[self.layer - 1]
        for c in np.unique(cell[flat]):
            pattern = self.tree.pattern(self.layer - 1, int(c))
            active = (before.slopes[pattern] != 0) | (before.intercepts[pattern, np.arange(len(pattern))] != 0)
            own = flat[cell[flat] == c]
            silent = ~(scaled.W[active][:, scaled.neuron[hyperplane[own]]] != 0).any(axis=0)
            result.update({int(p): self.exact.constant_sign(self.layer, int(hyperplane[p])) for p in own[silent]})
        return result

    def _ends(self, crossed: Array, candidates: _Candidates, tolerance: Array, signs: _VertexSigns) -> _Block:
        """Where the cuts enter and leave: signs around a cell go - … + … -, with a zero where a vertex is hit."""
        mesh = self.mesh
        cell, hyperplane, coefficients = (column[crossed] for column in candidates)
        count = mesh.start[cell + 1] - mesh.start[cell]
        begin = np.cumsum(count) - count
        cut = np.repeat(np.arange(len(cell)), count)
        index = np.arange(len(cut)) + (signs.first[crossed] - begin)[cut]
        here = signs.sign[index]
        after = np.append(here[1:], np.int8(0))
        after[begin + count - 1] = here[begin]
        rising = np.flatnonzero((here <= 0) & (after > 0))
        falling = np.flatnonzero((here >= 0) & (after < 0))
        assert len(rising) == len(falling) == len(cell)  # a line meets a convex boundary twice
        length = np.hypot(coefficients[:, 0], coefficients[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            unit = np.nan_to_num(coefficients / length[:, None])
            error = np.nan_to_num(tolerance[hyperplane] / length, nan=4.0, posinf=4.0) + 8 * UNIT
        # the positive part of the boundary runs from rising to falling, so the cut runs from falling to rising
        return _Block(
            cell=cell,
            hyperplane=hyperplane,
            coefficients=unit,
            error=error,
            tail=signs.half_edge[index[falling]],
            head=signs.half_edge[index[rising]],
            tail_at_vertex=here[falling] == 0,
            head_at_vertex=here[rising] == 0,
        )


def _above_jump(scaled: ScaledLayer, hyperplane: Array, most: Array, least: Array) -> Array:
    """Whether each candidate's cell is above the kink, from its vertices' largest and smallest sign.

    A cell on which z is exactly the kink goes to the side whose limit is the value there.
    """
    above: Array = most > 0
    resting = np.flatnonzero((most == 0) & (least == 0))
    for i in resting:
        k = int(scaled.kink_index[hyperplane[i]])
        left, right = scaled.pieces.limits(k)
        value = scaled.pieces.at[k]
        if value not in (left, right):
            neuron, kink = int(scaled.neuron[hyperplane[i]]), float(scaled.pieces.breaks[k])
            raise ModelError("geometry.rests_on_jump", neuron=neuron, kink=kink)
        above[i] = value == right
    return above
