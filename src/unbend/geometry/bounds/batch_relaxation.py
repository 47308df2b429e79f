"""Linear relaxation of many boxes at once, for one or several networks side by side.

The bounds are those of ``linear_relaxation``, vectorised over boxes, for linear functions of the last layer's outputs:
with two networks side by side, the difference of their outputs is bounded as one function, in which common terms
cancel. Rounding is bounded along the way, so the bounds hold for the real-valued networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ...network import Network
from ..activation_pieces import require_exact_pieces
from ..forward import piece_index
from ..piecewise_affine import VARIABLE, PiecewiseAffine
from .intervals import UNIT


class ActivationGroup(NamedTuple):
    """Neurons ``columns`` of a layer with the activation ``pieces``."""

    pieces: PiecewiseAffine
    columns: slice


@dataclass(frozen=True, eq=False)
class JointLayer:
    """W (inputs, neurons) and b (neurons,) of one layer of all networks, and the neurons of each activation."""

    W: Array
    b: Array
    groups: tuple[ActivationGroup, ...]

    @cached_property
    def size(self) -> Array:
        """|W|"""
        return np.abs(self.W)


@dataclass(frozen=True, eq=False)
class JointNetwork:
    """Networks of the same inputs side by side, with the rows (rows, neurons of the last layer) of linear functions
    of their outputs. A network with fewer layers is continued by identities.
    """

    layers: tuple[JointLayer, ...]
    rows: Array

    @classmethod
    def of(cls, nets: Sequence[Network], rows: Array) -> JointNetwork:
        """The networks side by side."""
        from scipy.linalg import block_diag

        depth = max(len(net.layers) for net in nets)
        layers = []
        for i in range(depth):
            weights, biases, groups, first = [], [], [], 0
            for net in nets:
                if i < len(net.layers):
                    layer, f = net.layers[i], require_exact_pieces(net)[i]
                    W, b = layer.W.astype(np.float64), layer.b.astype(np.float64)
                else:
                    W, b, f = np.eye(net.outputs), np.zeros(net.outputs), VARIABLE
                weights.append(W)
                biases.append(b)
                groups.append(ActivationGroup(f, slice(first, first + len(b))))
                first += len(b)
            joint = np.hstack(weights) if i == 0 else block_diag(*weights)
            layers.append(JointLayer(joint, np.concatenate(biases), tuple(groups)))
        return cls(tuple(layers), np.asarray(rows, dtype=np.float64))

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return len(self.layers[0].W)

    def values(self, x: Array) -> Array:
        """The rows' values (n, rows) at points x (n, inputs)."""
        h = x
        for layer in self.layers:
            z = h @ layer.W + layer.b
            h = np.empty_like(z)
            for f, columns in layer.groups:
                h[:, columns] = _values(f, z[:, columns])
        result: Array = h @ self.rows.T
        return result

    def slopes(self, x: Array) -> list[Array]:
        """Each layer's active slopes (n, neurons) at points x (n, inputs)."""
        slopes, h = [], x
        for layer in self.layers:
            z = h @ layer.W + layer.b
            h, slope = np.empty_like(z), np.empty_like(z)
            for f, columns in layer.groups:
                h[:, columns] = _values(f, z[:, columns])
                slope[:, columns] = np.array([float(s) for s, _ in f.lines])[piece_index(f, z[:, columns])]
            slopes.append(slope)
        return slopes

    def gradients(self, x: Array, row: Array) -> Array:
        """The slope (n, inputs) of one row per point, ``row`` (n,), on the piece around each point."""
        A = self.rows[row]
        for layer, slope in zip(self.layers[::-1], self.slopes(x)[::-1], strict=True):
            A = (A * slope) @ layer.W.T
        return A

    @cached_property
    def cost(self) -> int:
        """Products of one box's bounds."""
        sizes = [layer.W.size for layer in self.layers]
        rows = [2 * len(layer.b) for layer in self.layers[1:]]
        return sum(r * sum(sizes[: i + 1]) for i, r in enumerate(rows)) + len(self.rows) * sum(sizes)


class Relaxation(NamedTuple):
    """Per box and neuron: the activation's interval, lines below and above it, and how far apart these are in the
    middle, (boxes, neurons) each.
    """

    low: Array
    high: Array
    below_slope: Array
    below: Array
    above_slope: Array
    above: Array
    gap: Array


