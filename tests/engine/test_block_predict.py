"""Network models of tables evaluated block by block, against the network in NumPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import unbend as ub
from unbend.arrays import Array
from unbend.engine import infer_rows
from unbend.engine.inference.blocks import BlockNetwork
from unbend.network.merge import mean_network
from unbend.verdict.piecewise_encoding import PiecewiseEncoding

ROWS, COLUMNS = 2000, 6


def columns() -> Array:
    """Columns of several sizes, far from 0, whole numbers, and of two values."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(ROWS, COLUMNS)) * 10.0 ** rng.integers(-3, 4, COLUMNS) + 1e4 * rng.normal(size=COLUMNS)
    x[:, 0], x[:, 1] = rng.integers(0, 2, ROWS), rng.integers(0, 7, ROWS)
    return x


def member(inputs: int, outputs: int, seed: int, hidden: tuple[int, ...]) -> ub.Network:
    rng, sizes = np.random.default_rng(seed), [inputs, *hidden, outputs]
    pairs = [(rng.normal(size=(a, b)) / np.sqrt(a), rng.normal(size=b)) for a, b in pairwise(sizes)]
    return ub.Network.from_arrays(pairs, ["gelu"] * len(hidden) + ["identity"], "float64")


def merged(x: Array, outputs: int, bins: int, hidden: tuple[int, ...] = (13, 9)) -> ub.Network:
    """A linear model and two kinds of three networks each, as the verdict merges them."""
    encoding = PiecewiseEncoding.of(x, bins)
    plain = mean_network([member(COLUMNS, outputs, s, hidden) for s in range(3)])
    mean = plain
    if encoding.has_bins:
        encoded = mean_network([member(encoding.features, outputs, 9 + s, hidden) for s in range(3)])
        mean = mean_network([encoding.extend(plain), encoded], [0.25, 0.75])
    rng = np.random.default_rng(2)
    linear = ub.Network.from_arrays([(rng.normal(size=(COLUMNS, outputs)), rng.normal(size=outputs))], dtype="float64")
    return encoding.add_to_linear(linear, mean, 0.8)


def outside(x: Array) -> Array:
    """Rows of a table, on the knots, and far outside."""
    return np.concatenate([x, x.min(axis=0)[None], x.max(axis=0)[None], 3 * x[:40] - 2 * x.mean(axis=0)])


@pytest.mark.parametrize(
    ("outputs", "bins", "hidden"), [(1, 24, (13, 9)), (3, 24, (13, 9)), (1, 0, (70, 5)), (2, 16, (8,))]
)
def test_outputs_are_those_of_the_network(outputs: int, bins: int, hidden: tuple[int, ...]) -> None:
    x = columns()
    net, rows = merged(x, outputs, bins, hidden), outside(x)
    expected = net(rows)
    assert np.abs(infer_rows(net, rows) - expected).max() < 1e-11 * np.abs(expected).max()
    np.testing.assert_array_equal(infer_rows(net, rows[0]), infer_rows(net, rows[:1])[0])


def test_blocks_and_the_linear_model_are_read_off_the_weights() -> None:
    x = columns()
    blocks = BlockNetwork.of(merged(x, 1, 24, hidden=(64, 64)))
    assert blocks is not None
    assert [W.shape for W, _ in blocks.pairs] == [(6, COLUMNS, 64), (6, 64, 64), (6, 64, 1)]
    assert blocks.at_knots.any(axis=(1, 2)).sum() == 3  # those of the networks with bins
    expected = np.random.default_rng(2).normal(size=(COLUMNS, 1))
    np.testing.assert_allclose(blocks.A, expected, rtol=1e-9)


def test_same_bits_in_any_batch_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    x = columns()
    net = merged(x, 1, 24)
    monkeypatch.setenv("UNBEND_THREADS", "1")
    whole = infer_rows(net, x)
    monkeypatch.setenv("UNBEND_THREADS", "3")
    assert infer_rows(net, x).tobytes() == whole.tobytes()
    parts = [infer_rows(net, x[begin : begin + 37]) for begin in range(0, ROWS, 37)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_networks_of_any_other_form_are_evaluated_too() -> None:
    x = np.random.default_rng(0).normal(size=(50, 3))
    bends_last = ub.Network.from_arrays([(np.ones((3, 2)), np.zeros(2))], ["gelu"], "float64")
    rises = ub.Network.from_arrays([(np.eye(3), np.zeros(3)), (np.ones((3, 1)), np.zeros(1))], ["relu", "identity"])
    assert BlockNetwork.of(bends_last) is None and BlockNetwork.of(rises) is None
    dense = ub.Network([ub.Dense(3, 8, "gelu"), ub.Dense(8, 4, "gelu"), ub.Dense(4, 2)], seed=1, dtype="float64")
    linear = ub.Network([ub.Dense(3, 2)], seed=1, dtype="float64")
    for net in (bends_last, dense, linear):
        np.testing.assert_allclose(infer_rows(net, x), net(x), rtol=1e-12, atol=1e-13)


def test_a_value_that_is_no_number_stays_one() -> None:
    x = columns()[:2]
    x[0, 3] = np.nan
    assert np.isnan(infer_rows(merged(columns(), 1, 24), x)[:, 0]).tolist() == [True, False]
