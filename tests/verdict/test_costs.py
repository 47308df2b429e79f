"""Costs of wrong labels and class weights: thresholds against theory, expected costs on new rows, files, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli.costs import class_weights, costs
from unbend.errors import BadInput, DataError, ModelError
from unbend.report.html_page import page
from unbend.report.sentences import cost_sentence
from unbend.verdict.cost_arguments import cost_matrix
from unbend.verdict.cost_rule import CostRule
from unbend.verdict.expected_cost import choose_rule

TWO = ("no", "yes")
Y = np.array([0] * 8 + [1] * 2)


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


@pytest.mark.parametrize(
    ("cost", "weight", "expected"),
    [({"FP": 1, "FN": 5}, None, [[0, 1], [5, 0]]), ({"FN": 5}, None, [[0, 1], [5, 0]]),
     ({"yes": 3}, None, [[0, 1], [3, 0]]), ({"yes": {"no": 7}}, None, [[0, 1], [7, 0]]),
     (None, {"yes": 3}, [[0, 1], [3, 0]]), (None, "balanced", [[0, 10 / 16], [10 / 4, 0]])],
)  # fmt: skip
def test_matrices(cost: Any, weight: Any, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(cost_matrix(cost, weight, TWO, Y, "yes"), expected)


def test_positive_decides_which_error_is_which() -> None:
    np.testing.assert_array_equal(cost_matrix({"FP": 1, "FN": 5}, None, TWO, Y, "no"), [[0, 5], [1, 0]])
    assert cost_matrix(None, None, TWO, Y, "yes") is None


@pytest.mark.parametrize(
    ("cost", "weight", "classes", "key"),
    [({"FN": 5}, "balanced", TWO, "cost_and_weight"), ({"FN": 5}, None, (), "cost_of_numbers"),
     ({"FP": 1}, None, ("a", "b", "c"), "cost_two_classes"), ({"maybe": 5}, None, TWO, "no_such_class"),
     ({"FN": -1}, None, TWO, "cost_number"), ({"FN": "x"}, None, TWO, "cost_number"),
     ({"FN": float("nan")}, None, TWO, "cost_number"), ({"FP": 0, "FN": 0}, None, TWO, "cost_all_zero"),
     ({"yes": {"yes": 1}}, None, TWO, "cost_right_label"), ({"yes": {"no": 1}, "no": 2}, None, TWO, "cost"),
     ("cheap", None, TWO, "cost"), (None, "heavy", TWO, "class_weight"),
     (None, {"yes": 0, "no": 0}, TWO, "cost_all_zero")],
)  # fmt: skip
def test_refusals(cost: Any, weight: Any, classes: tuple[str, ...], key: str) -> None:
    for language in ("en", "ko"):
        ub.set_language(language)
        with pytest.raises(BadInput) as caught:
            cost_matrix(cost, weight, classes, Y, "yes" if len(classes) == 2 else None)
        assert caught.value.key == f"verdict.{key}" and "\n" not in str(caught.value)


def test_labels_of_several_classes_have_the_least_expected_cost() -> None:
    rng = np.random.default_rng(0)
    p, matrix = rng.dirichlet(np.ones(4), 50), rng.uniform(size=(4, 4)) * (1 - np.eye(4))
    expected = [int(np.argmin([sum(q[i] * matrix[i, j] for i in range(4)) for j in range(4)])) for q in p]
    np.testing.assert_array_equal(CostRule.of(matrix).choose(p), expected)


def outputs(n: int, seed: int, bend: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Log odds and classes; with ``bend`` other than 1 the log odds are too large by that factor."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-1, 1.5, n)
    return bend * z[:, None], (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int)


def test_calibrated_probabilities_have_the_threshold_of_theory() -> None:
    matrix = np.array([[0.0, 1.0], [5.0, 0.0]])
    rule, found = choose_rule(matrix, *outputs(2000, 0), TWO, "yes", search=True)
    assert rule.threshold == pytest.approx(1 / 6)  # Elkan (2001), equation 2
    assert found.saving_interval[0] > 0 and found.cost < found.usual
    assert found.saving == pytest.approx(found.usual - found.cost)


def test_probabilities_that_are_not_calibrated_get_another_threshold() -> None:
    """Log odds three times too large: the best threshold is where the true probability is 1/6."""
    matrix = np.array([[0.0, 1.0], [5.0, 0.0]])
    rule, found = choose_rule(matrix, *outputs(20_000, 0, bend=3.0), TWO, "yes", search=True)
    assert rule.threshold is not None and rule.threshold == pytest.approx(1 / (1 + 5**3), rel=0.6)
    output, y = outputs(200_000, 1, bend=3.0)
    p = 1 / (1 + np.exp(-output))
    fresh = rule.cost_of(y, rule.choose(np.hstack([1 - p, p]))).mean()
    assert found.cost_interval[0] < fresh < found.cost_interval[1]


def test_expected_costs_hold_on_new_rows() -> None:
    """The 95 % interval holds the cost on new rows about that often, though the threshold was chosen on these rows."""
    matrix = np.array([[0.0, 1.0], [4.0, 0.0]])
    new, new_y = outputs(100_000, 10_000)
    q = 1 / (1 + np.exp(-new))
    held = []
    for seed in range(100):
        rule, found = choose_rule(matrix, *outputs(300, seed), TWO, "yes", search=True, seed=seed)
        fresh = rule.cost_of(new_y, rule.choose(np.hstack([1 - q, q]))).mean()
        held.append(found.cost_interval[0] < fresh < found.cost_interval[1])
    assert 0.88 <= np.mean(held) <= 1.0


def test_clusters_widen_intervals() -> None:
    matrix = np.array([[0.0, 1.0], [4.0, 0.0]])
    output, y = outputs(100, 0)
    one = choose_rule(matrix, output, y, TWO, "yes", search=False)[1]
    many = choose_rule(matrix, np.repeat(output, 9, axis=0), np.repeat(y, 9), TWO, "yes", search=False,
                       clusters=np.repeat(np.arange(100), 9))[1]  # fmt: skip
    assert many.cost_interval == pytest.approx(one.cost_interval)


def rare(rows: int = 200) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    a = rng.normal(size=rows)
    return {"a": a, "b": rng.normal(size=rows), "y": np.where(a + rng.normal(size=rows) > 1.4, "yes", "no")}


@pytest.mark.parametrize("arguments", [{"cost": {"FP": 1, "FN": 8}}, {"class_weight": "balanced"}])
def test_from_the_table_to_the_file_and_back(arguments: dict[str, Any], tmp_path: Path) -> None:
    table = rare()
    plain = ub.fit(table, "y", by_clock=False)
    result = ub.fit(table, "y", by_clock=False, **arguments)
    assert result.decision == plain.decision
    np.testing.assert_array_equal(result.probabilities(table), plain.probabilities(table))
    p, labels = result.probabilities(table)[:, 1], result.predict(table)
    threshold = result.costs[result.chosen].threshold
    assert threshold is not None and threshold < 0.35
    np.testing.assert_array_equal(labels == "yes", p >= threshold)
    assert (labels == "yes").sum() > (plain.predict(table) == "yes").sum()
    path = result.save(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(ub.load(path).predict(table), labels)  # type: ignore[union-attr]
    row = int(np.flatnonzero((labels == "yes") & (p < 0.5))[0])
    assert result.explain(row).prediction == "yes"
    assert result.to_json()["costs"][result.chosen]["threshold"] == threshold
    for language, title in (("en", "What wrong labels cost"), ("ko", "틀린 예측의 비용")):
        ub.set_language(language)
        assert title in page(result) and (cost_sentence(result) or "") != ""
    assert cost_sentence(plain) is None and plain.costs == {}


@pytest.mark.parametrize(
    "broken", [{"threshold": 2}, {"costs": [[0]]}, {"positive": 5}, {"threshold": None}, {"costs": 1}]
)
def test_damaged_files_are_refused(broken: dict[str, Any], tmp_path: Path) -> None:
    model = ub.fit(rare(60), "y", by_clock=False, cost={"FN": 3}).model
    assert model.rule is not None
    path = model.save(tmp_path / "m.safetensors", {"cost_rule": {**model.rule.to_dict(), **broken}})
    with pytest.raises(ModelError, match="damaged"):
        ub.load(path)


def test_command_line_arguments(tmp_path: Path) -> None:
    assert costs("FP=1,FN=5") == {"FP": 1.0, "FN": 5.0} and costs(None) is None
    assert class_weights("balanced") == "balanced" and class_weights("a=b=2, c=1") == {"a=b": 2.0, "c": 1.0}
    table = tmp_path / "costs.csv"
    table.write_text("actual,1,2\n1,0,3\n2,4,0\n", encoding="utf-8")
    assert costs(str(table)) == {"1": {"1": 0.0, "2": 3.0}, "2": {"1": 4.0, "2": 0.0}}
    for text in ("FP", "FP=", "=3", "FP=1,,FN=2"):
        with pytest.raises(BadInput, match="FP=1,FN=5"):
            costs(text)
    with pytest.raises(DataError, match="no class"):
        cost_matrix(costs("yse=3"), None, TWO, Y, "yes")
