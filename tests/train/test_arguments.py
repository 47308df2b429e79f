"""What ``unbend.train`` refuses: one line, in both languages, and the network given stays as it is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput, ShapeError
from unbend.train.arguments import Split, chosen_loss
from unbend.train.scales import Scales

X, Y = np.arange(12.0).reshape(6, 2), np.arange(6.0)
NET = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)])
CLASSES = ub.Network([ub.Dense(2, 3)])


def hole(array: np.ndarray, row: int, value: float = np.nan) -> np.ndarray:
    filled = array.copy()
    filled[row] = value
    return filled


# arguments, the message's key, what its line must hold
WRONG: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"x": np.arange(6.0)}, "x_rows", ["(n, 2)", "(6,)"]),
    ({"x": [["a", "b"]] * 6}, "x_rows", ["<U1"]),
    ({"x": 5.0}, "x_rows", ["()"]),
    ({"x": np.ones((6, 3))}, "x_columns", ["2", "(6, 3)"]),
    ({"y": np.arange(5.0)}, "same_rows", ["6", "5"]),
    ({"y": 3.0}, "same_rows", ["6", "1"]),
    ({"x": np.ones((0, 2)), "y": np.ones(0)}, "same_rows", ["0"]),
    ({"y": ["a"] * 6}, "y_numbers", ["<U1"]),
    ({"y": np.ones((6, 2))}, "y_shape", ["(6, 1)", "(6, 2)"]),
    ({"x": hole(X, 4)}, "not_finite", ["x", "4"]),
    ({"y": hole(Y, 3, np.inf)}, "not_finite", ["y", "3"]),
    ({"loss": "mse"}, "network.no_such_loss", ["mse", "squared"]),
    ({"optimizer": "lion"}, "network.no_such_optimizer", ["lion", "adamw"]),
    ({"schedule": "linear"}, "no_such_schedule", ["linear", "cosine"]),
    *[({"learning_rate": r}, "rate", [str(r)]) for r in (0, -1.0, np.nan, np.inf, "fast")],
    *[({"weight_decay": d}, "decay", [str(d)]) for d in (-0.1, np.nan, np.inf, "much", None)],
    *[({"epochs": e}, "whole_number", ["epochs", str(e)]) for e in (0, -1, 1.5, 10.0, True, None, "ten", np.nan)],
    *[({"batch_size": b}, "whole_number", ["batch_size", str(b)]) for b in (0, 2.5, None, "all")],
    *[({"patience": p}, "whole_number", ["patience", str(p)]) for p in (0, 0.5, "long")],
    *[({"seed": s}, "seed", [str(s)]) for s in (-1, 0.5, "a", None, True)],
    *[({"validation": v}, "validation_share", [str(v)]) for v in (0.0, 1.0, -0.2, 1.5, 0.01, 0.99, True, "0.2")],
    ({"validation": (X, Y, Y)}, "validation_share", []),
    ({"validation": (X[:, :1], Y)}, "x_columns", ["validation"]),
    ({"validation": (X, hole(Y, 2))}, "not_finite", ["validation"]),
    ({"weights": np.ones(5)}, "weights_shape", ["(6,)", "(5,)"]),
    ({"weights": np.ones((6, 1))}, "weights_shape", ["(6, 1)"]),
    *[({"weights": w}, "weights_values", []) for w in (np.zeros(6), -np.ones(6), hole(np.ones(6), 2), ["1"] * 6)],
    ({"loss": "logistic", "y": [0, 1, 2, 0, 1, 2]}, "zero_one", ["0", "2"]),
    ({"loss": "logistic", "y": [-1, 1, -1, 1, 1, 1]}, "zero_one", ["-1", "1"]),
    ({"net": CLASSES, "y": [0, 1, 2, 3, 0, 1]}, "class_numbers", ["0", "2", "3"]),
    ({"net": CLASSES, "y": [0, 1, -1, 2, 0, 1]}, "class_numbers", []),
    ({"net": CLASSES, "y": [0, 1, 0.5, 2, 0, 1], "loss": "cross_entropy"}, "class_numbers", []),
    ({"net": CLASSES, "y": [0, 1, np.nan, 2, 0, 1], "loss": "cross_entropy"}, "class_numbers", []),
    ({"net": CLASSES, "y": ["a"] * 6, "loss": "cross_entropy"}, "class_numbers", []),
    # rows of shares are no class numbers: nothing is rounded in silence
    ({"net": CLASSES, "y": np.full((6, 3), 1 / 3), "loss": "cross_entropy"}, "class_numbers", []),
    ({"net": CLASSES, "y": np.ones((6, 3)), "loss": "cross_entropy"}, "class_numbers", []),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("arguments", "key", "parts"), WRONG)
def test_invalid_arguments_raise(arguments: dict[str, Any], key: str, parts: list[str], language: str) -> None:
    ub.set_language(language)
    called = {"net": NET, "x": X, "y": Y, "epochs": 2} | arguments
    net, x, y = called.pop("net"), called.pop("x"), called.pop("y")
    with pytest.raises(BadInput) as caught:
        ub.train(net, x, y, **called)
    line = str(caught.value)
    assert caught.value.key == (key if "." in key else f"train.{key}")
    assert "\n" not in line and all(part in line for part in parts), line
    assert bool(re.search("[가-힣]", line)) == (language == "ko")


def test_shape_errors_are_shape_errors() -> None:
    for x, y in ((X[:, :1], Y), (X, Y[:3]), (X, np.ones((6, 2)))):
        with pytest.raises(ShapeError):
            ub.train(NET, x, y)


def test_valid_boundary_values_are_accepted() -> None:
    """What stands next to the refused ones is taken."""
    ub.train(NET, X.tolist(), Y.tolist(), epochs=np.int64(1), batch_size=100, validation=[X, Y], seed=np.int64(0))
    ub.train(NET, X, Y[:, None], epochs=1, weights=[0, 1, 2, 0, 0, 1], validation=0.5, patience=None, seed=3)
    ub.train(CLASSES, X, np.array([0, 1, 2, 0, 1, 2.0])[:, None], loss="cross_entropy", epochs=1)
    ub.train(ub.Network([ub.Dense(2, 1)]), X, np.linspace(0, 1, 6), loss="logistic", epochs=1)
    ub.train(NET, X, Y > 2, epochs=1)


def test_validation_rows_of_weight_0_are_rejected() -> None:
    with pytest.raises(BadInput, match="held out"):
        for seed in range(40):  # some seed holds out only rows of weight 0
            ub.train(NET, X, Y, weights=[0, 0, 0, 1, 1, 1], validation=0.2, seed=seed, epochs=1)


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("name", ["step", "where(x > 1, 1, 0)", "floor(x)", "5"])
def test_a_layer_without_slope_infers_and_refuses_to_train(layer: int, name: str) -> None:
    activations = ["tanh", "tanh"]
    activations[layer] = name
    net = ub.Network([ub.Dense(2, 3, activations[0]), ub.Dense(3, 1, activations[1])])
    assert np.isfinite(net(X)).all()
    with pytest.raises(BadInput, match=rf"layer {layer} cannot learn.*slope.*'sigmoid'") as caught:
        ub.train(net, X, Y)
    assert caught.value.values["name"] == name


@pytest.mark.parametrize("validation", [None, 0.3])
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_divergence_is_reported(validation: float | None, kind: str) -> None:
    net = ub.Network([ub.Dense(2, 3, "relu"), ub.Dense(3, 1)], dtype=kind, seed=2)
    with pytest.raises(BadInput, match=r"infinite or NaN in epoch \d+ .*1e\+06.*divide the learning rate") as caught:
        ub.train(net, X, Y, optimizer="sgd", learning_rate=1e6, epochs=60, validation=validation)
    assert caught.value.key == "train.diverged"
    trained, _ = ub.train(net, X, Y, optimizer="sgd", learning_rate=1e-4, epochs=60, validation=validation)
    assert np.isfinite(trained(X)).all()


def test_float32_overflow_is_reported() -> None:
    with pytest.raises(BadInput, match="scale=True"):
        ub.train(NET, X * 1e300, Y, epochs=1)
    assert ub.train(NET, X * 1e300, Y, epochs=1, scale=True)[1].epochs == 1


def test_float32_rows_are_not_copied() -> None:
    net = ub.Network([ub.Dense(3, 2)], seed=0)
    x, y = np.ones((5, 3), "float32"), np.ones((5, 2), "float32")
    rows = Split.of(net, chosen_loss("squared", net, y), x, y, validation=None, seed=0)
    scaled = Scales.of(net, chosen_loss("squared", net, y), rows, None, False).scaled(rows)
    assert all(np.shares_memory(own, given) for own, given in zip(scaled, (x, y), strict=True))


@pytest.mark.parametrize("scale", [True, False])
def test_float32_and_float64_rows_give_the_same_bits(scale: bool) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 3)).astype("float32"), rng.normal(size=50).astype("float32")
    net = ub.Network([ub.Dense(3, 4, "tanh"), ub.Dense(4, 1)], seed=0)
    pair = [ub.train(net, x.astype(kind), y.astype(kind), epochs=3, scale=scale)[0] for kind in ("float32", "float64")]
    assert pair[0](x).tobytes() == pair[1](x).tobytes()
