"""Dual coordinate descent on sparse rows, against scikit-learn's solvers of the same problem."""

from __future__ import annotations

import time

import numpy as np
import pytest

from unbend.arrays import Array
from unbend.solve.sparse.classes import ClassesSolver
from unbend.solve.sparse.dual import DualSolver
from unbend.solve.sparse.dual_kernel import FREEDOM
from unbend.text.sparse_rows import SparseRows, from_dense

N, M = 300, 40
SCALE = np.sqrt(np.append(np.ones(M), FREEDOM))  # of the columns, the intercept's last


def _problem(seed: int) -> tuple[SparseRows, Array, Array]:
    rng = np.random.default_rng(seed)
    dense = (rng.random((N, M)) < 0.15) * rng.normal(size=(N, M)).astype(np.float32)
    dense[0] = 0  # a row without an entry
    starts = np.concatenate([[0], np.cumsum((dense != 0).sum(axis=1))])
    rows = SparseRows(starts, np.nonzero(dense)[1].astype(np.int32), dense[dense != 0].astype(np.float32), M)
    return rows, np.hstack([dense.astype(np.float64), np.ones((N, 1))]), dense @ rng.normal(size=M) + rng.normal(size=N)


@pytest.mark.parametrize(("cost", "smoothing"), [(0.1, 0.0), (10.0, 0.0), (10.0, 0.1)])
def test_logistic_regression_is_scikit_learns(cost: float, smoothing: float) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    rows, dense, y = _problem(0)
    signs = np.where(y > 0, 1.0, -1.0)
    solver = DualSolver(rows, signs, "logistic", smoothing=smoothing)
    for c in (cost / 10, cost):  # warm-started
        solver.fit(np.arange(N), c, passes=3000, tolerance=1e-6)
    peer = linear.LogisticRegression(C=cost, fit_intercept=False, tol=1e-12, max_iter=10_000)
    shares = np.repeat([1 - smoothing, smoothing], N)  # every row once with its label, once with the other
    peer.fit(np.tile(dense * SCALE, (2, 1)), np.append(signs, -signs), sample_weight=shares)
    np.testing.assert_allclose(solver.weights, peer.coef_[0] * SCALE, atol=1e-4 * cost)
    np.testing.assert_allclose(solver.outputs(np.arange(N)), dense @ solver.weights, atol=1e-9)


def test_least_squares_is_ridge_regression() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    rows, dense, y = _problem(2)
    solver = DualSolver(rows, y, "squared")
    solver.fit(np.arange(N), 5.0, passes=3000, tolerance=1e-9)
    peer = linear.Ridge(0.2, fit_intercept=False).fit(dense * SCALE, y)
    np.testing.assert_allclose(solver.weights, peer.coef_ * SCALE, atol=1e-5)


def test_rows_that_are_not_fitted_have_no_say() -> None:
    rows, _, y = _problem(3)
    some = np.arange(0, N, 2)
    weights = []
    for other in (1.0, -1.0):
        signs = np.where(y > 0, 1.0, -1.0)
        signs[1::2] *= other
        solver = DualSolver(rows, signs, "logistic", seed=4)
        solver.fit(some, 1.0, passes=5)
        weights.append(solver.weights)
    assert np.array_equal(*weights)


def test_it_ends_after_the_pass_that_meets_the_deadline() -> None:
    rows, _, y = _problem(5)
    one, late = (DualSolver(rows, y, "squared", seed=6) for _ in range(2))
    one.fit(np.arange(N), 1.0, passes=1)
    late.fit(np.arange(N), 1.0, passes=1000, tolerance=0.0, deadline=time.monotonic() - 1)
    assert np.array_equal(one.weights, late.weights)


def test_other_values_and_more_rows_start_from_the_last_fit() -> None:
    rows, _, y = _problem(7)
    signs = np.where(y > 0, 1.0, -1.0)
    double = SparseRows(rows.row_starts, rows.columns, 2 * rows.values, M)
    warm, cold = (DualSolver(one, signs, "logistic", smoothing=0.05) for one in (rows, double))
    warm.fit(np.arange(N // 2), 1.0, passes=5)
    warm.replace_rows(double)
    for solver in (warm, cold):
        solver.fit(np.arange(N), 3.0, passes=3000, tolerance=1e-6)
    np.testing.assert_allclose(warm.weights, cold.weights, atol=1e-4)


def test_classes_side_by_side_are_those_fitted_one_by_one() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(90, 7)).astype(np.float32)
    rows = from_dense(x)
    classes = (x @ rng.normal(size=(7, 5)) + rng.normal(size=(90, 5))).argmax(axis=1)
    together = ClassesSolver(rows, classes - 1, 3)
    for cost in (0.5, 4.0):
        together.fit(np.arange(90), cost, 400, 1e-6)
    for k in range(3):
        alone = DualSolver(rows, np.where(classes == k + 1, 1.0, -1.0), "logistic")
        alone.fit(np.arange(90), 4.0, 400, 1e-6)
        np.testing.assert_allclose(together.weights[:, k], alone.weights, atol=5e-3)
        np.testing.assert_allclose(together.outputs(np.arange(9))[:, k], alone.outputs(np.arange(9)), atol=5e-3)
