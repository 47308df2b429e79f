"""Shrinking changes nothing: outputs before and after, and rules that must and must not apply."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import he, one_layer

import unbend as ub


@settings(max_examples=80, deadline=None)
@given(
    inputs=st.integers(1, 5),
    names=st.lists(
        st.sampled_from(["relu", "leaky_relu", "hard_tanh", "abs", "relu6", "step", "2*x + 1"]), min_size=1, max_size=3
    ),
    spread=st.floats(0, 6),
    seed=st.integers(0, 10**6),
)
def test_outputs_stay_and_sizes_do_not_grow(inputs: int, names: list[str], spread: float, seed: int) -> None:
    net = he([inputs, *[9] * len(names), 2], seed, names)
    rng = np.random.default_rng(seed)
    arrays = [(W.copy(), b + spread * rng.normal(size=b.shape)) for W, b in net.arrays]
    net = net.with_arrays(arrays)
    box = np.sort(rng.normal(size=(inputs, 2)), axis=1)
    for where in ({"box": box}, {"data": rng.uniform(box[:, 0], box[:, 1], (300, inputs))}):
        small = ub.shrink(net, **where)
        x = where.get("data", rng.uniform(box[:, 0], box[:, 1], (3_000, inputs)))
        size = 1 + np.abs(net(x)).max()
        assert np.abs(small.network(x) - net(x)).max() < 1e-11 * size
        assert sum(small.after) <= sum(small.before) and small.multiplications_after <= small.multiplications_before
        assert small.evidence == ("proved" if "box" in where else "tested")


def test_each_rule_does_its_part() -> None:
    box = [[-1, 1], [-1, 1]]
    dead = one_layer([[1, 1], [1, 0]], [0, -9])
    assert ub.shrink(dead, box).after == (2, 1, 1)
    twins = one_layer([[1, 1, 2], [1, 1, 2]], [0.1, 0.1, 0.2])
    assert ub.shrink(twins, box).after == (2, 1, 1)  # ReLU: multiples too
    assert ub.shrink(one_layer([[1, 2], [1, 2]], [0.1, 0.2], "hard_tanh"), box).after == (2, 2, 1)
    awake = one_layer([[1, 2, 1], [1, 0, -1]], [9, 9, 0])  # two never bend, one does: one carries both
    assert ub.shrink(awake, box).after == (2, 2, 1)
    assert ub.shrink(one_layer([[1, 2], [1, 0]], [9, 9]), box).after == (2, 1)  # the whole layer is affine
    bent = one_layer([[1, 0], [0, 1]], [0, 0])
    same = ub.shrink(bent, box)
    assert (same.neurons_saved, same.multiplications_saved) == (0, 0)
    nobody = one_layer([[1], [0]], [-9])
    assert ub.shrink(nobody, box).after == (2, 1)  # constant: no hidden neuron is left


CYCLE = np.eye(3)[[2, 0, 1]]


@pytest.mark.parametrize("inputs", [1, 2, 3, 6])
@pytest.mark.parametrize(
    ("first", "W", "second"),
    [("relu", np.eye(3), "relu"), ("relu", CYCLE * [0.3, 2, 7], "relu"), ("relu", np.ones((3, 3)) / 3, "abs"),
     ("relu", CYCLE, "leaky_relu"), ("abs", CYCLE, "relu"), ("relu", -np.eye(3), "relu"), ("step", CYCLE, "relu"),
     ("hard_tanh", np.eye(3), "hard_tanh"), ("hard_tanh", -0.3 * CYCLE, "hard_tanh"), ("relu6", np.eye(3), "relu6"),
     ("hard_sigmoid", np.eye(3), "relu"), ("hard_tanh", np.full((3, 3), 0.1), "hard_tanh")],
)  # fmt: skip
def test_a_layer_whose_inputs_keep_it_on_one_piece_is_merged(inputs: int, first: str, W: Any, second: str) -> None:
    rng = np.random.default_rng(7)
    arrays = [
        (rng.normal(size=(inputs, 3)), 0.2 * rng.normal(size=3)),
        (W, np.zeros(3)),
        (rng.normal(size=(3, 1)), [0.1]),
    ]
    net = ub.Network.from_arrays(arrays, [first, second, "identity"])
    x = rng.uniform(-1, 1, (2_000, inputs))
    for where in ({}, {"data": x}):
        small = ub.shrink(net, **where)
        assert len(small.after) <= 3
        assert np.abs(small.network(x) - net(x)).max() < 1e-14


@pytest.mark.parametrize("inputs", [2, 5])
def test_layers_that_cancel_between_two_relus_are_merged(inputs: int) -> None:
    rng = np.random.default_rng(1)
    A = rng.normal(size=(4, 4))
    net = he([inputs, 4, 4, 4, 1], 2, ["relu", "identity", "relu"], bias=0)
    arrays = [net.arrays[0], (A, np.zeros(4)), (np.linalg.inv(A), np.zeros(4)), net.arrays[3]]
    small = ub.shrink(net.with_arrays(arrays))
    assert len(small.after) == 3
    x = rng.uniform(-1, 1, (2_000, inputs))
    assert np.abs(small.network(x) - net.with_arrays(arrays)(x)).max() < 1e-13


def test_a_layer_that_bends_a_little_stays() -> None:
    rng = np.random.default_rng(3)
    for shift in (1e-9, 1e-3):
        net = he([2, 3, 3, 1], 4).with_arrays(
            [(rng.normal(size=(2, 3)), np.zeros(3)), (np.eye(3), np.full(3, -shift)), (np.ones((3, 1)), np.zeros(1))]
        )
        assert ub.shrink(net).after == (2, 3, 3, 1)


def test_a_network_trained_with_weight_decay_shrinks() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (400, 2))
    y = np.maximum(x[:, :1] - x[:, 1:], 0)
    net = ub.Network([ub.Dense(2, 24, "relu"), ub.Dense(24, 24, "relu"), ub.Dense(24, 1)], seed=0, dtype="float64")
    trained, _ = ub.train(net, x, y, optimizer="adamw", weight_decay=1.0, learning_rate=5e-3, epochs=60)
    small = ub.shrink(trained)
    assert small.neurons_saved >= 1
    z = rng.uniform(-1, 1, (100_000, 2))
    assert np.abs(small.network(z) - trained(z)).max() < 1e-13
    assert "proved" in str(small)


def test_a_box_and_data_together_are_refused() -> None:
    with pytest.raises(ub.BadInput, match="omit one"):
        ub.shrink(he([2, 3, 1], 0), box=[[-1, 1]] * 2, data=np.ones((2, 2)))
