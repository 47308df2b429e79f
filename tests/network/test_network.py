"""The network: the article's run, shapes and their errors, frozen numbers, traces, bends, the adjoint."""

from __future__ import annotations

import copy
import pickle
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.errors import BadInput, FormulaError, ShapeError


def test_article_example() -> None:
    """A05: x (10, 2) through 2-4-3 with a sigmoid between, equal to plain NumPy to float rounding."""
    rng = np.random.default_rng(5)
    x, W1, b1 = rng.normal(size=(10, 2)), rng.normal(size=(2, 4)), rng.normal(size=4)
    W2, b2 = rng.normal(size=(4, 3)), rng.normal(size=3)
    net = ub.Network.from_arrays([(W1, b1), (W2, b2)], ["sigmoid", "identity"])
    h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    y = h @ W2 + b2
    assert net(x).shape == (10, 3) and net.dtype == np.float64
    np.testing.assert_allclose(net(x), y, rtol=1e-13, atol=1e-15)
    trace = net.trace(x)
    np.testing.assert_array_equal(trace.x, x)
    for got, expected in zip((trace.z[0], trace.h[0], trace.z[1], trace.output), (x @ W1 + b1, h, y, y), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(trace.output, net(x))
    np.testing.assert_allclose(net(x[0]), y[0], rtol=1e-13)  # one row alone
    assert net.trace(x[0]).output.shape == (1, 3)
    narrow = ub.Network.from_arrays([(W1, b1), (W2, b2)], ["sigmoid", "identity"], dtype="float32")
    assert narrow(x).dtype == np.float32
    np.testing.assert_allclose(narrow(x), y, rtol=1e-5, atol=1e-6)


def test_repr_and_properties() -> None:
    net = ub.Network([ub.Dense(2, 4, "sigmoid"), ub.Dense(4, 3)], seed=0)
    assert repr(net) == "Network(2-4-3; sigmoid, identity; float32)"
    assert (net.inputs, net.outputs, net.bends, net.dtype) == (2, 3, (0,), np.float32)
    assert list(net.parameters) == ["0.W", "0.b", "1.W", "1.b"]
    assert [a.shape for a in net.parameters.values()] == [(2, 4), (4,), (4, 3), (3,)]
    assert net.layers[0].W is net.arrays[0][0] and net.layers[1].b is net.parameters["1.b"]
    assert net(np.zeros((0, 2))).shape == (0, 3)


@pytest.mark.parametrize(
    ("activations", "bends"),
    [(["identity"] * 3, ()), (["2*x + 1", "identity", "-x"], ()), (["relu", "identity", "relu"], (0, 2)),
     (["step", "sigmoid", "identity"], (0, 1))],
)  # fmt: skip
def test_bends(activations: list[str], bends: tuple[int, ...]) -> None:
    net = ub.Network([ub.Dense(2, 2, a) for a in activations])
    assert net.bends == bends
    x = np.random.default_rng(0).normal(size=(6, 2))
    middle = net((x[:3] + x[3:]) / 2) - (net(x[:3]) + net(x[3:])) / 2  # an affine map keeps middles
    assert (np.abs(middle).max() < 1e-5) == (bends == ())


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 6), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_backward_is_adjoint_of_forward(inputs: int, outputs: int, rows: int, seed: int) -> None:
    """<c, A v> = <A' c, v>: the straight part of a layer against what the backward pass makes of it."""
    from unbend.network.gradient import backward, forward

    rng = np.random.default_rng(seed)
    layer = (rng.normal(size=(inputs, outputs)), np.zeros((1, outputs)))
    v, c = rng.normal(size=(rows, inputs)), rng.normal(size=(rows, outputs))
    output, tape = forward([ub.activations["identity"]], [layer], v)
    _, back = backward([layer], tape, c)
    assert np.sum(c * output) == pytest.approx(np.sum(back * v), rel=1e-9, abs=1e-9)


