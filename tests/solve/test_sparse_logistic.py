"""A few columns of many: the right ones, and a verdict's linear model that takes them."""

from __future__ import annotations

import time

import numpy as np
import pytest

from unbend.solve.linear_model.log_loss import log_loss
from unbend.solve.linear_model.logistic import logistic
from unbend.solve.linear_model.sparse_logistic import sparse_logistic
from unbend.verdict.linear_model import fit_linear, fit_linear_folds


def drawn(rows: int, columns: int, count: int, true: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) * rng.uniform(0.01, 100, columns) + 7
    weights = rng.normal(size=(true, count))
    weights *= 5 / np.ptp(weights, axis=1, keepdims=True)
    odds = ((x - 7) / x.std(axis=0))[:, :true] @ weights
    return x, np.argmax(odds + rng.gumbel(size=(rows, count)), axis=1)


@pytest.mark.parametrize(("count", "true"), [(2, 1), (2, 4), (4, 2)])
def test_the_columns_that_matter(count: int, true: int) -> None:
    x, classes = drawn(900, 400, count, true)
    train = np.arange(900) < 300
    sparse, dense = sparse_logistic(x[train], classes[train], count), logistic(x[train], classes[train], count)
    used = np.flatnonzero(sparse.W.any(axis=1))
    assert set(range(true)) & set(used) and len(used) <= 4 * true
    losses = [log_loss(x[~train] @ m.W + m.b, classes[~train]) for m in (sparse, dense)]
    assert losses[0] < 0.8 * losses[1]
    assert sparse.held_out_loss == pytest.approx(losses[0], rel=0.3)


def test_the_held_out_loss_of_noise_is_no_better_than_the_frequencies() -> None:
    """The columns are ranked by training rows alone: chosen by all rows, some of 2,000 would seem to matter."""
    losses = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        losses.append(sparse_logistic(rng.normal(size=(120, 1000)), rng.integers(0, 2, 120), 2).held_out_loss)
    assert np.mean(losses) > np.log(2) - 0.02


def test_it_stands_in_for_all_columns_where_it_is_clearly_better() -> None:
    x, classes = drawn(200, 300, 2, 1)
    linear, _ = fit_linear(x, classes, 2, 0)
    assert 0 < np.count_nonzero(linear.layers[0].W) < 20
    rows = np.arange(200)
    (fold,) = fit_linear_folds(x, classes, 2, [(rows[50:], rows[:50])], 0)
    assert 0 < np.count_nonzero(fold.layers[0].W) < 20
    assert log_loss(fold(x[:50]), classes[:50]) < 0.9 * log_loss(np.zeros((50, 1)), classes[:50])
    alone, _ = fit_linear(x[50:], classes[50:], 2, 0)
    np.testing.assert_allclose(fold.layers[0].W, alone.layers[0].W, rtol=1e-9)
    rng = np.random.default_rng(1)
    many = (x / x.std(axis=0)) @ rng.normal(size=300) > 0
    assert np.count_nonzero(fit_linear(x - 7, many.astype(int), 2, 0)[0].layers[0].W) == 300


def test_without_time() -> None:
    x, classes = drawn(100, 150, 3, 1)
    found = sparse_logistic(x, classes, 3, deadline=time.monotonic() - 1)
    assert found.W.shape == (150, 3) and np.isfinite(found.W).all()
