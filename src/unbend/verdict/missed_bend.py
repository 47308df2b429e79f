"""`missed_bend`: a single column's bend in the linear model's held-out residuals, which the network did not find.

A network that gains nothing is evidence against a bend only where it would have seen one. With hundreds of columns it
may not, while a test of each column by itself does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..network import Scaler
from .scores import one_hot, probabilities

LEVEL = 1e-3  # of all tests together (Bonferroni)
MIN_ROWS = 50
FAR = 4.0  # standard deviations at which a column is clipped: a few far values would make any curve significant
BLOCK = 256  # columns at a time


@dataclass(frozen=True)
class MissedBend:
    """The ``column`` and at least which ``share`` of the linear model's squared residuals a curve of it explains."""

    column: str
    share: float


def missed_bend(x: Array, y: Array, output: Array, classes: int, sources: Sequence[str]) -> MissedBend | None:
    """The column that bends most, by score tests of |z| and z² of every standardised column; None without one.

    Parameters
    ----------
    x : array (n, features)
    y : array (n,)
        Values, or class numbers.
    output : array (n, k)
        The linear model's held-out outputs.
    classes : int
        The number of classes; 0 for values.
    sources : sequence of str
        The column of each feature.

    Returns
    -------
    MissedBend or None
        Its share is a lower limit, two standard errors below the estimate.

    References
    ----------
    Score (Lagrange multiplier) test with the residuals' own squares as variance: White (1980), Econometrica 48.
    """
    residuals = y[:, None] - output if classes == 0 else one_hot(y, classes) - probabilities(output)
    known = np.isfinite(residuals).all(axis=1)
    residuals, x, n = residuals[known], x[known], int(known.sum())
    if n < MIN_ROWS:
        return None
    best, at = 0.0, -1
    for start in range(0, x.shape[1], BLOCK):
        z = np.clip(Scaler.of(x[:, start : start + BLOCK])(x[:, start : start + BLOCK]), -FAR, FAR)
        for curve in (np.abs(z), z * z):
            remainder = curve - curve.mean(axis=0)
            slope = (remainder * z).sum(axis=0) / np.maximum((z * z).sum(axis=0), 1e-300)
            remainder = remainder - slope * (z - z.mean(axis=0))
            varies = (remainder**2).sum(axis=0) > 1e-6 * n
            score = np.abs(remainder.T @ residuals) / np.sqrt(np.maximum((remainder**2).T @ residuals**2, 1e-300))
            score = np.where(varies, score.max(axis=1), 0.0)
            if score.max(initial=0.0) > best:
                best, at = float(score.max()), start + int(score.argmax())
    tests = 2 * x.shape[1] * residuals.shape[1]
    if at < 0 or best < normal_quantile(LEVEL / tests):
        return None
    return MissedBend(sources[at], max(0.0, best - 2) ** 2 / n)


def normal_quantile(tail: float) -> float:
    """The value that a normal variable exceeds in absolute value with this probability."""
    from scipy.special import ndtri

    return -float(ndtri(tail / 2))
