"""Ridge against scikit-learn, against brute-force leave-one-out, and on tables that trip least squares."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.network import Scaler
from unbend.solve.linear_model.ridge import PENALTIES, LinearModel, ridge

RNG = np.random.default_rng(21)
X = RNG.normal([5, -100, 0], [1, 30, 1e-3], (40, 3))
Y = 2 * X[:, 0] - 0.1 * X[:, 1] + 500 * X[:, 2] + RNG.normal(0, 0.5, 40) + 1000


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator of its own for every test, which may run in any order."""
    return np.random.default_rng(5)


def predicted(found: LinearModel, x: np.ndarray) -> np.ndarray:
    return x @ found.W[:, 0] + found.b[0]


def plain(x: np.ndarray, y: np.ndarray, penalty: float, scaler: Scaler) -> tuple[np.ndarray, float]:
    """Weights on scaled columns and constant, from the normal equations of mean squared residual + penalty * |w|²."""
    z = np.c_[scaler(x), np.ones(len(x))]
    weigh = np.diag([penalty * len(x)] * x.shape[1] + [0.0])
    solved = np.linalg.solve(z.T @ z + weigh, z.T @ y)
    return solved[:-1], float(solved[-1])


def leave_one_out_error(x: np.ndarray, y: np.ndarray, penalty: float) -> float:
    """Refitted n times on the columns' common scale, the penalty's total weight n * penalty kept: the loop itself."""
    scaler, n, errors = Scaler.of(x), len(y), []
    for i in range(n):
        train = np.arange(n) != i
        w, b = plain(x[train], y[train], penalty * n / (n - 1), scaler)
        errors.append((y[i] - scaler(x[i : i + 1]) @ w - b).item() ** 2)
    return float(np.mean(errors))


