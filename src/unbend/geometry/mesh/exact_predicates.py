"""`ExactPredicates`: exact geometric tests, in rational arithmetic, for the few decisions that rounding leaves open.

Weights are binary fractions, so every line and every vertex has rational coefficients. A value is stored as integers
over one positive common denominator; nothing is rounded and nothing is divided.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...arrays import Array
from ..rational import IntegerArray, integers
from ..slices import Slice
from .cell_tree import CellTree
from .polygon_mesh import BOX, Lines
from .scaled_layers import ScaledLayer, coordinate_scale

Point = tuple[int, int, int]  # X, Y, D > 0: the point (X/D, Y/D)
LineCoefficients = tuple[int, int, int]  # a, b, c of a*x + b*y + c = 0
_CACHED, _CACHED_MAPS = 200_000, 2_000  # most points and lines, and most maps, remembered; a full cache is emptied


class ExactPredicates:
    """Exact lines, vertices and signs on a slice; ``decisions`` counts the questions answered."""

    def __init__(self, domain: Slice, layers: list[ScaledLayer], tree: CellTree) -> None:
        self.domain = domain
        self.layers = layers
        self.tree = tree
        self.decisions = 0
        self._weights_cache: dict[int, tuple[IntegerArray, IntegerArray]] = {}
        self._pieces_cache: dict[int, tuple[Array, Array, int, bool]] = {}
        self._lines: dict[int, LineCoefficients] = {}
        self._points: dict[tuple[int, int], Point] = {}
        self._maps: dict[tuple[int, int], IntegerArray] = {}

    def signs(self, layer: int, cell: Array, hyperplane: Array, points: list[Point]) -> Array:
        """The signs of z - kink for hyperplanes of a layer, each at a point of a cell: (n,) of -1, 0 or 1."""
        self.decisions += len(points)
        scaled = self.layers[layer]
        if scaled.after_jump:
            lines = [self.hyperplane_line(layer, int(c), int(k)) for c, k in zip(cell, hyperplane, strict=True)]
            return np.array([_side(line, p) for line, p in zip(lines, points, strict=True)], dtype=np.int8)
        row_of = {point: row for row, point in enumerate(dict.fromkeys(points))}
        values, denominator = self._preactivations(layer, np.array([*row_of], dtype=object))
        row = [row_of[p] for p in points]
        kink_index = scaled.kink_index[hyperplane]
        kink_numerator = np.array([b.numerator for b in scaled.pieces.breaks], dtype=object)[kink_index]
        kink_denominator = np.array([b.denominator for b in scaled.pieces.breaks], dtype=object)[kink_index]
        difference = values[row, scaled.neuron[hyperplane]] * kink_denominator - kink_numerator * denominator[row, 0]
        result: Array = (difference > 0).astype(np.int8) - (difference < 0).astype(np.int8)
        return result

    def side_of_line(self, lines: Lines, line: int, point: Point) -> int:
        """The sign of a line's left side at a point."""
        self.decisions += 1
        return _side(self.line(lines, line), point)

    def constant_sign(self, layer: int, hyperplane: int) -> int:
        """The sign of bias - kink: that of the hyperplane where every input of its neuron is exactly 0."""
        scaled = self.layers[layer]
        bias = Fraction(float(scaled.original[1][scaled.neuron[hyperplane]]))
        return _sign(bias - scaled.pieces.breaks[scaled.kink_index[hyperplane]])

    def position_along(self, lines: Lines, line: int, other: int) -> Fraction:
        """How far along ``line`` it meets the other line."""
        self.decisions += 1
        a, b, _ = self.line(lines, line)
        x, y, d = self.intersection(lines, line, other)
        return Fraction(x * b - y * a, d)

    def intersection(self, lines: Lines, first: int, second: int) -> Point:
        """The point where two lines meet that are not parallel."""
        point = self._points.get((first, second))
        if point is None:
            a, b, c = self.line(lines, first)
            d, e, f = self.line(lines, second)
            determinant = a * e - b * d
            sign = 1 if determinant > 0 else -1
            point = sign * (b * f - c * e), sign * (c * d - a * f), sign * determinant
            _store(self._points, (first, second), point)
        return point

    def line(self, lines: Lines, line: int) -> LineCoefficients:
        """Integer coefficients of a line, positive where its left side is."""
        hyperplane = int(lines.hyperplane[line])
        if lines.layer[line] != BOX:
            coefficients = self._lines.get(line)
            if coefficients is None:
                coefficients = self.hyperplane_line(int(lines.layer[line]), int(lines.cell[line]), hyperplane)
                _store(self._lines, line, coefficients)
            return coefficients
        a, b, c = lines.coefficients[line]
        numerator, denominator = float(c).as_integer_ratio()
        return int(a) * denominator, int(b) * denominator, numerator

    def hyperplane_line(self, layer: int, cell: int, hyperplane: int) -> LineCoefficients:
        """Integer coefficients of z - kink on a cell, in scaled slice coordinates, up to a positive factor."""
        scaled = self.layers[layer]
        (W, w_denominator), (b, _) = self._weights(layer)
        rows, denominator = self.input_map(layer, cell)
        j = scaled.neuron[hyperplane]
        kink = scaled.pieces.breaks[scaled.kink_index[hyperplane]]
        c, x, y = (int(v) for v in rows @ W[:, j])
        c += b[j] * denominator
        constant = c * kink.denominator - kink.numerator * denominator * w_denominator
        return x * kink.denominator, y * kink.denominator, constant

    def input_map(self, layer: int, cell: int) -> IntegerArray:
        """(3, inputs): the layer's input map on a cell, at (0, 0) and per scaled coordinate."""
        if self.layers[layer].first:
            return self._start
        key = (layer, cell)
        if key not in self._maps:
            parent = int(self.tree.parent(layer)[cell])
            rows, denominator = self.input_map(layer - 1, parent)
            (W, w_denominator), (b, _) = self._weights(layer - 1)
            z = rows @ W
            z[0] += b * denominator
            pattern = self.tree.pattern(layer - 1, cell)
            result = self._activate(layer - 1, z, denominator * w_denominator, pattern)
            _store(self._maps, key, result, _CACHED_MAPS)
        return self._maps[key]

    def _preactivations(self, layer: int, points: Array) -> tuple[Array, Array]:
        """All z of a layer at points (n, 3): integers (n, neurons) over (n, 1).

        Which side of a kink counts does not matter, as nothing has jumped on the way.
        """
        (W, w_denominator), (b, _) = self._weights(layer)
        if self.layers[layer].first:
            start, denominator = self._start
            rows, denominators = points[:, [2, 0, 1]] @ start, denominator * points[:, 2:]
        else:
            z, denominators = self._preactivations(layer - 1, points)
            index = np.zeros(z.shape, dtype=np.int64)
            for kink in self.layers[layer - 1].pieces.breaks:
                index += (z * kink.denominator > kink.numerator * denominators).astype(np.int64)
            slopes, intercepts, common, through_origin = self._pieces(layer - 1)
            rows = z * slopes[index] if through_origin else z * slopes[index] + intercepts[index] * denominators
            denominators = denominators * common
        nonzero = np.flatnonzero((rows != 0).any(axis=0))
        z = rows[:, nonzero] @ W[nonzero] if len(nonzero) else np.zeros((len(points), W.shape[1]), dtype=object)
        return z + b * denominators, denominators * w_denominator

    def _activate(self, layer: int, z: Array, denominator: int, pattern: Array) -> IntegerArray:
        """The activation's pieces applied to z over ``denominator``; ``pattern`` is each neuron's piece."""
        slopes, intercepts, common, through_origin = self._pieces(layer)
        result = z * slopes[pattern]
        if not through_origin:
            result[0] += intercepts[pattern] * denominator
        return result, denominator * common

    def _pieces(self, layer: int) -> tuple[Array, Array, int, bool]:
        """Slopes and intercepts of a layer's pieces as integers, their common denominator, and whether all
        intercepts are 0.
        """
        if layer not in self._pieces_cache:
            lines = self.layers[layer].pieces.lines
            common = lcm(*(v.denominator for line in lines for v in line))
            slopes = np.array([int(s * common) for s, _ in lines], dtype=object)
            intercepts = np.array([int(t * common) for _, t in lines], dtype=object)
            self._pieces_cache[layer] = slopes, intercepts, common, not any(intercepts)
        return self._pieces_cache[layer]

    def _weights(self, layer: int) -> tuple[IntegerArray, IntegerArray]:
        """W and b of a layer as integers over one power of two."""
        if layer not in self._weights_cache:
            both, denominator = integers(np.vstack(self.layers[layer].original))
            self._weights_cache[layer] = (both[:-1], denominator), (both[-1], denominator)
        return self._weights_cache[layer]

    @cached_property
    def _start(self) -> IntegerArray:
        domain = self.domain
        rows = np.zeros((3, domain.inputs))
        rows[0] = domain.origin
        scale = coordinate_scale(domain)
        rows[1 : 1 + domain.dimensions] = domain.directions * scale[: domain.dimensions, None]
        return integers(rows)


def _side(line: LineCoefficients, point: Point) -> int:
    return _sign(line[0] * point[0] + line[1] * point[1] + line[2] * point[2])


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def _store(cache: dict[Any, Any], key: Any, value: Any, most: int = _CACHED) -> None:
    """Remember a value; a cache of ``most`` entries is emptied first."""
    if len(cache) >= most:
        cache.clear()
    cache[key] = value
