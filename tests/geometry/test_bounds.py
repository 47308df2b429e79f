"""Bounds of every neuron against brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import he

from unbend.geometry.bounds import interval_bounds, linear_bounds

ACTIVATIONS = ["relu", "leaky_relu", "hard_tanh", "abs", "hard_sigmoid", "relu6", "step", "abs(abs(x) - 1)", "identity"]


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
