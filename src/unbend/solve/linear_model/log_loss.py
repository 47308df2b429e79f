"""`LogLoss`: the penalised mean log loss of a linear model in two or more classes, and its minimum."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...network.losses import losses
from .blas_threads import one_blas_thread
from .lbfgs import HALVINGS, ROUNDING, lbfgs
from .row_blocks import block_slices

NEWTON = 300  # weights, up to which Newton's method takes less time than L-BFGS
MAX_STEPS = 100
EIGEN = 2000  # columns, up to which their Gram matrix is decomposed
INTERCEPT = 1e-9  # a penalty: a common change of all intercepts changes nothing


def log_loss(output: Array, classes: Array) -> float:
    """Mean log loss of outputs (n, 1), the log odds of class 1, or (n, classes), before the softmax."""
    return float(np.mean(_log_loss_per_row(output, classes)[0]))


def _log_loss_per_row(output: Array, classes: Array) -> tuple[Array, Array]:
    """Log losses (n,) and their gradient with respect to the outputs, (n, outputs)."""
    if output.shape[1] == 1:
        return losses["logistic"].per_row(output, classes[:, None])
    return losses["cross_entropy"].per_row(output, classes)


def minimise_log_loss(
    z: Array,
    classes: Array,
    penalty: float | Array,
    start: Array,
    tolerance: float,
    deadline: float | None = None,
) -> Array:
    """The weights (1 + columns, outputs), intercepts first, that minimise mean log loss + penalty/2 * |W|².

    ``z`` (n, columns) are standardised columns, or others of about unit size; ``penalty`` is one number, or one for
    each of them, (columns, 1); ``start`` has the weights' shape. The gradient's largest value is at most ``tolerance``,
    unless the ``deadline`` (``time.monotonic()`` seconds) comes first.
    """
    axes, variances = None, None
    if start.size > NEWTON and z.shape[1] <= min(EIGEN, len(z)):
        variances, axes = np.linalg.eigh(np.atleast_2d(np.cov(z[:: max(1, len(z) // (2 * z.shape[1]))].T)))
        variances = np.maximum(variances, 0.0)
    return LogLoss(blocks_with_intercept(z), classes, axes, variances).minimum(penalty, start, tolerance, deadline)


def blocks_with_intercept(z: Array) -> list[Array]:
    """The rows of z (n, columns) behind a column of ones, in blocks."""
    design = np.column_stack([np.ones(len(z)), z])
    return [design[own] for own in block_slices(*design.shape)]


@dataclass(frozen=True, eq=False)
class LogLoss:
    """Mean log loss of the rows (n, 1 + columns), a column of ones first, in ``blocks``, and of their ``classes`` (n,).

    ``axes`` (columns, columns) and ``variances`` (columns,) are about the eigenvectors and eigenvalues of the columns'
    covariance matrix, by which L-BFGS is preconditioned; without axes the columns are uncorrelated, without variances
    all of them are 1.
    """

    blocks: Iterable[Array]
    classes: Array
    axes: Array | None = None
    variances: Array | None = None

    def minimum(self, penalty: float | Array, start: Array, tolerance: float, deadline: float | None = None) -> Array:
        """The weights as `minimise_log_loss` describes them."""
        with one_blas_thread():
            if start.size <= NEWTON:
                return self._newton(penalty, start, tolerance, deadline)

            def function(flat: Array) -> tuple[float, Array]:
                value, gradient = self.value_and_gradient(flat.reshape(start.shape), penalty)
                return value, gradient.ravel()

            found = lbfgs(function, start.ravel(), self._preconditioner(penalty, start.shape), tolerance, deadline)
        return found.reshape(start.shape)

    def value_and_gradient(self, w: Array, penalty: float | Array) -> tuple[float, Array]:
        """The penalised loss, and its gradient in the shape of the weights w (1 + columns, outputs)."""
        value, gradient, _ = self._evaluate(w, penalty)
        return value, gradient

    def _evaluate(self, w: Array, penalty: float | Array, slopes: bool = False) -> tuple[float, Array, list[Array]]:
        """Loss, gradient and, if wanted, the slope in each output of each block."""
        total, gradient, all_slopes, start = 0.0, np.zeros_like(w), [], 0
        for a in self.blocks:
            value, slope = _log_loss_per_row(a @ w, self.classes[start : start + len(a)])
            total += float(value.sum())
            gradient += a.T @ slope
            start += len(a)
            if slopes:
                all_slopes.append(slope)
        gradient /= start
        gradient[1:] += penalty * w[1:]
        return total / start + float(np.sum(penalty * w[1:] ** 2)) / 2, gradient, all_slopes

    def _newton(self, penalty: float | Array, w: Array, tolerance: float, deadline: float | None) -> Array:
        """Newton's method with step halving."""
        value, gradient, slopes = self._evaluate(w, penalty, slopes=True)
        for _ in range(MAX_STEPS):
            if np.abs(gradient).max() <= tolerance or (deadline is not None and time.monotonic() > deadline):
                break
            step, factor = self._newton_step(slopes, gradient, penalty), 1.0
            for _ in range(HALVINGS):
                candidate, gradient, slopes = self._evaluate(w - factor * step, penalty, slopes=True)
                if candidate <= value + ROUNDING * abs(value):
                    break
                factor /= 2
            else:
                break
            w, value = w - factor * step, candidate
        return w

    def _newton_step(self, slopes: list[Array], gradient: Array, penalty: float | Array) -> Array:
        d, k = gradient.shape
        hessian, start = np.zeros((k, d, k, d)), 0
        for a, slope in zip(self.blocks, slopes, strict=True):
            p = _probabilities(slope, self.classes[start : start + len(a)])
            start += len(a)
            for i in range(k):
                for j in range(i + 1):
                    weight = p[:, i] * ((i == j) - p[:, j])
                    hessian[i, :, j] += a.T @ (weight[:, None] * a)
        for i in range(k):
            for j in range(i):
                hessian[j, :, i] = hessian[i, :, j]
        matrix = hessian.reshape(k * d, k * d) / start
        penalties = np.full((d, k), INTERCEPT)
        penalties[1:] = penalty
        matrix[np.diag_indices(k * d)] += penalties.T.ravel()
        return np.linalg.solve(matrix, gradient.T.ravel()).reshape(k, d).T

    def _preconditioner(self, penalty: float | Array, shape: tuple[int, ...]) -> Callable[[Array], Array]:
        """The inverse of an upper bound of the Hessian (Böhning 1992)."""
        bound = 0.25 if shape[1] == 1 else 0.5
        axes, variances = self.axes, 1.0 if self.variances is None else self.variances[:, None]
        inverse = 1 / (bound * variances + np.mean(penalty))

        def precondition(flat: Array) -> Array:
            gradient = flat.reshape(shape)
            if axes is None:
                scaled = inverse * gradient[1:]
            else:
                scaled = axes @ (inverse * (axes.T @ gradient[1:]))
            return np.concatenate([gradient[:1] / bound, scaled]).ravel()

        return precondition


def _probabilities(slope: Array, classes: Array) -> Array:
    """(n, outputs) probabilities, of class 1 or of all: the slope of the loss in the outputs plus what was observed."""
    if slope.shape[1] == 1:
        return slope + classes[:, None]
    p = slope.copy()
    p[np.arange(len(p)), classes] += 1
    return p
