"""Exact counts of pieces: from theory, from the published networks, and from an arrangement in Fractions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import exact_cells, he, one_layer, published, zigzag

import unbend as ub
from unbend.geometry import Regions

UNIT = [[0, 1], [0, 1]]


def count(net: ub.Network, box: object = None) -> int:
    found = ub.regions(net, box=box)
    assert isinstance(found, Regions) and found.proved
    return found.count


@pytest.mark.parametrize("n", [1, 2, 3, 7, 20, 60])
def test_lines_in_general_position(n: int) -> None:
    # tangents to a small circle: every two meet inside the box, no three in one point
    angles = np.pi * (np.arange(n) + 0.5) / n
    net = one_layer([np.cos(angles), np.sin(angles)], -0.01 * np.ones(n))
    assert count(net, [[-9, 9], [-9, 9]]) == 1 + n + n * (n - 1) // 2


@pytest.mark.parametrize("layers", [1, 2, 5, 10, 14])
def test_sawtooth_has_two_to_the_depth_pieces(layers: int) -> None:
    assert count(zigzag(2, layers, 1), [0, 1]) == 2**layers


@pytest.mark.parametrize(("folds", "layers"), [(2, 2), (2, 5), (3, 2), (3, 3), (5, 2)])
def test_folding_networks(folds: int, layers: int) -> None:
    # Montúfar et al. 2014: each fold multiplies the pieces of every coordinate
    assert count(zigzag(folds, layers, 2), UNIT) == (folds**layers) ** 2


def test_parallel_concurrent_duplicated_and_flat_neurons() -> None:
    assert count(one_layer([[1, 1, 1], [0, 0, 0]], [0, 0.5, -0.5])) == 4  # parallel
    angles = np.pi * np.arange(7) / 7
    assert count(one_layer([np.cos(angles), np.sin(angles)], np.zeros(7))) == 14  # through one point
    assert count(one_layer([[1, 2, -1, 4], [1, 2, -1, 4]], [0.5, 1, -0.5, 2])) == 2  # one line four times
    assert count(one_layer([[0, 1], [0, 0]], [1, 5])) == 1  # bend nowhere, or outside
    assert count(one_layer([[1, 1], [1, -1]], [0, 0])) == 4  # the diagonals, through all corners
    assert count(one_layer([[1, 1], [0, 0]], [1, -1])) == 1  # along sides of the box


def test_one_ulp_apart_is_two_lines() -> None:
    b = 0.3
    assert count(one_layer([[1, 1], [0.5, 0.5]], [b, np.nextafter(b, 1)])) == 3
    assert count(one_layer([[1, 1], [0.5, 0.5]], [b, b])) == 2


def test_scale_does_not_matter() -> None:
    net = he([2, 12, 12, 1], 3)
    wild = [(W * s, b * s) for (W, b), s in zip(net.arrays, (1e-150, 1e120, 1.0), strict=True)]
    wild[1] = (wild[1][0], wild[1][1] * 1e-150)
    assert count(net.with_arrays(wild)) == count(net)


def test_published_counts(shared: Path) -> None:
    for name, net, pieces in published(shared / "data" / "networks"):
        found = ub.regions(net)
        assert isinstance(found, Regions)
        assert (name, found.count) == (name, pieces)
        assert found.merged == pieces  # every bend of these networks reaches the output
        assert (
            count(ub.Network.from_arrays(net.arrays[:1] + net.arrays[1:], ["relu"] * len(net.bends) + ["identity"]))
            == pieces
        )


def test_what_cancels_in_floats_still_counts() -> None:
    # 1e16 x + x - 1e16 x is x, though every float sum of it is 0
    layers = [(np.array([[1.0, 1, 1], [0, 0, 0]]), np.zeros(3)), (np.array([[1e16], [1], [-1e16]]), np.zeros(1)),
              (np.ones((1, 1)), np.zeros(1)), (np.ones((1, 1)), np.zeros(1))]  # fmt: skip
    net = ub.Network.from_arrays(layers, ["identity", "identity", "relu", "identity"])
    assert count(net) == 2 == len(exact_cells(net, [[-1, 1], [-1, 1]]))


KINDS = st.sampled_from(["whole", "quarter", "tenth", "normal", "float32", "wild", "sparse"])


ACTIVATIONS = st.sampled_from(
    ["relu", "relu", "leaky_relu", "hard_tanh", "abs", "hard_sigmoid", "relu6", "step", "max(x, 0.2*x)",
     "abs(abs(x) - 1)", "where(x >= 0, x + 1, x)", "identity", "2*x - 1"]
)  # fmt: skip


def drawn(kind: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    match kind:
        case "whole":
            return rng.integers(-2, 3, shape).astype(float)
        case "quarter":
            return rng.integers(-4, 5, shape) / 4
        case "tenth":
            return rng.integers(-5, 6, shape) / 10
        case "float32":
            return rng.normal(size=shape).astype(np.float32)
        case "wild":
            return rng.normal(size=shape) * 10.0 ** rng.integers(-9, 10, shape)
        case "sparse":
            return 1.0 * rng.integers(-1, 2, shape) * rng.integers(0, 2, shape)
    return rng.normal(size=shape)


@settings(max_examples=250, deadline=None)
@given(kind=KINDS, hidden=st.lists(st.integers(1, 6), min_size=1, max_size=3), seed=st.integers(0, 10**6),
       zero_bias=st.booleans(), twins=st.booleans(), names=st.lists(ACTIVATIONS, min_size=3, max_size=3))  # fmt: skip
def test_counts_equal_those_in_fractions(
    kind: str, hidden: list[int], seed: int, zero_bias: bool, twins: bool, names: list[str]
) -> None:
    rng = np.random.default_rng(seed)
    arrays = []
    for a, b in zip([2, *hidden], [*hidden, 1], strict=True):
        W, bias = drawn(kind, rng, (a, b)), drawn(kind, rng, (b,)) * (not zero_bias)
        if twins and b > 1:
            W[:, 0], bias[0] = W[:, -1] * rng.choice([1, -1, 2, 0.5]), bias[-1]
        arrays.append((W, bias))
    net = ub.Network.from_arrays(arrays, [*names[: len(hidden)], "identity"])
    box = [[-1, 1], [-1, 1]] if seed % 2 else [[-2, 0.7], [0.1, 3]]
    found = ub.regions(net, box=box)
    assert isinstance(found, Regions)
    truth = exact_cells(net, box)
    assert found.count == len(truth)
    areas = sorted(
        abs(sum(p[0] * q[1] - p[1] * q[0] for p, q in zip(c, c[1:] + c[:1], strict=True))) / 2 for c, _ in truth
    )
    assert np.allclose(np.sort(found.areas), [float(a) for a in areas], rtol=0, atol=1e-9)


def test_nothing_depends_on_the_float_path() -> None:
    # all zero biases and quarter weights: thousands of exact ties
    rng = np.random.default_rng(1)
    arrays = [(rng.integers(-4, 5, (a, b)) / 4, np.zeros(b)) for a, b in ((2, 16), (16, 16), (16, 1))]
    net = ub.Network.from_arrays(arrays, ["relu", "relu", "identity"])
    found = ub.regions(net)
    assert isinstance(found, Regions)
    assert found.exact_decisions > 100
    assert found.count == len(exact_cells(net, [[-1, 1], [-1, 1]]))
