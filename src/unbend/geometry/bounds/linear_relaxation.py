"""`linear_bounds`: bounds of every neuron over a box by linear relaxation.

Each activation is enclosed between two lines over its interval, and the lines are propagated back to the inputs
(Zhang et al. 2018, "CROWN", section 3); here the lines come from the activation's exact pieces, so one rule serves
all of them. Rounding is bounded along the way and added at the end, so the bounds hold for the real-valued network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...network import Network
from ..activation_pieces import require_exact_pieces
from ..piecewise_affine import PiecewiseAffine
from .intervals import UNIT, Interval, LayerBounds, activation_interval, affine_interval, graph_corners


@dataclass(frozen=True, eq=False)
class _Relaxation:
    """Lines below and above an activation over an interval: slopes and intercepts, (neurons,) each."""

    below: tuple[Array, Array]
    above: tuple[Array, Array]


def linear_bounds(net: Network, box: Array) -> LayerBounds:
    """Bounds by linear relaxation, each layer's intersected with those by intervals; ``box`` (inputs, 2)."""
    weights = [(layer.W.astype(np.float64), layer.b.astype(np.float64)) for layer in net.layers]
    zs: list[Interval] = []
    hs = [Interval(box[:, 0], box[:, 1])]
    relaxed: list[_Relaxation] = []
    for (W, b), f in zip(weights, require_exact_pieces(net), strict=True):
        z = affine_interval(hs[-1], W, b)
        zs.append(z.intersection(_propagate_back(W.T, b, weights, relaxed, hs)) if relaxed else z)
        relaxed.append(_relax(f, zs[-1]))
        hs.append(activation_interval(f, zs[-1]))
    count = net.outputs
    output = hs[-1].intersection(_propagate_back(np.eye(count), np.zeros(count), weights, relaxed, hs))
    return LayerBounds(tuple(zs), output)


def _propagate_back(
    rows: Array,
    constant: Array,
    weights: list[tuple[Array, Array]],
    relaxed: list[_Relaxation],
    hs: list[Interval],
) -> Interval:
    """Bounds of ``rows`` h + constant, with h the output of the last relaxed layer, as functions of the inputs."""
    ends: list[Array] = []
    for sign in (1, -1):  # the lower bound, and the upper one as minus the lower bound of the negative
        A, value = sign * rows, sign * constant
        size = np.abs(value)  # of all terms added, which bounds the rounding
        for i in range(len(relaxed) - 1, -1, -1):
            W, b = weights[i]
            below, above = relaxed[i].below, relaxed[i].above
            positive, negative = np.maximum(A, 0), np.minimum(A, 0)
            value = value + positive @ below[1] + negative @ above[1]
            intercepts = np.maximum(np.abs(below[1]), np.abs(above[1]))
            slopes = np.maximum(np.abs(below[0]), np.abs(above[0]))
            gain = np.abs(A) * slopes
            A = positive * below[0] + negative * above[0]
            value = value + A @ b
            size = size + np.abs(A) @ intercepts + gain @ (np.abs(b) + np.abs(W).T @ hs[i].size)
            A = A @ W.T
        inputs = hs[0]
        value = value + np.maximum(A, 0) @ inputs.low + np.minimum(A, 0) @ inputs.high
        terms = 4 * (max(len(W) for W, _ in weights) + rows.shape[1] + 16)
        ends.append(sign * (value - terms * UNIT * (size + np.abs(A) @ inputs.size)))
    return Interval(ends[0], ends[1])


def _relax(f: PiecewiseAffine, z: Interval) -> _Relaxation:
    """For each interval the line below that is highest, and the line above that is lowest, in its middle.

    Candidate slopes are those of the pieces and of the secant; the intercept of each follows from the corners.
    """
    lines = np.empty((4, len(z.low)))
    for j, (low, high) in enumerate(zip(z.low, z.high, strict=True)):
        corners = graph_corners(f, low, high)
        middle = (low + high) / 2
        by_x = sorted(corners)
        slopes = {float(s) for s, _ in f.lines}
        if high > low:
            slopes.add((by_x[-1][1] - by_x[0][1]) / (high - low))
        best: list[tuple[float, float, float]] = []
        for side in (1, -1):
            candidates = []
            for slope in slopes:
                intercept = min(side * (y - slope * x) for x, y in corners)
                intercept -= 8 * UNIT * max(abs(y) + abs(slope * x) for x, y in corners)
                candidates.append((side * slope * middle + intercept, slope, side * intercept))
            best.append(max(candidates))
        lines[:, j] = best[0][1], best[0][2], best[1][1], best[1][2]
    return _Relaxation((lines[0], lines[1]), (lines[2], lines[3]))
