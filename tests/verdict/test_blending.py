"""Blending weights: of both kinds of networks, and of the network's correction."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.verdict.blending import DEFAULT_ENCODED_WEIGHT, choose_correction_weight, choose_encoded_weight

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("classes", [0, 2])
def test_the_weight_of_the_encoded_networks(classes: int) -> None:
    """The default unless held-out rows show another: then the kind that is right."""
    base, right = np.zeros((500, 1)), RNG.normal(size=(500, 1)) * (4 if classes else 1)
    wrong = right + RNG.normal(size=(500, 1)) * (8 if classes else 1)
    y = (RNG.random(500) < 1 / (1 + np.exp(-right[:, 0]))).astype(np.int64) if classes else right[:, 0]
    assert choose_encoded_weight(base, right, wrong, y, classes) < 0.3
    assert choose_encoded_weight(base, wrong, right, y, classes) > DEFAULT_ENCODED_WEIGHT - 1e-9
    assert choose_encoded_weight(base, right, right, y, classes) == DEFAULT_ENCODED_WEIGHT


@pytest.mark.parametrize("classes", [0, 2])
def test_the_weight_of_the_correction(classes: int) -> None:
    """All of a correction that is right, half of one twice too large, none of one that is noise."""
    rng = np.random.default_rng(0)
    base, correction = rng.normal(size=(400, 1)), rng.normal(size=(400, 1))

    def truth(add: np.ndarray) -> np.ndarray:
        if classes == 0:
            return base[:, 0] + add + 0.3 * rng.normal(size=400)
        return (rng.random(400) < 1 / (1 + np.exp(-4 * (base[:, 0] + add)))).astype(np.int64)

    size = 4 if classes else 1
    weight = lambda bend, y: choose_correction_weight(size * base, size * bend, y, classes)[0]  # noqa: E731
    assert weight(correction, truth(correction[:, 0])) > 0.8
    assert weight(2 * correction, truth(correction[:, 0])) == pytest.approx(0.5, abs=0.15)
    assert weight(correction, truth(np.zeros(400))) < 0.15
    assert weight(correction, truth(-correction[:, 0])) == 0
    one, _ = choose_correction_weight(base[:1], correction[:1], truth(correction[:, 0])[:1], classes)
    assert one in np.linspace(0, 1, 41)
