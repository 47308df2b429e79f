"""Losses against independent formulas, SciPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from unbend.errors import ShapeError
from unbend.network import Loss, loss, losses, softmax

RNG = np.random.default_rng(11)
OUT, Y = RNG.normal(0, 3, (50, 3)), RNG.normal(0, 2, (50, 3))
BITS = RNG.integers(0, 2, (50, 3)).astype(float)
CLASSES = RNG.integers(0, 3, 50)


def _huber_slope(r: np.ndarray) -> np.ndarray:
    return np.where(np.abs(r) <= 1, r, np.sign(r))


INDEPENDENT = {
    "squared": ((OUT - Y) ** 2, 2 * (OUT - Y), Y),
    "absolute": (np.abs(OUT - Y), np.where(OUT > Y, 1.0, -1.0), Y),
    "huber": (special.huber(1.0, OUT - Y), _huber_slope(OUT - Y), Y),
    "logistic": (
        -(BITS * special.log_expit(OUT) + (1 - BITS) * special.log_expit(-OUT)),
        special.expit(OUT) - BITS,
        BITS,
    ),
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_matches_explicit_formula(name: str) -> None:
    value, slope, target = INDEPENDENT[name]
    got, got_slope = losses[name].per_row(OUT, target)
    np.testing.assert_allclose(got, value.mean(axis=1), rtol=1e-13)  # the mean over outputs
    np.testing.assert_allclose(got_slope, slope / 3, rtol=1e-12, atol=1e-15)


def test_cross_entropy() -> None:
    value, slope = losses["cross_entropy"].per_row(OUT, CLASSES)
    logs = special.log_softmax(OUT, axis=1)
    np.testing.assert_allclose(value, -logs[np.arange(50), CLASSES], rtol=1e-12)
    np.testing.assert_allclose(slope, special.softmax(OUT, axis=1) - np.eye(3)[CLASSES], rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(slope.sum(axis=1), 0, atol=1e-15)


def test_against_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    mean = {name: losses[name].per_row(OUT, target)[0].mean() for name, (_, _, target) in INDEPENDENT.items()}
    assert mean["squared"] == pytest.approx(metrics.mean_squared_error(Y, OUT), rel=1e-13)
    assert mean["absolute"] == pytest.approx(metrics.mean_absolute_error(Y, OUT), rel=1e-13)
    two = metrics.log_loss(BITS[:, 0], special.expit(OUT[:, 0]))
    assert losses["logistic"].per_row(OUT[:, :1], BITS[:, :1])[0].mean() == pytest.approx(two, rel=1e-10)
    many = metrics.log_loss(CLASSES, special.softmax(OUT, axis=1))
    assert losses["cross_entropy"].per_row(OUT, CLASSES)[0].mean() == pytest.approx(many, rel=1e-10)
    w = RNG.uniform(0.1, 2, 50)
    weighted = np.average(losses["squared"].per_row(OUT, Y)[0], weights=w)
    assert weighted == pytest.approx(metrics.mean_squared_error(Y, OUT, sample_weight=w), rel=1e-13)


def test_extremes() -> None:
    far = np.array([[1000.0], [-1000.0]])
    value, slope = losses["logistic"].per_row(far, np.array([[1.0], [0.0]]))
    assert value.tolist() == [0, 0] and slope.tolist() == [[0], [0]]
    value, slope = losses["logistic"].per_row(far, np.array([[0.0], [1.0]]))
    assert value.tolist() == [1000, 1000] and slope.tolist() == [[1], [-1]]
    value, slope = losses["cross_entropy"].per_row(np.array([[1000.0, 0, -1000], [1000.0, 0, -1000]]), np.array([0, 2]))
    assert value.tolist() == [0, 2000] and slope.tolist() == [[0, 0, 0], [1, 0, -1]]
    value, slope = losses["huber"].per_row(far, np.zeros((2, 1)))
    assert value.tolist() == [999.5, 999.5] and slope.tolist() == [[1], [-1]]


@pytest.mark.parametrize("name", list(losses))
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_dtype_preserved_inputs_unchanged_nan_propagates(name: str, kind: str) -> None:
    output = OUT.astype(kind)
    output[3, 1] = np.nan
    target = CLASSES if name == "cross_entropy" else BITS.astype(kind)
    before, target_before = output.copy(), target.copy()
    value, slope = losses[name].per_row(output, target)
    assert value.dtype == slope.dtype == np.dtype(kind)
    np.testing.assert_array_equal(output, before)
    np.testing.assert_array_equal(target, target_before)
    assert np.flatnonzero(np.isnan(value)).tolist() == [3] and np.isnan(slope[3]).any()


@pytest.mark.parametrize("name", list(losses))
def test_a_leading_axis_of_members(name: str) -> None:
    target = CLASSES if name == "cross_entropy" else BITS
    value, slope = losses[name].per_row(np.stack([OUT, -OUT]), np.stack([target, target]))
    for k, output in enumerate((OUT, -OUT)):
        alone, alone_slope = losses[name].per_row(output, target)
        np.testing.assert_array_equal(value[k], alone)
        np.testing.assert_array_equal(slope[k], alone_slope)


@given(hnp.arrays(np.float64, (4, 5), elements=st.floats(-1000, 1000)), st.floats(-1e5, 1e5))
@settings(max_examples=60, deadline=None)
def test_softmax(output: np.ndarray, shift: float) -> None:
    p = softmax(output)
    assert np.all((p >= 0) & (p <= 1))
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(p, special.softmax(output, axis=1), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(softmax(output + shift), p, rtol=1e-6, atol=1e-9)  # only differences count


def test_names_and_units() -> None:
    assert {name: record.unit_power for name, record in losses.items()} == {
        "squared": 2, "absolute": 1, "huber": 2, "logistic": 0, "cross_entropy": 0
    }  # fmt: skip
    own = Loss("own", "r*r*r*r", "4*r*r*r", (("r", "o - y"),), 4)
    assert loss("huber") is losses["huber"] and loss(own) is own
    with pytest.raises(ShapeError, match=r"'mse'.*squared"):
        loss("mse")
