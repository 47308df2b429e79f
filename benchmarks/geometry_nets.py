"""The networks the geometry benchmark looks at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

import unbend as ub


def published(folder: Path) -> list[tuple[str, ub.Network, int | None]]:
    """Networks with published counts on [-1, 1]²: name, network, pieces."""
    found: list[tuple[str, ub.Network, int | None]] = []
    for name, count in json.loads((folder / "pieces.json").read_text()).items():
        with np.load(folder / f"{name}.npz") as file:
            layers = len(file.files) // 2
            arrays = [(file[f"W{i}"], file[f"b{i}"]) for i in range(layers)]
        found.append((name, relu(arrays), count))
    return found


def relu(arrays: Sequence[tuple[np.ndarray, np.ndarray]]) -> ub.Network:
    return ub.Network.from_arrays(arrays, ["relu"] * (len(arrays) - 1) + ["identity"])


def uniform(sizes: Sequence[int], seed: int = 0) -> ub.Network:
    """Weights and biases uniform in ±1/sqrt(inputs), the usual start of PyTorch's linear layers."""
    rng = np.random.default_rng(seed)
    ends = [(a, b, 1 / np.sqrt(a)) for a, b in pairwise(sizes)]
    return relu([(rng.uniform(-k, k, (a, b)), rng.uniform(-k, k, b)) for a, b, k in ends])


def normal(sizes: Sequence[int], seed: int = 0, bias: float = 0.0, step: float | None = None) -> ub.Network:
    """He et al. 2015 start; ``step`` rounds every number to a grid, which makes many lines meet in one point."""
    rng = np.random.default_rng(seed)
    arrays = [(rng.normal(size=(a, b)) * np.sqrt(2 / a), bias * rng.normal(size=b)) for a, b in pairwise(sizes)]
    if step:
        arrays = [(np.round(W / step) * step, np.round(b / step) * step) for W, b in arrays]
    return relu(arrays)


def awkward() -> list[tuple[str, ub.Network, int | None]]:
    """What breaks tools that trust rounding; counts where theory or an arrangement in Fractions gives them."""
    doubled = normal([2, 24, 24, 1], 1, 0.3)
    (W, b), *rest = doubled.arrays
    W, b = W.copy(), b.copy()
    W[:, 12:], b[12:] = W[:, :12] * np.tile([1.0, 2.0, -1.0], 4), b[:12] * np.tile([1.0, 2.0, -1.0], 4)
    grid = np.linspace(-1, 1, 18)[1:-1]
    ones, zeros = np.ones(16), np.zeros(16)
    lines = np.array([[*ones, *zeros, *ones, *ones], [*zeros, *ones, *ones, *-ones]])
    last = (np.ones((64, 1)), np.zeros(1))
    return [
        ("zero biases, 2-64-64-1", normal([2, 64, 64, 1], 2), None),
        ("every third neuron doubled or mirrored, 2-24-24-1", relu([(W, b), *rest]), None),
        ("weights in quarters, 2-32-32-1", normal([2, 32, 32, 1], 3, 0.3, 0.25), None),
        ("grid and diagonals through its points, 2-64-1", relu([(lines, -np.tile(grid, 4)), last]), None),
        ("folded five times, 2-4-4-4-4-4-1", _folds(5), 4**5),
    ]  # fmt: skip


def _folds(layers: int) -> ub.Network:
    """|x| and |y| folded again and again: each layer doubles the pieces per coordinate."""
    first = np.array([[1.0, -1, 0, 0], [0, 0, 1, -1]])
    back = np.array([[2.0, 0], [2, 0], [0, 2], [0, 2]])
    inner = [(back @ first, np.array([-1.0, 1, -1, 1]))] * (layers - 1)
    return relu([(first, np.zeros(4)), *inner, (np.ones((4, 1)), np.zeros(1))])


def two_moons(seed: int, sizes: Sequence[int], weight_decay: float) -> ub.Network:
    """A network trained on two half circles (values 0 and 1) with decoupled weight decay."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, 600)
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    lower = np.stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)], axis=1)
    label = rng.integers(0, 2, 600)
    x = np.where(label[:, None] == 0, upper, lower) * 0.6 + rng.normal(scale=0.06, size=(600, 2))
    layers = [ub.Dense(a, b, "relu") for a, b in pairwise(sizes[:-1])] + [ub.Dense(sizes[-2], sizes[-1])]
    start = ub.Network(layers, seed=seed, dtype="float64")
    trained, _ = ub.train(start, x, label.astype(float), optimizer="adamw", learning_rate=3e-3, epochs=150,
                          weight_decay=weight_decay, seed=seed)  # fmt: skip
    return trained


def shuffled(net: ub.Network) -> ub.Network:
    """The same function: neurons in another order, each at another scale."""
    rng = np.random.default_rng(0)
    place, scale = np.arange(net.inputs), np.ones(net.inputs)
    arrays = []
    for i, (W, b) in enumerate(net.arrays):
        W = W[place] / scale[:, None]
        if i < len(net.layers) - 1:
            place, scale = rng.permutation(len(b)), rng.uniform(0.2, 5, len(b))
            W, b = W[:, place] * scale, b[place] * scale
        arrays.append((W, b))
    return net.with_arrays(arrays)
