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


# duplicates and ordinary repeats -------------------------------------------------------------------------------------


def coarse(seed: int, rows: int = 1300, noise: bool = False) -> dict[str, Any]:
    """Like the Titanic: a class, a sex, an age in years that a fifth lack; two in three rows repeat another one."""
    rng = np.random.default_rng(seed)
    grade, sex = rng.choice(3, rows, p=[0.25, 0.2, 0.55]), rng.random(rows) < 0.36
    age = np.clip(np.round(38 - 5 * grade + rng.normal(0, 13, rows)), 0, 76)
    odds = 2.5 * sex - 1.1 * grade - 0.03 * (age - 30)
    age[rng.random(rows) < 0.2] = np.nan
    table: dict[str, Any] = {"grade": grade, "sex": np.where(sex, "f", "m"), "age": age}
    if noise:
        table["noise"] = rng.normal(size=rows)
    return table | {"y": np.where(rng.random(rows) < 1 / (1 + np.exp(-odds)), "yes", "no")}


@pytest.mark.parametrize("seed", range(3))
def test_repeats_of_a_coarse_table_are_not_copies(seed: int) -> None:
    for noise in (False, True):
        assert duplicate_groups(pose_problem(coarse(seed, noise=noise), "y")) is None
    table = coarse(seed)
    table["y"] = 10 * np.nan_to_num(table["age"]) + 50 * np.asarray(table["grade"])  # a function of the columns
    assert duplicate_groups(pose_problem(table, "y")) is None


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("columns", ["continuous", "one continuous", "many of 20 levels"])
def test_duplicates_are_found(columns: str, classes: bool) -> None:
    rng, rows = np.random.default_rng(1), 200
    x = {
        "continuous": rng.normal(size=(3, rows)),
        "one continuous": np.stack([rng.integers(0, 4, rows), rng.normal(size=rows)]),
        "many of 20 levels": rng.integers(0, 20, (8, rows)),
    }[columns]
    y: Any = x[0] + rng.normal(size=rows)
    y = np.where(y > np.median(y), "yes", "no") if classes else y
    again = np.r_[np.arange(rows), rng.choice(rows, 60, replace=False)]
    groups = duplicate_groups(pose_problem({f"x{k}": c[again] for k, c in enumerate(x)} | {"y": y[again]}, "y"))
    assert groups is not None and groups[rows:].tolist() == groups[again[rows:]].tolist()
    assert len(np.unique(groups)) == rows


def test_a_coarse_table_that_is_there_twice() -> None:
    """Every row occurs an even number of times: each is grouped with one other, ordinary repeats are not."""
    table = {name: np.tile(cells, 2) for name, cells in coarse(0).items()}
    groups = duplicate_groups(pose_problem(table, "y"))
    assert groups is not None and (np.bincount(groups) == 2).all()
    first, second = (np.flatnonzero(groups == g) for g in (3, 400))
    for pair in (first, second):
        assert all(str(cells[pair[0]]) == str(cells[pair[1]]) for cells in table.values())


def test_a_counter_named_as_time_is_an_input() -> None:
    rng = np.random.default_rng(0)
    problem = pose_problem({"month": np.arange(1, 61), "x": rng.normal(size=60), "y": rng.normal(size=60)}, "y")
    assert [c.name for c in problem.inputs] == ["x"]
    assert [c.name for c in group_rows(problem, None, "month", ()).problem.inputs] == ["month", "x"]
