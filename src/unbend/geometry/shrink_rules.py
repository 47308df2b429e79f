"""The rules of lossless shrinking: each takes a layer and the next one and returns both, computing the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..activations import Activation, activation
from ..arrays import Array
from .activation_pieces import exact_pieces
from .bounds import Interval, activation_interval
from .bounds.neuron_matching import is_homogeneous
from .piecewise_affine import PiecewiseAffine

DEPENDENT = 1e-10  # relative size of a pivot up to which a neuron's weights depend linearly on others'


@dataclass(frozen=True, eq=False)
class LayerState:
    """One layer while it is rewritten: W (inputs, neurons), b (neurons,), and ``visited`` (neurons, pieces), the
    affine pieces each neuron is on somewhere in the domain.
    """

    W: Array
    b: Array
    activation: Activation
    pieces: PiecewiseAffine
    visited: Array

    def select(self, mask: Array) -> LayerState:
        """Only these neurons."""
        return replace(self, W=self.W[:, mask], b=self.b[mask], visited=self.visited[mask])

    @cached_property
    def affine(self) -> Array:
        """(neurons,): whether a neuron stays on one affine piece."""
        return np.asarray(self.visited.sum(axis=1) == 1)

    @cached_property
    def slope(self) -> Array:
        """(neurons,): the slope of that piece; 1 where a neuron bends."""
        slopes = np.array([float(s) for s, _ in self.pieces.lines])
        return np.where(self.affine, slopes[self.visited.argmax(axis=1)], 1.0)

    @cached_property
    def intercept(self) -> Array:
        """(neurons,): the intercept of that piece; 0 where a neuron bends."""
        intercepts = np.array([float(t) for _, t in self.pieces.lines])
        return np.where(self.affine, intercepts[self.visited.argmax(axis=1)], 0.0)

    @property
    def all_affine(self) -> bool:
        """Whether the full layer is one affine map."""
        return bool(self.affine.all())


LayerPair = tuple[LayerState, LayerState]


def remove_constant(layer: LayerState, after: LayerState) -> LayerPair:
    """Removes constant neurons, whose value goes into the next bias, and neurons without outgoing weights."""
    unused = ~np.any(after.W != 0, axis=1)
    flat = layer.affine & (layer.slope == 0)
    fixed = ~np.any(layer.W != 0, axis=0) & ~flat  # its z is its bias
    value = np.where(flat, layer.intercept, 0.0)
    value[fixed] = layer.activation(layer.b)[fixed]
    removed = unused | flat | fixed
    bias = after.b + np.where(removed & ~unused, value, 0.0) @ after.W
    return layer.select(~removed), replace(after, W=after.W[~removed], b=bias)


def merge_duplicates(layer: LayerState, after: LayerState) -> LayerPair:
    """Merges neurons with equal weights, or positive multiples where the activation is homogeneous."""
    columns = np.vstack([layer.W, layer.b])
    size = np.abs(columns).max(axis=0, initial=0.0)
    factor = np.where(size > 0, size, 1.0) if is_homogeneous(layer.pieces) else np.ones(len(layer.b))
    rounded = np.round(columns / factor, 13) + 0.0
    _, first, group = np.unique(rounded, axis=1, return_index=True, return_inverse=True)
    group = group.ravel()
    W = np.zeros((len(first), after.W.shape[1]))
    np.add.at(W, group, after.W * (factor / factor[first][group])[:, None])
    return layer.select(first), replace(after, W=W)


def express_dependent(layer: LayerState, after: LayerState) -> LayerPair:
    """Expresses affine neurons whose weights are linear combinations of other affine neurons' by those."""
    from scipy.linalg import qr

    affine = np.flatnonzero(layer.affine)
    if layer.all_affine or len(affine) < 2:
        return layer, after
    A = layer.W[:, affine]
    _, R, order = qr(A / np.abs(A).max(axis=0), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int((diagonal > DEPENDENT * diagonal[0]).sum())
    if rank == len(affine):
        return layer, after
    base, others = affine[np.sort(order[:rank])], affine[np.sort(order[rank:])]
    weights = np.linalg.lstsq(layer.W[:, base], layer.W[:, others], rcond=None)[0]  # (base, others)
    # h_others = slope*(z_base weights + b_others - b_base weights) + intercept; z_base = (h_base - intercept)/slope
    by_base = weights * layer.slope[others] / layer.slope[base][:, None]
    level = layer.slope[others] * (layer.b[others] - layer.b[base] @ weights)
    level = level + layer.intercept[others] - layer.intercept[base] @ by_base
    W = after.W.copy()
    W[base] += by_base @ after.W[others]
    mask = np.ones(len(layer.b), dtype=bool)
    mask[others] = False
    return layer.select(mask), replace(after, W=W[mask], b=after.b + level @ after.W[others])


def replace_affine(layer: LayerState, after: LayerState, before: list[LayerState], box: Array) -> LayerPair:
    """Replaces affine neurons, where there are more than the next layer has, by one per neuron of the next layer.

    It needs an activation with an unbounded piece of nonzero slope; the new neurons' biases keep them on that piece
    for all inputs. ``before`` are the layers before, ``box`` (inputs, 2) the domain.
    """
    affine = np.flatnonzero(layer.affine)
    width = after.W.shape[1]
    unbounded = [k for k in (len(layer.pieces.lines) - 1, 0) if layer.pieces.lines[k][0] != 0]
    if layer.all_affine or len(affine) <= width or not unbounded or not layer.pieces.breaks:
        return layer, after
    piece = unbounded[0]
    slope, intercept = (float(v) for v in layer.pieces.lines[piece])
    h = Interval(box[:, 0], box[:, 1])
    for earlier in before:
        middle, half = (h.low + h.high) / 2 @ earlier.W + earlier.b, (h.high - h.low) / 2 @ np.abs(earlier.W)
        h = activation_interval(earlier.pieces, Interval(middle - half, middle + half))
    outgoing = layer.slope[affine][:, None] * after.W[affine]
    W = layer.W[:, affine] @ outgoing
    level = layer.b[affine] @ outgoing + layer.intercept[affine] @ after.W[affine]
    middle, half = (h.low + h.high) / 2 @ W, (h.high - h.low) / 2 @ np.abs(W) * (1 + 1e-9) + 1e-9 * np.abs(W).max()
    breaks = layer.pieces.breaks
    bias = float(breaks[-1]) - (middle - half) if piece else float(breaks[0]) - (middle + half)
    mask = ~layer.affine
    visited = np.zeros((width, layer.visited.shape[1]), dtype=bool)
    visited[:, piece] = True
    new = replace(layer, W=np.hstack([layer.W[:, mask], W]), b=np.append(layer.b[mask], bias),
                  visited=np.vstack([layer.visited[mask], visited]))  # fmt: skip
    new_after_W = np.vstack([after.W[mask], np.eye(width) / slope])
    return new, replace(after, W=new_after_W, b=after.b + level - bias - intercept / slope)


def merge_affine_layer(layer: LayerState, after: LayerState) -> LayerState:
    """Multiplies a layer that is one affine map into the next."""
    W = (layer.W * layer.slope) @ after.W
    b = (layer.b * layer.slope + layer.intercept) @ after.W + after.b
    return replace(after, W=W, b=b)


def drop_affine_activation(layer: LayerState) -> LayerState:
    """The last layer with the identity as activation, where none of its neurons bends."""
    if not layer.all_affine or not layer.pieces.breaks:
        return layer
    identity = activation("identity")
    pieces = exact_pieces(identity)
    assert pieces is not None
    return LayerState(
        W=layer.W * layer.slope,
        b=layer.b * layer.slope + layer.intercept,
        activation=identity,
        pieces=pieces,
        visited=np.ones((len(layer.b), 1), dtype=bool),
    )
