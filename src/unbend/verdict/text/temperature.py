"""`calibrate`: the factor and shift of a linear model's outputs with the least loss on held-out rows."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ..scores import row_losses


def calibrate(output: Array, y: Array, classes: int) -> tuple[float, float]:
    """(factor, shift) of log odds (Platt 1999), of more classes' outputs the factor alone (Guo et al. 2017).

    The result is a linear model again; that of numbers stays as it is. ``output`` (n, k) and ``y`` (n,) are those of
    held-out rows.
    """
    from scipy.optimize import minimize

    if classes == 0:
        return 1.0, 0.0

    def loss(logs: Array) -> float:
        shift = float(logs[1]) if classes == 2 else 0.0
        return float(row_losses(np.exp(logs[0]) * output + shift, y, classes).mean())

    start = np.zeros(2 if classes == 2 else 1)
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-9, "maxiter": 200})
    factor = float(np.exp(np.clip(found.x[0], -3, 6)))
    return factor, float(found.x[1]) if classes == 2 else 0.0
