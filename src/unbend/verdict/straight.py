"""The straight side: exact least squares or logistic regression, as a network of one layer without a bend."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler, unfold
from ..solve.linear_model.logistic import logistic, minimise_log_loss
from ..solve.linear_model.ridge import ridge


def fit_straight(x: Array, y: Array, classes: int, seed: int) -> tuple[Network, float]:
    """The straight model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_bent`."""
    found = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed)
    return Network.from_arrays([(found.W, found.b)], dtype="float64"), found.penalty


def unseen(x: Array, y: Array, straight: Network, penalty: float, learn: Array, judge: Array) -> Array:
    """(n, outputs) of a logistic regression, on the rows in ``judge`` those of one that learned from ``learn`` alone.

    ``straight`` learned from all rows of x (n, features) with this ``penalty``; ``learn`` and ``judge`` are rows of
    each member (members, …), as of `hold_out`.
    """
    scaler = Scaler.of(x)
    z, layer = scaler(x), unfold(straight, scaler).layers[0]
    start = np.vstack([layer.b, layer.W])
    outputs = straight(x).copy()
    for k in range(max(1, len(judge) // 2)):
        w = minimise_log_loss(z[learn[k]], y[learn[k]], penalty, start, 1e-4)
        outputs[judge[k]] = z[judge[k]] @ w[1:] + w[0]
    return outputs
