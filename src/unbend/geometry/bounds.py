"""Sound bounds of every neuron over a box in any dimension: intervals and linear relaxation.

The relaxation puts each activation between two lines over its interval and carries them back to the inputs (Zhang et
al. 2018, "CROWN", section 3); here the lines come from the activation's exact pieces, so one rule serves all of them.
Rounding is bounded along the way and added at the end, so the bounds hold for the real-valued network.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Array
from ..network import Network
from .pieces import need_pieces
from .piecewise import Piecewise

UNIT = 2.0**-53


@dataclass(frozen=True, eq=False)
class Interval:
    """Bounds ``low`` and ``high`` of the same shape (neurons,)."""

    low: Array
    high: Array

    def meet(self, other: Interval) -> Interval:
        """What both allow."""
        return Interval(np.maximum(self.low, other.low), np.minimum(self.high, other.high))

    @property
    def size(self) -> Array:
        """The largest magnitude."""
        return np.maximum(np.abs(self.low), np.abs(self.high))


@dataclass(frozen=True, eq=False)
class Bounds:
    """Bounds of each layer's z (before the activation) and of the outputs."""

    z: tuple[Interval, ...]
    output: Interval


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """Lines below and above an activation over an interval: slopes and heights, (neurons,) each."""

    below: tuple[Array, Array]
    above: tuple[Array, Array]


def interval_bounds(net: Network, box: Array) -> Bounds:
    """Bounds by interval arithmetic, layer by layer; ``box`` (inputs, 2). The cheapest and the widest."""
    h = Interval(box[:, 0].copy(), box[:, 1].copy())
    zs: list[Interval] = []
    for layer, f in zip(net.layers, need_pieces(net), strict=True):
        zs.append(_weighed(h, layer.W.astype(np.float64), layer.b.astype(np.float64)))
        h = activated(f, zs[-1])
    return Bounds(tuple(zs), h)


def linear_bounds(net: Network, box: Array) -> Bounds:
    """Bounds by linear relaxation, each layer's met with those by intervals; ``box`` (inputs, 2)."""
    functions = need_pieces(net)
    weights = [(layer.W.astype(np.float64), layer.b.astype(np.float64)) for layer in net.layers]
    inputs = Interval(box[:, 0], box[:, 1])
    zs: list[Interval] = []
    hs = [inputs]
    relaxed: list[_Relaxed] = []
    for (W, b), f in zip(weights, functions, strict=True):
        by_interval = _weighed(hs[-1], W, b)
        zs.append(by_interval.meet(_back(W.T, b, weights, relaxed, hs)) if relaxed else by_interval)
        relaxed.append(_relax(f, zs[-1]))
        hs.append(activated(f, zs[-1]))
    count = net.outputs
    output = hs[-1].meet(_back(np.eye(count), np.zeros(count), weights, relaxed, hs))
    return Bounds(tuple(zs), output)


def activated(f: Piecewise, z: Interval) -> Interval:
    """The smallest interval that holds f over z, jumps included."""
    low, high = np.empty_like(z.low), np.empty_like(z.high)
    for j, (left, right) in enumerate(zip(z.low, z.high, strict=True)):
        values = [v for _, v in _corners(f, left, right)]
        low[j], high[j] = min(values), max(values)
    margin = 4 * UNIT * np.maximum(np.abs(low), np.abs(high))
    exact = np.array([float(s) in (0.0, 1.0, -1.0) and not t for s, t in f.lines]).all()
    return Interval(low, high) if exact else Interval(low - margin, high + margin)


def _weighed(h: Interval, W: Array, b: Array) -> Interval:
    positive, negative = np.maximum(W, 0), np.minimum(W, 0)
    margin = 2 * (len(W) + 4) * UNIT * (h.size @ np.abs(W) + np.abs(b))
    low = h.low @ positive + h.high @ negative + b - margin
    return Interval(low, h.high @ positive + h.low @ negative + b + margin)


def _back(rows: Array, constant: Array, weights: list[tuple[Array, Array]], relaxed: list[_Relaxed],
          hs: list[Interval]) -> Interval:  # fmt: skip
    """Bounds of ``rows`` h + constant, with h what leaves the last relaxed layer, carried back to the inputs."""
    sides: list[Array] = []
    for sign in (1, -1):  # the lower side, and the upper one as minus the lower side of the negative
        A, value = sign * rows, sign * constant
        margin = np.abs(value)
        for i in range(len(relaxed) - 1, -1, -1):
            W, b = weights[i]
            below, above = relaxed[i].below, relaxed[i].above
            positive, negative = np.maximum(A, 0), np.minimum(A, 0)
            value = value + positive @ below[1] + negative @ above[1]
            heights = np.maximum(np.abs(below[1]), np.abs(above[1]))
            slopes = np.maximum(np.abs(below[0]), np.abs(above[0]))
            carried = np.abs(A) * slopes
            A = positive * below[0] + negative * above[0]
            value = value + A @ b
            margin = margin + np.abs(A) @ heights + carried @ (np.abs(b) + np.abs(W).T @ hs[i].size)
            A = A @ W.T
        box = hs[0]
        value = value + np.maximum(A, 0) @ box.low + np.minimum(A, 0) @ box.high
        terms = 4 * (max(len(W) for W, _ in weights) + rows.shape[1] + 16)
        sides.append(sign * (value - terms * UNIT * (margin + np.abs(A) @ box.size)))
    return Interval(sides[0], sides[1])


def _corners(f: Piecewise, low: float, high: float) -> list[tuple[float, float]]:
    """The corners of f's graph over [low, high]: both ends, and every break inside with all its values."""
    corners = [(x, float(f(Fraction(x)))) for x in {float(low), float(high)}]
    for k, place in enumerate(f.breaks):
        if low <= place <= high:
            corners += [(float(place), float(v)) for v in {*f.limits(k), f.at[k]}]
    return corners


def _relax(f: Piecewise, z: Interval) -> _Relaxed:
    """For each interval the line below that is highest, and the line above that is lowest, in its middle.

    Candidate slopes are those of the pieces and of the chord; the height of each follows from the corners.
    """
    lines = np.empty((4, len(z.low)))
    for j, (low, high) in enumerate(zip(z.low, z.high, strict=True)):
        corners = _corners(f, low, high)
        middle = (low + high) / 2
        by_x = sorted(corners)
        slopes = {float(s) for s, _ in f.lines}
        if high > low:
            slopes.add((by_x[-1][1] - by_x[0][1]) / (high - low))
        best: list[tuple[float, float, float]] = []
        for side in (1, -1):
            options = []
            for slope in slopes:
                height = min(side * (y - slope * x) for x, y in corners)
                height -= 8 * UNIT * max(abs(y) + abs(slope * x) for x, y in corners)
                options.append((side * slope * middle + height, slope, side * height))
            best.append(max(options))
        lines[:, j] = best[0][1], best[0][2], best[1][1], best[1][2]
    return _Relaxed((lines[0], lines[1]), (lines[2], lines[3]))
