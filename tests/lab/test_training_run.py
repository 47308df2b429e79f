"""A training run against NumPy and scikit-learn: losses, scores, early stopping, divergence."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, log_loss, mean_squared_error, r2_score

from unbend.data.reader import parse_table
from unbend.lab.dataset import Dataset, table_dataset, toy_dataset
from unbend.lab.toy_datasets import TOY_DATASETS
from unbend.lab.training_run import TrainingRun, TrainingSettings

pytestmark = pytest.mark.usefixtures("numpy_engine")


pytest.importorskip("anywidget")


def trained(data: Dataset, epochs: int = 3, **settings: object) -> TrainingRun:
    run = TrainingRun(data, TrainingSettings(((4, "tanh"),), **settings))  # type: ignore[arg-type]
    for _ in range(epochs):
        run.train_epoch()
    return run


@pytest.mark.parametrize("name", TOY_DATASETS)
def test_losses_and_scores_are_those_of_the_network(name: str) -> None:
    data = toy_dataset(name, 0.1, 0.3, 1)
    assert (
        len(data.x) == 400 and len(data.validation_rows) == 120 and not set(data.train_rows) & set(data.validation_rows)
    )
    run = trained(data)
    output = run.net(data.x)[:, 0]
    for side, loss, score in zip((data.train_rows, data.validation_rows), run.losses[-1], run.scores(), strict=True):
        if data.classes:
            p = 1 / (1 + np.exp(-output[side]))
            assert loss == pytest.approx(log_loss(data.y[side], p))
            assert score == pytest.approx(np.mean((p > 0.5) == data.y[side]))
        else:
            assert loss == pytest.approx(mean_squared_error(data.y[side], output[side]) ** 0.5)
            assert score == pytest.approx(r2_score(data.y[side], output[side]))
    if data.classes:
        assert np.array_equal(
            run.confusion(), confusion_matrix(data.y[data.validation_rows], output[data.validation_rows] > 0)
        )
    assert run.losses[-1][0] < run.losses[0][0]


def test_user_table_losses_in_original_unit_with_folded_scales() -> None:
    rng = np.random.default_rng(3)
    far, near = rng.normal(1e4, 300, 80), rng.normal(0, 1e-3, 80)
    price = 5 * far + 2e5 * near + 1e6
    data = table_dataset(parse_table({"far": far, "near": near, "price": price}), "price", 0.25, 0)
    run = trained(data, 20, rate=0.03)
    x = np.column_stack([far, near])
    assert run.losses[-1][1] == pytest.approx(
        mean_squared_error(price[data.validation_rows], run.net(x[data.validation_rows])) ** 0.5
    )
    assert run.scores()[1] > 0.8
    three = table_dataset(parse_table({"a": far, "kind": ["u", "v", "w", "u"] * 20}), "kind", 0.25, 0)
    assert three.outputs == 3 and trained(three).confusion().sum() == len(three.validation_rows)


def test_divergence_is_undone_and_reported() -> None:
    run = TrainingRun(toy_dataset("plane", 0, 0.3, 0), TrainingSettings(((8, "relu"), (8, "relu")), "sgd", 10.0))
    while not run.stopped:
        run.train_epoch()
    assert "finite" in run.stopped
    assert np.isfinite(run.losses).all() and all(np.isfinite(a).all() for pair in run.net.arrays for a in pair)
    before = run.epoch
    run.train_epoch()
    assert run.epoch == before
    run.change_settings(TrainingSettings(((8, "relu"), (8, "relu")), "sgd", 1e-6))
    run.train_epoch()
    assert run.epoch == before + 1


def test_stop_rule_counts_epochs_without_a_better_loss() -> None:
    run = trained(toy_dataset("clouds", 0.5, 0.3, 0), 0, rate=0.3, patience=10)
    run.train_for(60)
    held_out = [loss[1] for loss in run.losses[1:]]
    assert run.stopped and len(held_out) - 1 - int(np.argmin(held_out)) == 10


def test_same_seed_same_numbers() -> None:
    data = toy_dataset("spiral", 0.1, 0.3, 4)
    a, b = trained(data, seed=4), trained(toy_dataset("spiral", 0.1, 0.3, 4), seed=4)
    assert a.losses == b.losses and a.losses != trained(data, seed=5).losses
