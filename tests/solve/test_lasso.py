"""Lasso regression: the path of scikit-learn's, the penalty by held-out rows, the one column of many that matters."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.solve.linear_model.lasso import _path, lasso, lasso_path
from unbend.solve.linear_model.ridge import ridge
from unbend.verdict.linear_model import fit_linear


@pytest.mark.parametrize(("rows", "columns"), [(80, 10), (60, 200)])
def test_the_path_is_scikit_learns(rows: int, columns: int) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, columns)) * rng.uniform(0.1, 10, columns) + rng.normal(size=columns)
    x[:, 1] = x[:, 0] + 0.1 * rng.normal(size=rows)
    y = x[:, 0] - 2 * x[:, 3] + rng.normal(size=rows)
    penalties = _path(x, y)
    W, b = lasso_path(x, y, penalties)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    for k in range(0, len(b), 6):
        theirs = linear_model.Lasso(alpha=penalties[k], tol=1e-12, max_iter=100_000).fit(z, y)
        np.testing.assert_allclose(W[k] * x.std(axis=0), theirs.coef_, atol=2e-4)
        np.testing.assert_allclose(x @ W[k] + b[k], theirs.predict(z), atol=1e-3)
    assert np.count_nonzero(W[0]) <= 1


def test_one_column_of_many() -> None:
    """r = 0.72 in one of 500 columns: a ridge regression hardly sees it."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 500))
    y = x[:, 17] + 0.96 * rng.normal(size=200)
    model = lasso(x, y)
    assert np.abs(model.W[:, 0]).argmax() == 17 and model.held_out_loss < 0.7 * ridge(x, y).held_out_loss
    chosen, _ = fit_linear(x, y, 0, 0)
    assert np.count_nonzero(chosen.layers[0].W) < 100
    dense, _ = fit_linear(x, x @ rng.normal(size=500), 0, 0)  # all columns matter: nothing sparse
    assert np.count_nonzero(dense.layers[0].W) == 500


def test_a_column_that_does_not_vary_and_a_constant_target() -> None:
    rng = np.random.default_rng(2)
    x = np.c_[np.ones(50), rng.normal(size=(50, 3))]
    assert lasso(x, x[:, 1]).W[0, 0] == 0
    model = lasso(x, np.full(50, 2.0))
    assert not model.W.any() and model.b.tolist() == [2.0]
