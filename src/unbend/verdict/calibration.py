"""Whether probabilities mean what they say: how often a class came where so much was said for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .scores import brier, probabilities, row_losses

BINS = 10
_Z = 1.959964  # of a normal distribution's two-sided 95 %


@dataclass(frozen=True, eq=False)
class Calibration:
    """The calibration curve of held-out probabilities, all classes pooled (of two classes the second alone).

    Bin by bin, empty ones left out: ``said`` is the mean probability, ``came`` the share in which the class came,
    within ``low`` … ``high`` (95 %, Wilson 1927), of ``count``. ``error`` is the mean of |said - came| over all counts
    (expected calibration error, Guo et al. 2017, eq. 3); ``log_loss`` in nats, ``brier`` 0 … 2.
    """

    said: Array
    came: Array
    low: Array
    high: Array
    count: Array
    error: float
    log_loss: float
    brier: float

    @classmethod
    def of(cls, output: Array, y: Array, classes: int) -> Calibration:
        """From outputs (n, k) as `fit_bent` describes them and class numbers (n,)."""
        shares = probabilities(output)
        wanted = np.zeros(shares.shape)
        wanted[np.arange(len(y)), y] = 1
        p, happened = (a[:, 1:].ravel() if classes == 2 else a.ravel() for a in (shares, wanted))
        at = np.minimum((p * BINS).astype(np.intp), BINS - 1)
        count = np.bincount(at, minlength=BINS)
        full = count > 0
        n = count[full]
        said, came = (np.bincount(at, v, BINS)[full] / n for v in (p, happened))
        middle, reach = came + _Z**2 / (2 * n), _Z * np.sqrt(came * (1 - came) / n + _Z**2 / (4 * n**2))
        low, high = ((middle + sign * reach) / (1 + _Z**2 / n) for sign in (-1, 1))
        loss = float(row_losses(output, y, classes).mean())
        error = float(np.sum(n * np.abs(said - came)) / n.sum())
        return cls(said, came, low, high, n, error, loss, brier(shares, y))
