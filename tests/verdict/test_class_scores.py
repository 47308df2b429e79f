"""Scores of two classes: against scikit-learn and by hand; which class is positive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import unbend as ub
from unbend.report import page as make_page
from unbend.report.sentences import rare_class
from unbend.verdict.class_scores import ClassScores, ThresholdScores, average_precision, positive_class, roc_auc


@pytest.mark.parametrize("decimals", [1, 6])  # many ties, none
def test_areas_are_those_of_scikit_learn(decimals: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    actual = rng.random(400) < 0.1
    probability = np.round(np.clip(0.2 * actual + rng.random(400), 0, 1), decimals)
    assert roc_auc(probability, actual) == pytest.approx(metrics.roc_auc_score(actual, probability))
    assert average_precision(probability, actual) == pytest.approx(metrics.average_precision_score(actual, probability))


def test_precision_recall_and_f1_by_hand() -> None:
    scores = ThresholdScores.of(np.array([1, 1, 0, 0, 1]) > 0, np.array([1, 0, 1, 0, 1]) > 0, 0.5)
    assert (scores.precision, scores.recall, scores.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_the_best_threshold_is_not_judged_by_its_own_rows() -> None:
    rng = np.random.default_rng(1)
    actual = rng.random(60) < 0.3
    noise = ClassScores.of(rng.random(60), actual, "yes")
    perfect = ClassScores.of(np.where(actual, 0.4, 0.1), actual, "yes")
    assert noise is not None and perfect is not None
    assert noise.at_best_f1.f1 < 0.7 and perfect.at_half.recall == 0
    assert (perfect.at_best_f1.f1, perfect.at_best_f1.threshold) == (1.0, 0.4)
    assert ClassScores.of(np.ones(3), np.ones(3, dtype=bool), "yes") is None


def test_which_class_is_positive() -> None:
    even, rare = np.array([0, 1] * 20), np.array([0] * 3 + [1] * 97)
    assert positive_class(("no", "yes"), even, None) == "yes"
    assert positive_class(("fraud", "no"), rare, None) == "fraud"
    assert positive_class(("fraud", "no"), rare, "no") == "no"
    assert positive_class(("a", "b", "c"), even, None) is None
    with pytest.raises(ub.BadInput, match="no class 'maybe'; the classes are no, yes"):
        positive_class(("no", "yes"), even, "maybe")
    with pytest.raises(ub.BadInput, match="two classes"):
        positive_class(("a", "b", "c"), even, "a")


def test_a_rare_class_in_result_json_and_report(quick: None) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(300, 2))
    y = np.where(x[:, 0] + 0.3 * rng.normal(size=300) > 1.7, "fraud", "fine")
    result = ub.fit({"a": x[:, 0], "b": x[:, 1], "y": y}, "y", budget=5, positive="fraud")
    scores = result.linear.class_scores
    assert scores is not None and scores.positive == "fraud" and scores.rare and scores.roc_auc > 0.9
    answer = result.to_json()
    assert answer["linear"]["roc_auc"] == scores.roc_auc
    assert answer["linear"]["at_half"]["recall"] == scores.at_half.recall
    assert answer["columns_used"] == ["a", "b"]
    coefficients = answer["coefficients"]
    layer = result.linear.model.network.layers[0]
    assert coefficients["features"] == ["a", "b"] and coefficients["outputs"] == [result.problem.classes[1]]
    np.testing.assert_array_equal(coefficients["values"], layer.W.T)
    assert np.mean(answer["fold_losses"]["network"]) == pytest.approx(answer["network"]["log_loss"])
    page = make_page(result)
    assert "One class is rare" in page and "Telling fraud from the rest" in page and "--positive fraud" in page
    none = replace(scores, at_half=replace(scores.at_half, recall=0.0, precision=0.0))
    blind = replace(result, linear=replace(result.linear, class_scores=none), chosen="linear")
    assert "finds none of them" in (rare_class(blind) or "")
