"""`CellTree`: the cells after each layer: the parent each was cut from, its sides of hyperplanes, its affine maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ..slices import Slice
from .scaled_layers import ScaledLayer, start_map

WIDE = 200  # inputs from which on few changed rows are added rather than all multiplied again
SPARSE = 16  # how many times fewer the changes must be, a sparse product being slower per number


@dataclass(eq=False)
class Level:
    """The cells after one layer: ``parent`` (C,) is the cell of the level before that each was cut from;
    ``sign_bits`` (C, bytes) has one bit per hyperplane, 1 where the cell lies above it. ``complete`` fills in the
    bits of the hyperplanes that cut the parent, when they are first needed.
    """

    parent: Array
    sign_bits: Array
    complete: Callable[[], None] | None = None


class CellTree:
    """All levels so far: level 0 is the box, level s + 1 the cells after layer s.

    The affine maps of C cells are one array (3, C, neurons): the values at the origin and the changes per scaled
    slice coordinate; C is 1 where all cells have the same map.
    """

    def __init__(self, domain: Slice, layers: list[ScaledLayer]) -> None:
        self.layers = layers
        self.levels: list[Level] = []
        self.error = [0.0] * (len(layers) + 1)  # bounds the error of each layer's input maps
        self._start, _ = start_map(domain)
        self._tables: dict[int, Array] = {}

    def parent(self, level: int) -> Array:
        """The cell of level - 1 that each cell of the level was cut from."""
        return self.levels[level - 1].parent

    def sign_bits(self, layer: int) -> Array:
        """The completed sign bits of the cells after a layer."""
        level = self.levels[layer]
        if level.complete is not None:
            complete, level.complete = level.complete, None
            complete()
        return level.sign_bits

    def pattern(self, layer: int, cells: slice | int | Array) -> Array:
        """The piece each neuron of the layer is on: (C, neurons) for cells after the layer, (neurons,) for one."""
        scaled = self.layers[layer]
        signs = np.unpackbits(self.sign_bits(layer)[cells], axis=-1, count=scaled.hyperplanes)
        if scaled.one_per_neuron:
            return signs
        above = signs[..., scaled.hyperplane] ^ scaled.mirrored
        result: Array = above.sum(axis=-1, dtype=np.uint8)
        return result

    def input_maps(self, layer: int, low: int, high: int) -> Array:
        """The layer's input maps on the cells low:high that enter it."""
        return self._start[:, None, :] if self.layers[layer].first else self.output_maps(layer - 1, low, high)

    def output_maps(self, layer: int, low: int, high: int) -> Array:
        """The layer's output maps on the cells low:high after it."""
        parent = self.parent(layer + 1)[low:high]
        z = self.preactivation_maps(layer, int(parent[0]), int(parent[-1]) + 1)[0]
        return self._activate(layer, _take(z, parent - parent[0]), self.pattern(layer, slice(low, high)))

    def preactivation_maps(self, layer: int, low: int, high: int) -> tuple[Array, float]:
        """The maps z = x W + b of a layer on the cells low:high that enter it.

        Also the largest sum of norms of the rows multiplied, which the rounding error is measured by.
        """
        scaled = self.layers[layer]
        if scaled.first or high - low == 1 or scaled.W.shape[0] < WIDE:
            rows = self.input_maps(layer, low, high)
            return _multiply(scaled, rows), _size(rows)
        parent = self.parent(layer)[low:high]
        first = np.flatnonzero(np.append(True, parent[1:] != parent[:-1]))
        pattern = self.pattern(layer - 1, slice(low, high))
        z = self.preactivation_maps(layer - 1, int(parent[0]), int(parent[-1]) + 1)[0]
        group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(parent))))
        changed = pattern != pattern[first][group]
        if 2 * len(first) > high - low or SPARSE * np.count_nonzero(changed) > changed.size:
            rows = self._activate(layer - 1, _take(z, parent - parent[0]), pattern)
            return _multiply(scaled, rows), _size(rows)
        return self._by_changes(
            layer, z=_take(z, parent[first] - parent[0]), pattern=pattern, first=first, group=group, changed=changed
        )

    def _by_changes(
        self, layer: int, *, z: Array, pattern: Array, first: Array, group: Array, changed: Array
    ) -> tuple[Array, float]:
        """As ``preactivation_maps``, for cells (``group`` (C,) by parent) whose patterns differ in few neurons.

        The rows of W of the neurons that ``changed`` (C, neurons) are added to the map of the group's first cell
        (``first`` (groups,)). ``z`` (3, groups, neurons) are the preactivation maps of the layer before.
        """
        from scipy.sparse import csr_array

        scaled, before = self.layers[layer], self.layers[layer - 1]
        inputs, cells, groups = len(scaled.W), len(pattern), len(first)
        base = pattern[first]
        rows = self._activate(layer - 1, z, base)
        cell, neuron = np.nonzero(changed)
        new, old = pattern[cell, neuron], base[group[cell], neuron]
        change = z[:, group[cell] if z.shape[1] > 1 else 0, neuron] * (before.slopes[new] - before.slopes[old])
        change[0] += before.intercepts[new, neuron] - before.intercepts[old, neuron]
        # Cells of a group differ in few neurons: the maps of all cells are one sparse product, the map of the group's
        # first cell plus the changed neurons' changes times rows of W. That is much cheaper than a product per cell.
        table = self._table(layer, 3 * groups)
        np.matmul(rows.reshape(3 * groups, inputs), scaled.W, out=table[inputs:])
        table[inputs : inputs + groups] += scaled.b
        terms = np.bincount(cell, minlength=cells) + 1
        begin = np.append(0, np.cumsum(terms))
        factor, row = np.ones((3, int(begin[-1]))), np.empty((3, int(begin[-1])), dtype=np.int64)
        is_change = np.ones(factor.shape[1], dtype=bool)
        is_change[begin[:-1]] = False
        factor[:, is_change], row[:, is_change] = change, neuron
        row[:, begin[:-1]] = inputs + group + groups * np.arange(3)[:, None]
        starts = np.append((begin[:-1] + int(begin[-1]) * np.arange(3)[:, None]).ravel(), factor.size)
        sparse = csr_array((factor.ravel(), row.ravel(), starts), shape=(3 * cells, len(table)))
        square = np.where(is_change, factor**2, 0.0)
        extra = np.sqrt(np.add.reduceat(square, begin[:-1], axis=1)).sum(axis=0).max()
        result: Array = (sparse @ table).reshape(3, cells, -1)
        # the changes are terms of the sum, too
        return result, (_size(rows) + float(extra)) * (1 + int(terms.max()) / inputs)

    def _table(self, layer: int, rows: int) -> Array:
        """A buffer of the layer's W followed by ``rows`` rows, reused between calls."""
        W = self.layers[layer].W
        if self._tables.get(layer) is None or len(self._tables[layer]) < len(W) + rows:
            self._tables[layer] = np.vstack([W, np.empty((2 * rows, W.shape[1]))])
        return self._tables[layer][: len(W) + rows]

    def _activate(self, layer: int, z: Array, pattern: Array) -> Array:
        """The layer's activation applied to maps z on known pieces (C, neurons)."""
        scaled = self.layers[layer]
        if len(scaled.slopes) == 1:
            result: Array = z * scaled.slopes[0]
            result[0] += scaled.intercepts[0]
            return result
        result = z * scaled.slopes[pattern]
        if scaled.intercepts.any():
            result[0] += scaled.intercepts[pattern, np.arange(pattern.shape[1])]
        return result


def _take(z: Array, cells: Array) -> Array:
    """The maps of the given cells, or the one map that all share."""
    return z if z.shape[1] == 1 else z[:, cells]


def _multiply(scaled: ScaledLayer, rows: Array) -> Array:
    z: Array = (rows.reshape(-1, rows.shape[2]) @ scaled.W).reshape(3, rows.shape[1], -1)
    z[0] += scaled.b
    return z


def _size(rows: Array) -> float:
    return float(np.sqrt(np.einsum("rcn,rcn->rc", rows, rows)).sum(axis=0).max())
