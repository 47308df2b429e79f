"""Every derivative against central differences in float64 with a random cotangent; and that the check can fail."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.activations import Activation
from unbend.errors import BadInput, ShapeError
from unbend.network import Loss, losses, softmax
from unbend.network.gradient import backward, forward

NAMES = list(ub.activations)
# step jumps at 0 and is flat elsewhere; its slope is 0 everywhere, which the differences confirm away from 0
FAR = np.array([-1000.0, -300.0, -30.0, -7.3, 7.3, 30.0, 300.0, 1000.0])


def places(name: str) -> np.ndarray:
    """Random places and far ones, none within a difference step of a kink."""
    x = np.concatenate([np.random.default_rng(1).normal(0, 2, 40), FAR])
    kinks = ub.activations[name].kinks
    return x[np.all([np.abs(x - k) > 1e-3 for k in kinks], axis=0)] if kinks else x


@pytest.mark.parametrize("name", NAMES)
def test_activations(name: str) -> None:
    x = places(name)
    check = ub.check_gradient(ub.activations[name], x, seed=3)
    assert check and check.passed and check.coordinates == len(x) and check.kinks == 0, check


@pytest.mark.parametrize("name", NAMES)
def test_activations_by_hand(name: str) -> None:
    """The same without the exported check: differences written out here."""
    x, record = places(name), ub.activations[name]
    h = 1e-5 * np.sqrt(np.maximum(1, np.abs(x)))
    measured = (record(x + h) - record(x - h)) / (2 * h)
    np.testing.assert_allclose(record.derivative(x), measured, rtol=2e-6, atol=1e-8)


@pytest.mark.parametrize("name", [n for n in NAMES if ub.activations[n].kinks])
def test_activations_on_their_kinks(name: str) -> None:
    record = ub.activations[name]
    check = ub.check_gradient(record, np.array(record.kinks))
    assert check and check.kinks == len(record.kinks)


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
@pytest.mark.parametrize("name", list(losses))
def test_losses(name: str, shift: float) -> None:
    rng = np.random.default_rng(5)
    output = rng.normal(0, 2, (12, 3))
    output[::2] += shift * np.array([1, -1, 0.5])
    target = rng.normal(0, 1, (12, 3))
    if name == "cross_entropy":
        target = rng.integers(0, 3, 12)
    elif name == "logistic":
        target = rng.integers(0, 2, (12, 3)).astype(float)
    check = ub.check_gradient(losses[name], output, target)
    assert check and check.coordinates == 36 and check.kinks == 0, check


def test_losses_on_their_kinks() -> None:
    y = np.array([[1.0], [2.0], [3.0]])
    assert ub.check_gradient(losses["absolute"], y, y).kinks == 3
    assert losses["absolute"].per_row(y, y)[1].tolist() == [[0.0]] * 3  # the slope stated there
    # Huber has a kink in the slope alone, at ±1
    assert ub.check_gradient(losses["huber"], y + np.array([[1.0], [-1.0], [0.0]]), y)


@pytest.mark.parametrize("activation", [*NAMES, "x*exp(-x**2)", "max(x, 0.2*x)"])
def test_layers(activation: str) -> None:
    net = ub.Network([ub.Dense(3, 4, activation), ub.Dense(4, 2, activation), ub.Dense(2, 2)], seed=2)
    x = np.random.default_rng(0).normal(0, 1.5, (5, 3))
    check = ub.check_gradient(net, x)
    assert check and check.coordinates == 15 + 3 * 4 + 4 + 4 * 2 + 2 + 2 * 2 + 2, check


@pytest.mark.parametrize("activation", NAMES)
def test_layers_at_large_values(activation: str) -> None:
    """z at ±1000: derivatives by x, W and b stay finite and right."""
    net = ub.Network.from_arrays([([[1.0, -1.0, 1e-3]], [0.0, 0.0, 0.1]), ([[1.0], [-0.5], [2.0]], [0.0])],
                                 [activation, "identity"])  # fmt: skip
    for x in (1000.0, -1000.0, 300.0):
        assert ub.check_gradient(net, [[x]], tolerance=2e-5)


def test_layers_on_a_kink() -> None:
    net = ub.Network.from_arrays([(np.eye(2), [0.0, 0.0]), ([[1.0], [1.0]], [0.0])], ["relu", "identity"])
    check = ub.check_gradient(net, [[0.0, 1.0]])
    assert check and check.kinks >= 3  # by x1, and by the weight and bias that move z1 off 0


def test_members_are_differentiated_one_by_one() -> None:
    """Arrays with a leading axis of members give what each member gives alone."""
    rng = np.random.default_rng(4)
    records = [ub.activations["tanh"], ub.activations["softplus"]]
    W1, b1 = rng.normal(size=(3, 2, 5)), rng.normal(size=(3, 1, 5))
    W2, b2 = rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 1, 2))
    x, delta = rng.normal(size=(3, 7, 2)), rng.normal(size=(3, 7, 2))
    output, tape = forward(records, [(W1, b1), (W2, b2)], x)
    together, by_x = backward([(W1, b1), (W2, b2)], tape, delta)
    for k in range(3):
        pairs = [(W1[k], b1[k]), (W2[k], b2[k])]
        alone_output, alone_tape = forward(records, pairs, x[k])
        alone, alone_x = backward(pairs, alone_tape, delta[k])
        np.testing.assert_allclose(output[k], alone_output, rtol=1e-13)
        np.testing.assert_allclose(by_x[k], alone_x, rtol=1e-12, atol=1e-13)
        for whole, part in zip(together, alone, strict=True):
            np.testing.assert_allclose(whole[0][k], part[0], rtol=1e-12, atol=1e-13)
            np.testing.assert_allclose(whole[1][k], part[1], rtol=1e-12, atol=1e-13)


# the check itself can fail -----------------------------------------------------------------------------------------


def _softmax_right(c: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    p = softmax(x)
    return [p * (c - (c * p).sum(axis=-1, keepdims=True))]


def _softmax_diagonal(c: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    p = softmax(x)
    return [c * p * (1 - p)]  # forgets how the outputs hang together


def _softmax_blind(c: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    return [np.zeros_like(x)]  # right for a cotangent of ones only: probabilities sum to 1 whatever x


def test_a_wrong_softmax_fails() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    assert ub.check_gradient(softmax, x, backward=_softmax_right)
    for wrong in (_softmax_diagonal, _softmax_blind):
        check = ub.check_gradient(softmax, x, backward=wrong)
        assert not check and check.worst > 0.01 and check.where.startswith("argument 1")


def test_random_cotangent_detects_what_ones_miss() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    ones = np.ones((3, 4))
    np.testing.assert_allclose(_softmax_right(ones, x)[0], _softmax_blind(ones, x)[0], atol=1e-15)


@pytest.mark.parametrize("slope", ["1.001", "-1", "0", "1/0*0"])
def test_a_wrong_activation_fails(slope: str) -> None:
    wrong = Activation("wrong", "x", "x", "x", slope.replace("1/0*0", "0/(x - x)"), (-np.inf, np.inf))
    with np.errstate(all="ignore"):
        assert not ub.check_gradient(wrong, np.linspace(-2, 2, 5))


def test_a_wrong_loss_fails() -> None:
    y = np.zeros((3, 2))
    assert not ub.check_gradient(Loss("wrong", "r*r", "r", (("r", "o - y"),)), y + 1.5, y)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_wrong_or_missing_value_fails(at: int) -> None:
    """NaN in any place fails, also when right numbers follow."""

    def pull(c: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
        gradient = 2 * c * x
        gradient[at] = np.nan
        return [gradient]

    check = ub.check_gradient(np.square, np.array([1.0, 2.0, 3.0]), backward=pull)
    assert not check and check.worst == np.inf and check.where == f"argument 1[{at}]"


def test_kink_accepts_only_values_between_one_sided_slopes() -> None:
    def slope(value: float) -> ub.Activation:
        return Activation("a", "abs(x)", "|x|", "abs(x)", f"where(x == 0, {value}, sign(x))", (0, np.inf), (0.0,))

    x = np.array([-1.0, 0.0, 1.0])
    assert ub.check_gradient(slope(0.5), x) and ub.check_gradient(slope(-1.0), x)
    assert not ub.check_gradient(slope(1.5), x)


def test_bad_calls() -> None:
    with pytest.raises(BadInput, match="backward"):
        ub.check_gradient(np.sin, np.zeros(2))
    with pytest.raises(ShapeError, match="one array per argument"):
        ub.check_gradient(np.add, np.zeros(2), np.zeros(2), backward=lambda c, a, b: [c])
    with pytest.raises(ShapeError, match="shape"):
        ub.check_gradient(np.sum, np.zeros((2, 2)), backward=lambda c, a: [c * np.ones(2)])


def test_same_seed_same_numbers() -> None:
    net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)])
    x = np.ones((2, 2))
    assert ub.check_gradient(net, x, seed=1) == ub.check_gradient(net, x, seed=1)
    assert ub.check_gradient(net, x, seed=1).worst != ub.check_gradient(net, x, seed=2).worst
