"""`logistic`: logistic regression for two or more classes, its penalty chosen by k-fold cross-validation."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network.losses import losses
from ...network.scaling import Scaler
from .blas_threads import one_blas_thread
from .kfold import assign_folds
from .ridge import LinearModel

PENALTIES = np.logspace(1, -6, 15)  # per row and per standardised column, strong to weak
FOLDS = 8


def logistic(x: Array, classes: Array, count: int, seed: int = 0, penalties: Array = PENALTIES) -> LinearModel:
    """Logistic regression, its penalty chosen by cross-validation over ``FOLDS`` stratified folds.

    Minimises mean log loss + penalty/2 * |W|² on standardised columns by L-BFGS; intercepts are not penalised. The
    path runs from strong to weak penalties, each warm-started at the solution of the one before.

    Parameters
    ----------
    x : array (n, columns)
    classes : array of int (n,)
        Class numbers 0…count-1.
    count : int
        The number of classes.
    seed : int, default 0
        For the random assignment of rows to folds.
    penalties : array, default ``PENALTIES``
        Candidates, from strong to weak. A single one is used as it is.

    Returns
    -------
    LinearModel
        In raw columns. Two classes have one output, the log odds of class 1; more have one output each (softmax).
        ``held_out_loss`` is the mean log loss of held-out rows, NaN for a single penalty.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.logistic import logistic
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> model = logistic(x, (x[:, 0] > 0).astype(int), 2)
    >>> model.W.shape, bool(model.W[0, 0] > 0)
    ((1, 1), True)
    """
    scaler = Scaler.of(x)
    z = scaler(x)
    outputs = 1 if count == 2 else count
    fold = assign_folds(len(classes), FOLDS, np.random.default_rng(seed), classes)
    weights = [np.zeros((1 + z.shape[1], outputs))] * FOLDS
    held_out_losses: list[float] = []
    for penalty in penalties if len(penalties) > 1 else ():
        total = 0.0
        for k in range(FOLDS):
            train, test = fold != k, fold == k
            weights[k] = minimise_log_loss(z[train], classes[train], penalty, weights[k], 1e-4)
            total += log_loss(z[test] @ weights[k][1:] + weights[k][0], classes[test]) * float(test.mean())
        held_out_losses.append(total)
        if total > 1.02 * min(held_out_losses):  # overfitting has begun; weaker penalties overfit more
            break
    best = int(np.argmin(held_out_losses)) if held_out_losses else 0
    w = minimise_log_loss(z, classes, penalties[best], np.mean(weights, axis=0), 1e-9)
    W = w[1:] / scaler.scale[:, None]
    return LinearModel(
        W=W,
        b=w[0] - scaler.centre @ W,
        penalty=float(penalties[best]),
        held_out_loss=held_out_losses[best] if held_out_losses else np.nan,
    )


def log_loss(output: Array, classes: Array) -> float:
    """Mean log loss of outputs (n, 1), the log odds of class 1, or (n, classes), before the softmax."""
    return float(np.mean(_log_loss_per_row(output, classes)[0]))


def _log_loss_per_row(output: Array, classes: Array) -> tuple[Array, Array]:
    """Log losses (n,) and their gradient with respect to the outputs, (n, outputs)."""
    if output.shape[1] == 1:
        return losses["logistic"].per_row(output, classes[:, None])
    return losses["cross_entropy"].per_row(output, classes)


def minimise_log_loss(z: Array, classes: Array, penalty: float | Array, start: Array, tolerance: float) -> Array:
    """The weights (1 + columns, outputs), intercepts first, that minimise the log loss penalised as in `logistic`.

    ``penalty`` is one number, or one for each column of z, (columns, 1); ``start`` has the weights' shape.
    """
    from scipy.optimize import minimize

    def objective(flat: Array) -> tuple[float, Array]:
        w = flat.reshape(start.shape)
        value, slope = _log_loss_per_row(z @ w[1:] + w[0], classes)
        slope = slope / len(z)
        gradient = np.concatenate([slope.sum(axis=0)[None], z.T @ slope + penalty * w[1:]])
        return float(value.mean() + np.sum(penalty * w[1:] ** 2) / 2), gradient.ravel()

    options = {"maxiter": 1000, "gtol": tolerance, "ftol": tolerance**2}
    with one_blas_thread():
        result = minimize(objective, start.ravel(), method="L-BFGS-B", jac=True, options=options)
    weights: Array = result.x.reshape(start.shape)
    return weights
