"""Losses and scores of predictions: squared error or log loss per row, R² against the constant, Brier score."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network import losses, softmax


def row_losses(output: Array, y: Array, classes: int) -> Array:
    """(n,) squared errors, or log losses in nats, of outputs (n, k) as `fit_network` describes them."""
    if classes == 0:
        return np.asarray((output[:, 0] - y) ** 2)
    if classes == 2:
        return losses["logistic"].per_row(output, y[:, None].astype(np.float64))[0]
    return losses["cross_entropy"].per_row(output, y)[0]


def probabilities(output: Array) -> Array:
    """(n, classes) from log odds (n, 1) or outputs before the softmax (n, classes)."""
    return softmax(np.concatenate([np.zeros_like(output), output], axis=1) if output.shape[1] == 1 else output)


def constant_output(y: Array, classes: int) -> Array:
    """(k,) output of the best constant: the mean, or the log frequencies of the classes (each count plus one)."""
    if classes == 0:
        return np.array([y.mean()])
    frequencies = (np.bincount(y, minlength=classes) + 1) / (len(y) + classes)
    logs = np.log(frequencies)
    return np.array([logs[1] - logs[0]]) if classes == 2 else logs


def score(loss: float, constant_loss: float) -> float:
    """1 - loss/constant loss: 0 no better than a constant, 1 perfect (R² for numbers, McFadden's for classes)."""
    return 1 - loss / constant_loss if constant_loss > 0 else 0.0


def brier(probability: Array, y: Array) -> float:
    """Mean squared distance, 0 … 2, between probabilities (n, classes) and the observed classes (n,) (Brier 1950)."""
    return float(np.mean(np.sum((probability - one_hot(y, probability.shape[1])) ** 2, axis=1)))


def accuracy(output: Array, y: Array) -> float:
    """The fraction of rows whose most probable class is the observed one (n,)."""
    return float(np.mean(probabilities(output).argmax(axis=1) == y))


def one_hot(y: Array, classes: int) -> Array:
    """(n, classes): 1 at each row's class, 0 elsewhere."""
    encoded = np.zeros((len(y), classes))
    encoded[np.arange(len(y)), y] = 1
    return encoded
