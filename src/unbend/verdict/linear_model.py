"""`fit_linear`: least squares or logistic regression, as a `Network` of one layer with the identity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler, unfold
from ..solve.linear_model.lasso import lasso
from ..solve.linear_model.log_loss import minimise_log_loss
from ..solve.linear_model.logistic import logistic
from ..solve.linear_model.ridge import ridge

MANY = 100  # features, and a quarter of the rows, from which on a sparse linear model is tried
LASSO_CELLS = 4_000_000  # more would take long
LASSO_GAIN = 0.95  # of the ridge regression's held-out loss


def fit_linear(x: Array, y: Array, classes: int, seed: int, deadline: float | None = None) -> tuple[Network, float]:
    """The linear model of x (n, features) and y (n,), and the penalty it chose; outputs as those of `fit_network`.

    Where values have many features, a sparse model (`lasso`) stands in where it is clearly better on held-out rows: one
    column of 2,000 that matters is lost in a ridge regression. The penalty is always that of ridge or logistic
    regression. The search of a logistic regression ends at the ``deadline`` (``time.monotonic()`` seconds).
    """
    solution = ridge(x, y) if classes == 0 else logistic(x, y, classes, seed, deadline=deadline)
    if classes == 0 and x.shape[1] >= max(MANY, len(y) / 4) and x.size <= LASSO_CELLS:
        sparse = lasso(x, y, seed)
        if sparse.held_out_loss < LASSO_GAIN * solution.held_out_loss:
            solution = replace(sparse, penalty=solution.penalty)
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
