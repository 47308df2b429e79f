"""Ranges, differences and equality: exact ones against Fractions, bounds against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import exact_cells, he, one_layer

import unbend as ub
from unbend.geometry.bounds import interval_bounds, linear_bounds

ACTIVATIONS = ["relu", "leaky_relu", "hard_tanh", "abs", "hard_sigmoid", "relu6", "step", "abs(abs(x) - 1)", "identity"]


def rescaled(net: ub.Network, seed: int) -> ub.Network:
    """The same function: neurons in another order, each at another scale."""
    rng = np.random.default_rng(seed)
    order, scale = np.arange(net.inputs), np.ones(net.inputs)
    arrays = []
    for i, (W, b) in enumerate(net.arrays):
        W = W[order] / scale[:, None]
        if i < len(net.layers) - 1:
            order, scale = rng.permutation(len(b)), rng.uniform(0.1, 5, len(b))
            W, b = W[:, order] * scale, b[order] * scale
        arrays.append((W, b))
    return ub.Network.from_arrays(arrays, [layer.activation for layer in net.layers])


@pytest.mark.parametrize("activations", [None, ["leaky_relu", "hard_tanh"]])
def test_the_range_is_that_in_fractions(activations: list[str] | None) -> None:
    net = he([2, 7, 6, 1], 5, activations)
    box = [[-1, 2], [-0.5, 1]]
    values = [float(a * x + b * y + c) for polygon, [(a, b, c)] in exact_cells(net, box) for x, y in polygon]
    found = ub.output_range(net, box)
    assert found.exact
    assert np.allclose([found.low[0], found.high[0]], [min(values), max(values)], rtol=0, atol=1e-13)
    assert np.allclose([net(found.low_at[0])[0], net(found.high_at[0])[0]], [found.low[0], found.high[0]], atol=1e-13)


def test_a_jump_counts_with_its_limits() -> None:
    found = ub.output_range(one_layer([[1], [0]], [0], "where(x > 0, x + 1, x)"), [[-1, 1], [-1, 1]])
    assert (found.low[0], found.high[0]) == (-1, 2)


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.sampled_from(ACTIVATIONS), min_size=2, max_size=2),
    inputs=st.integers(1, 6),
    seed=st.integers(0, 10**6),
)
def test_bounds_are_sound(names: list[str], inputs: int, seed: int) -> None:
    net = he([inputs, 8, 7, 2], seed, names)
    box = np.sort(np.random.default_rng(seed).normal(size=(inputs, 2)), axis=1)
    x = np.random.default_rng(seed).uniform(box[:, 0], box[:, 1], (2_000, inputs))
    trace = net.trace(x)
    interval, linear = interval_bounds(net, box), linear_bounds(net, box)
    for bounds in (interval, linear):
        for z, b in zip(trace.z, bounds.z, strict=True):
            assert (z >= b.low - 1e-12).all() and (z <= b.high + 1e-12).all()
        assert (trace.output >= bounds.output.low - 1e-12).all()
        assert (trace.output <= bounds.output.high + 1e-12).all()
    assert (linear.output.high - linear.output.low <= interval.output.high - interval.output.low + 1e-12).all()


def test_more_inputs_get_bounds_and_values_that_are_reached() -> None:
    net = he([6, 16, 16, 2], 1)
    found = ub.output_range(net)
    assert not found.exact
    x = np.random.default_rng(0).uniform(-1, 1, (200_000, 6))
    y = net(x)
    assert (found.low <= y.min(axis=0)).all() and (y.max(axis=0) <= found.high).all()
    # the search finds more than 200,000 random points do
    assert (found.attained_low <= y.min(axis=0)).all() and (found.attained_high >= y.max(axis=0)).all()
    assert np.allclose([net(p)[k] for k, p in enumerate(found.high_at)], found.attained_high)


def test_the_largest_difference_is_found_with_its_place() -> None:
    f, g = he([2, 9, 7, 1], 1), he([2, 6, 1], 2, ["hard_tanh"])
    found = ub.max_difference(f, g)
    x = np.random.default_rng(0).uniform(-1, 1, (400_000, 2))
    seen = np.abs(f(x) - g(x)).max()
    assert found.exact and seen <= found.value <= 1.01 * seen
    assert abs(abs(f(found.at)[0] - g(found.at)[0]) - found.value) < 1e-12
    assert found.f[0] == pytest.approx(f(found.at)[0]) and found.g[0] == pytest.approx(g(found.at)[0])


@pytest.mark.parametrize("inputs", [1, 2, 7])
def test_a_permuted_and_rescaled_copy_is_equal_and_a_changed_one_is_not(inputs: int) -> None:
    net = he([inputs, 24, 24, 2], 3)
    copy = rescaled(net, 4)
    same = ub.equal(net, copy)
    assert same.verdict == "proved" and same and same.bound < 1e-10
    assert "proved" in str(same)
    arrays = [(W.copy(), b.copy()) for W, b in copy.arrays]
    arrays[1][0][3, 4] += 0.01
    other = ub.equal(net, copy.with_arrays(arrays))
    assert other.verdict == "refuted" and not other
    assert np.abs(other.f - other.g).max() == pytest.approx(other.largest) and other.largest > other.tolerance
    assert np.allclose(net(other.at), other.f)


def test_a_dead_neuron_more_does_not_make_another_function() -> None:
    net = he([2, 8, 1], 6)
    (W, b), (V, c) = net.arrays
    padded = net.from_arrays(
        [(np.hstack([W, np.ones((2, 1))]), np.append(b, -5)), (np.vstack([V, [[3.0]]]), c)], ["relu", "identity"]
    )
    assert ub.equal(net, padded).verdict == "proved"  # on [-1, 1]² the new neuron never wakes
    assert ub.equal(net, padded, box=[[-9, 9], [-9, 9]]).verdict == "refuted"


def test_networks_of_other_sizes_are_refused_in_words() -> None:
    with pytest.raises(ub.BadInput, match="same inputs and outputs"):
        ub.max_difference(he([2, 3, 1], 0), he([3, 3, 1], 0))
