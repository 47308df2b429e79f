"""Logistic regression over a stream: against statsmodels and scikit-learn, cuts and orders, extremes."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.errors import BadInput, DataError
from unbend.network.scaling import Scaler
from unbend.solve.streamed.logistic_newton import LogisticSolution, fit_logistic
from unbend.solve.streamed.logistic_sums import ROWS, LogisticSums


def table(rows: int, classes: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3)) * [1.0, 100.0, 0.01] + [0.0, 500.0, -3.0]
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    return x, np.argmax(z @ rng.normal(size=(3, classes)) + rng.gumbel(size=(rows, classes)), axis=1)


def fitted(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None, shards: int = 3, **options: float
) -> LogisticSolution:
    reference = Scaler.of(np.asarray(x, dtype=float)[:50])

    def evaluate(w: np.ndarray) -> LogisticSums:
        total = LogisticSums(w, reference)
        for rows in np.array_split(np.arange(len(x)), shards):
            sums = LogisticSums(w, reference)
            sums.add(x[rows], y[rows], None if weights is None else weights[rows])
            total.merge(pickle.loads(pickle.dumps(sums)))
        return total

    return fit_logistic(evaluate, 1 if y.max() < 2 else int(y.max()) + 1, reference, **options)


def mean_loss(x: np.ndarray, y: np.ndarray, W: np.ndarray, b: np.ndarray) -> float:
    outputs = x @ W + b
    outputs = np.column_stack([np.zeros(len(x)), outputs]) if outputs.shape[1] == 1 else outputs
    largest = outputs.max(axis=1)
    logs = largest + np.log(np.exp(outputs - largest[:, None]).sum(axis=1)) - outputs[np.arange(len(x)), y]
    return float(logs.mean())


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_two_classes_are_those_of_statsmodels(dtype: type) -> None:
    sm = pytest.importorskip("statsmodels.api")
    x, y = table(3000)
    x = x.astype(dtype)
    found = fitted(x, y)
    want = sm.Logit(y, sm.add_constant(x.astype(float))).fit(disp=0, method="newton", tol=1e-12)
    assert [*found.b, *found.W[:, 0]] == pytest.approx(want.params, rel=1e-7)
    assert [found.intercept_error, *found.standard_errors] == pytest.approx(want.bse, rel=1e-6)
    assert found.loss == pytest.approx(-want.llf / len(y), rel=1e-10)
    assert found.converged and found.rows == 3000 and found.undetermined == ()


@pytest.mark.parametrize("classes", [2, 4])
def test_penalty_and_weights_are_those_of_scikit_learn(classes: int) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    x, y = table(1500, classes)
    weights = np.random.default_rng(1).integers(0, 4, len(y)).astype(float)
    found = fitted(x, y, weights, penalty=0.01)
    total = weights.sum()
    mean = weights @ x / total
    scale = np.sqrt(weights @ (x - mean) ** 2 / total)
    peer = linear_model.LogisticRegression(C=1 / (0.01 * total), tol=1e-10, solver="newton-cg", max_iter=500)
    peer.fit((x - mean) / scale, y, weights)
    assert found.W.T * scale == pytest.approx(peer.coef_, rel=1e-4, abs=1e-6)
    assert found.converged and found.rows == int((weights > 0).sum())


def test_many_classes_without_a_penalty() -> None:
    x, y = table(2000, 3)
    found = fitted(x, y)
    assert found.converged
    best = mean_loss(x, y, found.W, found.b)
    assert found.loss == pytest.approx(best, rel=1e-10)
    rng = np.random.default_rng(2)
    for _ in range(20):  # no better one nearby
        W = found.W + 1e-3 * rng.normal(size=found.W.shape) / x.std(axis=0)[:, None]
        assert mean_loss(x, y, W, found.b) > best


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, ROWS + 100), max_size=4), st.booleans())
def test_bits_do_not_depend_on_batches_and_orders(cuts: list[int], transposed: bool) -> None:
    x, y = table(ROWS + 100, 3)
    w = np.random.default_rng(1).normal(size=(4, 3)) / [[1], [1], [100], [1]]
    whole, parts = LogisticSums(w), LogisticSums(w)
    whole.add(x, y)
    own = np.asfortranarray(x) if transposed else x
    for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(y)], strict=True):
        parts.add(own[a:b], y[a:b])
    other = LogisticSums(w)
    other.add(x[:77], y[:77])
    again = pickle.loads(pickle.dumps(other))
    again.merge(parts)
    whole.merge(other)
    for one, two in zip(whole.totals(), again.totals(), strict=True):
        assert np.asarray(one).tobytes() == np.asarray(two).tobytes()


def test_separable_classes_do_not_converge_and_say_so() -> None:
    x = np.arange(20.0)[:, None]
    assert not fitted(x, (x[:, 0] > 9).astype(int)).converged
    assert fitted(x, (x[:, 0] > 9).astype(int), penalty=1e-3).converged


def test_dependent_columns_are_told() -> None:
    x, y = table(500)
    wide = np.column_stack([x, np.full(500, 4.0), x[:, 0] - 2 * x[:, 2]])
    found, want = fitted(wide, y), fitted(x, y)
    assert found.undetermined == (0, 2, 3, 4)
    assert np.isnan(found.standard_errors[[0, 2, 3, 4]]).all() and math.isfinite(found.standard_errors[1])
    assert wide @ found.W + found.b == pytest.approx(x @ want.W + want.b, abs=1e-6)


def test_bad_rows() -> None:
    sums = LogisticSums(np.zeros((3, 1)))
    x, y = np.ones((5, 2)), np.array([0, 1, 0, 1, 0])
    for cells, classes, row in ((np.where(np.arange(5)[:, None] == 3, np.nan, x), y, 4), (x, y * 2, 2)):
        sums.add(cells, classes)
        with pytest.raises(DataError, match=f"row {row}"):
            sums.totals()
        sums = LogisticSums(np.zeros((3, 1)))
    with pytest.raises(BadInput):
        sums.merge(LogisticSums(np.ones((3, 1))))
    with pytest.raises(DataError):
        fit_logistic(lambda w: LogisticSums(w), 1, Scaler.none(2))
