"""From a table and a target's name to a problem: the task, the target's errors, what is done and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from unbend.data import MIN_ROWS, pose_problem
from unbend.errors import DataError

X = [0.5 * k * k for k in range(12)]


def refused(y: Any, task: str | None = None, target: str = "y", **columns: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        pose_problem({"x": X[: len(y)], "y": y, **columns}, target, task)
    assert "\n" not in str(caught.value)
    return caught.value


def keys(notes: Any) -> list[str]:
    return [note.key.removeprefix("data.") for note in notes]


@pytest.mark.parametrize(
    ("y", "task", "classes", "said"),
    [
        (["b", "a"] * 6, "classification", ("a", "b"), []),
        (["yes", "no"] * 6, "classification", ("no", "yes"), []),
        ([True, False] * 6, "classification", ("false", "true"), []),
        ([3.5, -1] * 6, "classification", ("-1", "3.5"), ["task_two_values"]),
        ([0, 1, 2] * 4, "classification", ("0", "1", "2"), ["task_class_numbers"]),
        ([1, 2, 3, 4] * 3, "classification", ("1", "2", "3", "4"), ["task_class_numbers"]),
        ([1.0, 2.0, 3.0] * 4, "classification", ("1", "2", "3"), ["task_class_numbers"]),
        ([2, 3, 4] * 4, "regression", (), ["task_few_wholes"]),
        ([0, 1, 3] * 4, "regression", (), ["task_few_wholes"]),
        ([0.5, 1, 3] * 4, "regression", (), []),
        (list(range(12)), "regression", (), []),
    ],
)
def test_task_from_the_target(y: list[Any], task: str, classes: tuple[str, ...], said: list[str]) -> None:
    problem = pose_problem({"x": X, "y": y}, "y")
    assert (problem.task, problem.classes, keys(problem.notes)) == (task, classes, said)
    if task == "classification":
        assert problem.y.dtype == np.int64
        assert [problem.classes[k] for k in problem.y] == [str(v).lower().removesuffix(".0") for v in y]
    else:
        assert problem.y.dtype == np.float64 and problem.y.tolist() == y


def test_task_given() -> None:
    assert pose_problem({"x": X, "y": [0, 1, 2] * 4}, "y", "regression").task == "regression"
    assert pose_problem({"x": X, "y": [2, 10, 7] * 4}, "y", "classification").classes == ("2", "7", "10")
    assert pose_problem({"x": X, "y": [True, False] * 6}, "y", "regression").y.tolist() == [1, 0] * 6


@pytest.mark.parametrize(
    ("y", "key"),
    [
        ([5.0] * 12, "target_constant"),
        (["a"] * 12, "target_constant"),
        ([True] * 12, "target_constant"),
        ([None] * 12, "target_missing"),
        (["NA"] * 12, "target_missing"),
        (pa.nulls(12, pa.date32()), "target_missing"),
        ([1.5, float("nan")] * 6, "target_not_finite"),
        ([1.5, float("inf")] * 6, "target_not_finite"),
        ([f"name {k}" for k in range(12)], "target_all_distinct"),
        (["a"] * 6 + ["b"] * 5 + ["c"], "lonely_classes"),
        ([1, 2, 3], "too_few_rows"),
        ([1.0] * 3 + [None] * 9, "too_few_rows"),
        (pa.array([k * 86400 for k in range(12)], pa.timestamp("s")), "target_date"),
        ([[1, 2]] * 12, "target_type"),
        ([b"x"] * 12, "target_type"),
        ([1.0] * 11 + ["oops"], "text_for_number"),
    ],
)
def test_bad_targets(y: Any, key: str) -> None:
    assert refused(y).key == f"data.{key}"


def test_errors_name_what_helps() -> None:
    assert refused(["a"] * 6 + ["b"] * 5 + ["c"]).values["classes"] == "c"
    assert refused([1.5] * 5 + [float("inf")] + [2] * 6).values["place"] == "row 6"
    assert str(MIN_ROWS) in str(refused([1, 2, 3]))
    assert refused([1, 2] * 6, target="Y ").values == {"column": "Y ", "near": "y"}
    assert refused([1, 2] * 6, target="weight").key == "data.no_such_column"
    assert refused([1, 2] * 6, task="both").key == "data.no_such_task"
    assert refused(["a", "b"] * 6, task="regression").values["value"] == "a"
    assert refused(X, task="classification").key == "data.target_all_distinct"


def test_a_million_categories() -> None:
    names = [f"k{k}" for k in range(1_000_000)]
    table = pa.table({"x": np.arange(1_000_000) % 7 * 0.5, "y": names})
    with pytest.raises(DataError) as caught:
        pose_problem(table, "y")
    assert caught.value.key == "data.target_all_distinct"
    with pytest.raises(DataError) as caught:
        pose_problem({"x": np.arange(4000) * 0.5, "y": [f"k{k // 2}" for k in range(4000)]}, "y")
    assert caught.value.key == "data.too_many_classes"


def test_one_column() -> None:
    with pytest.raises(DataError) as caught:
        pose_problem({"y": X}, "y")
    assert caught.value.key == "data.one_column"


def test_no_header(tmp_path: Path) -> None:
    path = tmp_path / "iris.csv"
    path.write_text("5.1,3.5,1.4\n4.9,3.0,1.3\n")
    with pytest.raises(DataError) as caught:
        pose_problem(path, "species")
    assert caught.value.key == "data.no_header"


def test_nan_in_a_file_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "1,2\n,3\n" * 6 + "5,NaN\n")
    with pytest.raises(DataError) as caught:
        pose_problem(path, "y")
    assert caught.value.values == {"target": "y", "place": "line 14", "value": "nan"}


def test_rows_without_a_target_are_dropped_and_said() -> None:
    problem = pose_problem({"x": X[::-1], "y": [*X[:10], None, None]}, "y")
    assert (problem.rows, problem.rows_read, problem.table.num_rows) == (10, 12, 10)
    assert keys(problem.notes) == ["rows_dropped"]
    assert "not used: 2" in problem.notes[0].text()


def test_gaps_are_said() -> None:
    x = [None, float("nan"), float("inf"), *X[3:]]
    problem = pose_problem({"x": x, "y": X}, "y")
    assert problem.columns[0].missing == 3
    assert keys(problem.notes) == ["missing_filled", "infinite"]


def test_an_input_equal_to_the_target_is_said() -> None:
    assert keys(pose_problem({"x": X, "y": X}, "y").notes) == ["equals_target"]


def test_take() -> None:
    part = pose_problem({"x": X, "y": X[::-1]}, "y").take(np.array([3, 1]))
    assert part.table["x"].to_pylist() == [X[3], X[1]] and part.y.tolist() == [X[8], X[10]]


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
def test_kept(values: list[Any]) -> None:
    assert left_out(column=values) == {}


def test_identifiers_by_name() -> None:
    numbers = [k * 37 + 1000 for k in range(12)]
    assert left_out(patient_id=numbers, 번호=[k + 1 for k in numbers]) == {"patient_id": "id_name", "번호": "id_name"}
    assert left_out(paid=numbers, id=[1, 2] * 6) == {}


def test_copies_of_text_and_dates() -> None:
    columns = {"a": ["u", "v", None] * 4, "b": ["u", "v", "NA"] * 4, "c": ["v", "u", None] * 4}
    assert left_out(**columns) == {"b": "copy"}
    assert left_out(p=[True, False] * 6, q=["true", "false"] * 6, r=[False, True] * 6) == {"q": "copy"}


def test_nothing_left() -> None:
    with pytest.raises(DataError) as caught:
        pose_problem({"a": [1] * 12, "b": [f"t{k}" for k in range(12)], "y": X}, "y")
    assert caught.value.key == "data.nothing_left"
    assert "every row" in str(caught.value)


def test_row_numbers_are_used_where_nothing_else_is_there() -> None:
    problem = pose_problem({"t": list(range(1, 13)), "y": X}, "y")
    assert [column.kind for column in problem.columns] == ["number"]
    assert keys(problem.notes) == ["row_number_used"]
