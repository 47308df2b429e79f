"""Ridge from Gram matrices against a singular value decomposition of the table; all folds against one fit each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from unbend.network import Scaler
from unbend.solve.linear_model.ridge import PENALTIES, ridge
from unbend.solve.linear_model.ridge_folds import ridge_folds
from unbend.solve.linear_model.row_blocks import LEAST_ROWS
from unbend.solve.linear_model.singular_vectors import right_singular_vectors

N = 3 * LEAST_ROWS // 2  # more than one block


def by_svd(x: np.ndarray, y: np.ndarray, penalty: float) -> tuple[np.ndarray, float]:
    """(weights of standardised columns, leave-one-out error), by a decomposition of the table."""
    u, s, vt = np.linalg.svd(Scaler.of(x)(x), full_matrices=False)
    rank = int(np.sum(s > s[0] * max(x.shape) * np.finfo(float).eps))
    u, s, vt = u[:, :rank], s[:rank], vt[:rank]
    n, centred = len(y), y - y.mean()
    kept, lost = s**2 / (s**2 + n * penalty), n * penalty / (s**2 + n * penalty)
    if rank == n - 1:  # all rows are spanned: without differences of nearly equal numbers
        residuals = u @ (lost * (u.T @ centred)) / ((u**2) @ lost)
    else:
        residuals = (centred - u @ (kept * (u.T @ centred))) / (1 - 1 / n - (u**2) @ kept)
    return vt.T @ (kept / s * (u.T @ centred)), float(np.mean(residuals**2))


def tables() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(N, 6))
    y = x[:, 0] - x[:, 3] + rng.normal(size=N)
    levels = np.eye(7)[rng.integers(0, 7, N)]
    yield "benign", x, y
    yield "collinear", np.c_[x, levels, x[:, 0] + 2 * x[:, 1], x[:, 0], np.full(N, 3.3)], y + levels[:, 2]
    yield "scales", x * 10.0 ** np.arange(-9, 9, 3) + 10.0 ** np.arange(-8, 10, 3), y
    for distance in (1e-3, 1e-6, 1e-9):
        near = x[:, 0] + distance * rng.normal(size=N)
        yield f"near {distance}", np.c_[x, near], y + (near - x[:, 0]) / distance
    yield "many", rng.normal(size=(260, 250)), rng.normal(size=260)
    yield "rank", rng.normal(size=(300, 9)) @ rng.normal(size=(9, 50)), rng.normal(size=300)
    yield "wide", rng.normal(size=(60, 900)), rng.normal(size=60)
    yield "float32", x.astype(np.float32), y


TABLES = {name: (x, y) for name, x, y in tables()}


@pytest.mark.parametrize(("x", "y"), TABLES.values(), ids=list(TABLES))
@pytest.mark.parametrize("penalty", [1e-10, 1e-6, 1e-2, 1.0])
def test_the_digits_of_a_singular_value_decomposition(x: np.ndarray, y: np.ndarray, penalty: float) -> None:
    found = ridge(x, y, [penalty])
    x = x.astype(np.float64)
    w, error = by_svd(x, y, penalty)
    z = Scaler.of(x)(x)
    np.testing.assert_allclose(z @ (found.W[:, 0] * Scaler.of(x).scale), z @ w, atol=2e-9 * y.std())
    assert found.held_out_loss == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize(("x", "y"), TABLES.values(), ids=list(TABLES))
def test_all_folds_at_once(x: np.ndarray, y: np.ndarray) -> None:
    folds = np.random.default_rng(0).integers(-1, 4, len(y))
    for penalties in (PENALTIES, [1e-9], [1e-2]):
        models = ridge_folds(x, y, folds, penalties)
        assert len(models) == 4
        for k, found in enumerate(models):
            alone = ridge(x[folds != k], y[folds != k], penalties)
            assert found.penalty == alone.penalty
            assert found.held_out_loss == pytest.approx(alone.held_out_loss, rel=1e-9)
            np.testing.assert_allclose(x @ found.W + found.b, x @ alone.W + alone.b, atol=2e-9 * y.std())


def test_columns_that_hardly_vary_outside_a_fold() -> None:
    """A level that is in one fold alone, and a column with one wild value: differences of sums have no digits there."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(120, 4))
    folds = np.arange(120) % 4
    x[:, 1] = folds == 2
    x[folds == 1, 2] = 0.5
    x[1, 3] = 1e11
    y = x[:, 0] + 2 * x[:, 2] + rng.normal(size=120)
    y[1] = 1e9
    for k, found in enumerate(ridge_folds(x, y, folds, [1e-3])):
        alone, test = ridge(x[folds != k], y[folds != k], [1e-3]), folds == k
        np.testing.assert_allclose(found.W, alone.W, rtol=1e-8, atol=1e-11 * np.abs(alone.W).max())
        np.testing.assert_allclose(x[test] @ found.W + found.b, x[test] @ alone.W + alone.b, rtol=1e-8)


def test_small_singular_values_have_their_digits() -> None:
    """Columns at distances of 1e-4 … 1e-10: the Gram matrix alone knows nothing of the last ones."""
    rng = np.random.default_rng(1)
    u = np.linalg.qr(rng.normal(size=(400, 8)))[0]
    v = np.linalg.qr(rng.normal(size=(8, 8)))[0]
    exact = np.array([10, 3, 1, 1e-2, 1e-4, 1e-6, 1e-8, 0])
    a = u * exact @ v.T
    found, vectors, error = right_singular_vectors(a.T @ a, lambda: iter([a[:150], a[150:]]), 400)
    np.testing.assert_allclose(found, exact[:7], rtol=1e-6)
    left = a @ vectors / found
    np.testing.assert_allclose(left.T @ left, np.eye(7), atol=10 * error)
    assert 1e-12 < error < 1e-6
    empty, none, _ = right_singular_vectors(np.zeros((3, 3)), lambda: iter([np.zeros((5, 3))]), 5)
    assert empty.shape == (0,) and none.shape == (3, 0)
