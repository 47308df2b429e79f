"""Networks the geometry tests share, built from plain numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from oracle import cells

import unbend as ub
from unbend.geometry.activation_pieces import exact_pieces


def he(sizes: Sequence[int], seed: int, activations: Sequence[str] | None = None, dtype: Any = "float64",
       bias: float = 0.3) -> ub.Network:  # fmt: skip
    """A random network: normal weights of variance 2/inputs, normal biases; ReLU but for the last layer."""
    rng = np.random.default_rng(seed)
    arrays = [
        ((rng.normal(size=(a, b)) * np.sqrt(2 / a)).astype(dtype), (bias * rng.normal(size=b)).astype(dtype))
        for a, b in pairwise(sizes)
    ]
    return ub.Network.from_arrays(arrays, [*(activations or ["relu"] * (len(arrays) - 1)), "identity"])


def one_layer(W: Any, b: Any, activation: str = "relu") -> ub.Network:
    """One hidden layer whose neurons bend along x W + b = kink, all with weight 1 to the output."""
    W, b = np.array(W, dtype=float), np.array(b, dtype=float)
    return ub.Network.from_arrays([(W, b), (np.ones((len(b), 1)), np.zeros(1))], [activation, "identity"])


def zigzag(folds: int, layers: int, inputs: int) -> ub.Network:
    """Montúfar et al. 2014, section 3.1: every layer folds each coordinate's [0, 1] ``folds`` times onto [0, 1]."""
    steps = np.arange(folds)
    W = np.where(steps == 0, 1.0, 2.0) * folds  # slopes +folds, -folds, … after summing with alternating signs
    b = -np.where(steps == 0, 0.0, 2.0) * steps
    signs = np.where(steps == 0, 1.0, np.where(steps % 2 == 1, -1.0, 1.0))
    first = np.kron(np.eye(inputs), W[None])
    arrays = [(first, np.tile(b, inputs))]
    back = np.kron(np.eye(inputs), signs[:, None])
    arrays += [(back @ first, np.tile(b, inputs))] * (layers - 1)
    weights = np.linspace(1, 2, inputs)[:, None]
    return ub.Network.from_arrays([*arrays, (back @ weights, np.zeros(1))], ["relu"] * layers + ["identity"])


def published(folder: Path) -> list[tuple[str, ub.Network, int]]:
    """The networks with published counts: name, network, pieces on [-1, 1]²."""
    found = []
    for name, count in json.loads((folder / "pieces.json").read_text()).items():
        with np.load(folder / f"{name}.npz") as file:
            layers = len(file.files) // 2
            arrays = [(file[f"W{i}"], file[f"b{i}"]) for i in range(layers)]
        found.append((name, ub.Network.from_arrays(arrays, ["relu"] * (layers - 1) + ["identity"]), count))
    return found


def exact_cells(net: ub.Network, box: Any) -> Any:
    """The oracle's cells of a network."""
    layers = []
    for layer in net.layers:
        f = exact_pieces(layer.activation)
        assert f is not None
        layers.append((layer.W, layer.b, list(f.breaks), list(f.lines)))
    return cells(layers, box)
