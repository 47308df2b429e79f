"""Logistic regression, for two classes or more, its penalty chosen on held-out rows: the straight model for classes."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..network.losses import losses
from ..network.scaling import Scaler
from .parts import parts
from .ridge import Straight

PENALTIES = np.logspace(1, -6, 15)  # per row and per standardised column, strong to weak
FOLDS = 8


def logistic(x: Array, classes: Array, count: int, seed: int = 0, penalties: Array = PENALTIES) -> Straight:
    """Logistic regression of class numbers (n,) on x (n, columns), minimising mean log loss + penalty/2 * |W|².

    Two classes have one output, the log odds of class 1; more have one output each (softmax). The constants are not
    penalised. The penalty is the one with the least log loss over ``FOLDS`` held-out parts, drawn by ``seed``.
    Solved by SciPy's L-BFGS on standardised columns, from strong to weak penalties, each starting where the one before
    ended.
    """
    scaler = Scaler.of(x)
    z = scaler(x)
    outputs = 1 if count == 2 else count
    part = parts(len(classes), FOLDS, np.random.default_rng(seed), classes)
    starts = [np.zeros((1 + z.shape[1], outputs))] * FOLDS
    held_out: list[float] = []
    for penalty in penalties if len(penalties) > 1 else ():
        total = 0.0
        for k in range(FOLDS):
            rest, left = part != k, part == k
            starts[k] = minimum(z[rest], classes[rest], penalty, starts[k], 1e-4)
            total += log_loss(z[left] @ starts[k][1:] + starts[k][0], classes[left]) * float(left.mean())
        held_out.append(total)
        if total > 1.02 * min(held_out):  # it has begun to overfit; weaker penalties overfit more
            break
    best = int(np.argmin(held_out)) if held_out else 0
    w = minimum(z, classes, penalties[best], np.mean(starts, axis=0), 1e-9)
    W = w[1:] / scaler.size[:, None]
    return Straight(W, w[0] - scaler.centre @ W, float(penalties[best]), held_out[best] if held_out else np.nan)


def log_loss(output: Array, classes: Array) -> float:
    """Mean log loss of outputs (n, 1), the log odds of class 1, or (n, classes), before the softmax."""
    return float(np.mean(_per_row(output, classes)[0]))


def _per_row(output: Array, classes: Array) -> tuple[Array, Array]:
    if output.shape[1] == 1:
        return losses["logistic"].per_row(output, classes[:, None])
    return losses["cross_entropy"].per_row(output, classes)


def minimum(z: Array, classes: Array, penalty: float | Array, start: Array, tolerance: float) -> Array:
    """The weights (1 + columns, outputs), constants first, that minimise the log loss penalised as in `logistic`.

    ``penalty`` is one number, or one for each column of z, (columns, 1); ``start`` has the weights' shape.
    """
    from scipy.optimize import minimize

    def objective(flat: Array) -> tuple[float, Array]:
        w = flat.reshape(start.shape)
        value, slope = _per_row(z @ w[1:] + w[0], classes)
        slope = slope / len(z)
        gradient = np.concatenate([slope.sum(axis=0)[None], z.T @ slope + penalty * w[1:]])
        return float(value.mean() + np.sum(penalty * w[1:] ** 2) / 2), gradient.ravel()

    options = {"maxiter": 1000, "gtol": tolerance, "ftol": tolerance**2}
    found = minimize(objective, start.ravel(), method="L-BFGS-B", jac=True, options=options)
    weights: Array = found.x.reshape(start.shape)
    return weights
