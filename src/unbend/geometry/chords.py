"""Which neurons bend inside which cells: each such pair is a chord from boundary to boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..errors import ModelError
from .exact import Exact
from .levels import Levels
from .mesh import Lines, Mesh
from .stages import UNIT, Stage

BLOCK = 1 << 16  # numbers per matrix looked at together, so that they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Chords:
    """All chords of one stage, ordered by cell: ``lines[q]`` is chord q's line.

    The positive side is on the left of the way from ``tail`` to ``head``. Both are half-edges; the chord ends inside
    that half-edge, or at its corner where ``tail_corner`` (``head_corner``) is set. ``bits`` (C, bytes) are the
    classes' sides per cell, wrong for the chords' own.
    """

    lines: Lines
    tail: Array
    head: Array
    tail_corner: Array
    head_corner: Array
    bits: Array

    def __len__(self) -> int:
        return len(self.lines)


def find_chords(mesh: Mesh, levels: Levels, stage: int, exact: Exact) -> Chords:
    """The chords of a stage in the mesh's cells; raises ``ModelError`` where a jumping neuron rests on its jump."""
    step = levels.stages[stage]
    middle, reach = mesh.middle_and_reach()
    rows = max(64, BLOCK // max(step.W.shape[1], 1))
    bits = np.zeros((mesh.cells, (step.classes + 7) // 8), dtype=np.uint8)
    error = 0.0 if step.starts else levels.error[stage]
    parts, largest = [], 0.0
    for low in range(0, mesh.cells, rows):
        part = slice(low, min(low + rows, mesh.cells))
        z, size = levels.before(stage, part.start, part.stop)
        largest = max(largest, size * (1 + 1e-6) + error)
        parts.append(_in_block(mesh, levels, stage, exact, middle[part], reach[part], part, bits, z,
                               step.tolerance(error, size * (1 + 1e-6) + error)))  # fmt: skip
    levels.error[stage + 1] = step.error_after(error, largest)
    cell, kind, coefficients, slack, tail, head, tail_corner, head_corner = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    lines = Lines(np.full(len(cell), stage), cell, kind, coefficients, slack)
    return Chords(lines, tail, head, tail_corner, head_corner, bits)


def _in_block(
    mesh: Mesh,
    levels: Levels,
    stage: int,
    exact: Exact,
    middle: Array,
    reach: Array,
    part: slice,
    bits: Array,
    z: Array,
    tolerance: Array,
) -> tuple[Array, ...]:
    step, low = levels.stages[stage], part.start
    if not step.plain:
        z = z[:, :, step.neuron]
    level, by_x, by_y = z
    at_middle = level + by_x * middle[:, :1]
    at_middle += by_y * middle[:, 1:]
    at_middle -= step.kinks
    # the farthest any corner's value can be from the middle's
    far = np.abs(by_x) * reach[:, :1]
    far += np.abs(by_y) * reach[:, 1:]
    far += tolerance
    above = at_middle > 0
    cell, kind = np.divmod(np.flatnonzero(np.abs(at_middle) <= far), step.classes)
    at = cell if z.shape[1] > 1 else np.zeros_like(cell)
    coefficients = np.stack([by_x[at, kind], by_y[at, kind], level[at, kind] - step.kinks[kind]], axis=1)
    signs, first, half = _corner_signs(mesh, levels, stage, exact, cell + low, kind, coefficients, tolerance)
    most, least = np.maximum.reduceat(signs, first), np.minimum.reduceat(signs, first)
    if any(step.pieces.jumps):
        above[cell, kind] = _side_on_jump(step, kind, most, least)
    else:
        above[cell, kind] = most > 0
    bits[part] = np.packbits(above, axis=1)
    crossed = np.flatnonzero((most > 0) & (least < 0))
    return _ends(mesh, crossed, cell + low, kind, coefficients, tolerance, signs, first, half)


def _side_on_jump(step: Stage, kind: Array, most: Array, least: Array) -> Array:
    """Whether each pair's cell counts as above the kink: a cell that rests on a jump goes with the value there."""
    result: Array = most > 0
    resting = np.flatnonzero((most == 0) & (least == 0))
    for i in resting:
        k = int(step.which[kind[i]])
        left, right = step.pieces.limits(k)
        value = step.pieces.at[k]
        if value not in (left, right):
            neuron, kink = int(step.neuron[kind[i]]), float(step.pieces.breaks[k])
            raise ModelError("geometry.rests_on_jump", neuron=neuron, kink=kink)
        result[i] = value == right
    return result


def _corner_signs(
    mesh: Mesh,
    levels: Levels,
    stage: int,
    exact: Exact,
    cell: Array,
    kind: Array,
    coefficients: Array,
    tolerance: Array,
) -> tuple[Array, Array, Array]:
    """The sign of every pair at every corner of its cell; where each pair's begin; the half-edge of each corner."""
    count = mesh.start[cell + 1] - mesh.start[cell]
    first = np.cumsum(count) - count
    pair = np.repeat(np.arange(len(cell)), count)
    half = np.arange(len(pair)) + (mesh.start[cell] - first)[pair]
    vertex = mesh.corner[half]
    x, y = mesh.xy[vertex].T
    a, b, c = coefficients.T
    value = a[pair] * x + b[pair] * y + c[pair]
    sure = tolerance[kind][pair] + (np.abs(a) + np.abs(b))[pair] * mesh.slack[vertex]
    signs = (value > sure).astype(np.int8) - (value < -sure)
    open_ = np.flatnonzero(signs == 0)
    if len(open_):
        constant = _constant_signs(levels, stage, exact, cell, kind, coefficients, pair[open_])
        known = np.array([constant.get(int(p), 2) for p in pair[open_]], dtype=np.int8)
        signs[open_] = known
        open_ = open_[known == 2]
    if len(open_):
        points = [exact.meet(mesh.lines, int(one), int(two)) for one, two in mesh.on[vertex[open_]]]
        signs[open_] = exact.signs(stage, cell[pair[open_]], kind[pair[open_]], points)
    return signs, first, half


def _constant_signs(
    levels: Levels, stage: int, exact: Exact, cell: Array, kind: Array, coefficients: Array, pairs: Array
) -> dict[int, int]:
    """Pairs whose neuron hears only neurons resting at 0 on its cell, with the sign of its bias: no arithmetic needed.

    Resting counts, not a computed 0, which could be what rounding left of more.
    """
    step = levels.stages[stage]
    pairs = np.unique(pairs)
    flat = pairs[(coefficients[pairs, 0] == 0) & (coefficients[pairs, 1] == 0)]
    result: dict[int, int] = {}
    if step.starts:
        return result
    below = levels.stages[stage - 1]
    for c in np.unique(cell[flat]):
        which = levels.pieces(stage - 1, int(c))
        arriving = (below.slopes[which] != 0) | (below.intercepts[which, np.arange(len(which))] != 0)
        own = flat[cell[flat] == c]
        silent = ~(step.W[arriving][:, step.neuron[kind[own]]] != 0).any(axis=0)
        result.update({int(p): exact.constant_sign(stage, int(kind[p])) for p in own[silent]})
    return result


def _ends(
    mesh: Mesh,
    crossed: Array,
    cell: Array,
    kind: Array,
    coefficients: Array,
    tolerance: Array,
    signs: Array,
    first: Array,
    half: Array,
) -> tuple[Array, ...]:
    """Where the chords enter and leave: signs around a cell go - … + … -, with a zero where a corner is hit."""
    cell, kind, coefficients = cell[crossed], kind[crossed], coefficients[crossed]
    count = mesh.start[cell + 1] - mesh.start[cell]
    begin = np.cumsum(count) - count
    chord = np.repeat(np.arange(len(cell)), count)
    at = np.arange(len(chord)) + (first[crossed] - begin)[chord]
    here = signs[at]
    after = np.append(here[1:], np.int8(0))
    after[begin + count - 1] = here[begin]
    rising = np.flatnonzero((here <= 0) & (after > 0))
    falling = np.flatnonzero((here >= 0) & (after < 0))
    assert len(rising) == len(falling) == len(cell)  # a line meets a convex boundary twice
    length = np.hypot(coefficients[:, 0], coefficients[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = np.nan_to_num(coefficients / length[:, None])
        slack = np.nan_to_num(tolerance[kind] / length, nan=4.0, posinf=4.0) + 8 * UNIT
    # with the positive arc running from rising to falling, the chord runs back: from falling to rising
    return (cell, kind, unit, slack, half[at[falling]], half[at[rising]], here[falling] == 0, here[rising] == 0)
