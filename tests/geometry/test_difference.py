"""Differences and equality of two networks, proved and refuted."""

from __future__ import annotations

import numpy as np
import pytest
from nets import he

import unbend as ub


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
