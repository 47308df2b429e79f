"""``unbend.linearity`` of functions, which can only be tested, of networks and of texts."""

import math

import numpy as np
import pytest

from unbend import Dense, Network
from unbend.errors import BadInput
from unbend.linearity import linearity


@pytest.mark.parametrize(
    ("function", "inputs", "verdict"),
    [
        (lambda x: 3 * x, None, "linear"),
        (lambda x: 3 * x + 1, None, "affine"),
        (lambda x: 7.0, None, "affine"),
        (lambda x, y: 2 * x - y, None, "linear"),
        (lambda x, y: x * y, None, "nonlinear"),
        (lambda x: x**2, None, "nonlinear"),
        (abs, None, "nonlinear"),
        (math.sqrt, None, "nonlinear"),
        (np.cumsum, 4, "linear"),
        (lambda u: np.sort(u), 3, "nonlinear"),
        (lambda u: np.array([[1, 2], [3, 4]]) @ u + 1, 2, "affine"),
    ],
)
def test_functions_are_tested_never_proved(function: object, inputs: int | None, verdict: str) -> None:
    judged = linearity(function, inputs=inputs)
    assert judged.verdict == verdict
    assert judged.evidence == ("refuted" if verdict == "nonlinear" else "tested")
    assert judged.trials > 0
    if judged.evidence == "tested":
        assert str(judged.trials) in judged.reason
    assert (judged.counterexample is None) == (verdict == "linear")


def test_counterexample_of_a_function_holds() -> None:
    found = linearity(lambda x: x**2).counterexample
    u, v = found.u["x"], found.v["x"]
    assert (found.alpha * u + found.beta * v) ** 2 == pytest.approx(found.left)
    assert found.alpha * u**2 + found.beta * v**2 == pytest.approx(found.right)
    assert abs(found.left - found.right) > 1e-6


def test_function_without_finite_values_or_arguments() -> None:
    assert linearity(lambda x: math.nan).verdict == "undecided"
    with pytest.raises(BadInput):
        linearity(lambda: 1)
    with pytest.raises(BadInput):
        linearity(3)


def test_a19_network_without_bends_is_proved_straight() -> None:
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    zero3, zero2 = np.zeros(3), np.zeros(2)
    linear = Network.from_arrays([(W1, zero3), (W2, zero2)], activations=["identity", "identity"])
    assert (linearity(linear).verdict, linearity(linear).evidence) == ("linear", "proved")
    affine = Network.from_arrays([(W1, zero3 + 1), (W2, zero2)], activations=["identity", "identity"])
    assert (linearity(affine).verdict, linearity(affine).evidence) == ("affine", "proved")


def test_a21_network_that_bends_names_layer_and_function() -> None:
    judged = linearity(Network([Dense(2, 4, "sigmoid"), Dense(4, 3)], seed=0))
    assert (judged.verdict, judged.evidence) == ("nonlinear", "refuted")
    assert "layer 1" in judged.reason and "sigmoid" in judged.reason
    assert judged.counterexample is not None


def test_formula_text_goes_through() -> None:
    assert linearity("y = a*x").of("x").verdict == "linear"
