"""`Scaler`: standardised columns for training; `fold` and `unfold` move scales into a network's layers and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from .network import Network

CELLS = 1 << 16  # of a block of rows


@dataclass(frozen=True, eq=False)
class Scaler:
    """An affine map per column, (x - centre) / scale; both have shape (columns,)."""

    centre: Array
    scale: Array

    @classmethod
    def of(cls, x: Array, weights: Array | None = None) -> Scaler:
        """Mean and standard deviation of x (n, columns); a column that does not vary has scale 1.

        Computed in blocks of rows, so that a long table is not copied.
        """
        if weights is not None:
            x, weights = x[weights > 0], weights[weights > 0]
        size = max(1, CELLS // max(1, x.shape[1]))
        blocks = [slice(start, start + size) for start in range(0, max(1, len(x)), size)]
        shares = [len(x[own]) / len(x) if weights is None else weights[own].sum() / weights.sum() for own in blocks]

        def mean(function: Callable[[Array], Array]) -> Array:
            parts = [
                share * np.average(function(x[own]), axis=0, weights=None if weights is None else weights[own])
                for own, share in zip(blocks, shares, strict=True)
            ]
            return np.asarray(sum(parts[1:], parts[0]))

        centre = mean(lambda part: np.asarray(part, dtype=np.float64))
        largest = np.max([np.abs(x[own] - centre).max(axis=0) for own in blocks], axis=0)
        varies = largest > 1e-12 * np.abs(centre)  # more than the rounding of the mean, whatever the unit
        largest = np.where(varies, largest, 1.0)  # factored out, since squaring could overflow
        scale = largest * np.sqrt(mean(lambda part: ((part - centre) / largest) ** 2))
        return cls(centre, np.where(varies, scale, 1.0))

    @classmethod
    def none(cls, columns: int) -> Scaler:
        """The identity."""
        return cls(np.zeros(columns), np.ones(columns))

    def __call__(self, x: Array) -> Array:
        """Scaled values, float64."""
        return np.asarray((x - self.centre) / self.scale)

    def inverse(self, scaled: Array) -> Array:
        """The values in the columns' own units."""
        return np.asarray(scaled * self.scale + self.centre)


def unfold(net: Network, x: Scaler) -> Network:
    """The network on scaled columns, from one on raw columns: the inverse of `fold` for x."""
    (W, b), *rest = net.arrays
    return net.with_arrays([(W * x.scale[:, None], b + x.centre @ W), *rest])


def fold(net: Network, x: Scaler | None, y: Scaler | None) -> Network:
    """The network with input and output in raw units, from one trained on scaled ones.

    First layer: W/scale and b - (centre/scale) W. Last layer, which must be affine for a y scale: the output times
    scale plus centre. Computed in float64, stored in the network's dtype.
    """
    pairs = [(W.astype(np.float64), b.astype(np.float64)) for W, b in net.arrays]
    if x is not None:
        W, b = pairs[0]
        pairs[0] = (W / x.scale[:, None], b - (x.centre / x.scale) @ W)
    if y is not None:
        W, b = pairs[-1]
        slope, intercept = net.layers[-1].activation.affine or (1.0, 0.0)
        if net.bends and net.bends[-1] == len(net.layers) - 1:
            raise ValueError("a y scale folds into a straight last layer only")
        pairs[-1] = (slope * W * y.scale, (slope * b + intercept) * y.scale + y.centre)
        layers = [*(layer.dense for layer in net.layers[:-1]), replace(net.layers[-1].dense, activation="identity")]
        return Network._from(layers, pairs, net.dtype)
    return net.with_arrays(pairs)
