"""Interval bound propagation: bounds of every neuron over a box by interval arithmetic, layer by layer.

Rounding is bounded along the way and added at the end, so the bounds hold for the real-valued network.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import Array
from ...network import Network
from ..activation_pieces import require_exact_pieces
from ..piecewise_affine import PiecewiseAffine

UNIT = 2.0**-53  # unit roundoff of float64


@dataclass(frozen=True, eq=False)
class Interval:
    """Bounds ``low`` and ``high`` of the same shape (neurons,)."""

    low: Array
    high: Array

    def intersection(self, other: Interval) -> Interval:
        """The values in both intervals."""
        return Interval(np.maximum(self.low, other.low), np.minimum(self.high, other.high))

    @property
    def size(self) -> Array:
        """The largest magnitude."""
        return np.maximum(np.abs(self.low), np.abs(self.high))


@dataclass(frozen=True, eq=False)
class LayerBounds:
    """Bounds of each layer's preactivation z and of the outputs."""

    z: tuple[Interval, ...]
    output: Interval


def interval_bounds(net: Network, box: Array) -> LayerBounds:
    """Bounds by interval arithmetic; ``box`` (inputs, 2). The cheapest and the widest."""
    h = Interval(box[:, 0].copy(), box[:, 1].copy())
    zs: list[Interval] = []
    for layer, f in zip(net.layers, require_exact_pieces(net), strict=True):
        zs.append(affine_interval(h, layer.W.astype(np.float64), layer.b.astype(np.float64)))
        h = activation_interval(f, zs[-1])
    return LayerBounds(tuple(zs), h)


def affine_interval(h: Interval, W: Array, b: Array) -> Interval:
    """An interval that contains h W + b."""
    positive, negative = np.maximum(W, 0), np.minimum(W, 0)
    rounding = 2 * (len(W) + 4) * UNIT * (h.size @ np.abs(W) + np.abs(b))
    low = h.low @ positive + h.high @ negative + b - rounding
    return Interval(low, h.high @ positive + h.low @ negative + b + rounding)


def activation_interval(f: PiecewiseAffine, z: Interval) -> Interval:
    """The smallest interval that contains f over z, limits at jumps included."""
    low, high = np.empty_like(z.low), np.empty_like(z.high)
    for j, (left, right) in enumerate(zip(z.low, z.high, strict=True)):
        values = [v for _, v in graph_corners(f, left, right)]
        low[j], high[j] = min(values), max(values)
    rounding = 4 * UNIT * np.maximum(np.abs(low), np.abs(high))
    exact = np.array([float(s) in (0.0, 1.0, -1.0) and not t for s, t in f.lines]).all()
    return Interval(low, high) if exact else Interval(low - rounding, high + rounding)


def graph_corners(f: PiecewiseAffine, low: float, high: float) -> list[tuple[float, float]]:
    """The corners of f's graph over [low, high]: both ends, and every break inside with its value and limits."""
    corners = [(x, float(f(Fraction(x)))) for x in {float(low), float(high)}]
    for k, kink in enumerate(f.breaks):
        if low <= kink <= high:
            corners += [(float(kink), float(v)) for v in {*f.limits(k), f.at[k]}]
    return corners
