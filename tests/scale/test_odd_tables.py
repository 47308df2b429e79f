"""Odd tables in shards: what is read all the same gives the values that were written, all else names file and row."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from unbend.errors import DataError
from unbend.scale import open_source, survey
from unbend.scale.shard_map import on_threads

ROWS = 60
Write = Callable[[Path], None]


def plain() -> Any:
    rng = np.random.default_rng(3)
    a = np.round(rng.normal(size=ROWS), 3)
    return pa.table(
        {
            "a": a,
            "count": rng.integers(0, 9, ROWS),
            "place": rng.choice(["서울", "부산"], ROWS),
            "day": pa.array(np.datetime64("2024-01-30") + np.arange(ROWS)),
            "y": np.round(2 * a, 3),
        }
    )


def text(table: Any, delimiter: str = ",", point: str = ".", above: str = "", below: str = "") -> str:
    """A text table, as programs write them."""
    cells = [[str(cell).replace(".", point) for cell in column.to_pylist()] for column in table.columns]
    lines = [delimiter.join(row) for row in (table.column_names, *zip(*cells, strict=True))]
    return above + "\n".join(lines) + "\n" + below


def as_text(change: Callable[..., str] = text, encoding: str = "utf-8", ending: str = "csv") -> Write:
    def write(path: Path) -> None:
        written = change(plain()).encode(encoding)
        path.with_suffix(f".{ending}").write_bytes(gzip.compress(written) if ending.endswith("gz") else written)

    return write


def cast(name: str, kind: Any) -> Write:
    def write(path: Path) -> None:
        place = plain().column_names.index(name)
        pq.write_table(plain().set_column(place, name, plain()[name].cast(kind)), path.with_suffix(".parquet"))

    return write


def changed(change: Callable[[Any], Any]) -> Write:
    return lambda path: pq.write_table(change(plain()), path.with_suffix(".parquet"))


parquet, csv = changed(lambda table: table), as_text()
turned = changed(lambda table: table.select(table.column_names[::-1]))

# the first and last of three files, and the one between: all have the same rows
READ: dict[str, tuple[Write, Write]] = {
    "cp949": (as_text(encoding="cp949"),) * 2,
    "cp949 between": (csv, as_text(encoding="cp949")),
    "utf-16": (as_text(encoding="utf-16"),) * 2,
    "byte order mark": (csv, as_text(encoding="utf-8-sig")),
    "gzip between": (csv, as_text(ending="csv.gz")),
    "decimal commas": (as_text(lambda table: text(table, ";", ",")),) * 2,
    "decimal commas between": (csv, as_text(lambda table: text(table, ";", ","))),
    "tabs between": (csv, as_text(lambda table: text(table, "\t"))),
    "title between": (csv, as_text(lambda table: text(table, above="Sales 2024\n\n"))),
    "saved index": (as_text(lambda table: text(table.add_column(0, "", [np.arange(ROWS)]))),) * 2,
    "sep= between": (csv, as_text(lambda table: text(table, ";", above="sep=;\n"))),
    "columns in another order": (parquet, turned),
    "integers as floats": (parquet, cast("count", pa.float64())),
    "floats as text": (parquet, cast("a", pa.string())),
    "small integers": (parquet, cast("count", pa.int8())),
    "decimals": (parquet, cast("y", pa.decimal128(12, 3))),
    "dictionary": (parquet, cast("place", pa.dictionary(pa.int32(), pa.string()))),
    "large strings": (parquet, cast("place", pa.large_string())),
    "days as text": (parquet, cast("day", pa.string())),
    "days as stamps": (parquet, cast("day", pa.timestamp("ns"))),
    "days as text in most": (cast("day", pa.string()), parquet),
}


def folder(place: Path, outer: Write, between: Write) -> Path:
    place.mkdir()
    for name, write in zip("123", (outer, between, outer), strict=True):
        write(place / name)
    return place


@pytest.mark.parametrize("case", READ)
def test_odd_shards_have_the_values_that_were_written(tmp_path: Path, case: str) -> None:
    source = open_source(folder(tmp_path / "t", *READ[case]), "y")
    expected = {**plain().to_pydict(), "day": plain()["day"].cast(pa.timestamp("us")).to_pylist()}
    for shard in source.shards:
        found = pa.concat_tables(source.blocks(shard)).to_pydict()
        assert {name: found[name] for name in expected} == expected
    keys = {note.key for note in source.form.notes}
    assert keys >= {"cp949": {"data.encoding"}, "title between": {"data.title_lines"}}.get(case, set())


def spoilt(name: str, row: int, cell: str) -> Write:
    cells = [str(value) for value in plain()[name].to_pylist()]
    cells[row - 1] = cell
    return changed(lambda table: table.set_column(table.column_names.index(name), name, pa.array(cells)))


BAD: dict[str, tuple[Write, Write, str]] = {
    "footnote": (csv, as_text(lambda table: text(table, below="Source: office\n")), "2.csv, line 62"),
    "text for a number": (parquet, spoilt("a", 41, "much"), "2.parquet, row 41 has 'much'"),
    "another date": (parquet, spoilt("day", 7, "soon"), "2.parquet, row 7"),
    "lists for numbers": (parquet, changed(lambda t: t.set_column(1, "count", pa.array([[1]] * ROWS))), "2.parquet"),
    "a column twice": (parquet, changed(lambda t: t.append_column("a", t["a"])), "2.parquet"),
    "one column less": (parquet, changed(lambda t: t.drop_columns("a")), "2.parquet"),
    "an infinite target": (
        parquet,
        changed(lambda t: t.set_column(4, "y", pc.if_else(pc.equal(t["y"], t["y"][8]), np.inf, t["y"]))),
        "2.parquet, row 9",
    ),
    "an open quotation mark": (csv, as_text(lambda table: text(table, below='1,"2\n')), "2.csv"),
    "cut short": (as_text(ending="csv.gz"), lambda path: path.with_suffix(".csv.gz").write_bytes(
        gzip.compress(text(plain()).encode())[:-90]), "2.csv.gz"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_shards_are_named_or_left_out(tmp_path: Path, case: str) -> None:
    outer, between, named = BAD[case]
    place = folder(tmp_path / "t", outer, between)
    with pytest.raises(DataError) as error:
        survey(open_source(place, "y"), seed=0, shard_map=on_threads)
    assert named in str(error.value) and "\n" not in str(error.value)
    source, found = survey(open_source(place, "y", skip_bad=True), seed=0, shard_map=on_threads, skip_bad=True)
    assert found.rows == 2 * ROWS and [bad.name[0] for bad in source.skipped] == ["2"]
    assert named in source.skipped[0].reason


@pytest.mark.parametrize("target", ["place", "count"])
def test_a_partition_may_be_the_target(tmp_path: Path, target: str) -> None:
    pq.write_to_dataset(plain(), tmp_path / "t", partition_cols=[target])
    source, found = survey(open_source(tmp_path / "t", target), seed=0, shard_map=on_threads, per_class=3)
    values = plain()[target].cast(pa.string()).to_pylist()
    assert found.sample.class_rows == {value: values.count(value) for value in values}
    assert source.form.types[target].name == ("category" if target == "place" else "number")


def test_shards_without_rows_and_of_one_row(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    whole = plain()
    for row in range(ROWS):
        feather.write_feather(whole.slice(row, 1), str(tmp_path / "t" / f"{row:02d}.feather"))
    for name in ("00-0", "a"):
        feather.write_feather(whole.slice(0, 0), str(tmp_path / "t" / f"{name}.feather"))
    found = survey(open_source(tmp_path / "t", "y"), seed=0, shard_map=on_threads)[1]
    assert found.rows == ROWS and found.columns["a"].least == pc.min(whole["a"]).as_py()
    assert found.sample.take(ROWS).table.num_rows == ROWS


@pytest.mark.parametrize("write", [parquet, csv], ids=["parquet", "csv"])
def test_a_shard_that_changes_while_it_is_read_is_named(tmp_path: Path, write: Write) -> None:
    source = open_source(folder(tmp_path / "t", write, write), "y")
    write(tmp_path / "t" / "2")
    with pytest.raises(DataError, match=r"^2\.\w+ was written again"):
        survey(source, seed=0, shard_map=on_threads)
