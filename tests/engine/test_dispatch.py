"""The choice between NumPy and the kernels: by sizes, or by the environment variable ``UNBEND_ENGINE``."""

from __future__ import annotations

from itertools import pairwise

import pytest

from unbend.engine.dispatch import choose_training, compiles_inference
from unbend.network import Dense, Recipe, loss, optimizer


@pytest.mark.parametrize(
    ("sizes", "batch", "rows", "epochs", "expected"),
    [
        ((2, 4, 3), 10, 200, 1, "numpy"),
        ((2, 4, 3), 10, 200, 1_000, "small"),
        ((2, 4, 3), 10, 20_000, 1, "small"),
        ((10, 64, 2), 32, 20_000, 1, "small"),
        ((784, 128, 10), 100, 20_000, 1, "large"),
        ((784, 512, 10), 256, 20_000, 1, "large"),
    ],
)
def test_implementation_is_chosen_by_size(monkeypatch, sizes, batch, rows, epochs, expected):
    monkeypatch.delenv("UNBEND_ENGINE", raising=False)
    layers = tuple(Dense(a, b) for a, b in pairwise(sizes))
    recipe = Recipe(layers, loss("cross_entropy"), optimizer("sgd"), batch)
    assert choose_training(recipe, 1, rows, epochs, 4) == expected
    assert compiles_inference(recipe, 1, rows, 10_000 * epochs)
    assert not compiles_inference(recipe, 1, 10, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("numpy", "numpy"), ("small", "small"), ("large", "large"), ("tiles", "small"), ("rows", "large"), ("x", "numpy")],
)
def test_environment_variable_and_its_former_values(monkeypatch, value, expected):
    monkeypatch.setenv("UNBEND_ENGINE", value)
    recipe = Recipe((Dense(2, 3),), loss("squared"), optimizer("sgd"), 10)
    assert choose_training(recipe, 1, 10, 1, 4) == expected
    assert compiles_inference(recipe, 1, 10, 1) == (value != "numpy")