def test_initial_weights() -> None:
    """The spread of the initial weights, biases at 0, the seed."""
    spread = {name: ub.Network([ub.Dense(400, 100, name)]).layers[0].W.std() for name in ("relu", "tanh")}
    assert spread["relu"] == pytest.approx(np.sqrt(2 / 400), rel=0.02)  # He
    assert spread["tanh"] == pytest.approx(np.sqrt(2 / 500), rel=0.02)  # Glorot
    named = ub.Network([ub.Dense(400, 100, "tanh", start="he")]).layers[0]
    assert named.W.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert not named.b.any() and abs(named.W.mean()) < 1e-3
    layers = [ub.Dense(3, 2, "relu"), ub.Dense(2, 1)]
    same, other = ub.Network(layers, seed=4), ub.Network(layers, seed=5)
    for name, array in ub.Network(layers, seed=4).parameters.items():
        np.testing.assert_array_equal(array, same.parameters[name])
    assert not np.array_equal(same.layers[0].W, other.layers[0].W)
    wide = ub.Network(layers, seed=4, dtype="float64")
    np.testing.assert_array_equal(wide.layers[0].W.astype(np.float32), same.layers[0].W)


def test_immutable() -> None:
    W, b = np.ones((2, 1)), np.zeros(1)
    net = ub.Network.from_arrays([(W, b)])
    W[:] = 7  # the network has a copy
    assert net([[1.0, 1.0]]) == [[2.0]]
    with pytest.raises(ValueError, match="read-only"):
        net.layers[0].W[0, 0] = 3
    with pytest.raises(AttributeError, match="immutable"):
        net.layers = ()
    with pytest.raises(AttributeError):
        net.layers[0].W = b  # type: ignore[misc]
    with pytest.raises(AttributeError):
        net.layers[0].dense.inputs = 3  # type: ignore[misc]


@pytest.mark.parametrize("how", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies(how: Any) -> None:
    net = ub.Network([ub.Dense(2, 3, ub.activations["gelu"]), ub.Dense(3, 1, "max(x, 0.1*x)")])
    expected = net(np.ones((1, 2)))
    np.testing.assert_array_equal(how(net)(np.ones((1, 2))), expected)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(0, 10**6), st.sampled_from(["<f4", "<f8"]))
