"""Data profiling: which columns are left out, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unbend.data import pose_problem

X = [0.5 * k * k for k in range(12)]


def left_out(**columns: Any) -> dict[str, str]:
    problem = pose_problem({"keep": X, **columns, "y": X[::-1]}, "y")
    assert problem.inputs[0].name == "keep"
    return {c.name: c.why.key.removeprefix("data.left_out_") for c in problem.columns if c.why is not None}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([7] * 12, "constant"),
        (["a"] * 12, "constant"),
        ([None] * 12, "empty"),
        (["NA", ""] * 6, "empty"),
        (list(range(12)), "row_number"),
        ([3, 1, 2, 12, 11, 10, 9, 8, 7, 6, 5, 4], "row_number"),
        ([f"person {k}" for k in range(12)], "all_distinct"),
        ([f"person {k % 11}" for k in range(12)], "all_distinct"),
        (["long text " * 9 + str(k % 4) for k in range(12)], "free_text"),
        (X, "copy"),
        ([b"ab"] * 12, "nested"),
        ([{"a": 1}] * 12, "nested"),
        ([[1.0]] * 12, "nested"),
    ],
)
def test_left_out(values: list[Any], reason: str) -> None:
    assert left_out(column=values) == {"column": reason}


@pytest.mark.parametrize(
    "values",
    [
        [7] * 11 + [None],
        list(range(5, 17)),
        [k + 0.5 for k in range(12)],
        ["a", "b"] * 6,
        ["a"] * 6 + [None] * 6,
        [x + 1 for x in X],
    ],
)
def test_in_use(values: list[Any]) -> None:
    assert left_out(column=values) == {}


def test_identifiers_by_name() -> None:
    numbers = [k * 37 + 1000 for k in range(12)]
    assert left_out(patient_id=numbers, 번호=[k + 1 for k in numbers]) == {"patient_id": "id_name", "번호": "id_name"}
    assert left_out(paid=numbers, id=[1, 2] * 6) == {}


def test_copies_of_text_and_dates() -> None:
    columns = {"a": ["u", "v", None] * 4, "b": ["u", "v", "NA"] * 4, "c": ["v", "u", None] * 4}
    assert left_out(**columns) == {"b": "copy"}
    assert left_out(p=[True, False] * 6, q=["true", "false"] * 6, r=[False, True] * 6) == {"q": "copy"}


def test_row_numbers_are_used_if_no_other_column_remains() -> None:
    problem = pose_problem({"t": list(range(1, 13)), "y": X}, "y")
    assert [column.kind for column in problem.columns] == ["number"]
    assert [note.key for note in problem.notes] == ["data.row_number_used"]


def test_a_trend_is_not_a_row_number() -> None:
    rng = np.random.default_rng(0)
    month = np.arange(1, 61)
    for y in (100 + 3 * month + rng.normal(0, 5, 60), 10 * np.sin(month / 4) + rng.normal(size=60)):
        problem = pose_problem({"month": month, "x": rng.normal(size=60), "y": y}, "y")
        assert [c.name for c in problem.inputs] == ["month", "x"]
        assert "data.row_number_trend" in {note.key for note in problem.notes}
        named = pose_problem({"rownames": month, "x": rng.normal(size=60), "y": y}, "y")
        assert [c.name for c in named.inputs] == ["x"]


@pytest.mark.parametrize(
    ("name", "reason"), [("n", "row_number"), ("rownames", "row_number"), ("year", None), ("squares", None)]
)
def test_row_numbers_with_gaps(name: str, reason: str | None) -> None:
    rng = np.random.default_rng(0)
    numbers = np.delete(np.arange(1, 398), [30, 120, 121, 300, 350])
    numbers = {"year": np.arange(1951, 2343), "squares": numbers**2}.get(name, numbers)
    problem = pose_problem({name: numbers, "x": rng.normal(size=392), "y": rng.normal(size=392)}, "y")
    why = problem.columns[0].why
    assert (None if why is None else why.key.removeprefix("data.left_out_")) == reason


def test_a_file_sorted_by_its_classes_is_no_trend() -> None:
    rng = np.random.default_rng(0)
    table = {"n": np.arange(1, 151), "x": rng.normal(size=150), "y": np.repeat(["a", "b", "c"], 50)}
    assert [c.name for c in pose_problem(table, "y").inputs] == ["x"]


def test_row_numbers_along_which_a_relation_changes_are_inputs() -> None:
    rng = np.random.default_rng(0)
    x, hour = rng.normal(size=(2, 400)), np.arange(400.0)
    table = {"a": x[0], "b": x[1], "hour": hour, "y": x[1] * (hour / 200 - 1) + 0.3 * rng.normal(size=400)}
    problem = pose_problem(table, "y")
    assert [column.name for column in problem.inputs] == ["a", "b", "hour"]
    assert problem.notes[-1].values == {"column": "hour", "other": "b"}
    steady = pose_problem(table | {"y": x[1] + x[0] ** 2 + rng.normal(size=400)}, "y")
    assert [column.name for column in steady.inputs] == ["a", "b"]
