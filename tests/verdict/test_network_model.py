"""The network model: better than the linear one where there is a bend, reproducible, on time."""

from __future__ import annotations

import numpy as np
import pytest

from unbend.verdict import Settings, fit_network
from unbend.verdict.fold_training import EXTENSION
from unbend.verdict.linear_model import fit_linear
from unbend.verdict.scores import probabilities

QUICK = Settings(members=3, hidden=(12,), steps=300, batch_size=16)
FOLDS = 10  # for so few rows
RNG = np.random.default_rng(4)
X = np.c_[RNG.uniform(-1, 1, (120, 2)), RNG.normal(2000, 1, 120)]
Y = 1000 + 50 * X[:, 0] ** 2 + 10 * X[:, 1] + RNG.normal(0, 1, 120)
RING = (X[:, 0] ** 2 + X[:, 1] ** 2 > 0.6).astype(np.int64)
THREE = np.digitize(X[:, 0] ** 2, [0.1, 0.5])


@pytest.mark.parametrize("rows", [8, 50, 500, 5_000, 50_000, 500_000])
def test_settings_follow_the_rows(rows: int) -> None:
    here = Settings.for_rows(rows)
    assert 1 <= here.batch_size <= max(4, rows // 8) and 1 <= here.rounds <= here.steps
    assert here.steps * here.batch_size >= rows  # every row is seen


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_ensemble(classes: int) -> None:
    """Better than the linear model where there is a bend, on raw columns far from 0; same arguments, same bits."""
    y = {0: Y, 2: RING, 3: THREE}[classes]
    linear, _ = fit_linear(X, y, classes, 0)
    model, again, other = (fit_network(X, y, classes, linear, seed, settings=QUICK) for seed in (1, 1, 2))
    assert model.network(X).tobytes() == again.network(X).tobytes() != other.network(X).tobytes()
    rounds = QUICK.rounds * (1 if classes else 1 + EXTENSION)  # these values are nearly free of noise
    assert [curve.encoded for curve in model.curves] == [False, True] and not model.cut and model.completed == 1
    for curve in model.curves:
        assert curve.train.shape == curve.held_out.shape and curve.train.shape[1] == FOLDS
        assert curve.stopped == "patience" or QUICK.rounds * EXTENSION < len(curve.train) <= rounds or classes
        assert 0 <= curve.best < len(curve.train)
    assert model.members == 3 and sum(layer.outputs for layer in model.network.layers[:-1]) < 3 * 2 * 12 + 8 * 64
    assert 0 < model.weight <= 1 and 0 <= model.encoded_weight <= 1 and model.network.dtype == np.float64
    assert model.network.bends == ((0, 1) if model.encoded_weight else (0,))
    if classes == 0:
        errors = [np.mean((net(X)[:, 0] - Y) ** 2) for net in (linear, model.network)]
        assert errors[1] < 0.5 * errors[0]
        least = min(curve.held_out.mean(axis=1).min() for curve in model.curves)
        assert 0.05 * errors[1] < least < 20 * errors[1]  # in the unit of y²
    else:
        right = [np.mean(probabilities(net(X)).argmax(axis=1) == y) for net in (linear, model.network)]
        assert right[1] > right[0] + 0.05


def test_progress_and_deadline() -> None:
    linear, _ = fit_linear(X, Y, 0, 0)
    steps: list[tuple[int, int]] = []
    fit_network(X, Y, 0, linear, 0, settings=QUICK, watch=lambda done, of: steps.append((done, of)))
    rounds = QUICK.rounds
    assert steps == [(k + 1, rounds) for k in range(rounds)]
    late = fit_network(X, Y, 0, linear, 0, settings=QUICK, deadline=-1.0)
    assert late.cut and [len(curve.train) for curve in late.curves] == [1, 1]
    assert late.completed == pytest.approx(1 / rounds) and np.isfinite(late.network(X)).all()
