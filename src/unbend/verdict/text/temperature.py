"""`calibrate`: how a linear model's outputs become probabilities, with the least loss on held-out rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ..scores import row_losses

FACTORS = (0.05, 20.0)
DAMPINGS = (0.0, 0.03, 0.06, 0.1, 0.15)


class Scaling(NamedTuple):
    """Outputs times ``factor`` plus ``shift`` are the calibrated outputs, a linear model's again.

    Of two classes these are not yet log odds: those are `damped`.
    """

    factor: float = 1.0
    shift: float = 0.0
    damping: float = 0.0

    def log_odds(self, output: Array) -> Array:
        """What the probabilities are computed of, (n, k), from a linear model's outputs (n, k)."""
        return damped(self.factor * output + self.shift, self.damping)


def damped(output: Array, damping: float) -> Array:
    """``output/(1 + damping*|output|)``: far from 0 a linear model is surer than it is right.

    Labels are now and then wrong, and a text with many signs of one class is no surer than one with enough of them;
    which class is the more probable one stays as it is.
    """
    return output / (1 + damping * np.abs(output))


def calibrate(output: Array, y: Array, classes: int) -> Scaling:
    """Factor, shift (Platt 1999) and damping of two classes, of more the factor alone (Guo et al. 2017).

    ``output`` (n, k) and ``y`` (n,) are those of held-out rows. Outputs of numbers stay as they are.
    """
    from scipy.optimize import minimize_scalar

    if classes == 0:
        return Scaling()
    if classes == 2:
        return _calibrate_two(output[:, 0], y)

    def loss(log: float) -> float:
        return float(row_losses(np.exp(log) * output, y, classes).mean())

    return Scaling(float(np.exp(minimize_scalar(loss, bounds=tuple(np.log(FACTORS)), options={"xatol": 1e-4}).x)))


def _calibrate_two(output: Array, y: Array) -> Scaling:
    """Each damping with the factor and shift that are best with it: the three together have several minima."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(numbers: Array, damping: float) -> tuple[float, Array]:
        scaled = numbers[0] * output + numbers[1]
        log_odds = damped(scaled, damping)
        slope = (expit(log_odds) - y) / (1 + damping * np.abs(scaled)) ** 2
        return float(row_losses(log_odds[:, None], y, 2).mean()), np.array([np.mean(slope * output), slope.mean()])

    start, tried = np.array([1.0, 0.0]), []
    for damping in DAMPINGS:
        found = minimize(loss, start, (damping,), jac=True, method="L-BFGS-B", bounds=[FACTORS, (None, None)])
        start = found.x
        tried.append((float(found.fun), Scaling(float(found.x[0]), float(found.x[1]), damping)))
    return min(tried)[1]
