"""``StraightOrBent``: the verdict of ``unbend.fit``, classes as they came, frames as they are."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.base import is_classifier, is_regressor
from sklearn.model_selection import cross_val_score

import unbend as ub
from unbend.sklearn import StraightOrBent

pytestmark = pytest.mark.usefixtures("brief")

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 2))


@pytest.mark.parametrize("model", ["auto", "network"])
def test_the_verdict_and_the_models_are_those_of_fit(model: str) -> None:
    y = X[:, 0] * X[:, 1] + X[:, 0]
    mine = StraightOrBent(model=model, budget=6, random_state=2).fit(X, y)
    result = ub.fit({"x1": X[:, 0], "x2": X[:, 1], "y": y}, "y", model=model, budget=6, seed=2, by_clock=False)
    assert (mine.verdict_, mine.chosen_, mine.gain_) == (result.verdict, result.chosen, result.gain)
    assert np.array_equal(mine.predict(X), result.predict({"x1": X[:, 0], "x2": X[:, 1]}))
    assert mine.interval_[0] <= mine.gain_ <= mine.interval_[1]
    assert model == "auto" or mine.chosen_ == "network"


@pytest.mark.parametrize("classes", [["b", "a"], [10, 2, 9], [True, False], [1.0, 2.0], ["01", "1", " "]])
def test_classes_come_back_as_they_were(classes: list[Any]) -> None:
    y = np.array(classes)[np.minimum((X[:, 0] > 0).astype(int) + (X[:, 1] > 0), len(classes) - 1)]
    model = StraightOrBent("classification").fit(X, y)
    assert np.array_equal(model.classes_, np.unique(y))
    assert model.predict(X).dtype == y.dtype
    assert model.score(X, y) > 0.8
    assert np.array_equal(model.classes_[model.predict_proba(X).argmax(axis=1)], model.predict(X))
    assert is_classifier(model)


def test_the_target_decides_the_task() -> None:
    numbers, classes = StraightOrBent().fit(X, X[:, 0]), StraightOrBent().fit(X, np.where(X[:, 0] > 0, "up", "down"))
    assert (numbers.task_, classes.task_) == ("regression", "classification")
    assert is_regressor(numbers) and is_classifier(classes)
    assert not hasattr(numbers, "predict_proba")
    assert not hasattr(StraightOrBent(), "predict_proba")


def test_a_frame_with_text_dates_and_gaps() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "size": np.where(rng.uniform(size=120) < 0.1, np.nan, X[:, 0]),
            "colour": np.array(["red", "blue", "green"])[rng.integers(0, 3, 120)],
            "code": np.array(["01", "02"])[rng.integers(0, 2, 120)],
            "day": pd.date_range("2024-01-01", periods=120),
        }
    )
    y = 2 * X[:, 0] + (frame["colour"] == "red")
    model = StraightOrBent().fit(frame, y)
    assert list(model.feature_names_in_) == list(frame.columns)
    assert model.score(frame, y) > 0.7
    polars = pytest.importorskip("polars")
    assert np.array_equal(model.predict(polars.from_pandas(frame)), model.predict(frame))
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict(frame.iloc[::-1]), model.predict(frame)[::-1])
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["colour", "size", "code", "day"]])


def test_the_same_seed_gives_the_same_answer_and_cross_validation_works() -> None:
    y = X[:, 0] ** 2
    first, second = (StraightOrBent(random_state=3).fit(X, y) for _ in range(2))
    assert first.gain_ == second.gain_
    assert np.array_equal(first.predict(X), second.predict(X))
    assert len(cross_val_score(StraightOrBent(), X, y, cv=3)) == 3


@pytest.mark.parametrize(
    ("y", "settings", "match"),
    [
        (np.zeros(120), {"task": "classification"}, "class"),
        (X[:, 0], {"task": "clustering"}, "task"),
        (X[:, 0], {"model": "cubic"}, "cubic"),
        (X[:, 0], {"budget": -1}, "budget"),
        (np.arange(120) == 7, {"task": "classification"}, "row"),
    ],
)
def test_what_cannot_be_says_why(y: Any, settings: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        StraightOrBent(**settings).fit(X, y)
