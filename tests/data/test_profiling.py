"""Data profiling: which columns are left out, and why."""

from __future__ import annotations

from typing import Any

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