class BoxBounds(NamedTuple):
    """Bounds over boxes: each layer's z (boxes, neurons), and for every row of the network its upper bound
    (boxes, rows), the corner (boxes, rows, inputs) where the bounding function takes it, and how much splitting the
    box along each input promises (boxes, rows, inputs).
    """

    z: list[tuple[Array, Array]]
    upper: Array
    corner: Array
    promise: Array


def box_bounds(
    net: JointNetwork, low: Array, high: Array, known: Sequence[tuple[Array, Array]] | None = None
) -> BoxBounds:
    """Bounds over boxes low, high (boxes, inputs); ``known`` are bounds of each z that hold there already."""
    h = (low, high)
    zs: list[tuple[Array, Array]] = []
    relaxed: list[Relaxation] = []
    sizes = [np.maximum(np.abs(low), np.abs(high))]
    gradients = [np.broadcast_to(net.layers[0].W.T, (len(low), *net.layers[0].W.T.shape))]
    for i, layer in enumerate(net.layers):
        z = _affine_interval(h, layer)
        if i:
            rows = np.vstack([layer.W.T, -layer.W.T])
            bound, A = _lower_bound(net, rows, np.append(layer.b, -layer.b), relaxed, sizes, low, high)
            m = len(layer.b)
            z = np.maximum(z[0], bound[:, :m]), np.minimum(z[1], -bound[:, m:])
            gradients.append(A[:, :m])
        if known is not None:
            z = np.maximum(z[0], known[i][0]), np.minimum(z[1], known[i][1])
        zs.append(z)
        relaxed.append(_relax(layer, *z))
        h = relaxed[-1].low, relaxed[-1].high
        sizes.append(np.maximum(np.abs(h[0]), np.abs(h[1])))
    losses: list[Array] = []
    lower, A = _lower_bound(net, -net.rows, np.zeros(len(net.rows)), relaxed, sizes, low, high, losses)
    corner = np.where(A < 0, high[:, None, :], low[:, None, :])
    promise = np.zeros(A.shape)
    for loss, gradient in zip(losses[::-1], gradients, strict=True):
        reach = np.abs(gradient) * (high - low)[:, None, :]
        promise += loss @ (reach / np.maximum(reach.sum(axis=2, keepdims=True), 1e-300))
    return BoxBounds(zs, -lower, corner, promise)


def _values(f: PiecewiseAffine, z: Array) -> Array:
    """f at z, in float64."""
    slopes, intercepts = (np.array([float(line[k]) for line in f.lines]) for k in (0, 1))
    if not f.breaks:
        return np.asarray(slopes[0] * z + intercepts[0])
    index = piece_index(f, z)
    values = slopes[index] * z + intercepts[index]
    for k, kink in enumerate(f.breaks):
        if f.jumps[k]:
            values = np.where(z == float(kink), float(f.at[k]), values)
    return np.asarray(values)


def _affine_interval(h: tuple[Array, Array], layer: JointLayer) -> tuple[Array, Array]:
    low, high = h
    positive, negative = np.maximum(layer.W, 0), np.minimum(layer.W, 0)
    size = np.maximum(np.abs(low), np.abs(high))
    rounding = 2 * (len(layer.W) + 4) * UNIT * (size @ layer.size + np.abs(layer.b))
    return (
        low @ positive + high @ negative + layer.b - rounding,
        high @ positive + low @ negative + layer.b + rounding,
    )


def _relax(layer: JointLayer, low: Array, high: Array) -> Relaxation:
    """The lines below and above each activation that are tightest in the middle of its interval."""
    parts = [_relax_group(f, low[:, columns], high[:, columns]) for f, columns in layer.groups]
    return parts[0] if len(parts) == 1 else Relaxation(*(np.concatenate(p, axis=1) for p in zip(*parts, strict=True)))


