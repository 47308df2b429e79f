"""Logistic regression against scikit-learn with the same penalty, its optimality, its choice of penalty."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from unbend.network import Scaler
from unbend.solve.linear_model.log_loss import log_loss
from unbend.solve.linear_model.logistic import PENALTIES, logistic

RNG = np.random.default_rng(31)
X = RNG.normal([5, -100, 0], [1, 30, 1e-3], (120, 3))
ODDS = 1.5 * (X[:, 0] - 5) - 0.03 * (X[:, 1] + 100)
TWO = (RNG.random(120) < special.expit(ODDS)).astype(np.int64)
THREE = np.argmax(np.c_[ODDS, -ODDS, 0.8 * X[:, 2] * 1e3] + RNG.gumbel(size=(120, 3)), axis=1)


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator of its own for every test, which may run in any order."""
    return np.random.default_rng(5)


@pytest.mark.parametrize("penalty", [1e-4, 1e-2, 1.0])
@pytest.mark.parametrize(("classes", "count"), [(TWO, 2), (THREE, 3)])
def test_against_scikit_learn(classes: np.ndarray, count: int, penalty: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    found, scaler = logistic(X, classes, count, penalties=np.array([penalty])), Scaler.of(X)
    theirs = linear_model.LogisticRegression(C=1 / (penalty * len(X)), tol=1e-10, max_iter=5000)
    theirs.fit(scaler(X), classes)
    output = X @ found.W + found.b
    p = special.expit(np.c_[-output, output]) if count == 2 else special.softmax(output, axis=1)
    np.testing.assert_allclose(p, theirs.predict_proba(scaler(X)), atol=2e-5)
    np.testing.assert_allclose(found.W.T * scaler.scale, theirs.coef_, atol=2e-4)
    assert found.W.shape == (3, 1 if count == 2 else 3) and found.penalty == penalty


@pytest.mark.parametrize("penalty", [1e-6, 0.1])
@pytest.mark.parametrize(("classes", "count"), [(TWO, 2), (THREE, 3)])
def test_the_gradient_is_zero_there(classes: np.ndarray, count: int, penalty: float) -> None:
    """At the minimum of mean log loss + penalty/2 |W|² the derivatives vanish, the constants' without penalty."""
    found, scaler = logistic(X, classes, count, penalties=np.array([penalty])), Scaler.of(X)
    output = X @ found.W + found.b
    wanted = classes[:, None] if count == 2 else np.eye(3)[classes]
    residual = (special.expit(output) if count == 2 else special.softmax(output, axis=1)) - wanted
    w = found.W * scaler.scale[:, None]
    np.testing.assert_allclose(scaler(X).T @ residual / len(X) + penalty * w, 0, atol=2e-6)
    np.testing.assert_allclose(residual.mean(axis=0), 0, atol=2e-6)


@pytest.mark.parametrize("gap", [0.5, 100.0])
def test_separable_classes_stay_finite(rng: np.random.Generator, gap: float) -> None:
    """A clean cut: the unpenalised weights would run to infinity."""
    x = np.concatenate([rng.uniform(-1, 0, (30, 1)) - gap, rng.uniform(0, 1, (30, 1)) + gap])
    y = np.repeat([0, 1], 30)
    found = logistic(x, y, 2)
    assert np.isfinite(found.W).all() and 0 < found.W[0, 0] * x.std() < 100
    assert ((x @ found.W + found.b)[:, 0] > 0).astype(int).tolist() == y.tolist()
    assert found.held_out_loss < 0.05 and found.penalty < 1e-4


def test_the_penalty_follows_the_signal(rng: np.random.Generator) -> None:
    noise = logistic(X, rng.integers(0, 2, 120), 2)
    signal = logistic(X, TWO, 2)
    assert noise.penalty > signal.penalty
    assert noise.held_out_loss > 0.67 and signal.held_out_loss < 0.6
    assert logistic(X, TWO, 2).held_out_loss == signal.held_out_loss
    assert logistic(X, TWO, 2, seed=1).held_out_loss != signal.held_out_loss  # other folds


def test_held_out_loss_is_the_best_of_all_penalties() -> None:
    """Stopping at the first penalties that overfit loses nothing."""
    from unbend.solve.linear_model.kfold import assign_folds
    from unbend.solve.linear_model.logistic import FOLDS

    found, z = logistic(X, THREE, 3), Scaler.of(X)(X)
    fold = assign_folds(120, FOLDS, np.random.default_rng(0), THREE)
    losses = []
    for penalty in PENALTIES:
        total = 0.0
        for k in range(FOLDS):
            alone = logistic(z[fold != k], THREE[fold != k], 3, penalties=np.array([penalty]))
            total += log_loss(z[fold == k] @ alone.W + alone.b, THREE[fold == k]) * np.mean(fold == k)
        losses.append(total)
    assert found.held_out_loss == pytest.approx(min(losses), rel=0.01)
    assert losses[list(PENALTIES).index(found.penalty)] == pytest.approx(min(losses), rel=0.01)


@pytest.mark.parametrize(("classes", "count"), [(TWO, 2), (THREE, 3)])
def test_duplicate_and_constant_columns_and_units(classes: np.ndarray, count: int) -> None:
    wide = np.c_[X, X[:, 0], np.full(120, 7.0)]
    found = logistic(wide, classes, count, penalties=np.array([1e-3]))
    np.testing.assert_allclose(found.W[0], found.W[3], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.W[4], 0, atol=1e-9)
    here, there = (logistic(X * unit, classes, count, penalties=np.array([1e-3])) for unit in (1.0, 1e9))
    np.testing.assert_allclose(there.W * 1e9, here.W, rtol=1e-3, atol=1e-6)


def test_log_loss(rng: np.random.Generator) -> None:
    output = rng.normal(0, 3, (50, 1))
    y = rng.integers(0, 2, 50)
    expected = -np.mean(np.where(y, special.log_expit(output[:, 0]), special.log_expit(-output[:, 0])))
    assert log_loss(output, y) == pytest.approx(expected, rel=1e-12)
    both = np.c_[np.zeros(50), output]
    assert log_loss(both, y) == pytest.approx(expected, rel=1e-12)


def test_a_class_missing_in_a_fold(rng: np.random.Generator) -> None:
    """One row of the rarest class: some folds train without it, and all stays finite."""
    y = np.r_[np.zeros(20), np.ones(20), 2].astype(np.int64)
    x = rng.normal(size=(41, 2)) + y[:, None]
    found = logistic(x, y, 3)
    assert np.isfinite(found.W).all() and np.isfinite(found.held_out_loss)
