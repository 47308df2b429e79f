"""Text tables: delimiters, encodings, ways to write numbers, dates, booleans and missing cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unbend.data.reader import parse_table

ROWS = [["age", "name", "price"], ["31", "Kim, Lee", "1.5"], ["28", 'say "hi"', "2.25"], ["7", "two\nlines", ""]]


def written(tmp_path: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def table(tmp_path: Path, text: str | bytes) -> tuple[dict[str, list[Any]], list[str]]:
    reading = parse_table(written(tmp_path, text))
    return reading.table.to_pydict(), [note.key for note in reading.notes]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_quotes_and_line_ends(tmp_path: Path, delimiter: str, ending: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(ROWS)
    columns, notes = table(tmp_path, out.getvalue())
    assert columns["age"] == [31, 28, 7]
    assert columns["name"] == ["Kim, Lee", 'say "hi"', "two\nlines"]
    assert columns["price"] == [1.5, 2.25, None]
    assert notes == []


def test_spaces(tmp_path: Path) -> None:
    columns, notes = table(tmp_path, '  a   b c\n 1    2 "x y"\n3 4  "z"  \n')
    assert columns == {"a": [1, 3], "b": [2, 4], "c": ["x y", "z"]}
    assert notes == ["data.delimiter_spaces"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("first name,last name\nA B,C D\n", {"first name": ["A B"], "last name": ["C D"]}),
        ("a;b\n1,5;2,5\n", {"a": [1.5], "b": [2.5]}),
        ("when,x\n2020-01-01 10:00,5\n", {"when": [dt.datetime(2020, 1, 1, 10)], "x": [5]}),
        ("sep=;\na;b\n1;2\n", {"a": [1], "b": [2]}),
        ("\n\na , b\n\n1, 2\n\n", {"a": [1], "b": [2]}),
        ("a\n1\n2\n", {"a": [1, 2]}),
        ("a,b,\n1,2,\n", {"a": [1], "b": [2]}),
        (",b\n0,5\n1,7\n", {"b": [5, 7]}),
    ],
)
def test_which_delimiter(tmp_path: Path, text: str, columns: dict[str, list[Any]]) -> None:
    assert table(tmp_path, text)[0] == columns


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("cp949", ["data.encoding"])],
)
def test_korean_encodings(tmp_path: Path, encoding: str, notes: list[str]) -> None:
    columns, keys = table(tmp_path, "나이,이름\n31,김철수\n28,이똠\n".encode(encoding))
    assert columns == {"나이": [31, 28], "이름": ["김철수", "이똠"]}
    assert keys == notes


def test_western_encoding(tmp_path: Path) -> None:
    assert table(tmp_path, "café,b\nMüller,2\n".encode("cp1252")) == ({"café": ["Müller"], "b": [2]}, ["data.encoding"])


@pytest.mark.parametrize(
    ("text", "values", "notes"),
    [
        ('x,y\n"1,234.5",0\n"-12",0\n"1,000,000",0\n', [1234.5, -12, 1e6], ["data.read_thousands"]),
        ("x;y\n1,5;0\n-2;0\n1.234,25;0\n", [1.5, -2, 1234.25], ["data.read_decimal"]),
        ("x\ty\n0,5\t0\n,5\t0\n", [0.5, 0.5], ["data.read_decimal"]),
        ("x;y\n1.234;0,5\n999;1,5\n", [1234, 999], ["data.read_decimal"]),
        ("x;y\n1.234;0\n999;1\n", [1.234, 999], []),
        ('x,y\n"0,123",0\n"0,456",0\n', [0.123, 0.456], ["data.read_decimal"]),
        ("x;y\n0.123;0,5\n0.999;1,5\n", [0.123, 0.999], ["data.read_decimal"]),
        ("x;y\n+;0\ne5;0\n", ["+", "e5"], []),
        ("x;y\nNaT;0\n2020-01-31;0\n", [None, dt.datetime(2020, 1, 31)], []),
        ('x,y\n"3,14",0\n"2,7",0\n', [3.14, 2.7], ["data.read_decimal"]),
        ("x,y\n1e3,0\n+.5,0\n-5.,0\n", [1000, 0.5, -5], []),
        ("x,y\n 5 ,0\n 6,0\n", [5, 6], []),
        ("x,y\ntrue,0\nFALSE,0\n,0\n", [True, False, None], []),
        ("x,y\nyes,0\nno,0\n", ["yes", "no"], []),
        ("x,y\n01/02/2020,0\n01/02/2020,0\n", [dt.datetime(2020, 1, 2)] * 2, ["data.read_month_day_year"]),
        ("x,y\n31/01/2020,0\n02/01/2020,0\n", [dt.datetime(2020, 1, 31), dt.datetime(2020, 1, 2)], []),
        ("x,y\n2020년 1월 31일,0\n2021년 12월 1일,0\n", [dt.datetime(2020, 1, 31), dt.datetime(2021, 12, 1)], []),
        ("x,y\n2020-01-31T09:00+09:00,0\n2020-01-31T00:00Z,0\n", [dt.datetime(2020, 1, 31)] * 2, []),
    ],
)  # fmt: skip
def test_cells(tmp_path: Path, text: str, values: list[Any], notes: list[str]) -> None:
    columns, keys = table(tmp_path, text)
    assert columns["x"] == values
    assert keys == notes


@pytest.mark.parametrize("marker", ["", "NA", "N/A", "null", "None", "?", "-", "#N/A", "결측", " NA "])
def test_missing_markers(tmp_path: Path, marker: str) -> None:
    columns, _ = table(tmp_path, f'n,t\n1,a\n"{marker}","{marker}"\n2,b\n')
    assert columns == {"n": [1, None, 2], "t": ["a", None, "b"]}


def test_nan_is_a_number_gone_wrong_or_a_marker(tmp_path: Path) -> None:
    columns, _ = table(tmp_path, "n,t\n1,a\nNaN,NaN\n,b\n")
    assert columns["n"][0] == 1 and columns["n"][1] != columns["n"][1] and columns["n"][2] is None
    assert columns["t"] == ["a", None, "b"]


def test_labels_kept_as_text(tmp_path: Path) -> None:
    reading = parse_table(written(tmp_path, "room,x\n01,1\n02,NA\n"), types={"room": "text"})
    assert reading.table.to_pydict() == {"room": ["01", "02"], "x": [1, None]}


CELL = st.text(st.sampled_from("ab ,;|\t\n\"'é가1.5-"), max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8), at=st.integers(0, 7), data=st.data())
def test_ragged_rows_name_the_line(tmp_path: Path, rows: list[tuple[str, ...]], at: int, data: st.DataObject) -> None:
    """Whatever the cells hold, a row one cell short is found on the line where it begins."""
    from unbend.errors import DataError

    at %= len(rows)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    for number, row in enumerate(rows):
        if number == at:
            line = out.getvalue().count("\n") + 1
            row = row[: data.draw(st.integers(1, 2))] if data.draw(st.booleans()) else (*row, "x")
            width = len(row)
        writer.writerow(row)
    with pytest.raises(DataError) as caught:
        parse_table(written(tmp_path, out.getvalue()))
    assert (caught.value.key, caught.value.values["line"]) == ("data.ragged", line)
    assert (caught.value.values["found"], caught.value.values["expected"]) == (width, 3)
