"""Files and objects that are no table: one clear line each."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unbend.data import read_table
from unbend.errors import DataError


def refused(source: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read_table(source)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\xff\xfe\n\x00", "empty_file"),
        (b"sep=;\n", "empty_file"),
        (b'a,"b\n' + b"1,2\n" * 50_000, "open_quote"),
        (b"a,b\n", "header_only"),
        (b"a,b", "header_only"),
        (b"a,a\n1,2\n", "column_twice"),
        (b"a, a\n1,2\n", "column_twice"),
        (b"a,,c\n1,2,3\n1,7,3\n", "column_without_name"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "foreign_picture"),
        (b"%PDF-1.7\n", "foreign_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "foreign_office"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "foreign_compressed"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-5], "damaged_file"),
        (gzip.compress(bytes(257) + b"ustar" + bytes(50), mtime=0), "foreign_archive"),
        (b"PK\x03\x04" + bytes(50), "damaged_file"),
        (b"SQLite format 3\x00" + bytes(100), "damaged_file"),
        (b"\x93NUMPY\x01\x00", "foreign_numpy"),
        (b"PARE" + bytes(20), "encrypted"),
        (b"<!DOCTYPE html><html></html>", "foreign_html"),
        (b'{"a": {"b": 1}, "c": [1, 2', "broken_json"),
        (b'["a", "b"]', "foreign_json"),
        (b"1,a,1\n2,b,2\n", "values_in_header"),
        (b"a,b\n1,\x00\n", "foreign_binary"),
        (b"PAR1" + bytes(100), "damaged_file"),
        (b"ARROW1\x00\x00" + bytes(100), "damaged_file"),
        (b'a,b\n"x,2\n3,4\n', "open_quote"),
        (b'a,b\n1,"x\n2,y\n', "open_quote"),
        (b"a,b\n1,2\n3\n", "ragged"),
        (b"a,b\n1,2\n3,4,5\n", "ragged"),
        (b"\xff\xfe\x00", "unknown_encoding"),
    ],
)
def test_contents(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert refused(path).key == f"data.{key}"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(min_size=64, max_size=3000))
def test_random_bytes_never_break_it(tmp_path: Path, content: bytes) -> None:
    """A table or a `DataError`; nothing else, whatever the bytes."""
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    try:
        read_table(path)
    except DataError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        ("xl/workbook.bin", "foreign_office"),
        ("word/document.xml", "foreign_document"),
        ("xl/workbook.xml", "damaged_file"),
        ("a.npy", "foreign_numpy"),
        ("", "empty_archive"),
    ],
)
def test_archives(tmp_path: Path, inside: str, key: str) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        if inside:
            archive.writestr(inside, "a,b\n1,2\n")
    assert refused(tmp_path / "book.xlsx").key == f"data.{key}"


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_truncated_parquet(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": np.arange(5000.0), "b": np.arange(5000)}), path)
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    assert refused(path).key == "data.damaged_file"


def test_ragged_after_quoted_newlines_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('\na,b\n"one\ntwo\nthree",2\n\n5,6\n7\n')
    error = refused(path)
    assert error.values == {"source": "table.csv", "line": 8, "found": 1, "expected": 2}
    assert "line 8" in str(error)


def test_text_where_numbers_were_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('a,b\n"one\ntwo",2\n' + "x,1\n" * 20 + "y,twelve\n")
    error = refused(path)
    assert error.key == "data.text_for_number"
    assert error.values == {"column": "b", "place": "line 24", "value": "twelve"}


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "measured.csv").write_text("a,b\n1,2\n")
    assert refused("mesured.csv").values["near"] == "measured.csv"
    assert refused("concret").values["near"] == "concrete"
    assert refused("zzz/qqq.csv").key == "data.no_such_file"
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty").key == "data.no_tables_in_folder"
    assert refused("x" * 5000).key == "data.unreadable"

    def locked(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert refused("measured.csv").key == "data.no_permission"


def test_a_file_in_the_working_directory_wins_over_a_shipped_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "energy").mkdir()
    assert read_table("concrete").num_rows == 1030
    (tmp_path / "concrete").write_text("a,b\n1,2\n")
    assert read_table("concrete").num_rows == 1


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (5, "not_a_table"),
        (None, "not_a_table"),
        ([], "not_a_table"),
        ([1, 2], "not_a_table"),
        (np.arange(5.0), "array_not_2d"),
        (np.zeros((2, 2, 2)), "array_not_2d"),
        (np.zeros((0, 2)), "no_rows"),
        ({}, "no_rows"),
        ({"a": [1, 2], "b": [1]}, "columns_differ"),
        ({"a": [1, 2], " a": [1, 2]}, "column_twice"),
        ({"a": [1, 2], "": [3, 9]}, "column_without_name"),
        (pa.table({"a": pa.array([2**62], pa.timestamp("s"))}), "cannot_convert"),
    ],
)
def test_objects(source: Any, key: str) -> None:
    assert refused(source).key == f"data.{key}"


def test_pandas_column_twice() -> None:
    import pandas as pd

    assert refused(pd.DataFrame([[1, 2]], columns=["a", "a"])).key == "data.column_twice"
