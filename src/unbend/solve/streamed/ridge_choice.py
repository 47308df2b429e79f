"""`choose_penalty`: the ridge penalty with the least held-out loss, from the sums of the folds of one pass."""

from __future__ import annotations

from decimal import Decimal
from operator import mul
from typing import Any

import numpy as np
from scipy import linalg

from ...arrays import Array
from ..linear_least_squares.normal_equations import Matrix, pivoted_cholesky
from ..linear_model.blas_threads import one_blas_thread
from ..linear_model.ridge import PENALTIES
from ..precision import decimal_arithmetic
from .least_squares_sums import LeastSquaresSums
from .sums_system import MANY, to_decimals


def choose_penalty(sums: LeastSquaresSums, penalties: Any = PENALTIES) -> tuple[float, float]:
    """The penalty of ridge regression by cross-validation over the folds of the sums.

    A fold's training sums are those of all rows less its own, without rounding. Their Cholesky factor in decimals of
    100 digits takes the place of the rows: its singular values are those of the standardised columns to all digits,
    and the residuals of held-out rows are those of the factor of their sums.

    Parameters
    ----------
    sums : LeastSquaresSums
        Of two or more folds, with an intercept.
    penalties : sequence of float, default ``linear_model.ridge.PENALTIES``
        Candidates, in units per row and per standardised column.

    Returns
    -------
    penalty : float
        Of equally good ones the larger.
    held_out_loss : float
        The mean squared error of held-out rows.
    """
    order = np.sort(np.asarray(penalties, dtype=np.float64))[::-1]
    squares = np.zeros(len(order))
    with decimal_arithmetic.context():
        total = to_decimals(sums.total())
        for part in sums.sums:
            own = to_decimals(part)
            training = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(total, own, strict=True)]
            if training[-1][-1] > 0 and own[-1][-1] > 0:
                squares += _held_out_squares(training, own, order)
    best = int(np.argmin(squares))
    return float(order[best]), float(squares[best]) / float(total[-1][-1]) * float(sums.reference.scale[-1]) ** 2


def _held_out_squares(training: Matrix, own: Matrix, penalties: Array) -> Array:
    """The sums of squared residuals of the held-out rows, for every penalty."""
    rows, means = training[-1][-1], [value / training[-1][-1] for value in training[-1][:-1]]
    centred, held_out = _centred(training, means), _centred(own, means)
    k = len(means) - 1
    deviations = [(centred[j][j] / rows).sqrt() for j in range(k)]
    used = [j for j in range(k) if deviations[j] > 0]
    units = [*(deviations[j] for j in used), Decimal(1)]
    places = [*used, k]
    system, target = _scaled(centred, places, units), _scaled(held_out, places, units)
    weights = np.full((len(system), len(penalties)), -1.0)
    weights[:-1] = _path(system, float(rows) * penalties)
    if len(system) > MANY:
        return np.asarray(np.sum(weights * (np.array(target, dtype=float) @ weights), axis=0))
    return np.array([_quadratic(target, column) for column in weights.T.tolist()])


def _path(system: Matrix, penalties: Array) -> Array:
    """The coefficients (columns, penalties) of the ridge regressions of standardised columns."""
    k = len(system) - 1
    moments = np.array([float(row[-1]) for row in system[:-1]])
    with one_blas_thread():
        if k > MANY:
            squares, v = np.linalg.eigh(np.array([[float(value) for value in row[:-1]] for row in system[:-1]]))
            return np.asarray(v @ (1 / (np.maximum(squares, 0.0)[:, None] + penalties) * (v.T @ moments)[:, None]))
        order, factor, _ = pivoted_cholesky([row[:-1] for row in system[:-1]], Decimal(0), lambda *_: None)
        coefficients = np.zeros((k, len(penalties)))
        if order:
            lower = np.array([[float(v) for v in row] + [0.0] * (len(order) - len(row)) for row in factor])
            u, s, v = linalg.svd(lower)
            projected = v @ linalg.solve_triangular(lower, moments[order], lower=True)
            coefficients[order] = u @ (s[:, None] / (s[:, None] ** 2 + penalties) * projected[:, None])
        return coefficients


def _centred(products: Matrix, means: list[Decimal]) -> Matrix:
    """The sums of products of columns and target less these means."""
    ones, every = products[-1], range(len(means))
    return [
        [products[i][j] - means[i] * ones[j] - means[j] * ones[i] + means[i] * means[j] * ones[-1] for j in every]
        for i in every
    ]


def _scaled(products: Matrix, places: list[int], units: list[Decimal]) -> Matrix:
    """The sums of products of some columns and the target, divided by these units."""
    return [
        [products[i][j] / (a * b) for j, b in zip(places, units, strict=True)]
        for i, a in zip(places, units, strict=True)
    ]


def _quadratic(products: Matrix, weights: list[float]) -> float:
    """w'Aw: without rounding, so that tiny residuals are not lost among large targets."""
    w = [Decimal(value) for value in weights]
    return float(sum((a * sum(map(mul, row, w), Decimal(0)) for a, row in zip(w, products, strict=True)), Decimal(0)))
