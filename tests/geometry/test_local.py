"""Local maps and explanations, against the network itself and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from nets import he, one_layer

import unbend as ub


@pytest.mark.parametrize("activations", [None, ["hard_tanh", "abs"], ["leaky_relu", "abs(abs(x) - 1)"]])
def test_the_map_holds_up_to_its_distance_and_no_farther(activations: list[str] | None) -> None:
    net = he([4, 12, 9, 3], 0, activations)
    rng = np.random.default_rng(1)
    for x in rng.normal(size=(20, 4)):
        local = ub.local_map(net, x)
        assert local.exact and local.neuron is not None and local.pattern is not None
        assert local.A.shape == (3, 4) and local.c.shape == (3,)
        around = rng.normal(size=(500, 4))
        around *= 0.999 * local.distance * rng.uniform(size=(500, 1)) / np.linalg.norm(around, axis=1, keepdims=True)
        assert np.abs(local(x + around) - net(x + around)).max() < 1e-12
        # the named neuron reaches its kink at that distance, and nowhere nearer
        layer, j, kink = local.neuron.layer, local.neuron.neuron, local.neuron.kink
        step = 1e-6
        z = [net.trace(x + step * e).z[layer][0, j] for e in (*np.eye(4), np.zeros(4))]
        gradient = (np.array(z[:4]) - z[4]) / step
        at = x + gradient * (kink - z[4]) / (gradient @ gradient)
        assert abs(np.linalg.norm(at - x) - local.distance) < 1e-4 * local.distance
        assert abs(net.trace(at).z[layer][0, j] - kink) < 1e-4


def test_a_network_that_never_bends_has_no_distance() -> None:
    local = ub.local_map(ub.Network([ub.Dense(3, 2), ub.Dense(2, 2, "2*x + 1")], seed=0), np.ones(3))
    assert local.distance == np.inf and local.neuron is None and local.exact


def test_on_a_bend_the_distance_is_zero() -> None:
    local = ub.local_map(one_layer([[1], [0]], [0]), [0.0, 3.0])
    assert local.distance == 0 and local.neuron is not None


def test_a_curved_network_gets_its_tangent_and_says_so() -> None:
    net = he([3, 8, 8, 2], 3, ["tanh", "relu"])
    x = np.array([0.3, -0.2, 0.9])
    local = ub.local_map(net, x)
    assert not local.exact and local.pattern is None and local.neuron is None and local.distance == 0
    assert np.allclose(local(x), net(x), rtol=0, atol=1e-14)
    step = 1e-6
    slopes = np.stack([(net(x + step * e) - net(x - step * e)) / (2 * step) for e in np.eye(3)], axis=1)
    assert np.allclose(local.A, slopes, atol=1e-8)


def test_shares_add_up_to_the_output() -> None:
    net = he([5, 16, 16, 2], 4)
    rng = np.random.default_rng(0)
    x, mean = rng.normal(size=(2, 5))
    told = ub.explain(net, x, columns=list("abcde"), reference=mean)
    assert told.columns == tuple("abcde") and told.shares.shape == (5, 2)
    assert np.allclose(told.base + told.shares.sum(axis=0), net(x), rtol=0, atol=1e-13)
    # a column's share is its slope times how far it is from the reference
    assert np.allclose(told.shares, (told.local.A * (x - mean)).T)


@pytest.mark.parametrize(
    ("x", "words"), [([1, 2], "one row of 5"), (np.ones((2, 5)), "one row of 5"), ([1, 2, 3, 4, np.nan], "finite")]
)
def test_bad_rows_are_refused_in_words(x: object, words: str) -> None:
    with pytest.raises(ub.BadInput, match=words):
        ub.local_map(he([5, 3, 1], 0), x)
    with pytest.raises(ub.BadInput, match="one name per column"):
        ub.explain(he([2, 3, 1], 0), [0, 0], columns=["a"])
