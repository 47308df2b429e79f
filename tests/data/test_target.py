"""The target column: the task it implies, its classes, and the errors of targets that cannot be learned."""

from __future__ import annotations

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
    ("y", "task", "classes", "notes"),
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
def test_task_from_the_target(y: list[Any], task: str, classes: tuple[str, ...], notes: list[str]) -> None:
    problem = pose_problem({"x": X, "y": y}, "y")
    assert (problem.task, problem.classes, keys(problem.notes)) == (task, classes, notes)
    if task == "classification":
        assert problem.y.dtype == np.int64
        assert [problem.classes[k] for k in problem.y] == [str(v).lower().removesuffix(".0") for v in y]
    else:
        assert problem.y.dtype == np.float64 and problem.y.tolist() == y


def test_task_as_requested() -> None:
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


def test_errors_name_the_cause() -> None:
    assert refused(["a"] * 6 + ["b"] * 5 + ["c"]).values["classes"] == "c"
    assert refused([1.5] * 5 + [float("inf")] + [2] * 6).values["place"] == "row 6"
    assert str(MIN_ROWS) in str(refused([1, 2, 3]))
    assert refused([1, 2] * 6, target="Y ").values == {"column": "Y ", "near": "y"}
    assert refused([1, 2] * 6, target="weight").key == "data.no_such_column"
    assert refused([1, 2] * 6, task="both").key == "data.no_such_task"
    assert refused(["a", "b"] * 6, task="regression").values["value"] == "a"
    assert refused(X, task="classification").key == "data.target_all_distinct"


def test_too_many_categories() -> None:
    names = [f"k{k}" for k in range(300_000)]
    table = pa.table({"x": np.arange(300_000) % 7 * 0.5, "y": names})
    with pytest.raises(DataError) as caught:
        pose_problem(table, "y")
    assert caught.value.key == "data.target_all_distinct"
    with pytest.raises(DataError) as caught:
        pose_problem({"x": np.arange(4000) * 0.5, "y": [f"k{k // 2}" for k in range(4000)]}, "y")
    assert caught.value.key == "data.too_many_classes"