@settings(max_examples=40, deadline=None)
def test_from_arrays_and_back(sizes: list[int], seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    pairs = [(rng.normal(size=(a, b)).astype(kind), rng.normal(size=b).astype(kind)) for a, b in pairwise(sizes)]
    net = ub.Network.from_arrays(pairs, ["tanh"] * len(pairs))
    again = ub.Network.from_arrays(net.arrays, [layer.activation for layer in net.layers])
    assert net.dtype == again.dtype == np.dtype(kind)
    x = rng.normal(size=(3, sizes[0]))
    np.testing.assert_array_equal(again(x), net(x))
    np.testing.assert_array_equal(net.with_arrays(net.arrays)(x), net(x))
    for (W, b), (V, c) in zip(pairs, net.arrays, strict=True):
        np.testing.assert_array_equal(W, V)
        np.testing.assert_array_equal(b, c)


def test_dtypes_of_given_arrays() -> None:
    single, double = np.ones((1, 1), np.float32), np.ones(1, np.float64)
    assert ub.Network.from_arrays([(single, double)]).dtype == np.float64
    assert ub.Network.from_arrays([([[1]], [0])]).dtype == np.float64
    assert ub.Network.from_arrays([([[1]], [0])], dtype="float32").dtype == np.float32
    x = np.array([[2]], dtype=np.int32)
    assert ub.Network.from_arrays([([[1]], [0])])(x).dtype == np.float64 and x.dtype == np.int32


NET = ub.Network([ub.Dense(2, 4, "relu"), ub.Dense(4, 1)])
# what is done, the message's key, and what its line must hold: what came, and the way out
WRONG: list[tuple[Any, str, list[str]]] = [
    (lambda: ub.Dense(0, 2), "layer_size", ["inputs", "0", "Dense(2, 4)"]),
    (lambda: ub.Dense(2, 2.5), "layer_size", ["outputs", "2.5", "Dense(2, 4)"]),  # type: ignore[arg-type]
    (lambda: ub.Dense(True, 2), "layer_size", ["inputs", "True"]),
    (lambda: ub.Dense(2, 2, start="xavier"), "no_such_start", ["xavier", "glorot"]),
    (lambda: ub.Dense(2, 2, dropout=1.0), "dropout_range", ["1.0", "0.2"]),
    (lambda: ub.Dense(2, 2, dropout=np.nan), "dropout_range", ["nan"]),
    (lambda: ub.Dense(2, 2, dropout="a"), "dropout_range", ["a"]),  # type: ignore[arg-type]
    (lambda: ub.Network([]), "no_layers", ["Network([Dense(2, 1)])"]),
    (lambda: ub.Network([ub.Dense(2, 4), ub.Dense(3, 1)]), "sizes_meet", ["0", "4", "1", "3"]),
    (lambda: ub.Network([ub.Dense(1, 1)], dtype="float16"), "float_type", ["float16", "float32"]),
    (lambda: ub.Network([ub.Dense(1, 1)], dtype="double?"), "float_type", ["double?"]),
    (lambda: ub.Network([ub.Dense(1, 1)], dtype=int), "float_type", ["int64"]),
    (lambda: ub.Network.from_arrays([]), "no_layers", []),
    (lambda: ub.Network.from_arrays([(np.ones(2), np.ones(2))]), "array_shapes", ["(2,)"]),
    (lambda: ub.Network.from_arrays([(np.ones((2, 3)), np.ones(2))]), "array_shapes", ["0", "(2, 3)", "(2,)"]),
    (lambda: ub.Network.from_arrays([(np.ones((2, 3)), np.ones((1, 3)))]), "array_shapes", ["(1, 3)"]),
    (lambda: ub.Network.from_arrays([(np.ones((0, 3)), np.ones(3))]), "layer_size", ["inputs", "0"]),
    (lambda: ub.Network.from_arrays([([["a"]], [0])]), "not_numbers", ["<U1"]),
    (lambda: ub.Network.from_arrays([([[1j]], [0])]), "not_numbers", ["complex128"]),
    (lambda: ub.Network.from_arrays([([[1]], [0])], ["relu", "relu"]), "activation_count", ["1", "2"]),
    (lambda: NET.with_arrays([(np.ones((2, 3)), np.ones(3)), (np.ones((3, 1)), np.ones(1))]), "array_shapes",
     ["0", "(2, 3)"]),
    (lambda: NET(np.ones((5, 3))), "input_shape", ["(n, 2)", "(5, 3)"]),
    (lambda: NET(np.ones(3)), "input_shape", ["(3,)"]),
    (lambda: NET(np.ones((2, 2, 2))), "input_shape", ["(2, 2, 2)"]),
    (lambda: NET(5.0), "input_shape", ["()"]),
    (lambda: NET([["a", "b"]]), "not_numbers", ["<U1"]),
    (lambda: NET.trace(np.ones((5, 3))), "input_shape", ["(5, 3)"]),
    (lambda: NET([[1j, 0]]), "not_numbers", ["complex128"]),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("make", "key", "parts"), WRONG)
def test_shape_errors(make: Any, key: str, parts: list[str], language: str) -> None:
    ub.set_language(language)
    with pytest.raises(ShapeError) as caught:
        make()
    line = str(caught.value)
    assert caught.value.key == f"network.{key}" and "\n" not in line
    assert all(part in line for part in parts), line
    assert bool(re.search("[가-힣]", line)) == (language == "ko")


def test_other_bad_input() -> None:
    with pytest.raises(FormulaError, match=r"'relux'.*'relu'"):
        ub.Network([ub.Dense(2, 1, "relux")])
    with pytest.raises(BadInput):
        ub.Dense(2, 1, 3)  # type: ignore[arg-type]


def test_a_formula_in_short_numbers() -> None:
    """Every number rounded, weights of 0 left out; it still computes what the network does, to those digits."""
    W = np.array([[1.23456789, 0.0, 0.0], [0.0, -2.5, 0.0]])
    net = ub.Network.from_arrays([(W, [0.1, 0.0, 0.0]), (np.ones((3, 1)) / 3, [2.0])], activations=["relu", "identity"])
    assert net.formula(0, 0, numbers=True, digits=4) == "h1 = relu(x1*1.235 + 0.1)"
    assert net.formula(0, 1, numbers=True, digits=4) == "h2 = relu(-x2*2.5)"
    assert net.formula(0, 2, numbers=True, digits=4) == "h3 = relu(0)"
    steps = net.formula(1, 0, numbers=True, x=[1 / 3, -2], digits=3).split(" = ")
    assert steps[1] == "h1*0.333 + h2*0.333 + h3*0.333 + 2"
    assert eval(steps[2]) == pytest.approx(float(steps[-1]), rel=0.01)
    assert float(steps[-1]) == pytest.approx(net([1 / 3, -2])[0], rel=0.005)
