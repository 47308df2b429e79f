"""Piecewise linear encoding: the features, the layer that computes them, what networks gain from it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.network import Network
from unbend.verdict import Settings, fit_network
from unbend.verdict.linear_model import fit_linear
from unbend.verdict.piecewise_encoding import MAX_BINS, WEIGHT, PiecewiseEncoding

RNG = np.random.default_rng(8)


def table(n: int, seed: int) -> np.ndarray:
    """Columns of many kinds: smooth, far from 0, heavy tailed, few values, two values, one value, tiny."""
    rng = np.random.default_rng(seed)
    return np.c_[rng.normal(size=n), 1e6 + rng.normal(size=n), rng.standard_t(1.5, n), rng.integers(0, 5, n),
                 rng.integers(0, 2, n), np.full(n, 7.0), 1e-9 * rng.lognormal(0, 2, n)]  # fmt: skip


@given(st.integers(20, 400), st.integers(2, 64), st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_the_layer_computes_the_features(n: int, most: int, seed: int) -> None:
    """A network behind the ReLU layer, and one on the features, agree on rows seen, and on rows far outside."""
    x = table(n, seed)
    encoding = PiecewiseEncoding.of(x, most)
    rng = np.random.default_rng(seed)
    net = Network.from_arrays(
        [(rng.normal(size=(encoding.features, 6)), rng.normal(size=6)), (rng.normal(size=(6, 2)), rng.normal(size=2))],
        ["gelu", "identity"],
    )
    width = 3 * np.ptp(x, axis=0)
    for rows in (x, x + rng.uniform(-1, 1, x.shape) * width):
        wanted = net(encoding(rows))
        size = 1 + np.abs(encoding(rows)).max() + np.abs(wanted).max()
        np.testing.assert_allclose(encoding.on_raw_columns(net)(rows), wanted, atol=1e-7 * size)
    linear = Network.from_arrays([(rng.normal(size=(x.shape[1], 2)) / x.std(axis=0).clip(1e-12)[:, None], [1.0, -2.0])])
    both = encoding.add_to_linear(linear, net, 0.5)
    wanted = linear(x) + 0.5 * net(encoding(x))
    np.testing.assert_allclose(both(x), wanted, atol=1e-7 * (1 + np.abs(linear(x)).max() + np.abs(wanted).max()))


def test_bins_are_those_of_the_paper() -> None:
    """Between its ends a bin runs from 0 to 1 (Gorishniy et al. 2022, eq. 1); quantiles cut, few values all count."""
    x = np.c_[RNG.exponential(size=1000), RNG.integers(0, 4, 1000)]
    encoding = PiecewiseEncoding.of(x, 10)
    np.testing.assert_allclose(encoding.edges[0], np.quantile(x[:, 0], np.linspace(0, 1, 11)))
    np.testing.assert_array_equal(encoding.edges[1], [0, 1, 2, 3])
    bins = encoding.bins.inverse(encoding(x)[:, 2:])
    low, high = encoding.edges[0][:-1], encoding.edges[0][1:]
    wanted = (x[:, :1] - low) / (high - low)
    inside = (wanted > 0) & (wanted < 1)
    np.testing.assert_allclose(bins[:, :10][inside], wanted[inside], atol=1e-12)
    np.testing.assert_allclose(bins[:, :10][~inside], (wanted[~inside] >= 1).astype(float), atol=1e-12)
    np.testing.assert_allclose(np.sum(encoding(x)[:, 2:12].var(axis=0)), WEIGHT**2)
    np.testing.assert_allclose(np.sum(encoding(x)[:, 12:].var(axis=0)), WEIGHT**2)


def test_how_many_bins() -> None:
    """None for two values, for few rows, or where so many columns would make too many; never more than asked."""
    assert PiecewiseEncoding.of(RNG.integers(0, 2, (200, 3)).astype(float), 16).features == 3
    assert PiecewiseEncoding.of(RNG.normal(size=(15, 3)), 16).features == 3
    assert PiecewiseEncoding.of(RNG.normal(size=(300, 65)), 16).features == 65
    assert PiecewiseEncoding.of(RNG.normal(size=(300, 64)), 16).features == 64 + 64 * 8
    dummies = np.c_[RNG.normal(size=(300, 2)), RNG.integers(0, 2, (300, 40))]
    assert PiecewiseEncoding.of(dummies, 16).features == 42 + 2 * 16
    assert PiecewiseEncoding.of(RNG.normal(size=(300, 3)), 16).features == 3 + 3 * 16
    assert PiecewiseEncoding.of(RNG.normal(size=(300, 3)), 0).features == 3
    assert PiecewiseEncoding.of(RNG.normal(size=(4000, 20)), 64).features <= 20 + MAX_BINS
    twin = np.r_[np.zeros(500), 1e-12, RNG.normal(size=500)][:, None]  # two values that only rounding tells apart
    assert np.diff(PiecewiseEncoding.of(twin, 32).edges[0]).min() > 1e-7


def test_a_staircase_needs_bins_and_smooth_waves_lose_little() -> None:
    """Beside networks of the columns alone: far better on a rough table, not far behind on a smooth one."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (1500, 5))
    steps = np.round(6 * x[:, 0]) % 2 + 0.1 * rng.normal(size=1500)
    waves = np.sin(2 * x.sum(axis=1)) + 0.02 * rng.normal(size=1500)
    errors = []
    for y in (steps, waves):
        linear, _ = fit_linear(x[:1000], y[:1000], 0, 0)
        for bins in (0, 32):
            quick = Settings(members=2, hidden=(16,), steps=1500, batch_size=32, bins=bins)
            model = fit_network(x[:1000], y[:1000], 0, linear, 0, settings=quick)
            assert [curve.encoded for curve in model.curves] == [False, bins > 0]
            errors.append(np.mean((model.network(x[1000:])[:, 0] - y[1000:]) ** 2))
    assert errors[1] < 0.5 * errors[0] and errors[3] < 2 * errors[2]
