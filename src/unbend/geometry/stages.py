"""A network prepared for splitting: equilibrated weights, the lines its neurons bend along, error bounds.

Neurons of very different scale would spoil one error bound for all, so each neuron's values are divided by a power
of two, which is exact; the next layer's weights are multiplied by it. Neurons that bend along the same line
(duplicates, scaled and mirrored copies) are found here exactly and share one *class*, split once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..arrays import Array
from ..errors import ModelError
from ..network import Network
from .pieces import need_pieces
from .piecewise import Piecewise
from .plane import Slice

UNIT = 2.0**-53  # rounding unit of float64
TINY = 1e-290  # covers what underflow may lose


@dataclass(frozen=True, eq=False)
class Stage:
    """One layer. Arrays are in scaled units, z' = z/``scale``; class k bends where z'[neuron[k]] = kinks[k].

    ``which`` is the number of that kink; ``member`` (neurons, kinks) each neuron's class at each kink, and
    ``mirrored`` whether it lies above the kink where the class's own neuron lies below. ``slopes`` (kinks + 1,) and
    ``intercepts`` (kinks + 1, neurons) are the pieces.
    """

    W: Array
    b: Array
    scale: Array
    pieces: Piecewise
    starts: bool  # its input is the slice itself: first layer of a network
    neuron: Array
    which: Array
    kinks: Array
    member: Array
    mirrored: Array
    slopes: Array
    intercepts: Array
    given: tuple[Array, Array]  # W and b as the network has them
    after_jump: bool  # an earlier layer of its network jumps, so values differ across an edge
    norms: Array  # of each column of W
    norm: float  # the spectral norm of W

    def tolerance(self, error: float, size: float) -> Array:
        """(classes,): what a computed z' - kink can be off by on a cell.

        A cell's map enters as three rows (at the origin and per coordinate, which is at most 1): ``size`` bounds the
        sum of their norms and ``error`` that of their errors. A sum of n products, in whatever order, is off by at
        most n rounding units of the sum of their sizes (Higham 2002, eq. 3.5).
        """
        result: Array = self.norms * error + self._units * (self.norms * size + np.abs(self.b))
        return 1.01 * (result[self.neuron] + 4 * UNIT * np.abs(self.kinks)) + TINY

    def error_after(self, error: float, size: float) -> float:
        """The bound on the error of the map that leaves the stage, given those of the map that enters it."""
        high = float(np.linalg.norm(self.b))
        z_error = self.norm * error + self._units * (float(np.linalg.norm(self.norms)) * size + high)
        steep = float(np.abs(self.slopes).max())
        height = float(np.linalg.norm(np.abs(self.intercepts).max(axis=0)))
        z_size = self.norm * size + high
        return float(1.01 * (steep * z_error + 4 * UNIT * (steep * z_size + height)))

    @property
    def _units(self) -> float:
        return (len(self.W) + 12) * UNIT

    @cached_property
    def plain(self) -> bool:
        """Whether every neuron has one kink and is its own class."""
        return self.member.shape[1] == 1 and bool((self.member[:, 0] == np.arange(len(self.member))).all())

    @property
    def classes(self) -> int:
        """How many different lines there are to split along."""
        return len(self.neuron)


def coordinate_scale(where: Slice) -> Array:
    """A power of two per slice coordinate, at least its largest magnitude on the box: (2,), 1 for a missing v."""
    largest = np.ones(2)
    largest[: where.dimensions] = np.abs(where.box).max(axis=1)
    return np.exp2(np.ceil(np.log2(largest)))


def start_map(where: Slice) -> tuple[Array, Array]:
    """(3, inputs): the point at (0, 0) and the change per scaled coordinate; and each input's power of two (inputs,).

    Exact: only products with powers of two. The inputs are divided by theirs, so that they are at most 3.
    """
    rows = np.zeros((3, where.inputs))
    rows[0] = where.origin
    rows[1 : 1 + where.dimensions] = where.directions * coordinate_scale(where)[: where.dimensions, None]
    scale = power_of_two(np.abs(rows).max(axis=0))
    return rows / scale, scale


def power_of_two(size: Array) -> Array:
    """The power of two near each size; 1 for 0."""
    result: Array = np.exp2(np.round(np.log2(np.where(size > 0, size, 1.0))))
    return result


def prepare(net: Network, where: Slice) -> list[Stage]:
    """The stages of a network on a slice. Raises ``ModelError`` for a curved activation or weights not finite."""
    for name, array in net.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)
    _, incoming = start_map(where)
    jumped = False
    stages: list[Stage] = []
    for i, (layer, pieces) in enumerate(zip(net.layers, need_pieces(net), strict=True)):
        W, b = layer.W.astype(np.float64), layer.b.astype(np.float64)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            W_in = W * incoming[:, None]
            scale = power_of_two(np.maximum(np.abs(W_in).max(axis=0), np.abs(b)))
            W_in, b_in = W_in / scale, b / scale
        if not np.isfinite(W_in).all():
            raise ModelError("geometry.too_large", layer=i)
        neuron, which, member, mirrored = _classes(W, b, pieces)
        kinks = np.array([float(p) for p in pieces.breaks])[which] / scale[neuron] if len(which) else np.zeros(0)
        slopes = np.array([float(s) for s, _ in pieces.lines])
        intercepts = np.array([float(t) for _, t in pieces.lines])[:, None] / scale
        stages.append(Stage(W_in, b_in, scale, pieces, i == 0, neuron, which, kinks, member, mirrored, slopes,
                            intercepts, (W, b), jumped, np.linalg.norm(W_in, axis=0) * 1.001,
                            float(np.linalg.norm(W_in, 2)) * 1.001))  # fmt: skip
        incoming, jumped = scale, jumped or any(pieces.jumps)
    return stages


def _classes(W: Array, b: Array, pieces: Piecewise) -> tuple[Array, Array, Array, Array]:
    """Group the (neuron, kink) lines {x W + b = kink} that are the same set: one class each, exactly.

    The line's coefficients divided by the first nonzero one are equal as rationals exactly when the lines are.
    """
    count = len(pieces.breaks)
    found: dict[object, tuple[int, bool]] = {}
    neuron: list[int] = []
    which: list[int] = []
    member = np.zeros((W.shape[1], count), dtype=np.int64)
    mirrored = np.zeros((W.shape[1], count), dtype=bool)
    # with one kink at 0 a copy has the same bias too; with others at least the same direction
    suspects = _suspects(np.vstack([W, b]).T if pieces.breaks == (Fraction(0),) else W.T)
    for j in range(W.shape[1]):
        for k, kink in enumerate(pieces.breaks):
            key, negative = _key(W[:, j], b[j], kink) if suspects[j] else ((j, k), False)
            if any(pieces.jumps):  # on the line itself a jumping neuron and its mirror image take different sides
                key, negative = (key, k, negative), False
            known = found.get(key)
            if known is None:
                known = found[key] = (len(neuron), negative)
                neuron.append(j)
                which.append(k)
            member[j, k], mirrored[j, k] = known[0], negative != known[1]
    return np.array(neuron, dtype=np.int64), np.array(which, dtype=np.int64), member, mirrored


def _suspects(rows: Array) -> Array:
    """Rows that agree with another, divided by their first numbers, to eight digits: only these need rational keys."""
    first = rows[np.arange(len(rows)), np.argmax(rows != 0, axis=1)]
    with np.errstate(all="ignore"):
        keys = rows / np.where(first == 0, 1, first)[:, None]
        weights = np.sin(np.arange(1, rows.shape[1] + 1))
        numbers = keys @ weights
    order = np.argsort(numbers, kind="stable")
    gaps = np.diff(numbers[order])
    close = ~(gaps > 1e-8 * (1 + np.abs(keys[order[1:]]).sum(axis=1) + np.abs(keys[order[:-1]]).sum(axis=1)))
    result = np.zeros(len(rows), dtype=bool)
    result[order[1:][close]] = True
    result[order[:-1][close]] = True
    return result


def _key(weights: Array, bias: float, kink: Fraction) -> tuple[object, bool]:
    row = [Fraction(float(w)) for w in weights]
    first = next((w for w in row if w), None)
    if first is None:  # constant: bends nowhere, equal to every other constant with the same sign of bias - kink
        level = Fraction(float(bias)) - kink
        return (level > 0) - (level < 0), False
    return (*(w / first for w in row), (Fraction(float(bias)) - kink) / first), first < 0


def all_stages(nets: Sequence[Network], where: Slice) -> list[Stage]:
    """The stages of several networks on the same slice, one after another: their common subdivision."""
    return [stage for net in nets for stage in prepare(net, where)]
