"""The rules of lossless shrinking: each takes a layer and the next and returns both, computing the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..activations import Activation, activation
from ..arrays import Array
from .matching import homogeneous
from .piecewise import Piecewise

DEPENDENT = 1e-10  # of the weights' size: what is left of a neuron's weights after others' are taken away


@dataclass(frozen=True, eq=False)
class Part:
    """One layer in work: W (inputs, neurons), b (neurons,), and ``seen`` (neurons, pieces): the parts it visits."""

    W: Array
    b: Array
    activation: Activation
    pieces: Piecewise
    seen: Array

    def keep(self, which: Array) -> Part:
        """Only these neurons."""
        return replace(self, W=self.W[:, which], b=self.b[which], seen=self.seen[which])

    @cached_property
    def single(self) -> Array:
        """(neurons,): whether a neuron stays on one straight part."""
        return np.asarray(self.seen.sum(axis=1) == 1)

    @cached_property
    def slope(self) -> Array:
        """(neurons,): the slope there; 1 where a neuron bends."""
        lines = np.array([float(s) for s, _ in self.pieces.lines])
        return np.where(self.single, lines[self.seen.argmax(axis=1)], 1.0)

    @cached_property
    def height(self) -> Array:
        """(neurons,): the intercept there; 0 where a neuron bends."""
        lines = np.array([float(t) for _, t in self.pieces.lines])
        return np.where(self.single, lines[self.seen.argmax(axis=1)], 0.0)

    @property
    def straight(self) -> bool:
        """Whether the whole layer is one affine map."""
        return bool(self.single.all())


Pair = tuple[Part, Part]


def drop_constant(here: Part, after: Part) -> Pair:
    """Neurons with one value everywhere go into the next bias; neurons nobody listens to just go."""
    silent = ~np.any(after.W != 0, axis=1)
    flat = here.single & (here.slope == 0)
    fixed = ~np.any(here.W != 0, axis=0) & ~flat  # its z is its bias
    value = np.where(flat, here.height, 0.0)
    value[fixed] = here.activation(here.b)[fixed]
    gone = silent | flat | fixed
    bias = after.b + np.where(gone & ~silent, value, 0.0) @ after.W
    return here.keep(~gone), replace(after, W=after.W[~gone], b=bias)


def drop_twins(here: Part, after: Part) -> Pair:
    """Neurons with the same weights, or positive multiples where the activation allows, are computed once."""
    columns = np.vstack([here.W, here.b])
    size = np.abs(columns).max(axis=0, initial=0.0)
    factor = np.where(size > 0, size, 1.0) if homogeneous(here.pieces) else np.ones(len(here.b))
    rounded = np.round(columns / factor, 13) + 0.0
    _, first, twin = np.unique(rounded, axis=1, return_index=True, return_inverse=True)
    twin = twin.ravel()
    W = np.zeros((len(first), after.W.shape[1]))
    np.add.at(W, twin, after.W * (factor / factor[first][twin])[:, None])
    return here.keep(first), replace(after, W=W)


def dependent(here: Part, after: Part) -> Pair:
    """Affine neurons whose weights are sums of multiples of other affine neurons' are expressed by those."""
    from scipy.linalg import qr

    own = np.flatnonzero(here.single)
    if here.straight or len(own) < 2:
        return here, after
    A = here.W[:, own]
    _, R, order = qr(A / np.abs(A).max(axis=0), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int((diagonal > DEPENDENT * diagonal[0]).sum())
    if rank == len(own):
        return here, after
    base, rest = own[np.sort(order[:rank])], own[np.sort(order[rank:])]
    share = np.linalg.lstsq(here.W[:, base], here.W[:, rest], rcond=None)[0]  # (base, rest)
    # h_rest = slope*(z_base share + b_rest - b_base share) + height, and z_base = (h_base - height)/slope
    by_base = share * here.slope[rest] / here.slope[base][:, None]
    level = here.slope[rest] * (here.b[rest] - here.b[base] @ share) + here.height[rest] - here.height[base] @ by_base
    W = after.W.copy()
    W[base] += by_base @ after.W[rest]
    kept = np.ones(len(here.b), dtype=bool)
    kept[rest] = False
    return here.keep(kept), replace(after, W=W[kept], b=after.b + level @ after.W[rest])


def few_for_many(here: Part, after: Part, before: list[Part], reach: Array) -> Pair:
    """More affine neurons than the next layer has: one new neuron per next one carries their whole share.

    It needs an activation with a straight part without end; its bias keeps it on that part for all its inputs can be.
    """
    from .bounds import Interval, activated

    own = np.flatnonzero(here.single)
    wide = after.W.shape[1]
    ends = [k for k in (len(here.pieces.lines) - 1, 0) if here.pieces.lines[k][0] != 0]
    if here.straight or len(own) <= wide or not ends or not here.pieces.breaks:
        return here, after
    end = ends[0]
    slope, height = (float(v) for v in here.pieces.lines[end])
    h = Interval(reach[:, 0], reach[:, 1])
    for part in before:
        middle, half = (h.low + h.high) / 2 @ part.W + part.b, (h.high - h.low) / 2 @ np.abs(part.W)
        h = activated(part.pieces, Interval(middle - half, middle + half))
    share = here.slope[own][:, None] * after.W[own]
    W = here.W[:, own] @ share
    level = here.b[own] @ share + here.height[own] @ after.W[own]
    middle, half = (h.low + h.high) / 2 @ W, (h.high - h.low) / 2 @ np.abs(W) * (1 + 1e-9) + 1e-9 * np.abs(W).max()
    bias = float(here.pieces.breaks[-1]) - (middle - half) if end else float(here.pieces.breaks[0]) - (middle + half)
    kept = ~here.single
    seen = np.zeros((wide, here.seen.shape[1]), dtype=bool)
    seen[:, end] = True
    new = replace(here, W=np.hstack([here.W[:, kept], W]), b=np.append(here.b[kept], bias),
                  seen=np.vstack([here.seen[kept], seen]))  # fmt: skip
    out = np.vstack([after.W[kept], np.eye(wide) / slope])
    return new, replace(after, W=out, b=after.b + level - bias - height / slope)


def merge_straight(here: Part, after: Part) -> Part:
    """A layer that is one affine map, multiplied into the next."""
    W = (here.W * here.slope) @ after.W
    b = (here.b * here.slope + here.height) @ after.W + after.b
    return replace(after, W=W, b=b)


def identity_where_straight(part: Part) -> Part:
    """The last layer with the activation left out where it only stretches: none of its neurons bends."""
    if not part.straight or not part.pieces.breaks:
        return part
    plain = activation("identity")
    from .pieces import pieces

    f = pieces(plain)
    assert f is not None
    return Part(part.W * part.slope, part.b * part.slope + part.height, plain, f, np.ones((len(part.b), 1), dtype=bool))
