"""``unbend.train``: units, row weights, what it learns, what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.network import losses

RNG = np.random.default_rng(12)
X = RNG.normal([100, -3], [20, 0.01], (60, 2))
Y = 500 + 40 * np.sin(X[:, 0] / 10) + 1000 * (X[:, 1] + 3)
WIDE = [ub.Dense(2, 5, "tanh"), ub.Dense(5, 1)]


def numbers(net: ub.Network) -> np.ndarray:
    return np.concatenate([a.ravel() for a in net.parameters.values()])


@pytest.mark.parametrize("loss", ["squared", "absolute"])
@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_train_and_validation_loss_in_the_unit_of_y(loss: str, scale: bool, own: bool) -> None:
    """Recomputed from the returned networks on raw rows; full batches: the train loss is that before the step."""
    net = ub.Network(WIDE, seed=0, dtype="float64")
    held_x, held_y = X[:20] + 0.5, Y[:20] + 1
    seen: list[ub.Network] = []
    _, history = ub.train(
        net, X, Y, loss=loss, optimizer="sgd", learning_rate=1e-6, epochs=4, batch_size=100, scale=scale, seed=1,
        validation=(held_x, held_y) if own else 0.25, callbacks=[lambda e: seen.append(e.network())],
    )  # fmt: skip
    assert history.unit == {"squared": "y²", "absolute": "y"}[loss]

    def mean(model: ub.Network, x: np.ndarray, y: np.ndarray) -> float:
        return float(losses[loss].per_row(model(x), y[:, None])[0].mean())

    if own:
        np.testing.assert_allclose(history.validation_loss, [mean(m, held_x, held_y) for m in seen], rtol=1e-9)
        np.testing.assert_allclose(history.train_loss[1:], [mean(m, X, Y) for m in seen[:-1]], rtol=1e-9)
    else:  # both parts together are all the rows
        both = (0.25 * np.array(history.validation_loss[:-1]) + 0.75 * np.array(history.train_loss[1:])).tolist()
        np.testing.assert_allclose(both, [mean(m, X, Y) for m in seen[:-1]], rtol=1e-5)


def test_units_of_the_other_losses() -> None:
    one = ub.Network([ub.Dense(2, 1)])
    assert ub.train(one, X, Y, loss="huber", epochs=1, scale=True)[1].unit == "y²"
    assert ub.train(one, X, Y > 500, loss="logistic", epochs=1, scale=True)[1].unit == "nats"
    two = ub.Network([ub.Dense(2, 2)])
    assert ub.train(two, X, np.c_[Y, Y], epochs=1, scale=True)[1].unit == "standardised"
    assert ub.train(two, X, np.c_[Y, Y] / 1e3, epochs=1, learning_rate=1e-6)[1].unit == "y²"


def test_scaled_training_learns_raw_columns() -> None:
    """Columns of very different size, y far from 0: hopeless raw, easy on one scale."""
    net = ub.Network(WIDE, seed=0, dtype="float64")
    trained, history = ub.train(net, X, Y, scale=True, epochs=600, learning_rate=0.02)
    residual = trained(X)[:, 0] - Y
    assert np.mean(residual**2) < 0.05 * Y.var()
    assert history.train_loss[-1] == pytest.approx(np.mean(residual**2), rel=0.5)
    assert history.train_loss[0] == pytest.approx(Y.var(), rel=1)


# row weights --------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12).filter(lambda w: sum(w) > 3), st.booleans())
@settings(max_examples=25, deadline=None)
def test_integer_weights_equal_repeated_rows(weights: list[int], scale: bool) -> None:
    """Full-batch gradient descent: weight 3 is three times the row, weight 0 is no row."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(2, 3, (12, 2)), rng.normal(5, 2, 12)
    x[np.array(weights) == 0] += 50  # must not be seen
    net = ub.Network(WIDE, seed=3, dtype="float64")
    plain: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 0.01, "epochs": 15, "batch_size": 100, "scale": scale}
    weighted, by_weight = ub.train(net, x, y, weights=weights, **plain)
    repeated, by_rows = ub.train(net, np.repeat(x, weights, axis=0), np.repeat(y, weights), **plain)
    np.testing.assert_allclose(numbers(weighted), numbers(repeated), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(by_weight.train_loss, by_rows.train_loss, rtol=1e-8)
    if np.ptp(weights):  # and they do count
        other, _ = ub.train(net, x, y, **plain)
        assert not np.allclose(numbers(weighted), numbers(other), rtol=1e-6)


def test_only_proportions_of_weights_count() -> None:
    w = RNG.uniform(0.5, 2, 60)
    net = ub.Network(WIDE, seed=0, dtype="float64")
    runs = [ub.train(net, X, Y, weights=k * w, epochs=3, scale=True, validation=0.2)[0] for k in (1.0, 1e6)]
    np.testing.assert_allclose(numbers(runs[0]), numbers(runs[1]), rtol=1e-9)


def test_weights_in_the_validation_loss() -> None:
    """On a share the weights count, on the user's own rows each counts alike."""
    net = ub.Network(WIDE, seed=0, dtype="float64")
    w = np.where(np.arange(60) % 2, 1.0, 3.0)
    seen: list[ub.Network] = []
    _, history = ub.train(net, X, Y, weights=w, epochs=1, scale=True, validation=(X[:5], Y[:5]),
                          callbacks=[lambda e: seen.append(e.network())])  # fmt: skip
    assert history.validation_loss[0] == pytest.approx(np.mean((seen[0](X[:5])[:, 0] - Y[:5]) ** 2), rel=1e-9)


# it learns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["logistic", "cross_entropy", "squared"])
def test_xor(loss: str) -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([0, 1, 1, 0])
    net = ub.Network([ub.Dense(2, 8, "tanh"), ub.Dense(8, 2 if loss == "cross_entropy" else 1)], seed=0)
    trained, history = ub.train(net, x, y, loss=loss, epochs=300, learning_rate=0.05, batch_size=4)
    output = trained(x)
    answer = output.argmax(axis=1) if loss == "cross_entropy" else output[:, 0] > (0 if loss == "logistic" else 0.5)
    assert answer.astype(int).tolist() == y.tolist()
    assert history.train_loss[-1] < 0.05 < history.train_loss[0]


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adamw"])
def test_sine(optimizer: str) -> None:
    x = np.linspace(-3, 3, 128)[:, None]
    net = ub.Network([ub.Dense(1, 24, "tanh"), ub.Dense(24, 1)], seed=1)
    rate = {"sgd": 0.1, "momentum": 0.02}.get(optimizer, 0.01)
    trained, _ = ub.train(net, x, np.sin(x[:, 0]), optimizer=optimizer, learning_rate=rate, epochs=250, batch_size=16)
    assert np.abs(trained(x)[:, 0] - np.sin(x[:, 0])).max() < 0.15
    assert np.abs(net(x)[:, 0] - np.sin(x[:, 0])).max() > 0.5


def test_linear_network_converges_to_least_squares() -> None:
    x = RNG.normal(size=(50, 3))
    y = x @ [1.0, -2.0, 0.5] + 3 + 0.1 * RNG.normal(size=50)
    net = ub.Network([ub.Dense(3, 1)], dtype="float64")
    trained, _ = ub.train(net, x, y, optimizer="sgd", learning_rate=0.1, epochs=400, batch_size=50)
    exact = np.linalg.lstsq(np.c_[x, np.ones(50)], y, rcond=None)[0]
    np.testing.assert_allclose(numbers(trained), exact, rtol=1e-8)


def test_absolute_loss_converges_to_median() -> None:
    y = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    net = ub.Network([ub.Dense(1, 1)], dtype="float64")
    trained, _ = ub.train(net, np.zeros((5, 1)), y, loss="absolute", optimizer="sgd", learning_rate=0.05,
                          schedule="cosine", epochs=400, batch_size=5)  # fmt: skip
    assert trained([[0.0]])[0, 0] == pytest.approx(3, abs=0.05)


def test_weight_decay_exempts_biases() -> None:
    y = np.full(60, 7.0)
    net = ub.Network([ub.Dense(2, 1)], seed=0, dtype="float64")
    plain: dict[str, Any] = {"optimizer": "adamw", "learning_rate": 0.05, "epochs": 200, "scale": True}
    free = ub.train(net, X, Y, **plain)[0]
    held = ub.train(net, X, Y, weight_decay=5.0, **plain)[0]
    assert np.abs(held.layers[0].W).max() < 0.5 * np.abs(free.layers[0].W).max()
    biased = ub.train(net, np.zeros((60, 2)), y, optimizer="adamw", learning_rate=0.1, weight_decay=5.0, epochs=300)[0]
    assert biased.layers[0].b[0] == pytest.approx(7, abs=0.01) and np.abs(biased.layers[0].W).max() < 1e-6


def test_default_loss_depends_on_y() -> None:
    three = ub.Network([ub.Dense(2, 3)])
    assert ub.train(three, X, np.arange(60) % 3, epochs=1)[1].unit == "nats"
    one_hot = ub.train(three, X, np.eye(3)[np.arange(60) % 3], loss="cross_entropy", epochs=2, seed=4)
    numbered = ub.train(three, X, np.arange(60) % 3, epochs=2, seed=4)
    np.testing.assert_array_equal(numbers(one_hot[0]), numbers(numbered[0]))
    assert ub.train(ub.Network([ub.Dense(2, 1)]), X, np.arange(60) % 3, epochs=1, scale=True)[1].unit == "y²"
