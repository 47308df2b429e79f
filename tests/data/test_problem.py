"""Posing a problem: rows dropped, notes on the data, errors of tables and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unbend.data import pose_problem
from unbend.errors import DataError

X = [0.5 * k * k for k in range(12)]


def keys(notes: Any) -> list[str]:
    return [note.key.removeprefix("data.") for note in notes]


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


def test_rows_without_a_target_are_dropped_with_a_note() -> None:
    problem = pose_problem({"x": X[::-1], "y": [*X[:10], None, None]}, "y")
    assert (problem.rows, problem.rows_read, problem.table.num_rows) == (10, 12, 10)
    assert keys(problem.notes) == ["rows_dropped"]
    assert "not used: 2" in problem.notes[0].text()


def test_missing_cells_are_noted() -> None:
    x = [None, float("nan"), float("inf"), *X[3:]]
    problem = pose_problem({"x": x, "y": X}, "y")
    assert problem.columns[0].missing == 3
    assert keys(problem.notes) == ["missing_numbers", "infinite"]


def test_an_input_equal_to_the_target_is_noted() -> None:
    assert keys(pose_problem({"x": X, "y": X}, "y").notes) == ["equals_target"]


def test_take() -> None:
    part = pose_problem({"x": X, "y": X[::-1]}, "y").take(np.array([3, 1]))
    assert part.table["x"].to_pylist() == [X[3], X[1]] and part.y.tolist() == [X[8], X[10]]


def test_no_column_remains() -> None:
    with pytest.raises(DataError) as caught:
        pose_problem({"a": [1] * 12, "b": [f"t{k}" for k in range(12)], "y": X}, "y")
    assert caught.value.key == "data.nothing_left"
    assert "every row" in str(caught.value)
