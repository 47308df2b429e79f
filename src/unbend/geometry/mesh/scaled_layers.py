"""A network's layers prepared for the subdivision: equilibrated weights, hyperplanes, error bounds.

Neurons of very different scale would spoil one error bound for all, so each neuron's values are divided by a power
of two, which is exact; the next layer's weights are multiplied by it. Neurons that bend along the same hyperplane
(duplicates, scaled and mirrored copies) are found here exactly, so that the cells are split along it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...network import Network
from ..activation_pieces import require_exact_pieces
from ..piecewise_affine import PiecewiseAffine
from ..slices import Slice

UNIT = 2.0**-53  # unit roundoff of float64
TINY = 1e-290  # covers what underflow may lose


@dataclass(frozen=True, eq=False)
class ScaledLayer:
    """One layer in scaled units, z' = z/``scale``.

    Hyperplane k is the set where z'[neuron[k]] = kinks[k], and kinks[k] is kink number ``kink_index[k]`` of the
    activation. ``hyperplane`` (neurons, kinks) is the hyperplane of each neuron at each kink; ``mirrored`` tells
    whether the neuron lies above the kink where the hyperplane's own neuron lies below. ``slopes`` (kinks + 1,) and
    ``intercepts`` (kinks + 1, neurons) are the activation's affine pieces.
    """

    W: Array
    b: Array
    scale: Array
    pieces: PiecewiseAffine
    first: bool  # the first layer of a network: its input is the slice itself
    neuron: Array
    kink_index: Array
    kinks: Array
    hyperplane: Array
    mirrored: Array
    slopes: Array
    intercepts: Array
    original: tuple[Array, Array]  # W and b as the network has them
    after_jump: bool  # an earlier layer of its network jumps, so values differ across an edge
    column_norms: Array  # upper bounds of the norms of W's columns
    norm: float  # upper bound of the spectral norm of W

    def tolerance(self, error: float, size: float) -> Array:
        """(hyperplanes,): the largest rounding error of a computed z' - kink on a cell.

        A cell's input map has three rows (at the origin and per coordinate, which is at most 1): ``size`` bounds the
        sum of their norms and ``error`` that of their errors. A sum of n products, in whatever order, is off by at
        most n rounding units of the sum of their sizes (Higham 2002, eq. 3.5).
        """
        result: Array = self.column_norms * error + self._units * (self.column_norms * size + np.abs(self.b))
        return 1.01 * (result[self.neuron] + 4 * UNIT * np.abs(self.kinks)) + TINY

    def output_error(self, error: float, size: float) -> float:
        """The error bound of the layer's output map, given error and size of its input map."""
        bias = float(np.linalg.norm(self.b))
        z_error = self.norm * error + self._units * (float(np.linalg.norm(self.column_norms)) * size + bias)
        steepest = float(np.abs(self.slopes).max())
        intercept = float(np.linalg.norm(np.abs(self.intercepts).max(axis=0)))
        z_size = self.norm * size + bias
        return float(1.01 * (steepest * z_error + 4 * UNIT * (steepest * z_size + intercept)))

    @property
    def _units(self) -> float:
        return (len(self.W) + 12) * UNIT

    @cached_property
    def one_per_neuron(self) -> bool:
        """Whether every neuron has one kink and a hyperplane of its own."""
        return self.hyperplane.shape[1] == 1 and bool((self.hyperplane[:, 0] == np.arange(len(self.hyperplane))).all())

    @property
    def hyperplanes(self) -> int:
        """How many different hyperplanes there are to split along."""
        return len(self.neuron)


def coordinate_scale(domain: Slice) -> Array:
    """A power of two per slice coordinate, at least its largest magnitude on the box: (2,), 1 for a missing v."""
    largest = np.ones(2)
    largest[: domain.dimensions] = np.abs(domain.box).max(axis=1)
    return np.exp2(np.ceil(np.log2(largest)))


def start_map(domain: Slice) -> tuple[Array, Array]:
    """(3, inputs): the point at (0, 0) and the change per scaled coordinate; and each input's power of two (inputs,).

    Exact: only products with powers of two. The inputs are divided by theirs, so that they are at most 3.
    """
    rows = np.zeros((3, domain.inputs))
    rows[0] = domain.origin
    rows[1 : 1 + domain.dimensions] = domain.directions * coordinate_scale(domain)[: domain.dimensions, None]
    scale = power_of_two(np.abs(rows).max(axis=0))
    return rows / scale, scale


def power_of_two(size: Array) -> Array:
    """The power of two near each size; 1 for 0."""
    result: Array = np.exp2(np.round(np.log2(np.where(size > 0, size, 1.0))))
    return result


def scaled_layers(nets: Sequence[Network], domain: Slice) -> list[ScaledLayer]:
    """The layers of several networks on the same slice, one network after another: for their common subdivision.

    Raises ``ModelError`` for a curved activation or weights that are not finite.
    """
    return [layer for net in nets for layer in _of_network(net, domain)]


