"""Collapsed networks: which layers merge, and that every number is rounded once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import unbend as ub


def test_collapse_merges_affine_runs_and_nothing_else() -> None:
    net = ub.Network(
        [ub.Dense(3, 7, "2*x + 1"), ub.Dense(7, 5), ub.Dense(5, 6, "relu"), ub.Dense(6, 4), ub.Dense(4, 2)],
        seed=1, dtype="float64",
    )  # fmt: skip
    small = ub.collapse(net)
    assert repr(small) == "Network(3-6-2; relu, identity; float64)"
    x = np.random.default_rng(0).normal(size=(1000, 3))
    assert np.abs(net(x) - small(x)).max() < 1e-13
    assert ub.collapse(small).arrays[0][0].shape == (3, 6)
    straight = ub.collapse(ub.Network([ub.Dense(3, 40), ub.Dense(40, 40), ub.Dense(40, 2)], seed=2))
    assert len(straight.layers) == 1 and straight.dtype == np.float32 and not straight.bends


def test_collapse_rounds_each_number_once() -> None:
    rng = np.random.default_rng(3)
    (W1, b1), (W2, b2) = pairs = [
        (rng.normal(size=(2, 3)), rng.normal(size=3)),
        (rng.normal(size=(3, 2)), rng.normal(size=2)),
    ]
    W, b = ub.collapse(ub.Network.from_arrays(pairs)).arrays[0]
    for i in range(2):
        for j in range(2):
            assert W[i, j] == float(sum(Fraction(W1[i, k]) * Fraction(W2[k, j]) for k in range(3)))
    for j in range(2):
        assert b[j] == float(sum(Fraction(b1[k]) * Fraction(W2[k, j]) for k in range(3)) + Fraction(b2[j]))