def _relax_group(f: PiecewiseAffine, low: Array, high: Array) -> Relaxation:
    """As ``_relax``, for neurons with one activation. Candidate slopes are those of the pieces and of the secant."""
    slopes, intercepts = (np.array([float(line[k]) for line in f.lines]) for k in (0, 1))
    kinks = [float(b) for b in f.breaks]
    at_low, at_high = (sum((x > kink for kink in kinks), np.zeros(x.shape, dtype=np.intp)) for x in (low, high))
    # corners of the graph: both ends, and every kink inside with its value and limits
    corners = [(low, slopes[at_low] * low + intercepts[at_low]), (high, slopes[at_high] * high + intercepts[at_high])]
    rounding = (
        4
        * UNIT
        * np.maximum(
            np.abs(slopes[at_low] * low) + np.abs(intercepts[at_low]),
            np.abs(slopes[at_high] * high) + np.abs(intercepts[at_high]),
        )
    )
    for k, kink in enumerate(kinks):
        slack = 4 * UNIT * abs(kink)
        inside = (low <= kink + slack) & (high >= kink - slack)
        for value in {*f.limits(k), f.at[k]}:
            x, y = np.where(inside, kink, low), np.where(inside, float(value), corners[0][1])
            corners.append((x, y))
        rounding = np.where(inside, np.maximum(rounding, 4 * UNIT * abs(float(f.at[k]))), rounding)
    h_low = np.minimum.reduce([y for _, y in corners])
    h_high = np.maximum.reduce([y for _, y in corners])
    width = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        secant = np.where(width > 0, (corners[1][1] - corners[0][1]) / width, slopes[at_low])
    middle = (low + high) / 2
    candidates = [*(np.full(low.shape, s) for s in dict.fromkeys(slopes)), *([secant] if kinks else [])]
    lines: list[tuple[Array, Array]] = []
    gap = np.zeros(low.shape)
    for side in (1, -1):
        top = np.full(low.shape, -np.inf)
        chosen_slope, chosen = np.zeros(low.shape), np.zeros(low.shape)
        for slope in candidates:
            terms = [(side * (y - slope * x), np.abs(y) + np.abs(slope * x)) for x, y in corners]
            intercept = np.minimum.reduce([t for t, _ in terms])
            intercept = intercept - 8 * UNIT * np.maximum.reduce([s for _, s in terms])
            value = side * slope * middle + intercept
            better = value > top
            top = np.where(better, value, top)
            chosen_slope = np.where(better, slope, chosen_slope)
            chosen = np.where(better, side * intercept, chosen)
        lines.append((chosen_slope, chosen))
        gap = gap - top
    (below_slope, below), (above_slope, above) = lines
    return Relaxation(
        low=h_low - rounding,
        high=h_high + rounding,
        below_slope=below_slope,
        below=below,
        above_slope=above_slope,
        above=above,
        gap=np.maximum(gap, 0),
    )


def _lower_bound(
    net: JointNetwork,
    rows: Array,
    constant: Array,
    relaxed: Sequence[Relaxation],
    sizes: Sequence[Array],
    low: Array,
    high: Array,
    losses: list[Array] | None = None,
) -> tuple[Array, Array]:
    """Lower bounds (boxes, rows) of rows h + constant, with h the outputs of the last relaxed layer, and the slopes
    (boxes, rows, inputs) of the bounding functions. ``losses`` collects, from the last layer to the first, how far
    apart each neuron's two lines are, in terms of the rows (boxes, rows, neurons).
    """
    boxes = len(low)
    A = np.broadcast_to(rows, (boxes, *rows.shape))
    value = np.broadcast_to(constant, (boxes, len(rows)))
    size = np.abs(value)
    for i in range(len(relaxed) - 1, -1, -1):
        layer, r = net.layers[i], relaxed[i]
        positive, negative = np.maximum(A, 0), np.minimum(A, 0)
        magnitude = positive - negative
        value = value + _times(positive, r.below) + _times(negative, r.above)
        if losses is not None:
            losses.append(magnitude * r.gap[:, None, :])
        slopes = np.maximum(np.abs(r.below_slope), np.abs(r.above_slope))
        intercepts = np.maximum(np.abs(r.below), np.abs(r.above))
        size = size + _times(magnitude, intercepts + slopes * (np.abs(layer.b) + sizes[i] @ layer.size))
        A = positive * r.below_slope[:, None, :] + negative * r.above_slope[:, None, :]
        value = value + A @ layer.b
        A = A @ layer.W.T
    value = value + _times(np.maximum(A, 0), low) + _times(np.minimum(A, 0), high)
    terms = 4 * (max(len(layer.W) for layer in net.layers) + rows.shape[1] + 16)
    return value - terms * UNIT * (size + _times(np.abs(A), sizes[0])), A


def _times(A: Array, v: Array) -> Array:
    """(boxes, rows, k) times (boxes, k): (boxes, rows)."""
    return np.asarray(np.matmul(A, v[:, :, None])[..., 0])
