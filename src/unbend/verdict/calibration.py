"""`Calibration`: how often a class was observed among rows with about the same predicted probability of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .scores import brier, one_hot, probabilities, row_losses

BINS = 10
_Z = 1.959964  # of a normal distribution's two-sided 95 %


@dataclass(frozen=True, eq=False)
class Calibration:
    """The calibration curve of held-out probabilities, all classes pooled (of two classes the second alone).

    Per bin, without empty ones: ``predicted`` is the mean probability, ``observed`` the class's frequency, within
    ``low`` … ``high`` (95 %, Wilson 1927), of ``count``. ``error`` is the mean of |predicted - observed| over all
    counts (expected calibration error, Guo et al. 2017, eq. 3); ``log_loss`` in nats, ``brier`` 0 … 2.
    """

    predicted: Array
    observed: Array
    low: Array
    high: Array
    count: Array
    error: float
    log_loss: float
    brier: float

    @classmethod
    def of(cls, output: Array, y: Array, classes: int) -> Calibration:
        """From outputs (n, k) as `fit_network` describes them and class numbers (n,)."""
        shares = probabilities(output)
        pooled = (shares, one_hot(y, shares.shape[1]))
        p, occurred = (a[:, 1:].ravel() if classes == 2 else a.ravel() for a in pooled)
        at = np.minimum((p * BINS).astype(np.intp), BINS - 1)
        count = np.bincount(at, minlength=BINS)
        filled = count > 0
        n = count[filled]
        predicted, observed = (np.bincount(at, v, BINS)[filled] / n for v in (p, occurred))
        centre = observed + _Z**2 / (2 * n)
        half_width = _Z * np.sqrt(observed * (1 - observed) / n + _Z**2 / (4 * n**2))
        low, high = ((centre + sign * half_width) / (1 + _Z**2 / n) for sign in (-1, 1))
        return cls(
            predicted=predicted,
            observed=observed,
            low=low,
            high=high,
            count=n,
            error=float(np.sum(n * np.abs(predicted - observed)) / n.sum()),
            log_loss=float(row_losses(output, y, classes).mean()),
            brier=brier(shares, y),
        )
