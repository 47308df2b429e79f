"""`ColumnCurves`: a first layer of ReLU neurons that take one column each, as a piecewise linear curve per column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...activations import activations
from ...arrays import Array
from ...network.network import Network

_ROUNDING = 1e-11  # of a curve's slope behind its last knot, against its largest one


@dataclass(frozen=True, eq=False)
class ColumnCurves:
    """The layers ``pairs`` (W, b), float64, where the sums of the first one also have a curve of each of ``columns``.

    A curve is linear between its knots and constant outside. ``knots`` are those of all curves, column after column,
    ``starts`` (columns + 1,) where each begins, ``values`` (knots, outputs of the first layer) what is added there.
    """

    columns: Array
    knots: Array
    starts: Array
    values: Array
    pairs: list[tuple[Array, Array]]

    @classmethod
    def of_first_layers(cls, net: Network) -> ColumnCurves | None:
        """Of a network, its first layer merged into the second where it has ReLU neurons of one column each.

        None where such a curve is not constant outside of its knots.
        """
        pairs = [(W.astype(np.float64), b.astype(np.float64)) for W, b in net.arrays]
        W, b = pairs[0]
        single = len(pairs) > 1 and net.layers[0].activation == activations["relu"]
        if not single or (np.count_nonzero(W, axis=0) > 1).any():
            return cls(np.empty(0, int), np.empty(0), np.zeros(1, int), np.empty((0, len(b))), pairs)
        (V, intercept), *others = pairs[1:]
        intercept = intercept + np.maximum(b, 0) @ (
            V * (np.count_nonzero(W, axis=0) == 0)[:, None]
        )  # of neurons that take nothing
        linear = np.zeros((net.inputs, V.shape[1]))
        columns, knots, values = [], [], []
        for column, weights in enumerate(W):
            own = np.flatnonzero(weights)
            sizes, kinks = np.abs(weights[own]), -b[own] / weights[own]
            bends = sizes[:, None] * V[own]
            # max(t - x, 0) = max(x - t, 0) - (x - t)
            left = weights[own] < 0
            linear[column] = -bends[left].sum(axis=0)
            intercept = intercept + kinks[left] @ bends[left]
            places, at = np.unique(kinks, return_inverse=True)
            bends = np.stack([bends[at == k].sum(axis=0) for k in range(len(places))]) if len(own) else bends
            used = bends.any(axis=1)
            if not used.any():
                continue
            slopes = np.cumsum(bends[used], axis=0)
            if (np.abs(slopes[-1]) > _ROUNDING * np.abs(slopes).max()).any():
                return None
            columns.append(column)
            knots.append(places[used])
            steps = slopes[:-1] * np.diff(places[used])[:, None]
            values.append(np.concatenate([np.zeros((1, V.shape[1])), np.cumsum(steps, axis=0)]))
        return cls(
            np.array(columns, int),
            np.concatenate([np.empty(0), *knots]),
            np.array(np.cumsum([0, *map(len, knots)])),
            np.concatenate([np.empty((0, V.shape[1])), *values]),
            [(linear, intercept), *others],
        )
