"""``unbend.fit`` on small made-up tables: the verdicts, the scores, both models."""

from __future__ import annotations

import doctest
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.verdict import Result, Settings
from unbend.verdict.compare import Comparison
from unbend.verdict.comparison_notes import choice
from unbend.verdict.decide import Decision
from unbend.verdict.plan import WorkPlan
from unbend.verdict.request import Request

MODULE = sys.modules["unbend.verdict.pipeline"]
QUICK = Settings(members=2, hidden=(16,), steps=500, batch_size=32)


@pytest.fixture(autouse=True)
def small_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Five folds once, of small networks: what takes a minute takes a moment."""
    monkeypatch.setattr(MODULE, "plan", lambda rows, features, outputs, seconds: WorkPlan(5, 1, QUICK))
    yield


def columns(rows: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {f"x{k}": rng.uniform(-1, 1, rows) for k in range(3)} | {"noise": rng.normal(size=rows)}


def made(kind: str, rows: int = 150) -> dict[str, Any]:
    t = columns(rows)
    noise = t.pop("noise")
    y = {
        "straight": 3 * t["x0"] - t["x1"] + 0.2 * noise,
        "bent": 4 * t["x0"] ** 2 - 2 * np.abs(t["x1"]) + 0.1 * noise,
        "noise": noise,
        "two": 3 * t["x0"] - t["x1"] + 0.3 * noise > 0,
        "ring": (t["x0"] ** 2 + t["x1"] ** 2 + 0.05 * noise) > 0.6,
        "three": np.digitize(3 * t["x0"] + 0.5 * noise, [-1, 1]),
    }[kind]
    return t | {"y": [["no", "yes"][int(v)] for v in y] if kind in ("two", "ring") else y}


FITTED: dict[str, Result] = {}


def fitted(kind: str) -> Result:
    """One fit of each kind serves several tests."""
    if kind not in FITTED:
        task = "classification" if kind == "three" else None
        FITTED[kind] = ub.fit(made(kind), "y", task=task, by_clock=False)
    return FITTED[kind]


@pytest.mark.parametrize(
    ("kind", "task", "verdict"),
    [("straight", "regression", "straight_is_enough"), ("bent", "regression", "bends_pay"),
     ("ring", "classification", "bends_pay")],
)  # fmt: skip
def test_verdicts(kind: str, task: str, verdict: str) -> None:
    result = fitted(kind)
    assert (result.verdict, result.task) == (verdict, task)
    assert result.interval[0] <= result.gain <= result.interval[1]
    assert (result.interval[0] > 0) == (verdict == "bends_pay")
    assert result.chosen == ("network" if verdict == "bends_pay" else "linear")
    assert result.gain == pytest.approx(1 - result.comparison.mean("network") / result.comparison.mean("linear"))


def test_noise_is_never_called_bent() -> None:
    result = fitted("noise")
    assert result.verdict in ("nothing_to_learn", "cannot_tell") and result.chosen == "linear"
    assert result.linear.score < 0.1 and result.network.score < 0.1


def test_few_rows_cannot_tell_and_say_how_many_might() -> None:
    """A weak bend in twelve rows."""
    t = columns(12)
    result = ub.fit({"x": t["x0"], "y": t["x0"] ** 2 + 0.3 * t["noise"]}, "y")
    assert result.verdict == "cannot_tell" and result.decision.rows_needed is not None
    assert result.decision.rows_needed > 12


@pytest.mark.parametrize(("gain", "chosen"), [(0.005, "linear"), (0.02, "network")])
def test_where_rows_are_too_few_the_better_guess_predicts(gain: float, chosen: str) -> None:
    decision = Decision("cannot_tell", gain=gain, interval=(-0.1, 0.2), p_value=0.3, rows_needed=500)
    comparison = Comparison(ratio=0.1, losses=np.array([[1.0, 0.9, 0.9 * (1 - gain)]] * 10))
    useless = Comparison(ratio=0.1, losses=np.array([[0.8, 0.9, 0.9 * (1 - gain)]] * 10))
    assert choice(Request(target="y"), decision, comparison) == chosen
    assert choice(Request(target="y"), decision, useless) == "linear"
    assert choice(Request(target="y"), replace(decision, cut=True), comparison) == "linear"
    assert choice(Request(target="y", model="linear"), decision, comparison) == "linear"


@pytest.mark.parametrize("kind", ["straight", "three", "two"])
def test_scores_are_those_of_the_held_out_rows(kind: str) -> None:
    result = fitted(kind)
    constant = result.comparison.mean("constant")
    for side, model in ((result.linear, "linear"), (result.network, "network")):
        loss = result.comparison.mean(model)
        assert side.score == pytest.approx(1 - loss / constant)
        if kind == "straight":
            assert side.rmse == pytest.approx(math.sqrt(loss)) and side.log_loss is side.accuracy is None
            assert set(side.to_json()) == {"score", "rmse"}
        else:
            assert side.log_loss == pytest.approx(loss) and side.rmse is None
            assert 0.6 < (side.accuracy or 0) <= 1
            assert {"score", "log_loss", "accuracy", "brier"} <= set(side.to_json())
            assert 0 <= (side.brier or 0) < 1
    assert fitted("straight").linear.rmse == pytest.approx(0.2, rel=0.2)  # the noise put in


def test_both_models_are_fitted_on_all_rows_and_answer_raw_tables() -> None:
    table, result = made("straight"), fitted("straight")
    exact = np.linalg.lstsq(np.c_[table["x0"], table["x1"], table["x2"], np.ones(150)], table["y"], rcond=None)[0]
    layer = result.linear.model.network.layers[0]
    np.testing.assert_allclose(np.r_[layer.W[:, 0], layer.b], exact, atol=0.02)
    for side in (result.linear, result.network):
        assert np.corrcoef(side.model.predict(table), table["y"])[0, 1] > 0.97
    assert result.linear.model.network.bends == () and result.network.model.network.bends != ()


@pytest.mark.parametrize("kind", ["two", "three"])
def test_labels_and_probabilities(kind: str) -> None:
    table, result = made(kind), fitted(kind)
    wanted = np.array([str(v) for v in table["y"]])
    for side in (result.linear, result.network):
        p, labels = side.model.probabilities(table), side.model.predict(table)
        assert p.shape == (150, len(result.problem.classes))
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
        assert labels.tolist() == np.array(result.problem.classes)[p.argmax(axis=1)].tolist()
        assert np.mean(labels == wanted) > 0.75


@pytest.mark.parametrize(("model", "chosen"), [("auto", "linear"), ("linear", "linear"), ("network", "network")])
def test_the_model_asked_for_predicts(model: str, chosen: str) -> None:
    table = made("straight", 240)
    result = ub.fit(table, "y", model=model)
    assert result.chosen == chosen
    side = result.linear if chosen == "linear" else result.network
    assert result.model is side.model
    np.testing.assert_array_equal(result.predict(table), side.model.predict(table))
    assert result.verdict == "straight_is_enough"  # what is asked for does not change what is found


@pytest.mark.parametrize("module", ["scale.fit", "verdict.result"])
def test_the_examples_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the examples are of full fits
    result = doctest.testmod(sys.modules[f"unbend.{module}"])
    assert result.attempted > 3 and result.failed == 0
