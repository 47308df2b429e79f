"""Boosted trees beside both models: the same rows, an oracle fitted by hand, what is said of them."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.data import pose_problem
from unbend.errors import BadInput
from unbend.report.html_page import page
from unbend.report.sentences import trees_sentence
from unbend.verdict.gain import Gain
from unbend.verdict.tree_model import MAX_LABELS, boosted_trees

pytest.importorskip("sklearn")


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


def steps(rows: int = 500, classes: bool = False) -> dict[str, Any]:
    """A checkerboard: trees find it, a straight line and a starved small network do not."""
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 4, (rows, 2))
    y = (np.floor(x[:, 0]) + np.floor(2 * x[:, 1])) % 2
    return {"a": x[:, 0], "b": x[:, 1], "y": y.astype(str) if classes else y + 0.1 * rng.normal(size=rows)}


def test_outputs_are_those_of_the_estimator_fitted_by_hand() -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor

    table = steps(200)
    problem = pose_problem(table, "y")
    train, test = np.arange(150), np.arange(150, 200)
    x = np.column_stack([table["a"], table["b"]])
    by_hand = HistGradientBoostingRegressor(random_state=3).fit(x[train], table["y"][train])
    output = boosted_trees(problem, 3).predict(train, test)
    np.testing.assert_array_equal(output, by_hand.predict(x[test])[:, None])


def test_categories_and_missing_cells_are_native() -> None:
    """Labels whose order says nothing, more of them than there are bins, and a gap that says everything."""
    rng = np.random.default_rng(0)
    labels = np.array([f"k{i}" for i in rng.integers(0, 400, 3000)], dtype=object)
    high = np.array([int(label[1:]) % 2 == 0 and int(label[1:]) < 20 for label in labels])
    gap = rng.random(3000) < 0.3
    number = [None if g else float(v) for g, v in zip(gap, rng.normal(size=3000), strict=True)]
    y = 2.0 * high + 3.0 * gap + 0.01 * rng.normal(size=3000)
    labels[:200] = "frequent"
    problem = pose_problem({"label": labels, "number": number, "y": y}, "y")
    train, test = np.arange(2500), np.arange(2500, 3000)
    assert len(np.unique(labels[train])) > MAX_LABELS
    output = boosted_trees(problem, 0).predict(train, test)[:, 0]
    assert np.corrcoef(output, gap[test])[0, 1] > 0.9
    assert np.isfinite(output).all()


def test_classes_that_a_fold_lacks_have_small_probabilities() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=90)
    y = np.array(["x"] * 40 + ["y"] * 40 + ["z"] * 10)
    problem = pose_problem({"a": a, "b": a**2, "y": y}, "y")
    two = boosted_trees(problem, 0).predict(np.arange(80), np.arange(80, 90))
    assert two.shape == (10, 3) and np.isfinite(two).all()
    p = np.exp(two - np.logaddexp.reduce(two, axis=1, keepdims=True))
    np.testing.assert_allclose(p[:, 2], 1 / 84, rtol=1e-6)  # 1/83 of the others' sum
    one = boosted_trees(problem, 0).predict(np.arange(40), np.arange(40, 90))
    assert one.shape == (50, 3) and (one.argmax(axis=1) == 0).all()


@pytest.mark.parametrize("classes", [False, True])
def test_trees_that_would_do_better_are_told(classes: bool) -> None:
    result = ub.fit(steps(classes=classes), "y", trees=True, by_clock=False)
    trees = result.trees
    assert trees is not None and trees.answer(result.chosen) == "better"
    assert trees.over(result.chosen).interval[0] > 0
    own, linear = result.comparison.of("trees"), result.comparison.of("linear")
    assert trees.over_linear.gain == pytest.approx(1 - own.mean() / linear.mean())
    answer = result.to_json()
    assert answer["trees"]["over_linear"]["gain"] == trees.over_linear.gain
    assert len(answer["fold_losses"]["trees"]) == answer["folds"]
    assert (trees.rmse is None) == classes and (trees.log_loss is not None) == classes
    for language, word in (("en", "Boosted trees would do better"), ("ko", "부스팅 트리가 더 낫습니다")):
        ub.set_language(language)
        assert word in (trees_sentence(result) or "") and word in page(result)
    assert "--trees" in page(result) and "Boosted" not in repr(result)


def test_trees_change_nothing_else() -> None:
    table = steps(60)
    with_trees, without = (ub.fit(table, "y", trees=t, by_clock=False) for t in (True, False))
    assert with_trees.decision == without.decision
    assert with_trees.predict(table).tobytes() == without.predict(table).tobytes()
    assert without.trees is None and "trees" not in without.to_json() and trees_sentence(without) is None


def test_a_straight_relation_is_no_case_for_trees() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 150))
    result = ub.fit({"a": a, "b": b, "y": 3 * a - b + 0.1 * rng.normal(size=150)}, "y", trees=True, by_clock=False)
    assert result.trees is not None and result.trees.answer("linear") == "worse"
    assert "would do worse" in (trees_sentence(result) or "")


def test_better_than_the_model_but_not_than_a_constant_is_no_gain() -> None:
    from dataclasses import replace

    trees = ub.fit(steps(60), "y", trees=True, by_clock=False).trees
    assert trees is not None
    good, none = Gain(0.3, (0.2, 0.4)), Gain(0.0, (-0.1, 0.1))
    assert replace(trees, over_linear=good, over_constant=none).answer("linear") == "unclear"
    assert replace(trees, over_linear=good, over_constant=good).answer("linear") == "better"
    assert replace(trees, over_network=good, over_constant=good, network_cut=True).answer("network") == "cut"


def test_without_scikit_learn_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "sklearn":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.delitem(sys.modules, "sklearn.ensemble", raising=False)
    monkeypatch.setattr(builtins, "__import__", absent)
    for language in ("en", "ko"):
        ub.set_language(language)
        with pytest.raises(BadInput, match=r"unbend\[sklearn\]") as caught:
            ub.fit(steps(40), "y", trees=True)
        assert "\n" not in str(caught.value)


def test_a_gain_of_rows_has_the_delta_methods_width() -> None:
    """Fieller's interval of a ratio of means beside a bootstrap of the rows."""
    rng = np.random.default_rng(0)
    reference = rng.exponential(size=400)
    model = 0.7 * reference + 0.1 * rng.exponential(size=400)
    gain = Gain.over(reference, model, 0.0)
    draws = rng.integers(0, 400, (2000, 400))
    boot = 1 - model[draws].mean(axis=1) / reference[draws].mean(axis=1)
    np.testing.assert_allclose(gain.interval, np.quantile(boot, [0.025, 0.975]), atol=0.01)
    assert gain.answer == "better" and Gain.over(model, reference, 0.0).answer == "worse"
    assert Gain.over(model, model, 0.0) == Gain(0.0, (0.0, 0.0))
