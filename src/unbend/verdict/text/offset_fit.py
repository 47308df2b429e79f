"""`fit_with_offset`: what columns add to outputs that are given, by penalised logistic regression or least squares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...arrays import Array

PENALTY = 1.0  # of a squared weight of a column of unit variance, against the log loss of a row
STEPS = 30


class OffsetFit(NamedTuple):
    """``weights`` (columns,), and of every row the new output, its residual and the loss's curvature (rows,).

    Of numbers, residual and curvature are in units of the residuals' variance, so that a score, a sum of residuals, has
    a sum of curvatures as its variance, as that of a log loss.
    """

    weights: Array
    output: Array
    residual: Array
    curvature: Array


def fit_with_offset(columns: Array, y: Array, offset: Array, logistic: bool) -> OffsetFit:
    """Fit ``columns`` (rows, k) to what the ``offset`` (rows,) leaves of ``y`` (rows,): 0 and 1, or numbers."""
    size = np.where(columns.std(axis=0) > 0, columns.std(axis=0), 1.0)
    penalty = np.diag(PENALTY * size**2)
    weights = np.zeros(columns.shape[1])
    if not logistic:
        weights = np.linalg.solve(columns.T @ columns + penalty, columns.T @ (y - offset))
        output = offset + columns @ weights
        variance = max(float(np.mean((y - output) ** 2)), 1e-300)
        return OffsetFit(weights, output, (y - output) / variance, np.full(len(y), 1 / variance))

    def loss(candidate: Array) -> float:
        output = offset + columns @ candidate
        return float(np.sum(np.logaddexp(0, output) - y * output) + candidate @ penalty @ candidate / 2)

    current = loss(weights)
    for _ in range(STEPS):
        p = _sigmoid(offset + columns @ weights)
        hessian = columns.T @ (columns * (p * (1 - p))[:, None]) + penalty
        step = np.linalg.solve(hessian, columns.T @ (y - p) - penalty @ weights)
        factor = 1.0
        while (candidate := loss(weights + factor * step)) > current and factor > 1e-6:
            factor /= 2
        if candidate >= current:
            break
        weights, previous, current = weights + factor * step, current, candidate
        if previous - current < 1e-9 * len(y):
            break
    output = offset + columns @ weights
    p = _sigmoid(output)
    return OffsetFit(weights, output, y - p, p * (1 - p))


def _sigmoid(output: Array) -> Array:
    probability: Array = 1 / (1 + np.exp(-np.clip(output, -35, 35)))
    return probability
