"""Groups of rows: by a column, by duplicates, in order of time; columns that cannot serve are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unbend.data import pose_problem
from unbend.errors import BadInput, DataError
from unbend.verdict.grouping import duplicate_groups, group_rows


def table(n: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {"a": rng.normal(size=n), "b": rng.normal(size=n), "who": [f"p{k % 9}" for k in range(n)],
            "day": np.datetime64("2024-01-01") + np.arange(n), "y": rng.normal(size=n)}  # fmt: skip


def test_columns_that_are_named() -> None:
    problem = pose_problem(table(), "y")
    grouped = group_rows(problem, "who", None, ())
    assert [c.name for c in grouped.problem.inputs] == ["a", "b", "day"] and grouped.groups.max() == 8
    timed = group_rows(problem, None, "day", ["a"])
    assert [c.name for c in timed.problem.inputs] == ["b", "who", "day"] and (np.diff(timed.times) == 1).all()
    some = timed.take(np.array([5, 2, 9]))
    assert some.problem.rows == 3 and (some.times - some.times.min()).tolist() == [3, 0, 7]


def test_missing_groups_and_times_are_said() -> None:
    rows = table()
    rows["who"] = [None if k % 10 == 0 else w for k, w in enumerate(rows["who"])]
    rows["day"] = [None if k % 20 == 0 else float(k) for k in range(60)]
    problem = pose_problem(rows, "y")
    grouped = group_rows(problem, "who", None, ())
    assert len(set(grouped.groups[::10])) == 1 and not set(grouped.groups[::10]) & set(grouped.groups[1::10])
    assert {n.key for n in grouped.notes} == {"verdict.grouped", "verdict.group_missing"}
    timed = group_rows(problem, None, "day", ())
    assert timed.problem.rows == len(timed.times) == 57 and timed.notes[1].values["count"] == 3


@pytest.mark.parametrize(
    ("group", "time", "drop", "key"),
    [("who", "day", (), "group_and_time"), ("y", None, (), "target_as_input"), (None, "y", (), "target_as_input"),
     ("whom", None, (), "no_such_column_near"), (None, "zzzzzz", (), "no_such_column"), (None, "who", (), "time_type"),
     (None, None, ["y"], "target_as_input"), (None, None, ["a", "b", "who", "day"], "nothing_left")],
)  # fmt: skip
def test_columns_that_cannot_serve(group: str, time: str, drop: list[str], key: str) -> None:
    with pytest.raises((BadInput, DataError)) as caught:
        group_rows(pose_problem(table(), "y"), group, time, drop)
    assert caught.value.key.endswith(key) and "\n" not in str(caught.value)


def test_duplicates() -> None:
    """Rows counted twice are detected; equal rows of a few labels, and repeated measurements, are not duplicates."""
    rng = np.random.default_rng(1)
    n = 80
    one = {"a": rng.normal(size=n), "b": rng.integers(0, 3, n), "y": rng.normal(size=n)}
    assert duplicate_groups(pose_problem(one, "y")) is None
    twice = {name: np.r_[cells, cells[:30]] for name, cells in one.items()}
    found = duplicate_groups(pose_problem(twice, "y"))
    assert found is not None and (found[:30] == found[n:]).all() and found.max() + 1 == n
    labels = {name: rng.integers(0, 3, 400).astype(str) for name in "abc"}
    for answer in (rng.integers(0, 2, 400), (labels["a"] == labels["b"]).astype(int)):
        assert duplicate_groups(pose_problem(labels | {"y": answer.astype(str)}, "y")) is None
    measured = {"x": np.repeat(np.arange(10.0), 8), "y": rng.normal(size=80)}
    assert duplicate_groups(pose_problem(measured, "y")) is None
    oversampled = {name: np.r_[cells, np.repeat(cells[:8], 9)] for name, cells in one.items()}
    oversampled["y"] = np.where(np.arange(n + 72) % 8 < 4, "p", "q")
    oversampled["y"][n:] = np.repeat(oversampled["y"][:8], 9)
    assert duplicate_groups(pose_problem(oversampled, "y")) is not None
