"""`fit_join`: the scores of texts and the table's other columns as one linear model, fitted to held-out scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...network import softmax
from ..scores import row_losses

PENALTY = 1.0  # times half of the squared weights of standardised columns, against the sum of the rows' losses


@dataclass(frozen=True, eq=False)
class Join:
    """outputs = factor * scores + x W + b, for scores (n, k) and columns x (n, p).

    The ``factor`` also calibrates the scores, whose model is fitted to other rows (Platt 1999; Guo et al. 2017).
    """

    factor: float
    W: Array
    b: Array

    def __call__(self, scores: Array, x: Array) -> Array:
        """The outputs (n, k)."""
        outputs: Array = self.factor * scores + x @ self.W + self.b
        return outputs


def fit_join(scores: Array, x: Array, y: Array, classes: int) -> Join:
    """The join of least loss on rows that the scores' model was not fitted to.

    Parameters
    ----------
    scores : ndarray of shape (n, k)
        One number for numbers and for two classes, else one for each class.
    x : ndarray of shape (n, p)
        Standardised here; p may be 0.
    y : ndarray of shape (n,)
        Class numbers, or numbers about as large as 1.
    classes : int
        0 for numbers.

    Returns
    -------
    Join
    """
    from scipy.optimize import minimize

    n, k = scores.shape
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    standard = (x - mean) / spread
    p = x.shape[1]

    def loss(theta: Array) -> tuple[float, Array]:
        W, b = theta[1 : 1 + p * k].reshape(p, k), theta[1 + p * k :]
        output = theta[0] * scores + standard @ W + b
        slope = _slopes(output, y, classes) / n
        value = row_losses(output, y, classes).mean() + PENALTY / (2 * n) * (W**2).sum()
        return float(value), np.concatenate(
            [[np.vdot(slope, scores)], (standard.T @ slope + PENALTY / n * W).ravel(), slope.sum(axis=0)]
        )

    start = np.concatenate([[1.0], np.zeros(p * k + k)])
    bounds = [(0.0, None), *[(None, None)] * (p * k + k)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200}).x
    W = found[1 : 1 + p * k].reshape(p, k) / spread[:, None]
    return Join(float(found[0]), W, found[1 + p * k :] - mean @ W)


def _slopes(output: Array, y: Array, classes: int) -> Array:
    """The losses' slopes (n, k) by the outputs."""
    if classes == 0:
        return 2 * (output - y[:, None])
    if classes == 2:
        shares: Array = 1 / (1 + np.exp(-np.clip(output, -60, 60))) - y[:, None]
        return shares
    shares = softmax(output)
    shares[np.arange(len(y)), y] -= 1
    return shares
