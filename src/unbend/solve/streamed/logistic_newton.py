"""`fit_logistic`: logistic regression by Newton's method over a stream, one pass for each evaluation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...network.scaling import Scaler
from ..linear_model.lbfgs import HALVINGS, ROUNDING
from .logistic_sums import LogisticSums, LogisticTotals

TOLERANCE = 1e-12  # of the loss: what the last step gains at most, so that the next would gain its square
MAX_STEPS = 30  # in which separable classes have not converged
_SEPARABLE = 1e-12  # mean loss: below, classes are separable
_OPEN = 1e-6  # of a column, within the kernel of the Hessian
_DEPENDENT = 1e-11  # of the largest eigenvalue of the Hessian of columns scaled to length 1


@dataclass(frozen=True, eq=False)
class LogisticSolution:
    """A logistic regression in raw columns.

    Attributes
    ----------
    W, b : array (columns, outputs), (outputs,)
        Two classes have one output, the log odds of class 1; more have one each (softmax).
    standard_errors, intercept_error : array (columns,), float
        Of two classes without a penalty; else NaN.
    loss : float
        The mean log loss.
    penalty : float
    rows : int
    passes : int
        Over the rows.
    converged : bool
        False where classes are separable without a penalty, so that there is no minimum.
    undetermined : tuple of int
        The columns that depend on others: of the solutions, the smallest is taken.
    """

    W: Array
    b: Array
    standard_errors: Array
    intercept_error: float
    loss: float
    penalty: float
    rows: int
    passes: int
    converged: bool
    undetermined: tuple[int, ...]


def fit_logistic(
    evaluate: Callable[[Array], LogisticSums],
    outputs: int,
    reference: Scaler,
    penalty: float = 0.0,
    start: Array | None = None,
) -> LogisticSolution:
    """Minimise mean log loss + penalty/2 * |W|² of standardised columns by Newton's method with step halving.

    Parameters
    ----------
    evaluate : callable
        Gives the sums of all rows at coefficients (1 + columns, outputs) of columns standardised by ``reference``: one
        pass over the stream, on however many machines.
    outputs : int
        1 for two classes, else the number of classes.
    reference : Scaler
        (columns,), that of the sums.
    penalty : float, default 0
        In units per row, as that of ``linear_model.logistic``; intercepts are not penalised.
    start : array (1 + columns, outputs), optional
        Coefficients near the solution, as those of a sample, in standardised columns; zero without.

    Returns
    -------
    LogisticSolution

    Raises
    ------
    DataError
        If there is no row.
    """
    w = np.zeros((len(reference.centre) + 1, outputs)) if start is None else np.array(start, dtype=np.float64)
    sums = evaluate(w)
    totals, passes, converged = sums.totals(), 1, False
    if not totals.weight > 0:
        raise DataError("solve.no_rows")
    ridge = np.concatenate([[0.0], penalty * totals.variances])[:, None]
    value, gradient = _objective(totals, w, ridge)
    for _ in range(MAX_STEPS):
        step = (_inverse(totals, ridge)[0] @ gradient.T.ravel()).reshape(gradient.T.shape).T
        gain, factor = float(np.sum(step * gradient)) / 2, 1.0
        if gain <= TOLERANCE * value:
            w, value, converged = w - step, value - gain, penalty > 0 or value > _SEPARABLE
            break
        for _ in range(HALVINGS):
            sums = evaluate(w - factor * step)
            passes += 1
            candidate = sums.totals()
            reached, slope = _objective(candidate, w - factor * step, ridge)
            if reached <= value + ROUNDING * abs(value):
                break
            factor /= 2
        else:
            break
        w, totals, value, gradient = w - factor * step, candidate, reached, slope
    inverse, undetermined = _inverse(totals, ridge)
    W = w[1:] / reference.scale[:, None]
    errors = np.full(len(w), math.nan)
    if penalty == 0 and outputs == 1 and converged:
        to_raw = np.diag(np.concatenate([[1.0], 1 / reference.scale]))
        to_raw[0, 1:] = -reference.centre / reference.scale
        errors = np.sqrt(np.diagonal(to_raw @ inverse @ to_raw.T) / totals.weight)
        errors[[j + 1 for j in undetermined]] = math.nan
    return LogisticSolution(
        W=W,
        b=w[0] - reference.centre @ W,
        standard_errors=errors[1:],
        intercept_error=float(errors[0]),
        loss=value - float(np.sum(ridge * w**2)) / 2,
        penalty=penalty,
        rows=sums.rows,
        passes=passes,
        converged=converged,
        undetermined=undetermined,
    )


def _objective(totals: LogisticTotals, w: Array, ridge: Array) -> tuple[float, Array]:
    """The penalised mean loss and its gradient."""
    value = totals.loss / totals.weight + float(np.sum(ridge * w**2)) / 2
    return value, totals.gradient / totals.weight + ridge * w


def _inverse(totals: LogisticTotals, ridge: Array) -> tuple[Array, tuple[int, ...]]:
    """The pseudo-inverse of the penalised mean Hessian, and the columns that it says nothing of.

    A common change of all outputs changes nothing either: so softmax without a penalty has many solutions.
    """
    d, hessian = len(ridge), totals.hessian / totals.weight
    hessian = hessian + np.diag(np.tile(ridge[:, 0], len(hessian) // d))
    inverse, _ = _pseudo_inverse(hessian)
    _, in_kernel = _pseudo_inverse(hessian[:d, :d])
    return inverse, tuple(j - 1 for j in np.flatnonzero(in_kernel > _OPEN).tolist() if j > 0)


def _pseudo_inverse(matrix: Array) -> tuple[Array, Array]:
    """That of a positive semidefinite matrix, and how much of each coordinate lies in its kernel."""
    lengths = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    values, vectors = np.linalg.eigh(matrix / np.outer(lengths, lengths))
    known = values > _DEPENDENT * values[-1]
    inside = vectors[:, known] / lengths[:, None]
    return (inside / values[known]) @ inside.T, np.sum(vectors[:, ~known] ** 2, axis=1)
