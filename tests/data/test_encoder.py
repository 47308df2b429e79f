"""Columns as numbers: what is learned, from which rows, and what happens to a new table."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.data import Encoder, Problem, pose_problem
from unbend.errors import DataError

N = 12
TABLE: dict[str, list[Any]] = {
    "age": [None, 10, 20, 30, 45, 50, 60, 70, 80, 90, 100, 111],
    "smoker": ["yes", "no", None] * 4,
    "colour": ["red", "red", "red", "blue", "blue", "blue", "green", "green", "green", "gold", "teal", None],
    "day": [f"2020-01-{k:02}" for k in [1, 3, 4, 9, 20, 22, 23, 24, 25, 26, 27, 28]],
    "y": [0.5 * k * k for k in range(N)],
}
NAMES = (
    "age", "age is missing", "smoker=yes", "smoker is missing",
    "colour=blue", "colour=green", "colour=red", "colour=(other)", "colour is missing", "day",
)  # fmt: skip


@pytest.fixture
def problem() -> Problem:
    return pose_problem(TABLE, "y")


def test_features(problem: Problem) -> None:
    encoder = Encoder.fit(problem)
    features = encoder.transform(problem)
    assert encoder.names == NAMES
    assert encoder.sources == ("age",) * 2 + ("smoker",) * 2 + ("colour",) * 5 + ("day",)
    assert features.dtype == np.float64 and features.flags.c_contiguous
    assert features[0].tolist() == [60, 1, 1, 0, 0, 0, 1, 0, 0, 18262]
    assert features[2].tolist() == [20, 0, 0.5, 1, 0, 0, 1, 0, 0, 18265]
    assert features[9:, 4:9].tolist() == [[0, 0, 0, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]


def test_fitted_on_the_given_rows_alone(problem: Problem) -> None:
    rows = np.array([1, 3, 4, 6, 7])
    encoder = Encoder.fit(problem, problem.inputs, rows)
    assert encoder.names == ("age", "smoker=yes", "colour=blue", "colour=green", "colour=(other)", "day")
    features = encoder.transform(problem.table, np.array([0, 2, 11]))
    assert features[:, 0].tolist() == [45, 20, 111]
    assert features[:, 2:5].tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]


def test_constant_in_the_given_rows_is_dropped(problem: Problem) -> None:
    encoder = Encoder.fit(problem, problem.inputs, np.array([0, 0]))
    assert encoder.names == ()
    assert encoder.transform(problem).shape == (N, 0)


@given(st.lists(st.integers(0, N - 1), min_size=1, max_size=20), st.lists(st.integers(0, N - 1), max_size=20))
@settings(max_examples=80, deadline=None)
def test_rows_are_slices_and_json_keeps_everything(fitted: list[int], chosen: list[int]) -> None:
    problem = pose_problem(TABLE, "y")
    encoder = Encoder.fit(problem, rows=np.array(fitted))
    again = Encoder.from_dict(json.loads(json.dumps(encoder.to_dict())))
    whole = encoder.transform(problem)
    rows = np.array(chosen, dtype=int)
    assert np.isfinite(whole).all()
    np.testing.assert_array_equal(again.transform(problem.table, rows), whole[rows])
    assert again.names == encoder.names
    assert not (whole[fitted] == whole[fitted[0]]).all(axis=0).any()  # no constant feature
    mask = np.zeros(N, dtype=bool)
    mask[chosen] = True
    np.testing.assert_array_equal(encoder.transform(problem, mask), whole[mask])


def test_a_new_table(problem: Problem) -> None:
    encoder = Encoder.fit(problem)
    row = {"day": ["2020-02-01"], "extra": ["?"], "colour": ["pink"], "smoker": ["Yes"], "age": ["7"]}
    assert encoder.transform(row)[0].tolist() == [7, 0, 1, 0, 0, 0, 0, 1, 0, 18293]
    notes = encoder.notes(row)
    assert [note.key for note in notes] == ["data.unseen_labels"] and "pink" in notes[0].text()
    assert encoder.notes(problem) == ()
    empty = {name: [None] for name in TABLE}
    assert encoder.transform(empty)[0].tolist() == [60, 1, 0.5, 1, 0, 0, 0, 0, 1, 18283.5]


def test_no_rows(problem: Problem) -> None:
    encoder = Encoder.fit(problem)
    assert encoder.transform(problem.table.slice(0, 0)).shape == (0, len(NAMES))
    assert encoder.transform(problem, np.array([], dtype=int)).shape == (0, len(NAMES))


def test_labels_that_look_like_numbers(tmp_path: Path) -> None:
    problem = pose_problem({"room": ["01", "02", "A"] * 4, "y": TABLE["y"]}, "y")
    encoder = Encoder.fit(problem)
    assert encoder.names == ("room=01", "room=02", "room=A")
    path = tmp_path / "new.csv"
    path.write_text("room,x\n01,1\n02,1\n")
    assert encoder.transform(path).tolist() == [[1, 0, 0], [0, 1, 0]]
    numbered = Encoder.fit(pose_problem({"room": ["1", "2.5", "A"] * 4, "y": TABLE["y"]}, "y"))
    assert numbered.transform(pa.table({"room": [1.0, 2.5]})).tolist() == [[1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("change", "key", "values"),
    [
        ({"age": None}, "column_missing", {"column": "age"}),
        ({"age": None, "Age ": [1, 2]}, "column_missing_near", {"column": "age", "near": "Age"}),
        ({"age": ["5", "old"]}, "text_for_number", {"column": "age", "place": "row 2", "value": "old"}),
        ({"age": ["tall", None]}, "text_for_number", {"column": "age", "place": "row 1", "value": "tall"}),
        ({"day": ["2020-01-01", "soon"]}, "text_for_date", {"column": "day", "place": "row 2", "value": "soon"}),
        ({"day": [5.0, 6.0]}, "type_for_date", {"column": "day"}),
        ({"age": [[1], [2]]}, "type_for_number", {"column": "age"}),
        ({"age": ["2020-01-01", "x"]}, "text_for_number", {"column": "age", "place": "row 1", "value": "2020-01-01"}),
    ],
)
def test_tables_that_do_not_fit(problem: Problem, change: dict[str, Any], key: str, values: dict[str, Any]) -> None:
    table = {name: cells[:2] for name, cells in TABLE.items()} | change
    table = {name: cells for name, cells in table.items() if cells is not None}
    with pytest.raises(DataError) as caught:
        Encoder.fit(problem).transform(table)
    assert caught.value.key == f"data.{key}"
    assert caught.value.values.items() >= values.items()


def test_a_table_alone_is_not_enough(problem: Problem) -> None:
    with pytest.raises(DataError) as caught:
        Encoder.fit(problem.table)
    assert caught.value.key == "data.columns_needed"
    assert Encoder.fit(problem.table, problem.inputs).names == NAMES


def test_another_version() -> None:
    with pytest.raises(DataError) as caught:
        Encoder.from_dict({"version": 99})
    assert caught.value.key == "data.encoder_version"


def test_rare_and_many_levels() -> None:
    labels = [f"l{k % 70:02}" for k in range(700)] + ["once"]
    problem = pose_problem({"label": labels, "y": np.arange(701.0) ** 0.5}, "y")
    encoder = Encoder.fit(problem)
    assert len(encoder.names) == 51 and encoder.names[-1] == "label=(other)"
    features = encoder.transform(problem)
    assert (features.sum(axis=1) == 1).all() and features[-1, -1] == 1


def test_a_table_is_converted_once(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    from unbend.data import column_arrays

    encoder = Encoder.fit(problem)
    features = encoder.transform(problem)
    monkeypatch.setattr(column_arrays, "to_plain_type", None)  # any conversion would fail now
    np.testing.assert_array_equal(Encoder.fit(problem).transform(problem), features)
    np.testing.assert_array_equal(encoder.transform(problem.arrays), features)
    np.testing.assert_array_equal(encoder.transform(replace(problem, columns=problem.columns[:1])), features)


def test_another_table_has_arrays_of_its_own(problem: Problem) -> None:
    encoder = Encoder.fit(problem)
    features = encoder.transform(problem)
    rows = np.array([7, 2, 2])
    np.testing.assert_array_equal(encoder.transform(problem.take(rows)), features[rows])
    copy = pickle.loads(pickle.dumps(problem))
    assert copy.arrays.table is copy.table and not copy.arrays._cache
    np.testing.assert_array_equal(encoder.transform(copy), features)
