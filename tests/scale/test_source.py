"""Shards and blocks of every kind of file against the tables that were written; bad files by name and row."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from unbend.data import read_table
from unbend.errors import DataError
from unbend.scale import open_source

ROWS = 900


def table(seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "x": rng.normal(size=ROWS),
            "count": rng.integers(0, 50, ROWS),
            "color": rng.choice(["red", "green", "파랑"], ROWS),
            "when": pa.array(np.datetime64("2020-01-01") + rng.integers(0, 500, ROWS)),
            "paid": rng.random(ROWS) < 0.5,
            "y": rng.normal(size=ROWS),
        }
    )


def write_parts(folder: Path, write: Any, ending: str, count: int = 3) -> Path:
    folder.mkdir()
    whole = table()
    size = ROWS // count
    for k in range(count):
        write(whole.slice(k * size, size), folder / f"part-{k}.{ending}")
    return folder


def whole_table(place: Any, **arguments: Any) -> Any:
    source = open_source(place, "y", **arguments)
    return pa.concat_tables([block for shard in source.shards for block in source.blocks(shard)])


@pytest.mark.parametrize(
    ("write", "ending"),
    [
        (lambda t, p: pq.write_table(t, p, row_group_size=70), "parquet"),
        (lambda t, p: feather.write_feather(t, str(p), chunksize=70), "feather"),
        (pacsv.write_csv, "csv"),
    ],
    ids=["parquet", "feather", "csv"],
)
def test_a_folder_and_a_pattern_have_the_rows_of_read_table(tmp_path: Path, write: Any, ending: str) -> None:
    folder = write_parts(tmp_path / "table", write, ending)
    expected = read_table(table())
    assert whole_table(folder).equals(expected)
    assert whole_table(f"{folder}/part-*.{ending}").equals(expected)


def test_a_query_has_the_rows_of_the_database(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    plain = table().select(["x", "count", "color", "y"])
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.register("plain", plain)
        database.execute("create table rows as select * from plain")
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.execute("create table rows (x real, count int, color text, y real)")
        connection.executemany("insert into rows values (?, ?, ?, ?)", zip(*plain.to_pydict().values(), strict=True))
    expected = read_table(plain)
    query = "select * from rows"
    assert whole_table(tmp_path / "a.sqlite", query=query).equals(expected)
    assert whole_table(tmp_path / "a.duckdb", query=query).sort_by("x").equals(expected.sort_by("x"))


def test_partitions_are_columns(tmp_path: Path) -> None:
    pq.write_to_dataset(table(), tmp_path / "table", partition_cols=["color"])
    found = whole_table(tmp_path / "table")
    assert found.select(table().column_names).sort_by("x").equals(read_table(table()).sort_by("x"))


def test_blocks_do_not_depend_on_row_groups(tmp_path: Path) -> None:
    blocks = []
    for size in (1, 64, 1000):
        pq.write_table(table(), tmp_path / f"{size}.parquet", row_group_size=size)
        source = open_source(tmp_path / f"{size}.parquet", "y")
        assert pickle.loads(pickle.dumps(source)) == source
        blocks.append([block.num_rows for block in source.shards[0].blocks(256)])
    assert blocks == [[256, 256, 256, 132]] * 3


def other_columns(path: Path) -> None:
    pq.write_table(table().rename_columns(["x", "count", "colour", "when", "paid", "y"]), path)


def truncated(path: Path) -> None:
    pq.write_table(table(), path)
    path.write_bytes(path.read_bytes()[:-500])


def text_for_number(path: Path) -> None:
    cells = [str(value) for value in table()["x"].to_pylist()]
    cells[416] = "much"
    pq.write_table(table().set_column(0, "x", pa.array(cells)), path)


def empty(path: Path) -> None:
    path.touch()


BAD = [(other_columns, "colour"), (truncated, "bad"), (text_for_number, "bad.parquet, row 417"), (empty, "bad")]


@pytest.mark.parametrize(("spoil", "named"), BAD, ids=[spoil.__name__ for spoil, _ in BAD])
def test_a_bad_file_is_named(tmp_path: Path, spoil: Any, named: str) -> None:
    folder = write_parts(tmp_path / "table", pq.write_table, "parquet")
    spoil(folder / "bad.parquet")
    with pytest.raises(DataError) as error:
        whole_table(folder)
    assert named in str(error.value) and "\n" not in str(error.value)


def test_a_ragged_line_is_named(tmp_path: Path) -> None:
    folder = write_parts(tmp_path / "table", pacsv.write_csv, "csv")
    with (folder / "part-1.csv").open("a") as file:
        file.write("1,2\n")
    with pytest.raises(DataError, match=r"part-1\.csv, line 302"):
        whole_table(folder)


def test_files_of_two_kinds_and_none(tmp_path: Path) -> None:
    folder = write_parts(tmp_path / "table", pacsv.write_csv, "csv")
    pq.write_table(table(), folder / "a.parquet")
    with pytest.raises(DataError, match="Parquet, text"):
        open_source(folder, "y")
    with pytest.raises(DataError, match="no Parquet"):
        open_source(tmp_path / "nothing" / "*.csv", "y")
