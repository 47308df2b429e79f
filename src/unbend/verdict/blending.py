"""Blending weights, chosen on held-out rows: of the two kinds of networks, and of the network's correction."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .scores import row_losses

CLEAR = 2.0  # standard errors
WEIGHTS = np.linspace(0.0, 1.0, 41)
ENCODED_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
DEFAULT_ENCODED_WEIGHT = 0.75


def choose_encoded_weight(base: Array, plain: Array, encoded: Array, y: Array, classes: int) -> float:
    """The weight, 0 … 1, of the ``encoded`` corrections in a mean with the ``plain`` ones.

    ``DEFAULT_ENCODED_WEIGHT``, unless another one has the least loss on these rows and beats it by ``CLEAR`` standard
    errors of the rows' differences. ``base`` (n, k) are the linear model's outputs, the corrections as in
    `choose_correction_weight`.
    """
    losses = {w: row_losses(base + ((1 - w) * plain + w * encoded), y, classes) for w in ENCODED_WEIGHTS}
    best = min(ENCODED_WEIGHTS, key=lambda weight: float(losses[weight].mean()))
    excess = losses[DEFAULT_ENCODED_WEIGHT] - losses[best]
    return best if excess.mean() > CLEAR * excess.std() / np.sqrt(len(excess)) else DEFAULT_ENCODED_WEIGHT


def choose_correction_weight(base: Array, corrections: Array, y: Array, classes: int) -> tuple[float, float]:
    """(chosen, best) weight, 0 … 1, of the networks' correction added to the linear outputs ``base`` (n, k).

    ``corrections`` (n, k) come from networks that were not trained on these rows. Chosen is the best weight where it
    beats 0 by ``CLEAR`` standard errors of the rows' differences; otherwise the smallest weight within one standard
    error of the best (Breiman et al. 1984): where the rows do not show that the correction helps, the model stays
    linear. That is no evidence that it does not help; the best weight is kept beside it.
    """
    losses = np.stack([row_losses(base + weight * corrections, y, classes) for weight in WEIGHTS])
    best = int(losses.mean(axis=1).argmin())
    excess = losses - losses[best]
    error = excess.std(axis=1, ddof=1) / np.sqrt(len(y)) if len(y) > 1 else np.full(len(WEIGHTS), np.inf)
    if excess[0].mean() > CLEAR * error[0]:
        return float(WEIGHTS[best]), float(WEIGHTS[best])
    return float(WEIGHTS[np.argmax(excess.mean(axis=1) <= error)]), float(WEIGHTS[best])