@pytest.mark.parametrize("penalty", [1e-12, 1e-3, 0.1, 10.0])
def test_against_scikit_learn(penalty: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    found, scaler = ridge(X, Y, [penalty]), Scaler.of(X)
    theirs = linear_model.Ridge(alpha=penalty * len(Y)).fit(scaler(X), Y)
    np.testing.assert_allclose(found.W[:, 0], theirs.coef_ / scaler.scale, rtol=1e-8)
    np.testing.assert_allclose(predicted(found, X), theirs.predict(scaler(X)), rtol=1e-9)
    assert found.penalty == penalty and found.W.shape == (3, 1) and found.b.shape == (1,)


def test_the_smallest_penalty_is_least_squares() -> None:
    found = ridge(X, Y, PENALTIES[:1])
    exact = np.linalg.lstsq(np.c_[X, np.ones(40)], Y, rcond=None)[0]
    np.testing.assert_allclose(np.r_[found.W[:, 0], found.b], exact, rtol=1e-7)


@pytest.mark.parametrize("rows", [6, 12, 40])
@pytest.mark.parametrize("penalty", [1e-6, 1e-3, 0.1, 1.0])
def test_leave_one_out_is_that_of_refitting(rows: int, penalty: float) -> None:
    assert ridge(X[:rows], Y[:rows], [penalty]).held_out_loss == pytest.approx(
        leave_one_out_error(X[:rows], Y[:rows], penalty), rel=1e-8
    )


@pytest.mark.parametrize(("rows", "columns"), [(8, 8), (8, 9), (10, 30)])
@pytest.mark.parametrize("penalty", [1e-5, 1e-2, 1.0])
def test_fewer_rows_than_columns(rng: np.random.Generator, rows: int, columns: int, penalty: float) -> None:
    x, y = rng.normal(size=(rows, columns)), rng.normal(size=rows)
    assert ridge(x, y, [penalty]).held_out_loss == pytest.approx(leave_one_out_error(x, y, penalty), rel=1e-6)


def test_fewer_rows_than_columns_with_the_smallest_penalty() -> None:
    """An exact fit through all rows is no proof: its leave-one-out error tends to the minimum-norm one's."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(10, 30)), rng.normal(size=10)
        scaler, errors = Scaler.of(x), []
        for i in range(10):
            train = np.arange(10) != i
            z = scaler(x)[train]
            middle, mean = z.mean(axis=0), y[train].mean()
            w = np.linalg.pinv(z - middle) @ (y[train] - mean)
            errors.append(float(y[i] - mean - (scaler(x)[i] - middle) @ w) ** 2)
        assert ridge(x, y, [1e-12]).held_out_loss == pytest.approx(np.mean(errors), rel=1e-3)


def test_the_penalty_with_the_least_left_out_error_is_chosen(rng: np.random.Generator) -> None:
    x, y = rng.normal(size=(15, 8)), rng.normal(size=15)
    y += x[:, 0]
    penalties = np.logspace(-4, 1, 12)
    errors = [leave_one_out_error(x, y, p) for p in penalties]
    found = ridge(x, y, penalties)
    assert found.penalty == penalties[np.argmin(errors)] and 0 < np.argmin(errors) < 11
    assert found.held_out_loss == pytest.approx(min(errors), rel=1e-8)
    # in any order, and ties (here y does not vary) go to the larger one
    assert ridge(x, y, penalties[::-1]).penalty == found.penalty
    assert ridge(x, np.ones(15), penalties).penalty == penalties[-1]


@pytest.mark.parametrize("penalties", [PENALTIES.tolist(), [1e-12], [1e-3]])
def test_duplicate_collinear_and_constant_columns(penalties: list[float]) -> None:
    """They change no prediction beyond what the penalty does, and nothing explodes."""
    wide = np.c_[X, X[:, 0], X[:, 0] + 2 * X[:, 1], np.full(40, 3.3), np.zeros(40)]
    found, base = ridge(wide, Y, penalties), ridge(X, Y, penalties)
    np.testing.assert_allclose(predicted(found, wide), predicted(base, X), atol=0.02 * Y.std())
    np.testing.assert_allclose(found.W[5:, 0], 0, atol=1e-9)  # constant columns carry nothing
    assert np.abs(found.W[:, 0] * wide.std(axis=0)).max() < 10 * Y.std()
    np.testing.assert_allclose(found.W[0], found.W[3], rtol=1e-6)  # twins share their weight


def test_noise_in_more_columns_than_rows_is_not_believed() -> None:
    """An exact fit leaves no residual; the penalty must not be chosen by what rounding makes of 0/0."""
    penalties = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(12, 200)), rng.normal(size=12)
        found = ridge(x, y)
        assert found.held_out_loss > 0.7 * y.var()
        penalties.append(found.penalty)
    assert np.median(penalties) > 10  # the columns add up: 1 would leave almost all of the fit


def test_a_row_with_a_column_of_its_own(rng: np.random.Generator) -> None:
    """Leverage 1: left out, nothing is known of its column."""
    x = np.c_[rng.normal(size=10), np.eye(10)[:, 3]]
    y = x[:, 0] + rng.normal(0, 0.1, 10)
    y[3] = 50
    for penalty in (1e-12, 1e-6, 1e-2):
        assert ridge(x, y, [penalty]).held_out_loss == pytest.approx(leave_one_out_error(x, y, penalty), rel=1e-3)


def test_only_constant_columns() -> None:
    found = ridge(np.ones((9, 2)), np.arange(9.0))
    np.testing.assert_allclose(predicted(found, np.ones((3, 2))), 4.0)
    assert not found.W.any() and found.held_out_loss == pytest.approx(np.mean(((np.arange(9) - 4) * 9 / 8) ** 2))


@pytest.mark.parametrize("unit", [1e-12, 1e9])
def test_units_do_not_matter(unit: float) -> None:
    here, there = ridge(X, Y), ridge(X * unit, Y)
    np.testing.assert_allclose(there.W * unit, here.W, rtol=1e-7)
    assert ridge(X, Y * 1e6).penalty == here.penalty == there.penalty


def test_an_exact_line_is_found_exactly() -> None:
    y = X @ [1.0, -2.0, 3.0] + 4
    found = ridge(X, y)
    np.testing.assert_allclose(found.W[:, 0], [1, -2, 3], rtol=1e-6)
    assert found.held_out_loss < 1e-12 * y.var()


def test_noise_is_shrunk(rng: np.random.Generator) -> None:
    x, y = rng.normal(size=(30, 20)), rng.normal(size=30)
    found = ridge(x, y)
    assert found.penalty > 0.1
    assert np.abs(found.W).max() < 0.3 * np.abs(ridge(x, y, [1e-12]).W).max()
