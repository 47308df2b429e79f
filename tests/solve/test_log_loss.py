"""The log loss's minimum by Newton's method and by L-BFGS, against scikit-learn's; all folds; cut searches."""

from __future__ import annotations

import time

import numpy as np
import pytest

from unbend.network import Scaler
from unbend.solve.linear_model.lbfgs import lbfgs
from unbend.solve.linear_model.log_loss import NEWTON, log_loss, minimise_log_loss
from unbend.solve.linear_model.logistic import PATH_ROWS, logistic, logistic_folds


def drawn(rows: int, columns: int, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Correlated columns in other units, and classes of the logistic model."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) @ (np.eye(columns) + 0.5 * rng.normal(size=(columns, columns)))
    odds = x @ rng.normal(size=(columns, count)) / columns
    return x * rng.uniform(0.01, 100, columns) + 50, np.argmax(odds + rng.gumbel(size=(rows, count)), axis=1)


@pytest.mark.parametrize("penalty", [1e-5, 1e-3, 0.1])
@pytest.mark.parametrize(
    ("rows", "columns", "count"),
    [(400, 5, 2), (300, 3, 4), (900, 160, 2), (600, 40, 6), (60, 300, 2), (50, 200, 3), (3000, 12, 20)],
)
def test_the_minimum_is_scikit_learns(rows: int, columns: int, count: int, penalty: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    x, classes = drawn(rows, columns, count)
    found, z = logistic(x, classes, count, penalties=np.array([penalty])), Scaler.of(x)(x)
    peer = linear_model.LogisticRegression(C=1 / (penalty * rows), tol=1e-8, max_iter=20_000).fit(z, classes)
    w = found.W * Scaler.of(x).scale[:, None]

    def objective(output: np.ndarray, weights: np.ndarray) -> float:
        return log_loss(output, classes) + penalty / 2 * float(np.sum(weights**2))

    theirs = objective(z @ peer.coef_.T + peer.intercept_, peer.coef_)
    assert objective(x @ found.W + found.b, w) <= theirs + 1e-6 * abs(theirs)
    p, q = peer.predict_proba(z)[:, 1], x @ found.W + found.b
    q = 1 / (1 + np.exp(-q[:, 0])) if count == 2 else np.exp(q[:, 1] - np.logaddexp.reduce(q, axis=1))
    np.testing.assert_allclose(q, p, atol=5e-4)


def test_both_methods_find_the_same_minimum() -> None:
    x, classes = drawn(500, 7, 3)
    z, padded = Scaler.of(x)(x), NEWTON  # columns of zeros, whose weights are 0, make it too many weights for Newton's
    few = minimise_log_loss(z, classes, 1e-3, np.zeros((8, 3)), 1e-9)
    many = minimise_log_loss(np.pad(z, ((0, 0), (0, padded))), classes, 1e-3, np.zeros((8 + padded, 3)), 1e-9)
    np.testing.assert_allclose(many[:8] - many[0].mean(), few - few[0].mean(), atol=1e-6)
    assert np.abs(many[8:]).max() < 1e-12


def test_a_penalty_for_each_column() -> None:
    """A column of a tenth of the size with a hundredth of the penalty is the same column."""
    x, classes = drawn(200, 3, 2)
    z = Scaler.of(x)(x)
    one = minimise_log_loss(z, classes, 0.1, np.zeros((4, 1)), 1e-10)
    unit = np.array([1, 0.1, 1])
    other = minimise_log_loss(z * unit, classes, 0.1 * unit[:, None] ** 2, np.zeros((4, 1)), 1e-10)
    np.testing.assert_allclose(other[1:, 0] * unit, one[1:, 0], rtol=1e-7)


@pytest.mark.parametrize(("columns", "count"), [(6, 2), (30, 8)])
def test_all_folds(columns: int, count: int) -> None:
    x, classes = drawn(300, columns, count)
    folds = np.random.default_rng(1).integers(-1, 3, 300)
    models = logistic_folds(x, classes, count, folds, seed=4)
    assert len(models) == 3
    for k, found in enumerate(models):
        alone = logistic(x[folds != k], classes[folds != k], count, seed=4)
        assert found.penalty == alone.penalty
        np.testing.assert_allclose(x @ found.W + found.b, x @ alone.W + alone.b, atol=1e-3)
        changed = np.where((folds == k)[:, None], 1e6, x)  # nothing of the held-out rows is seen
        again = logistic_folds(changed, np.where(folds == k, 0, classes), count, folds, seed=4)[k]
        np.testing.assert_allclose(again.W, found.W, rtol=1e-12)


def test_a_sample_chooses_the_penalty_of_many_rows() -> None:
    """It is weaker by the sample's fraction of the rows, and held-out rows do not tell the two apart."""
    x, classes = drawn(4 * PATH_ROWS, 12, 2)
    known = np.arange(len(x)) < 3 * PATH_ROWS
    found = logistic(x[known], classes[known], 2)
    losses = []
    for penalty in np.logspace(-6, 0, 13):
        other = logistic(x[known], classes[known], 2, penalties=np.array([penalty]))
        losses.append(log_loss(x[~known] @ other.W + other.b, classes[~known]))
    assert log_loss(x[~known] @ found.W + found.b, classes[~known]) < min(losses) + 1e-3
    first = logistic(x[:PATH_ROWS], classes[:PATH_ROWS], 2)
    assert found.penalty < first.penalty


@pytest.mark.parametrize(("columns", "count"), [(5, 2), (40, 9)])
def test_a_search_without_time_is_no_worse_than_the_frequencies(columns: int, count: int) -> None:
    x, classes = drawn(2000, columns, count)
    for deadline in (time.monotonic() - 1, time.monotonic() + 0.01):
        found = logistic(x, classes, count, deadline=deadline)
        frequencies = np.bincount(classes, minlength=count) / len(classes)
        assert log_loss(x @ found.W + found.b, classes) < -np.sum(frequencies * np.log(frequencies)) + 1e-3


def test_lbfgs_on_a_quadratic_and_where_there_is_no_curvature() -> None:
    rng = np.random.default_rng(0)
    matrix = np.diag(np.logspace(-1, 2, 30))
    target = rng.normal(size=30)
    for scales in (np.ones(30), 1 / np.diag(matrix)):
        found = lbfgs(
            lambda x: (float((x - target) @ matrix @ (x - target)) / 2, matrix @ (x - target)),
            np.zeros(30),
            lambda gradient, scales=scales: scales * gradient,
            1e-9,
        )
        np.testing.assert_allclose(found, target, atol=1e-7)
    found = lbfgs(  # log cosh: almost without curvature far from the minimum
        lambda x: (float(np.logaddexp(x - 3, 3 - x).sum()), np.tanh(x - 3)), np.array([-40.0, 60.0]), np.copy, 1e-10
    )
    np.testing.assert_allclose(found, 3, atol=1e-9)
