"""Scaling and its folding, the mean of several networks: exact identities."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.errors import ModelError
from unbend.network import Dense, Network, Scaler, fold, unfold
from unbend.network.merge import add_linear, mean_network


def table(seed: int, columns: int, rows: int = 20) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, columns)) * 10.0 ** rng.integers(-4, 5, columns) + rng.normal(0, 100, columns)


@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.lists(st.sampled_from(["tanh", "relu", "identity"]), max_size=2),
    st.sampled_from(["identity", "2*x + 1", "-x"]),
)
@settings(max_examples=60, deadline=None)
def test_folding_is_exact(seed: int, columns: int, outputs: int, hidden: list[str], last: str) -> None:
    x, y = table(seed, columns), table(seed + 1, outputs)
    sizes = [columns, *([3] * len(hidden)), outputs]
    layers = [ub.Dense(a, b, h) for a, b, h in zip(sizes, sizes[1:], [*hidden, last], strict=False)]
    net = ub.Network(layers, seed=seed, dtype="float64")
    by_x, by_y = Scaler.of(x), Scaler.of(y)
    folded = fold(net, by_x, by_y)
    expected = by_y.inverse(net(by_x(x)))
    size = np.abs(expected).max() + by_y.scale.max() * (np.abs(by_x.centre) / by_x.scale).max()
    np.testing.assert_allclose(folded(x), expected, rtol=0, atol=1e-12 * size)
    np.testing.assert_allclose(fold(net, by_x, None)(x), net(by_x(x)), atol=1e-12 * size / by_y.scale.min())
    assert folded.dtype == net.dtype and folded.layers[-1].outputs == outputs


def test_folding_preserves_dtype_and_bends() -> None:
    net = ub.Network([ub.Dense(1, 2, "relu"), ub.Dense(2, 1, "sigmoid")])
    x = Scaler.of(np.array([[1.0], [3.0]]))
    assert fold(net, x, None).dtype == np.float32 and fold(net, x, None).bends == (0, 1)
    with pytest.raises(ValueError, match="straight last layer"):
        fold(net, None, x)
    np.testing.assert_array_equal(fold(net, None, None)([[2.0]]), net([[2.0]]))


def test_scaler() -> None:
    x = table(0, 3)
    scaler = Scaler.of(x)
    np.testing.assert_allclose(scaler.centre, x.mean(axis=0))
    np.testing.assert_allclose(scaler.scale, x.std(axis=0))
    np.testing.assert_allclose(scaler(x).mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scaler(x).std(axis=0), 1)
    np.testing.assert_allclose(scaler.inverse(scaler(x)), x)
    none = Scaler.none(3)
    np.testing.assert_array_equal(none(x), x)


@pytest.mark.parametrize("value", [0.0, 0.1, -7.3e9, 1e-300, 123456.789])
def test_constant_column(value: float) -> None:
    scaler = Scaler.of(np.full((37, 1), value))
    assert scaler.scale == [1.0] and abs(scaler(np.full((37, 1), value))).max() <= 1e-12 * abs(value)


@pytest.mark.parametrize("unit", [1e-200, 1e-15, 1e-12, 1e9, 1e200])
def test_scaling_is_unit_invariant(unit: float) -> None:
    """Picofarads as farads: a column is not constant because its numbers are small."""
    x = np.array([[1.0], [2.0], [6.0]])
    np.testing.assert_allclose(Scaler.of(x * unit)(x * unit), Scaler.of(x)(x), rtol=1e-12)


def test_weights() -> None:
    x = table(3, 2, 6)
    counts = np.array([1, 2, 0, 3, 1, 1])
    repeated, weighted = Scaler.of(np.repeat(x, counts, axis=0)), Scaler.of(x, counts)
    np.testing.assert_allclose(weighted.centre, repeated.centre, rtol=1e-12)
    np.testing.assert_allclose(weighted.scale, repeated.scale, rtol=1e-12)
    # a row of weight 0 does not count, whatever stands in it
    only = Scaler.of(np.array([[0.1], [0.1], [0.1], [1e6]]), np.array([1.0, 1.0, 1.0, 0.0]))
    assert only.scale == [1.0] and only.centre == pytest.approx([0.1])


@given(
    st.integers(1, 4),
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.integers(0, 10**6),
    st.sampled_from(["identity", "2*x + 1"]),
)
@settings(max_examples=50, deadline=None)
def test_mean_network_computes_the_mean(count: int, sizes: list[int], seed: int, last: str) -> None:
    layers = [ub.Dense(a, b, "tanh") for a, b in pairwise(sizes[:-1])]
    layers.append(ub.Dense(sizes[-2], sizes[-1], last))
    rng = np.random.default_rng(seed)
    members = [
        ub.Network(layers, dtype="float64").with_arrays(
            [(rng.normal(size=(d.inputs, d.outputs)), rng.normal(size=d.outputs)) for d in layers]
        )
        for _ in range(count)
    ]
    x = rng.normal(size=(5, sizes[0]))
    mean = mean_network(members)
    np.testing.assert_allclose(mean(x), np.mean([net(x) for net in members], axis=0), rtol=1e-12, atol=1e-12)
    assert mean.dtype == np.float64 and len(mean.layers) == len(layers)
    if len(sizes) > 2:
        assert mean.layers[0].outputs == count * sizes[1]


def test_nonlinear_last_layers_are_not_averaged() -> None:
    members = [ub.Network([ub.Dense(1, 1, "tanh")], seed=k) for k in range(2)]
    with pytest.raises(ValueError, match="straight"):
        mean_network(members)


@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=5),
    st.sampled_from(["relu", "leaky_relu", "silu", "gelu", "softplus", "identity"]),
    st.floats(0, 1),
    st.integers(0, 10**6),
)
@settings(max_examples=60, deadline=None)
def test_add_linear_to_network(sizes: list[int], activation: str, share: float, seed: int) -> None:
    layers = [ub.Dense(a, b, activation) for a, b in pairwise(sizes[:-1])] + [ub.Dense(sizes[-2], sizes[-1])]
    net = ub.Network(layers, seed=seed, dtype="float64")
    rng = np.random.default_rng(seed)
    straight = ub.Network.from_arrays([(rng.normal(size=(sizes[0], sizes[-1])), rng.normal(size=sizes[-1]))])
    x = rng.normal(0, 3, (6, sizes[0]))
    both = add_linear(net, straight, share)
    np.testing.assert_allclose(both(x), straight(x) + share * net(x), rtol=1e-10, atol=1e-10)
    assert len(both.layers) == len(net.layers) and both.dtype == net.dtype


def test_add_linear_to_one_layer_and_to_tanh() -> None:
    straight = ub.Network.from_arrays([([[2.0]], [1.0])])
    one = ub.Network.from_arrays([([[3.0]], [0.5])], ["2*x + 1"])
    assert add_linear(one, straight, 0.5)([[1.0]]) == pytest.approx(2 + 1 + 0.5 * (2 * 3.5 + 1))
    bent = ub.Network([ub.Dense(1, 2, "tanh"), ub.Dense(2, 1)])
    with pytest.raises(ModelError, match="'tanh' cannot; use relu"):
        add_linear(bent, straight)


@pytest.mark.parametrize("seed", range(3))
def test_unfold_inverts_fold(seed: int) -> None:
    """The unfolded network answers for scaled columns what the first one answers for raw ones; folded, it is that."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(30, 3)) * [1e-3, 1.0, 500.0] + [0.0, 7.0, 2000.0]
    scaler = Scaler.of(x)
    net = Network([Dense(3, 5, "gelu"), Dense(5, 2)], seed=seed, dtype="float64")
    inner = unfold(net, scaler)
    np.testing.assert_allclose(inner(scaler(x)), net(x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(fold(inner, scaler, None)(x), net(x), rtol=1e-9, atol=1e-9)
