"""A test set of the user's own: scores by hand, intervals by rows and groups, what does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import DataError
from unbend.report.html import paragraph
from unbend.report.html_page import page
from unbend.report.sentences import own_test_sentence


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


def made(rows: int, seed: int, classes: bool = False) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-1, 1, (2, rows))
    y = a**2 + b + 0.1 * rng.normal(size=rows)
    return {"a": a, "b": b, "y": np.where(y > 0.3, "high", "low") if classes else y}


def test_scores_are_those_of_the_final_models() -> None:
    test = made(80, 1)
    result = ub.fit(made(60, 0), "y", test=test, by_clock=False)
    own = result.test
    assert own is not None and own.rows == 80
    squares = {name: (side.model.predict(test) - test["y"]) ** 2
               for name, side in (("linear", result.linear), ("network", result.network))}  # fmt: skip
    assert own.linear.rmse == pytest.approx(np.sqrt(squares["linear"].mean()))
    assert own.network.rmse == pytest.approx(np.sqrt(squares["network"].mean()))
    assert own.gain.gain == pytest.approx(1 - squares["network"].mean() / squares["linear"].mean())
    constant = np.mean((test["y"] - result.problem.y.mean()) ** 2)
    assert own.linear.score == pytest.approx(1 - squares["linear"].mean() / constant)
    answer = result.to_json()["test"]
    assert answer["rows"] == 80 and answer["interval"] == list(own.gain.interval)
    for language, word in (("en", "On your test set (80 rows)"), ("ko", "시험 데이터(80행)에서")):
        ub.set_language(language)
        sentence = own_test_sentence(result) or ""
        assert word in sentence and paragraph(sentence) in page(result)


def test_it_takes_no_part_in_anything_else() -> None:
    table = made(50, 0)
    plain, tested = ub.fit(table, "y", by_clock=False), ub.fit(table, "y", test=made(30, 1), by_clock=False)
    assert plain.decision == tested.decision and plain.test is None and "test" not in plain.to_json()
    assert plain.predict(table).tobytes() == tested.predict(table).tobytes()


def test_classes_of_any_type_and_rows_without_a_target() -> None:
    table, test = made(90, 0, classes=True), made(60, 1, classes=True)
    test["y"] = [None, *test["y"][1:]]
    own = ub.fit(table, "y", test=test, by_clock=False).test
    assert own is not None and own.rows == 59 and own.notes[0].key == "verdict.test_dropped"
    assert 0.6 < (own.network.accuracy or 0) <= 1 and own.network.class_scores is not None
    numbers = {**table, "y": (table["y"] == "high") * 1.0}
    tested = {**test, "y": [1, *(np.asarray(test["y"][1:]) == "high") * 1]}
    assert ub.fit(numbers, "y", test=tested, by_clock=False).test is not None  # 1 and 1.0 are one label


def test_groups_count_once() -> None:
    """Ten copies of each row in a group of its own: the interval is that of the rows, not √10 narrower."""
    table, test = made(60, 0), made(40, 1)
    grouped = {**table, "g": np.arange(60) % 12}
    many = {name: np.repeat(values, 10) for name, values in {**test, "g": np.arange(40)}.items()}
    own = ub.fit(grouped, "y", group="g", test=many, by_clock=False).test
    alone = ub.fit(grouped, "y", group="g", test=test, by_clock=False).test  # without the groups' column
    assert own is not None and alone is not None and (own.groups, alone.groups) == (40, None)
    np.testing.assert_allclose(own.gain.interval, alone.gain.interval, rtol=1e-9)


def test_training_rows_in_it_are_told() -> None:
    table = made(60, 0)
    test = {name: np.append(values, table[name][:5]) for name, values in made(20, 1).items()}
    own = ub.fit(table, "y", test=test, by_clock=False).test
    assert own is not None and own.notes[-1].key == "verdict.test_overlap"
    assert own.notes[-1].values == {"count": 5, "rows": 25}
    rng = np.random.default_rng(0)
    coarse = [{"a": rng.integers(0, 3, n), "b": rng.integers(0, 3, n), "y": rng.integers(0, 2, n)} for n in (200, 50)]
    own = ub.fit(coarse[0], "y", test=coarse[1], by_clock=False).test  # ordinary repeats
    assert own is not None and own.notes == ()


@pytest.mark.parametrize(
    ("change", "key"),
    [({"b": None}, "data.column_missing"), ({"y": None}, "data.no_such_column"), ({"b": "red"}, "data.text_for_number"),
     ({"y": "middle"}, "verdict.test_labels"), ({"y": ""}, "verdict.test_rows")],
)  # fmt: skip
def test_what_does_not_fit_is_one_line_before_the_work(change: dict[str, Any], key: str) -> None:
    test = made(30, 1, classes=True)
    for name, value in change.items():
        test.pop(name) if value is None else test.update({name: [value] * 30})

    def no_work(step: object) -> None:
        raise AssertionError("a model was trained")

    with pytest.raises(DataError) as caught:
        ub.fit(made(60, 0, classes=True), "y", test=test, watch=no_work)
    assert caught.value.key.startswith(key) and "\n" not in str(caught.value)
