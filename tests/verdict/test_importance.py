"""Permutation importance on held-out rows: theory for linear models, groups, conditional, columns of noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import BadInput
from unbend.network import Network
from unbend.report.html_page import page
from unbend.verdict.importance import permutation_importance


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


def measured(x: np.ndarray, w: list[float], groups: dict[str, list[int]], conditional: bool = False) -> Any:
    """Of y = x w exactly, with ten folds of one and the same model."""
    net = Network.from_arrays([(np.array(w)[:, None], np.zeros(1))], dtype="float64")
    y = x @ np.array(w)
    folds = [(rows, net) for rows in np.array_split(np.arange(len(x)), 10)]
    named = {name: ((name,), np.array(features)) for name, features in groups.items()}
    return permutation_importance(
        folds, x, y, 0, named, constant_loss=float(y.var()), ratio=1 / 9, seed=0, conditional=conditional, shuffles=20
    )


def test_a_linear_model_loses_twice_the_variance_of_a_term() -> None:
    """E (w (x' - x))² = 2 w² var x for independent draws."""
    x = np.random.default_rng(0).normal(size=(2000, 3))
    found = measured(x, [2.0, 1.0, 0.0], {"a": [0], "b": [1], "c": [2], "ab": [0, 1]})
    total = 4.0 + 1.0
    for name, expected in (("a", 2 * 4 / total), ("b", 2 / total), ("c", 0.0), ("ab", 2.0)):
        assert found[name].drop == pytest.approx(expected, abs=0.06)
        assert found[name].interval[0] <= expected <= found[name].interval[1] or name == "c"
    assert [item.name for item in found] == ["ab", "a", "b", "c"]
    assert found["a"].shown and not found["c"].shown


def test_conditional_importance_is_that_of_what_others_do_not_say() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=2000)
    own = rng.normal(size=2000)
    x = np.column_stack([a, 0.8 * a + 0.6 * own])
    groups = {"a": [0], "b": [1]}
    plain, conditional = (measured(x, [0.0, 1.0], groups, c) for c in (False, True))
    assert plain["b"].drop == pytest.approx(2.0, abs=0.1)
    assert conditional["b"].drop == pytest.approx(2 * 0.36, abs=0.06)
    assert conditional["a"].drop == pytest.approx(0.0, abs=1e-9)


def bent(rows: int = 150, classes: bool = False) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    a, b, noise = rng.uniform(-2, 2, (3, rows))
    kind = rng.choice(["x", "y", "z"], rows)
    y = a**2 + b + 2.0 * (kind == "x") + 0.2 * rng.normal(size=rows)
    return {"a": a, "b": b, "kind": kind, "noise": noise, "y": np.where(y > 2, "high", "low") if classes else y}


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("model", ["linear", "network"])
def test_of_a_fit(classes: bool, model: str) -> None:
    result = ub.fit(bent(classes=classes), "y", model=model, by_clock=False)
    found = result.importance()
    assert {item.name for item in found} == {"a", "b", "kind", "noise"}
    assert found["kind"].shown and found["kind"].drop > found["noise"].drop
    assert abs(found["noise"].drop) < 0.1
    assert result.to_json()["importance"]["columns"][0]["name"] == found[0].name
    joint = result.importance({"place": ["a", "b"]})
    assert {item.name for item in joint} == {"place", "kind", "noise"} and joint["place"].columns == ("a", "b")
    assert repr(found).startswith(f"Importances({found[0].name}")
    for language, title in (("en", "Importance of the columns"), ("ko", "열의 중요도")):
        ub.set_language(language)
        assert title in page(result)
    for groups in ({"g": ["a", "nothing"]}, {"g": ["a"], "h": ["a"]}):
        with pytest.raises(BadInput):
            result.importance(groups)


def test_held_out_predictions_are_nearly_those_of_the_fold_models() -> None:
    """The rounds and weights of the held-out predictions were chosen without the fold, those of its model with it."""
    result = ub.fit(bent(), "y", by_clock=False)
    x, output = result.fold_models.features(), result.comparison.outputs
    for name, least in (("linear", 1 - 1e-12), ("network", 0.95)):
        fold = np.full(150, np.nan)
        for rows, net in result.fold_models.of(name):  # type: ignore[arg-type]
            fold[rows] = net(x[rows])[:, 0]
        assert np.corrcoef(fold, output[name][:, 0])[0, 1] > least
    assert 0 < result.training.disagreement < np.var(result.problem.y)
