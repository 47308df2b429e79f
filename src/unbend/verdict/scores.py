"""How wrong a prediction is: squared error or log loss, row by row, and the score they make against the constant."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import losses, softmax


def row_losses(output: Array, y: Array, classes: int) -> Array:
    """(n,) squared errors, or log losses in nats, of outputs (n, k) as `fit_bent` describes them."""
    if classes == 0:
        return np.asarray((output[:, 0] - y) ** 2)
    if classes == 2:
        return losses["logistic"].per_row(output, y[:, None].astype(np.float64))[0]
    return losses["cross_entropy"].per_row(output, y)[0]


def probabilities(output: Array) -> Array:
    """(n, classes) from log odds (n, 1) or outputs before the softmax (n, classes)."""
    return softmax(np.concatenate([np.zeros_like(output), output], axis=1) if output.shape[1] == 1 else output)


def constant_output(y: Array, classes: int) -> Array:
    """(k,) the best constant answer: the mean, or the log shares of the classes (each counted once more than seen)."""
    if classes == 0:
        return np.array([y.mean()])
    shares = (np.bincount(y, minlength=classes) + 1) / (len(y) + classes)
    logs = np.log(shares)
    return np.array([logs[1] - logs[0]]) if classes == 2 else logs


def score(loss: float, constant_loss: float) -> float:
    """1 - loss/constant loss: 0 no better than a constant, 1 perfect (R² for numbers, McFadden's for classes)."""
    return 1 - loss / constant_loss if constant_loss > 0 else 0.0


def brier(shares: Array, y: Array) -> float:
    """Mean squared distance, 0 … 2, between probabilities (n, classes) and the classes (n,) that came (Brier 1950)."""
    wanted = np.zeros(shares.shape)
    wanted[np.arange(len(y)), y] = 1
    return float(np.mean(np.sum((shares - wanted) ** 2, axis=1)))
