"""`missed_pair`: a product of two columns in the linear model's held-out residuals, which the network did not find.

The networks of a wide table take a part of its columns: that they gain nothing says little about the others. So all
products of two columns are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .column_screening import best_pair, clipped
from .missed_bend import LEVEL, MIN_ROWS, normal_quantile
from .scores import one_hot, probabilities

EFFECTIVE_ROWS = 10  # of a product, at least: a few large values would make any product significant


@dataclass(frozen=True)
class MissedPair:
    """The two columns and at least which ``share`` of the linear model's squared residuals their product explains."""

    columns: tuple[str, str]
    share: float


def missed_pair(x: Array, y: Array, output: Array, classes: int, sources: Sequence[str]) -> MissedPair | None:
    """The product that correlates most with the residuals, if it does significantly; None without one.

    Arguments, share and score test are those of `missed_bend`; the level is divided among all pairs (Bonferroni).
    """
    residuals = y[:, None] - output if classes == 0 else one_hot(y, classes) - probabilities(output)
    known = np.isfinite(residuals).all(axis=1)
    residuals, n = residuals[known], int(known.sum())
    if n < MIN_ROWS:
        return None
    z, tests = clipped(x[known]), x.shape[1] * (x.shape[1] - 1) / 2 * residuals.shape[1]
    best: tuple[float, float, tuple[int, int]] = 0.0, 0.0, (0, 0)
    for r in residuals.T:
        i, j = best_pair(z, r / max(float(np.sqrt((r**2).sum())), 1e-300))
        inputs = np.column_stack([np.ones(n), z[:, i], z[:, j]]).astype(np.float64)
        product = inputs[:, 1] * inputs[:, 2]
        product -= inputs @ np.linalg.lstsq(inputs, product, rcond=None)[0]
        if (product**2).sum() ** 2 > EFFECTIVE_ROWS * (product**4).sum():
            covariance = float(abs(product @ r))
            score = covariance / max(float(np.sqrt((product**2) @ r**2)), 1e-300)
            share = covariance**2 / max(float((product**2).sum() * (r**2).sum()), 1e-300)
            best = max(best, (score, share, (i, j)))
    score, share, (i, j) = best
    if score < normal_quantile(LEVEL / tests):
        return None
    return MissedPair((sources[i], sources[j]), share * max(0.0, 1 - 2 / score) ** 2)
