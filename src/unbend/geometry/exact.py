"""Exact rational answers for the few decisions that rounding leaves open.

Weights are binary fractions, so every line and every vertex has rational coefficients. A value is kept as integers
over one positive common denominator; nothing is rounded and nothing is divided.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ..arrays import Array
from .levels import Levels
from .mesh import BOX, Lines
from .plane import Slice
from .stages import Stage, coordinate_scale

Point = tuple[int, int, int]  # X, Y, D > 0: the point (X/D, Y/D)
Row = tuple[Array, int]  # integers (object array) and their common denominator
_MANY, _MANY_MAPS = 200_000, 2_000  # remembered points and lines, and rows of numbers; a fuller memory is emptied


def integers(array: Array) -> Row:
    """A float array as integers over a power of two."""
    fraction, exponent = np.frexp(array.astype(np.float64))
    whole = np.ldexp(fraction, 53).astype(np.int64)
    zeros = np.where(whole == 0, 0, np.log2(np.maximum(whole & -whole, 1))).astype(np.int64)
    place = np.where(whole == 0, 0, exponent - 53 + zeros)  # of each number's last bit
    least = min(int(place.min(initial=0)), 0)
    numbers: Array = (whole >> zeros).astype(object) << (place - least).astype(object)
    return numbers, 1 << -least


class Exact:
    """Exact lines, vertices and signs on a slice; ``decisions`` counts what was asked."""

    def __init__(self, where: Slice, stages: list[Stage], levels: Levels) -> None:
        self.where = where
        self.stages = stages
        self.levels = levels
        self.decisions = 0
        self._weights: dict[int, tuple[Row, Row]] = {}
        self._lines_of: dict[int, tuple[Array, Array, int, bool]] = {}
        self._lines: dict[int, tuple[int, int, int]] = {}
        self._points: dict[tuple[int, int], Point] = {}
        self._maps: dict[tuple[int, int], Row] = {}

    def signs(self, stage: int, cell: Array, kind: Array, points: list[Point]) -> Array:
        """The signs of classes of a stage, each at a point of a cell: (n,) of -1, 0 or 1."""
        self.decisions += len(points)
        step = self.stages[stage]
        if step.after_jump:
            lines = [self.neuron_line(stage, int(c), int(k)) for c, k in zip(cell, kind, strict=True)]
            return np.array([_side(line, p) for line, p in zip(lines, points, strict=True)], dtype=np.int8)
        known = {point: row for row, point in enumerate(dict.fromkeys(points))}
        values, bottom = self._values_at(stage, np.array([*known], dtype=object))
        row = [known[p] for p in points]
        top = np.array([b.numerator for b in step.pieces.breaks], dtype=object)[step.which[kind]]
        below = np.array([b.denominator for b in step.pieces.breaks], dtype=object)[step.which[kind]]
        difference = values[row, step.neuron[kind]] * below - top * bottom[row, 0]
        result: Array = (difference > 0).astype(np.int8) - (difference < 0).astype(np.int8)
        return result

    def on_which_side(self, lines: Lines, line: int, point: Point) -> int:
        """The sign of a line's left side at a point."""
        self.decisions += 1
        return _side(self.line(lines, line), point)

    def constant_sign(self, stage: int, kind: int) -> int:
        """The sign of bias - kink: that of the class where everything that reaches its neuron is exactly 0."""
        step = self.stages[stage]
        bias = Fraction(float(step.given[1][step.neuron[kind]]))
        return _sign(bias - step.pieces.breaks[step.which[kind]])

    def place(self, lines: Lines, line: int, other: int) -> Fraction:
        """How far along ``line`` it meets the other line."""
        self.decisions += 1
        a, b, _ = self.line(lines, line)
        x, y, d = self.meet(lines, line, other)
        return Fraction(x * b - y * a, d)

    def meet(self, lines: Lines, first: int, second: int) -> Point:
        """The point where two lines meet that are not parallel."""
        known = self._points.get((first, second))
        if known is None:
            a, b, c = self.line(lines, first)
            d, e, f = self.line(lines, second)
            bottom = a * e - b * d
            sign = 1 if bottom > 0 else -1
            known = sign * (b * f - c * e), sign * (c * d - a * f), sign * bottom
            _keep(self._points, (first, second), known)
        return known

    def line(self, lines: Lines, line: int) -> tuple[int, int, int]:
        """Integer coefficients of a line, positive where its left side is."""
        kind = int(lines.kind[line])
        if lines.level[line] != BOX:
            known = self._lines.get(line)
            if known is None:
                known = self.neuron_line(int(lines.level[line]), int(lines.cell[line]), kind)
                _keep(self._lines, line, known)
            return known
        a, b, c = lines.coefficients[line]
        top, bottom = float(c).as_integer_ratio()
        return int(a) * bottom, int(b) * bottom, top

    def neuron_line(self, stage: int, cell: int, kind: int) -> tuple[int, int, int]:
        """Integer coefficients of z - kink on a cell, in scaled slice coordinates, up to a positive factor."""
        step = self.stages[stage]
        (W, w_bottom), (b, _) = self._numbers(stage)
        rows, bottom = self.map_before(stage, cell)
        j = step.neuron[kind]
        kink = step.pieces.breaks[step.which[kind]]
        c, x, y = (int(v) for v in rows @ W[:, j])
        c += b[j] * bottom
        return x * kink.denominator, y * kink.denominator, c * kink.denominator - kink.numerator * bottom * w_bottom

    def map_before(self, stage: int, cell: int) -> Row:
        """(3, inputs): what enters the stage on a cell, at (0, 0) and per scaled coordinate."""
        if self.stages[stage].starts:
            return self._start
        key = (stage, cell)
        if key not in self._maps:
            parent = int(self.levels.parent(stage)[cell])
            rows, bottom = self.map_before(stage - 1, parent)
            (W, w_bottom), (b, _) = self._numbers(stage - 1)
            z = rows @ W
            z[0] += b * bottom
            row = self._through(stage - 1, z, bottom * w_bottom, self.levels.pieces(stage - 1, cell))
            _keep(self._maps, key, row, _MANY_MAPS)
        return self._maps[key]

    def _values_at(self, stage: int, points: Array) -> tuple[Array, Array]:
        """All z of a stage at points (n, 3): integers (n, neurons) over (n, 1).

        Which side of a kink counts does not matter, as nothing has jumped on the way.
        """
        (W, w_bottom), (b, _) = self._numbers(stage)
        if self.stages[stage].starts:
            start, bottom = self._start
            rows, bottoms = points[:, [2, 0, 1]] @ start, bottom * points[:, 2:]
        else:
            z, bottoms = self._values_at(stage - 1, points)
            which = np.zeros(z.shape, dtype=np.int64)
            for kink in self.stages[stage - 1].pieces.breaks:
                which += (z * kink.denominator > kink.numerator * bottoms).astype(np.int64)
            slopes, heights, common, level = self._pieces(stage - 1)
            rows = z * slopes[which] if level else z * slopes[which] + heights[which] * bottoms
            bottoms = bottoms * common
        used = np.flatnonzero((rows != 0).any(axis=0))
        z = rows[:, used] @ W[used] if len(used) else np.zeros((len(points), W.shape[1]), dtype=object)
        return z + b * bottoms, bottoms * w_bottom

    def _through(self, stage: int, z: Array, bottom: int, which: Array) -> Row:
        """The activation's pieces applied to z over ``bottom``; ``which`` is each neuron's piece."""
        slopes, heights, common, level = self._pieces(stage)
        result = z * slopes[which]
        if not level:
            result[0] += heights[which] * bottom
        return result, bottom * common

    def _pieces(self, stage: int) -> tuple[Array, Array, int, bool]:
        """Slopes and heights of a stage's pieces as integers over a common denominator; whether all heights are 0."""
        if stage not in self._lines_of:
            lines = self.stages[stage].pieces.lines
            common = lcm(*(v.denominator for line in lines for v in line))
            slopes = np.array([int(s * common) for s, _ in lines], dtype=object)
            heights = np.array([int(t * common) for _, t in lines], dtype=object)
            self._lines_of[stage] = slopes, heights, common, not any(heights)
        return self._lines_of[stage]

    def _numbers(self, stage: int) -> tuple[Row, Row]:
        """W and b of a stage as integers over one power of two."""
        if stage not in self._weights:
            step = self.stages[stage]
            both, bottom = integers(np.vstack(step.given))
            self._weights[stage] = (both[:-1], bottom), (both[-1], bottom)
        return self._weights[stage]

    @cached_property
    def _start(self) -> Row:
        rows = np.zeros((3, self.where.inputs))
        rows[0] = self.where.origin
        scale = coordinate_scale(self.where)
        rows[1 : 1 + self.where.dimensions] = self.where.directions * scale[: self.where.dimensions, None]
        return integers(rows)


def _side(line: tuple[int, int, int], point: Point) -> int:
    return _sign(line[0] * point[0] + line[1] * point[1] + line[2] * point[2])


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def _keep(cache: dict[Any, Any], key: Any, value: Any, most: int = _MANY) -> None:
    if len(cache) >= most:
        cache.clear()
    cache[key] = value
