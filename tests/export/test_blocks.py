"""Blocks of weights in exported code: nothing but zeros is left out, and the answers stay."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.export import exported
from unbend.export.blocks import BlockLayer, block_layers
from unbend.network.merge import add_linear, mean_network

from .runners import RUNNERS

RNG = np.random.default_rng(3)


def ensemble(activation: str = "gelu", members: int = 4, dtype: str = "float64", outputs: int = 1) -> ub.Network:
    """Members and a linear model as one network: hidden layers with block-diagonal weights."""
    nets = [
        ub.Network(
            [ub.Dense(3, 16, activation), ub.Dense(16, 16, activation), ub.Dense(16, outputs)], seed=k, dtype=dtype
        )
        for k in range(members)
    ]
    line = ub.Network.from_arrays([(RNG.normal(size=(3, outputs)), RNG.normal(size=outputs))], dtype=dtype)
    return add_linear(mean_network(nets), line)


def pruned(activation: str = "tanh") -> ub.Network:
    """Nine of ten weights are 0, anywhere, and one neuron has no inputs at all."""
    layers = [ub.Dense(9, 60, activation), ub.Dense(60, 60, activation), ub.Dense(60, 3)]
    net = ub.Network(layers, seed=1, dtype="float64")
    pairs = [(W * (RNG.random(W.shape) < 0.1), b + 0.1) for W, b in net.arrays]
    pairs[0][0][:, 4] = 0
    return net.with_arrays(pairs)


def shuffled(net: ub.Network) -> ub.Network:
    """The same function, its hidden neurons in another order."""
    pairs = net.arrays
    for i in range(len(pairs) - 1):
        order = RNG.permutation(pairs[i][0].shape[1])
        pairs[i] = (pairs[i][0][:, order], pairs[i][1][order])
        pairs[i + 1] = (pairs[i + 1][0][order], pairs[i + 1][1])
    return net.with_arrays(pairs)


NETWORKS = {
    "ensemble": ensemble(),
    "shuffled": shuffled(ensemble()),
    "float32": ensemble("silu", dtype="float32", outputs=2),
    "pruned": pruned(),
}


def applied(layers: tuple[BlockLayer, ...], x: np.ndarray) -> np.ndarray:
    """What the blocks describe, by their records."""
    for layer in layers:
        y = np.tile(layer.b, (len(x), 1))
        weights, listed = layer.weights, layer.indices
        for first, n, to, m in layer.table:
            rows = list(range(first, first + n)) if first >= 0 else listed[-1 - first : -1 - first + n]
            y[:, to : to + m] += x[:, rows] @ weights[: n * m].reshape(n, m)
            weights = weights[n * m :]
        assert len(weights) == 0
        x = layer.activation(y)
    return x


@pytest.mark.parametrize("name", NETWORKS)
def test_blocks_are_the_network(name: str) -> None:
    net = NETWORKS[name]
    layers = block_layers(net)
    assert layers is not None
    assert sum(len(layer.weights) for layer in layers) <= 0.7 * sum(W.size for W, _ in net.arrays)
    x = RNG.normal(size=(5, net.inputs)).astype(net.dtype)
    np.testing.assert_allclose(applied(layers, x), net(x), rtol=1e-5 if name == "float32" else 1e-12, atol=1e-12)


def test_order_does_not_hide_blocks() -> None:
    sizes = [sum(len(layer.weights) for layer in block_layers(net) or ()) for net in (ensemble(), shuffled(ensemble()))]
    assert sizes[0] == sizes[1]


def test_dense_networks_have_no_blocks() -> None:
    net = ub.Network([ub.Dense(4, 8, "relu"), ub.Dense(8, 2)], seed=0)
    assert block_layers(net) is None
    few = [(W * (RNG.random(W.shape) < 0.8), b) for W, b in net.arrays]  # a fifth of the weights is 0: less than 30 %
    assert block_layers(net.with_arrays(few)) is None


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("target", RUNNERS)
def test_code_of_blocks_gives_the_network(target: str, name: str, tmp_path: Path) -> None:
    program, run = RUNNERS[target]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    net = NETWORKS[name]
    x = RNG.normal(size=(7, net.inputs)).astype(net.dtype)
    answers: dict[str, Any] = run(tmp_path, {"m": (net, net.outputs, None)}, {"m": x})
    np.testing.assert_allclose(answers["m"], net(x), rtol=1e-5 if name == "float32" else 1e-12, atol=1e-12)
    dense = net.with_arrays([(np.where(W == 0, 1e-9, W), b) for W, b in net.arrays])
    assert len(exported(net, target)) < 0.7 * len(exported(dense, target))


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_of_blocks_gives_the_network_and_is_read_back(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    monkeypatch.setattr(import_module("unbend.export.targets.onnx"), "_BLOCK_OVERHEAD", 8)
    net = NETWORKS[name]
    path = ub.export(net, tmp_path / "m.onnx")
    x = RNG.normal(size=(7, net.inputs)).astype(net.dtype)
    answer = onnxruntime.InferenceSession(path).run(["y"], {"x": x})[0]
    tolerance = 1e-5 if name == "float32" else 1e-12
    np.testing.assert_allclose(answer, net(x), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(ub.from_onnx(path)(x), net(x), rtol=tolerance, atol=tolerance)
