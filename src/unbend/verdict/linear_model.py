"""`fit_linear`: least squares or logistic regression, as a `Network` of one layer with the identity."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler, unfold
from ..solve.linear_model.logistic import logistic, minimise_log_loss
from ..solve.linear_model.ridge import ridge


def fit_linear(x: Array, y: Array, classes: int, seed: int) -> tuple[Network, float]:
    """The linear model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_network`."""
    solution = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed)
    return Network.from_arrays([(solution.W, solution.b)], dtype="float64"), solution.penalty


def out_of_sample_outputs(
    x: Array, y: Array, *, linear: Network, penalty: float, training: Array, validation: Array
) -> Array:
    """(n, outputs) of a logistic regression: on ``validation`` rows, of one fitted on ``training`` rows alone.

    ``linear`` was fitted to all rows of x (n, features) with this ``penalty``; ``training`` and ``validation`` are the
    rows of each member (members, …), as `hold_out` gives them.
    """
    scaler = Scaler.of(x)
    z, layer = scaler(x), unfold(linear, scaler).layers[0]
    start = np.vstack([layer.b, layer.W])
    outputs = linear(x).copy()
    for k in range(max(1, len(validation) // 2)):
        w = minimise_log_loss(z[training[k]], y[training[k]], penalty, start, 1e-4)
        outputs[validation[k]] = z[validation[k]] @ w[1:] + w[0]
    return outputs