def _of_network(net: Network, domain: Slice) -> list[ScaledLayer]:
    for name, array in net.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)
    _, input_scale = start_map(domain)
    jumped = False
    layers: list[ScaledLayer] = []
    for i, (layer, pieces) in enumerate(zip(net.layers, require_exact_pieces(net), strict=True)):
        W, b = layer.W.astype(np.float64), layer.b.astype(np.float64)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            scaled_W = W * input_scale[:, None]
            scale = power_of_two(np.maximum(np.abs(scaled_W).max(axis=0), np.abs(b)))
            scaled_W, scaled_b = scaled_W / scale, b / scale
        if not np.isfinite(scaled_W).all():
            raise ModelError("geometry.too_large", layer=i)
        neuron, kink_index, hyperplane, mirrored = _hyperplanes(W, b, pieces)
        breaks = np.array([float(p) for p in pieces.breaks])
        layers.append(
            ScaledLayer(
                W=scaled_W,
                b=scaled_b,
                scale=scale,
                pieces=pieces,
                first=i == 0,
                neuron=neuron,
                kink_index=kink_index,
                kinks=breaks[kink_index] / scale[neuron] if len(kink_index) else np.zeros(0),
                hyperplane=hyperplane,
                mirrored=mirrored,
                slopes=np.array([float(s) for s, _ in pieces.lines]),
                intercepts=np.array([float(t) for _, t in pieces.lines])[:, None] / scale,
                original=(W, b),
                after_jump=jumped,
                column_norms=np.linalg.norm(scaled_W, axis=0) * 1.001,
                norm=float(np.linalg.norm(scaled_W, 2)) * 1.001,
            )
        )
        input_scale, jumped = scale, jumped or any(pieces.jumps)
    return layers


def _hyperplanes(W: Array, b: Array, pieces: PiecewiseAffine) -> tuple[Array, Array, Array, Array]:
    """Group the sets {x W + b = kink} of all neurons and kinks that are equal: one hyperplane each, exactly.

    Their coefficients divided by the first nonzero one are equal as rationals exactly when the sets are.
    """
    count = len(pieces.breaks)
    known: dict[object, tuple[int, bool]] = {}
    neuron: list[int] = []
    kink_index: list[int] = []
    hyperplane = np.zeros((W.shape[1], count), dtype=np.int64)
    mirrored = np.zeros((W.shape[1], count), dtype=bool)
    # with one kink at 0 a copy has the same bias too; with others at least the same direction
    candidates = _near_duplicates(np.vstack([W, b]).T if pieces.breaks == (Fraction(0),) else W.T)
    for j in range(W.shape[1]):
        for k, kink in enumerate(pieces.breaks):
            key, negative = _key(W[:, j], b[j], kink) if candidates[j] else ((j, k), False)
            if any(pieces.jumps):  # on the hyperplane a jumping neuron and its mirror image take different sides
                key, negative = (key, k, negative), False
            match = known.get(key)
            if match is None:
                match = known[key] = (len(neuron), negative)
                neuron.append(j)
                kink_index.append(k)
            hyperplane[j, k], mirrored[j, k] = match[0], negative != match[1]
    return np.array(neuron, dtype=np.int64), np.array(kink_index, dtype=np.int64), hyperplane, mirrored


def _near_duplicates(rows: Array) -> Array:
    """Rows that agree with another, divided by their first numbers, to eight digits: only these need rational keys."""
    first = rows[np.arange(len(rows)), np.argmax(rows != 0, axis=1)]
    with np.errstate(all="ignore"):
        normalized = rows / np.where(first == 0, 1, first)[:, None]
        weights = np.sin(np.arange(1, rows.shape[1] + 1))
        hashes = normalized @ weights
    order = np.argsort(hashes, kind="stable")
    gaps = np.diff(hashes[order])
    sizes = np.abs(normalized[order[1:]]).sum(axis=1) + np.abs(normalized[order[:-1]]).sum(axis=1)
    close = ~(gaps > 1e-8 * (1 + sizes))
    result = np.zeros(len(rows), dtype=bool)
    result[order[1:][close]] = True
    result[order[:-1][close]] = True
    return result


def _key(weights: Array, bias: float, kink: Fraction) -> tuple[object, bool]:
    """The set's coefficients divided by the first nonzero one, and whether that one is negative."""
    row = [Fraction(float(w)) for w in weights]
    first = next((w for w in row if w), None)
    if first is None:  # constant: bends nowhere, equal to every other constant with the same sign of bias - kink
        level = Fraction(float(bias)) - kink
        return (level > 0) - (level < 0), False
    return (*(w / first for w in row), (Fraction(float(bias)) - kink) / first), first < 0
