"""What goes in: each odd file, cell or object with the values it gives, the note beside them, or the message."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unbend import set_language
from unbend.data import Encoder, pose_problem, read_table
from unbend.data.read_options import ReadOptions
from unbend.data.reader import load_table, parse_table
from unbend.errors import DataError

CSV = b"a,b,c\n1,0.5,x\n2,1.5,y\n3,2.5,x\n"
COLUMNS = {"a": [1.0, 2.0, 3.0], "b": [0.5, 1.5, 2.5], "c": ["x", "y", "x"]}
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
N = 24


def keys(source: Any, **options: Any) -> list[str]:
    return [note.key.removeprefix("data.") for note in parse_table(source, **options).notes]


def refused(source: Any, **options: Any) -> DataError:
    """The error, which is one line in both languages."""
    with pytest.raises(DataError) as caught:
        parse_table(source, **options)
    for language in ("ko", "en"):
        set_language(language)
        assert "\n" not in str(caught.value)
    return caught.value


# --- cells ---

DAYS = [dt.datetime(2020, 1, k % 28 + 1) for k in range(N)]
MONTHS = [dt.datetime(2010 + k % 9, k % 12 + 1, 1) for k in range(N)]
HOURS = [dt.datetime(2020, 1, k % 28 + 1, 12 + k % 12, 5) for k in range(N)]
NUMBERS = [float(k) for k in range(N)]
THOUSANDS = [1000.0 * k + 42 for k in range(1, N + 1)]
GAP = "\u202f"

# Cells, the values they are read as, and the notes.
CELLS: dict[str, tuple[list[str], list[Any], list[str]]] = {
    "dollars": ([f"${v:,.0f}" for v in THOUSANDS], THOUSANDS, ["read_currency", "read_thousands"]),
    "won": ([f"{v:,.0f}원" for v in THOUSANDS], THOUSANDS, ["read_currency", "read_thousands"]),
    "won sign": ([f"₩{v:,.0f}" for v in THOUSANDS], THOUSANDS, ["read_currency", "read_thousands"]),
    "sign in some": ([f"{'₩' * (k % 2)}{k}" for k in range(N)], NUMBERS, ["read_currency"]),
    "two signs of one currency": ([f"₩{k}" if k % 2 else f"{k} KRW" for k in range(N)], NUMBERS, ["read_currency"]),
    "euros": ([f"€{k}.234,56" for k in range(1, N)], [1000 * k + 234.56 for k in range(1, N)],
              ["read_currency", "read_decimal"]),
    "dotted euros": ([f"{k},5 EUR" for k in range(N)], [k + 0.5 for k in range(N)], ["read_currency", "read_decimal"]),
    "code": ([f"USD {k}" for k in range(N)], NUMBERS, ["read_currency"]),
    "yen": ([f"¥{k}" for k in range(N)], NUMBERS, ["read_currency"]),
    "francs": ([f"CHF {k}'234.5" for k in range(1, N)], [1000 * k + 234.5 for k in range(1, N)],
               ["read_currency", "read_gaps"]),
    "negative money": ([f"-${k}" for k in range(N)], [-v for v in NUMBERS], ["read_currency"]),
    "accounting": ([f"({k},200)" if k % 2 else f"{k},200" for k in range(1, N)],
                   [(1000 * k + 200) * (-1 if k % 2 else 1) for k in range(1, N)],
                   ["read_accounting", "read_thousands"]),
    "accounting money": ([f"(${k})" if k % 2 else f"${k}" for k in range(N)], [-k if k % 2 else k for k in range(N)],
                         ["read_currency", "read_accounting"]),
    "numbering": ([f"({k % 3})" for k in range(N)], [f"({k % 3})" for k in range(N)], []),
    "percent": ([f"{k}.5%" for k in range(N)], [k + 0.5 for k in range(N)], ["read_percent"]),
    "percent comma": ([f"{k},5 %" for k in range(N)], [k + 0.5 for k in range(N)], ["read_percent", "read_decimal"]),
    "zero percent": ([f"{k}%" if k else "0" for k in range(N)], NUMBERS, ["read_percent"]),
    "gaps": ([f"{k}{GAP}234" for k in range(1, N)], [1000 * k + 234 for k in range(1, N)], ["read_gaps"]),
    "minus": ([f"−{k}" for k in range(N)], [-v for v in NUMBERS], []),
    "unknown": ([str(k) if k % 5 else "unknown" for k in range(N)], [v if v % 5 else None for v in NUMBERS],
                ["read_words"]),
    "excel error": (["#DIV/0!", *map(str, range(1, N))], [None, *NUMBERS[1:]], ["read_words"]),
    "markers": (["n/a", "-", *map(str, range(2, N))], [None, None, *NUMBERS[2:]], []),
    "numbers and codes": ([str(k) if k % 4 else f"A{k}" for k in range(4 * N)],
                          [str(k) if k % 4 else f"A{k}" for k in range(4 * N)], ["read_mixed"]),
    "05-Jan-2020": ([f"{d:%d-%b-%Y}" for d in DAYS], DAYS, ["read_names"]),
    "05-JAN-20": ([f"{d:%d-%b-%y}".upper() for d in DAYS], DAYS, ["read_names"]),
    "January 5, 2020": ([f"{d:%B} {d.day}, {d.year}" for d in DAYS], DAYS, ["read_names"]),
    "Sun, 5 Jan 2020": ([f"{d:%a}, {d.day} {d:%b %Y %H:%M}" for d in HOURS], HOURS, ["read_names"]),
    "2020-01": ([f"{d:%Y-%m}" for d in MONTHS], MONTHS, ["read_months"]),
    "2020년 1월": ([f"{d.year}년 {d.month}월" for d in MONTHS], MONTHS, ["read_months"]),
    "Jan 2020": ([f"{d:%b %Y}" for d in MONTHS], MONTHS, ["read_months"]),
    "seasons": (["2009-10", "2010-11", "2011-12"] * 8, ["2009-10", "2010-11", "2011-12"] * 8, []),
    "2020년 1월 5일": ([f"{d.year}년 {d.month}월 {d.day}일" for d in DAYS], DAYS, []),
    "2020. 1. 5.": ([f"{d.year}. {d.month}. {d.day}." for d in DAYS], DAYS, []),
    "오후": ([f"2020-01-{d.day:02} 오후 {d.hour % 12 or 12}:05" for d in HOURS], HOURS, []),
    "PM": ([f"1/{d.day}/2020 {d.hour % 12 or 12}:05 PM" for d in HOURS], HOURS, []),
    "weekday": ([f"2020.01.{d.day:02}(월)" for d in DAYS], DAYS, []),
    "20200105": ([f"{d:%Y%m%d}" for d in DAYS], DAYS, ["read_digit_dates"]),
    "eight digits": ([str(20200100 + k) for k in range(1, 40)], [20200100.0 + k for k in range(1, 40)], []),
    "dates and words": (["unknown", *(f"{d:%Y-%m-%d}" for d in DAYS[1:])], [None, *DAYS[1:]], ["read_words"]),
    "dates and text": (["someday", *(f"{d:%Y-%m-%d}" for d in DAYS[1:])],
                       ["someday", *(f"{d:%Y-%m-%d}" for d in DAYS[1:])], ["read_mixed_dates"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cells(name: str) -> None:
    cells, values, notes = CELLS[name]
    source = {"v": cells, "k": [0.25] * len(cells)}
    assert read_table(source)["v"].to_pylist() == values
    assert keys(source) == notes
    if notes and isinstance(values[-1], float | int):  # the same as a target
        problem = pose_problem({"v": cells, "k": np.arange(len(cells)) ** 1.5}, "v")
        assert problem.y.tolist() == [v for v in values if v is not None]


def test_six_digits_are_months_where_the_name_says_so() -> None:
    cells = [f"{d:%Y%m}" for d in MONTHS]
    assert read_table({"month": cells, "v": cells})["month"].to_pylist() == MONTHS
    assert read_table({"month": cells, "v": cells})["v"].to_pylist() == [float(c) for c in cells]


FAULTY = {
    "two currencies": (["$5", "€6", "$7"], "mixed_units", {"place": "row 2", "value": "€6"}),
    "a percent sign in some": (["5%", "6", "7%"], "mixed_percent", {"place": "row 2", "value": "6"}),
    "one word": ([*map(str, range(30)), "twelve"], "text_for_number", {"place": "row 31", "value": "twelve"}),
}


@pytest.mark.parametrize("name", FAULTY)
def test_faulty_cells(name: str) -> None:
    cells, key, values = FAULTY[name]
    error = refused({"v": cells})
    assert error.key == f"data.{key}"
    assert values.items() <= error.values.items()
    assert read_table({"v": cells}, types={"v": "text"})["v"].to_pylist() == cells


TYPES = [
    ("number", ["1", "x", "3"], [1.0, None, 3.0], ["read_text_missing"]),
    ("number", ["20200105", "20200106", "20200107"], [20200105.0, 20200106.0, 20200107.0], []),
    ("category", ["01", "02", "01"], ["01", "02", "01"], []),
    ("category", [1, 2, 1], ["1", "2", "1"], []),
    ("text", ["2020-01-05", "x", "x"], ["2020-01-05", "x", "x"], []),
    ("date", ["2020-01-05", "soon", "2020-01-07"], [DAYS[4], None, DAYS[6]], ["read_text_missing"]),
    ("date", [2020, 2021, 2022], [dt.datetime(y, 1, 1) for y in (2020, 2021, 2022)], ["read_digit_dates"]),
    ("boolean", ["예", "아니오", "예"], [True, False, True], []),
    ("boolean", [0, 1, 0], [False, True, False], []),
]


@pytest.mark.parametrize(("kind", "cells", "values", "notes"), TYPES)
def test_requested_types(kind: str, cells: list[Any], values: list[Any], notes: list[str]) -> None:
    assert read_table({"v": cells}, types={"v": kind})["v"].to_pylist() == values
    assert keys({"v": cells}, types={"v": kind}) == notes


@pytest.mark.parametrize(
    ("types", "key"),
    [
        ({"v": "int"}, "no_such_type"),
        ({"w": "number"}, "no_such_column"),
        ({"volume": "number"}, "no_such_column"),
        ({"v": "number"}, "no_value_of_type"),
        ({"v": "date"}, "no_value_of_type"),
        ({"v": "boolean"}, "text_for_boolean"),
        ({"d": "number"}, "type_for_number"),
        ({"n": "date"}, "type_for_date"),
    ],
)
def test_types_that_do_not_fit(types: dict[str, str], key: str) -> None:
    assert refused({"v": ["a", "b"], "d": DAYS[:2], "n": [0.5, 1.5]}, types=types).key == f"data.{key}"


# --- a model reads new rows as it read its own ---

Y = [1.5 * k * k for k in range(N)]


def refit(cells: list[Any], new: list[Any], **options: Any) -> list[float]:
    encoder = Encoder.fit(pose_problem({"v": cells, "y": Y}, "y", **options))
    encoder = Encoder.from_dict(json.loads(json.dumps(encoder.to_dict())))
    return encoder.transform({"v": new})[:, 0].tolist()


AGAIN = [
    ([f"{k}.5%" for k in range(N)], ["7", "8.5%"], [7.0, 8.5]),
    ([f"{k},5" for k in range(N)], ["1,234", "2,5"], [1.234, 2.5]),
    ([f"${k},100" for k in range(1, N + 1)], ["1,234", "$2"], [1234.0, 2.0]),
    ([f"{k % 28 + 1:02}/01/2020" for k in range(N)], ["05/01/2020", "02/01/2020"], [18266.0, 18263.0]),
    ([f"01/{k % 12 + 1:02}/2020" for k in range(N)], ["02/01/2020", "03/01/2020"], [18293.0, 18322.0]),
    ([20200101 + k for k in range(N)], ["20200105", "20200106"], [18266.0, 18267.0]),
    ([20200101 + k for k in range(N)], [20200105, 20200106], [18266.0, 18267.0]),
    ([str(k + 0.5) for k in range(N)], ["unknown", "3"], [12.0, 3.0]),
]


@pytest.mark.parametrize(("cells", "new", "values"), AGAIN)
def test_new_rows(cells: list[Any], new: list[Any], values: list[float]) -> None:
    assert refit(cells, new) == values


def test_new_rows_of_a_requested_type() -> None:
    cells = [str(k) if k % 3 else f"A{k}" for k in range(N)]
    assert refit(cells, ["5", "B7"], types={"v": "number"})[0] == 5.0


@pytest.mark.parametrize(
    ("cells", "new", "key"),
    [
        ([f"${k}" for k in range(N)], "€5", "other_unit"),
        ([f"{k}.5" for k in range(N)], "5%", "text_for_number"),
        ([f"{k % 28 + 1:02}/01/2020" for k in range(N)], "01/31/2020", "text_for_date"),
        ([f"2020-01-{k % 28 + 1:02}" for k in range(N)], "soon", "text_for_date"),
    ],
)
def test_new_rows_that_do_not_fit_name_their_line(tmp_path: Path, cells: list[str], new: str, key: str) -> None:
    encoder = Encoder.fit(pose_problem({"v": cells, "y": Y}, "y"))
    (tmp_path / "new.csv").write_text(f"v,other\n{cells[1]},1\n{new},2\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        encoder.transform(tmp_path / "new.csv")
    assert caught.value.key == f"data.{key}"
    assert (caught.value.values["place"], caught.value.values["value"]) == ("line 3", new)


def test_a_few_texts_among_the_numbers_of_new_rows_are_missing(tmp_path: Path) -> None:
    encoder = Encoder.fit(pose_problem({"v": NUMBERS, "y": Y}, "y"))
    (tmp_path / "new.csv").write_text("v\n1.5\n<5\nNA\n2\n", encoding="utf-8")
    parsed = encoder.convert(load_table(str(tmp_path / "new.csv")))
    assert [note.key for note in parsed.notes] == ["data.read_unreadable"] and "'<5': 1" in parsed.notes[0].text()
    assert encoder.transform(tmp_path / "new.csv")[[0, 1, 3], 0].tolist() == [1.5, float(np.median(NUMBERS)), 2.0]
    flags = encoder.unlike(tmp_path / "new.csv")
    assert flags is not None and flags["v"].tolist() == [False, True, False, False]


def test_a_column_that_the_model_does_not_use_may_hold_anything() -> None:
    encoder = Encoder.fit(pose_problem({"v": NUMBERS, "y": Y}, "y"))
    assert encoder.transform({"v": [1.5], "price": ["$5"], "y": ["x"]}).tolist() == [[1.5]]


def test_keep() -> None:
    table = {
        "id": [f"p{k}" for k in range(N)],
        "row": list(range(N)),
        "one": [1] * N,
        "v": [k**0.5 for k in range(N)],
        "y": Y,
    }
    assert [c.name for c in pose_problem(table, "y").inputs] == ["v"]
    kept = pose_problem(table, "y", keep=["id", "row", "one"])
    assert [(c.name, c.kind) for c in kept.inputs] == [
        ("id", "category"), ("row", "number"), ("one", "number"), ("v", "number")]  # fmt: skip
    assert Encoder.fit(kept).transform(kept).shape[0] == N
    for keep, key in ((["w"], "no_such_column"), (["none"], "cannot_keep")):
        with pytest.raises(DataError) as caught:
            pose_problem({**table, "none": [None] * N}, "y", keep=keep)
        assert caught.value.key == f"data.{key}"


# --- files ---


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


JSONL = "".join(json.dumps(row) + "\n" for row in ROWS).encode()

# Contents of a file that hold the table above, and the notes.
CONTENTS: dict[str, tuple[bytes, list[str]]] = {
    "gzip": (gzip.compress(CSV), []),
    "bzip2": (bz2.compress(CSV), []),
    "xz": (lzma.compress(CSV), []),
    "zip": (zipped({"t.csv": CSV}), []),
    "zip with a read-me": (zipped({"README.md": b"#", "t.tsv": CSV.replace(b",", b"\t")}), ["member_read"]),
    "zip with a folder": (zipped({"x/t.jsonl": JSONL, "__MACOSX/x/._t.jsonl": b"", "x/.DS_Store": b""}), []),
    "gzip in zip": (zipped({"t.csv.gz": gzip.compress(CSV)}), []),
    "JSON lines": (JSONL, []),
    "JSON lines, gzip": (gzip.compress(JSONL), []),
    "JSON array": (json.dumps(ROWS, indent=1).encode(), []),
    "JSON columns": (json.dumps(COLUMNS).encode(), []),
    "JSON, wrapped": (json.dumps({"data": ROWS}).encode(), []),
    "title": (b"Sales, 2020\nprinted\n\n" + CSV.replace(b",", b";"), ["title_lines"]),
    "padded title": (b"Sales,,\n,,\n" + CSV, ["title_lines"]),
    "comment": (b"# made by a tool\n" + CSV, ["title_lines"]),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_contents(tmp_path: Path, name: str) -> None:
    content, notes = CONTENTS[name]
    (tmp_path / "table").write_bytes(content)
    assert read_table(tmp_path / "table").to_pydict() == COLUMNS
    assert keys(tmp_path / "table") == notes


def test_json_of_mixed_types_and_dates(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"d": "2020-01-05", "m": 1, "x": {"k": 1}}\n{"d": "2020-01-06", "m": "u"}\n')
    table = read_table(tmp_path / "t.jsonl")
    assert table["d"].to_pylist() == DAYS[4:6]
    assert table["m"].to_pylist() == ["1", "u"]


def test_zip_with_several_tables(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(zipped({"t.csv": CSV, "u.jsonl": JSONL[: JSONL.index(b"\n") + 1]}))
    error = refused(path)
    assert (error.key, error.values["names"]) == ("data.several_members", "t.csv, u.jsonl")
    assert read_table(path, sheet="t.csv").num_rows == 3
    assert read_table(path, sheet=2).num_rows == 1
    assert refused(path, options=ReadOptions(sheet="v")).key == "data.no_such_member"


def test_excel(tmp_path: Path) -> None:
    rows = [list(COLUMNS), *map(list, zip(*COLUMNS.values(), strict=True))]
    path = workbook(tmp_path / "t.xlsx", {"empty": [], "값": rows, "second": [["z"], [1]]})
    assert read_table(path).to_pydict() == COLUMNS
    assert keys(path) == ["sheet_read"]
    assert read_table(path, sheet="second").to_pydict() == {"z": [1.0]}
    assert read_table(path, sheet="3").to_pydict() == {"z": [1.0]}
    assert refused(path, options=ReadOptions(sheet="third")).key == "data.no_such_sheet"
    assert refused(path, options=ReadOptions(sheet="empty")).key == "data.empty_sheet"
    title = workbook(tmp_path / "u.xlsx", {"one": [["Sales"], [], *rows]})
    assert read_table(title).to_pydict() == COLUMNS
    assert keys(title) == ["title_lines"]


def test_excel_reports(tmp_path: Path) -> None:
    """A cover sheet, a title, an empty first column, merged cells in the header, and rows of totals."""
    rows: list[list[Any]] = [
        [None, "2024 report"], [],
        [None, "shop", "sold", None, "visitors"],
        [None, None, "price", "number"],
        *([None, f"s{k}", 10.0 * k, k, 5 * k] for k in range(1, 12)),
        [None, "합계", None, 66, None],
    ]  # fmt: skip
    path = workbook(tmp_path / "t.xlsx", {"cover": [["report"], ["by us"]], "data": rows})
    table = read_table(path)
    assert table.column_names == ["shop", "sold price", "sold number", "visitors"]
    assert table["sold number"].to_pylist() == list(map(float, range(1, 12)))
    assert keys(path) == ["sheet_read", "title_lines", "total_rows"]
    assert "row 16" in next(n.text() for n in parse_table(path).notes if n.key == "data.total_rows")


def test_totals_are_left_out_only_where_they_are_no_category(tmp_path: Path) -> None:
    lines = [f"total,{k},{k}" for k in range(4)] + [f"part,{k},{k}" for k in range(4)]
    (tmp_path / "t.csv").write_text("\n".join(["kind,a,b", *lines]))
    assert read_table(tmp_path / "t.csv").num_rows == 8
    (tmp_path / "u.csv").write_text(
        "\n".join(["kind,a,b", *(f"part,{k},{k}" for k in range(12)), " Total ,,66", "x,1,what"])
    )
    assert refused(tmp_path / "u.csv").values["place"] == "line 15"
    (tmp_path / "v.csv").write_text("\n".join(["kind,a,b", *(f"part,{k},{k}" for k in range(12)), "Total,3,66"]))
    assert read_table(tmp_path / "v.csv").num_rows == 13  # complete: a row like the others


@pytest.mark.parametrize(
    "note", ["※ 미상은 계수기 고장", "* estimated", "출처: 통계청", "prices are without value added tax"]
)
def test_lines_below_the_table_are_left_out(tmp_path: Path, note: str) -> None:
    days = [f"2024-01-{k:02d}" for k in range(1, 13)]
    rows = [["day", "shop", "sold"], *([day, "s", k] for k, day in enumerate(days)), ["합계", None, 66], [], [note]]
    path = workbook(tmp_path / "t.xlsx", {"data": rows})
    (tmp_path / "t.csv").write_text("\n".join(",".join(map(str, [*row, "", "", ""][:3])) for row in rows if row))
    for one in (path, tmp_path / "t.csv"):
        table = read_table(one)
        assert [str(day)[:10] for day in table["day"].to_pylist()] == days
        assert {"footnotes", "total_rows"} <= set(keys(one))


@pytest.mark.parametrize("last", ["New York,,", "s,,3", "a: b,1.5,", ",,"])
def test_a_last_row_that_is_no_note_stays(tmp_path: Path, last: str) -> None:
    (tmp_path / "t.csv").write_text("\n".join(["city,a,b", *(f"c{k},{k}.5,{k}.5" for k in range(9)), last, ""]))
    assert read_table(tmp_path / "t.csv").num_rows == 10
    (tmp_path / "two.csv").write_text("\n".join(["city,a", *(f"c{k},{k}.5" for k in range(9)), "* x,"]))
    assert read_table(tmp_path / "two.csv").num_rows == 10


def test_excel_cells_are_read_as_a_csv_of_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["day", "price", "share", "n", "flag"])
    for k in range(5):
        sheet.append([DAYS[k], 1000.5 + k, 0.07 + k / 100, "unknown" if k == 2 else k, k % 2 == 0])
        sheet.cell(k + 2, 2).number_format = "[$₩-412]#,##0.0"
        sheet.cell(k + 2, 3).number_format = "0%"
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert table.to_pydict() == {
        "day": DAYS[:5],
        "price": [1000.5, 1001.5, 1002.5, 1003.5, 1004.5],
        "share": [7.0, 8.0, 9.0, 10.0, 11.0],
        "n": [0.0, 1.0, None, 3.0, 4.0],
        "flag": [True, False, True, False, True],
    }
    assert keys(tmp_path / "t.xlsx") == ["read_currency", "read_percent", "read_words"]
    sheet["D5"] = "twelve"
    for k in range(6, 40):
        sheet.append([None, None, None, k])
    book.save(tmp_path / "t.xlsx")
    assert refused(tmp_path / "t.xlsx").values["place"] == "row 5"


@pytest.mark.parametrize(("package", "name"), [("openpyxl", "t.xlsx"), ("duckdb", "t.duckdb")])
def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, name: str) -> None:
    content = zipped({"xl/workbook.xml": b""}) if package == "openpyxl" else bytes(8) + b"DUCK" + bytes(100)
    (tmp_path / name).write_bytes(content)
    monkeypatch.setitem(sys.modules, package, None)
    assert "pip install" in str(refused(tmp_path / name))


@pytest.fixture(params=["sqlite", "duckdb"])
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "t.db"
    if request.param == "sqlite":
        connection: Any = sqlite3.connect(path)
    else:
        connection = pytest.importorskip("duckdb").connect(str(path))
    connection.execute("create table t (a integer, b double, c text)")
    connection.executemany("insert into t values (?, ?, ?)", [tuple(row.values()) for row in ROWS])
    connection.commit()
    connection.close()
    return path


def test_databases(database: Path) -> None:
    assert read_table(database).to_pydict() == COLUMNS
    assert read_table(database, query="select c, a from t where a > 1").to_pydict() == {"c": ["y", "x"], "a": [2, 3]}
    assert read_table(database, sheet="t").to_pydict() == COLUMNS
    for query in ("selec", "select z from t", "drop table t"):
        assert refused(database, options=ReadOptions(query=query)).key == "data.query_failed"
    assert read_table(database).num_rows == 3


def test_a_database_of_several_tables_lists_them(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "t.db")
    assert refused(tmp_path / "t.db").key == "data.empty_file"
    connection.execute('create table "two words" (a)')
    connection.execute("create table u (a)")
    connection.execute("insert into u values (1)")
    connection.commit()
    connection.close()
    error = refused(tmp_path / "t.db")
    assert (error.key, error.values["names"]) == ("data.several_tables", "two words, u")
    assert refused(tmp_path / "t.db", options=ReadOptions(sheet="v")).key == "data.no_such_table"
    assert read_table(tmp_path / "t.db", sheet="u").to_pydict() == {"a": [1.0]}
    (tmp_path / "t.db.gz").write_bytes(gzip.compress((tmp_path / "t.db").read_bytes()))
    assert read_table(tmp_path / "t.db.gz", sheet="u").to_pydict() == {"a": [1.0]}


def test_folders(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "1.csv").write_bytes(CSV)
    (texts / "2.csv").write_text("c,a,b\nx,4,0.5\ny,x,1\n")
    (texts / ".hidden.csv").write_text("z\n1\n")
    parsed = parse_table(texts)
    assert parsed.table["a"].to_pylist() == ["1", "2", "3", "4", "x"]
    assert parsed.locate(4) == "2.csv, line 3"
    assert keys(texts) == ["folder_read"]
    (texts / "3.csv").write_text("a,z\n1,2\n")
    assert refused(texts).key == "data.folder_columns"

    hive = tmp_path / "hive"
    for year, values in ((2020, [1, 2]), (2021, [1.5, 2.5])):
        (hive / f"year={year}").mkdir(parents=True)
        pq.write_table(pa.table({"a": values, "b": ["x", "y"]}), hive / f"year={year}" / "part.parquet")
    assert read_table(hive).to_pydict() == {
        "a": [1.0, 2.0, 1.5, 2.5], "b": ["x", "y"] * 2, "year": [2020.0, 2020.0, 2021.0, 2021.0]}  # fmt: skip
    (hive / "t.csv").write_bytes(CSV)
    assert refused(hive).key == "data.mixed_folder"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (CSV, gzip.compress(JSONL)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert read_table("-").to_pydict() == COLUMNS
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused("-").key == "data.empty_file"
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert refused("-").key == "data.no_standard_input"


@pytest.mark.parametrize("name", ["https://example.com/a.csv", "http://x.y/t", "s3://bucket/t.parquet"])
def test_addresses(name: str) -> None:
    for source in (name, Path(name)):
        error = refused(source)
        assert (error.key, error.values["url"]) == ("data.address", name)


def test_options_that_a_file_has_no_use_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(CSV)
    assert refused(tmp_path / "t.csv", options=ReadOptions(sheet="a")).key == "data.no_sheets"
    assert refused(tmp_path / "t.csv", options=ReadOptions(query="select 1")).key == "data.query_needs_database"


def test_without_a_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("".join(f"{k},0.5,{k},x\n" for k in range(1, 20)))
    assert refused(tmp_path / "t.csv").key == "data.values_in_header"
    (tmp_path / "t.csv").write_text("".join(f"{k},0.5,{k + 1},x\n" for k in range(1, 20)))
    with pytest.raises(DataError) as caught:
        pose_problem(tmp_path / "t.csv", "y")
    assert caught.value.key == "data.no_header"


# --- objects ---

FRAME = {"y": Y, "v": NUMBERS}

OBJECTS: dict[str, tuple[Callable[[], Any], list[Any]]] = {
    "sparse": (lambda: pd.DataFrame({"v": pd.arrays.SparseArray(NUMBERS)}), NUMBERS),
    "named series": (lambda: pd.Series(NUMBERS, name="v"), NUMBERS),
    "nullable": (lambda: pd.DataFrame({"v": pd.array([1, None] * 3, dtype="Int64")}), [1.0, None] * 3),
    "unused categories": (lambda: pd.DataFrame({"v": pd.Categorical(["x", "z"], ["x", "q", "z"])}), ["x", "z"]),
    "time zone": (lambda: pd.DataFrame({"v": pd.to_datetime(["2020-01-05"] * 2).tz_localize("Asia/Seoul")}),
                  [dt.datetime(2020, 1, 4, 15)] * 2),
    "extension type": (lambda: pa.table({"v": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], "int8"))}),
                       [1.0, 0.0]),
    "tiny": (lambda: {"v": [1e-300, 2e-300]}, [1e-300, 2e-300]),
    "huge": (lambda: {"v": [1e300, 2e300]}, [1e300, 2e300]),
    "integers beyond 64 bits": (lambda: pd.DataFrame({"v": [10**30, 2 * 10**30]}), [1e30, 2e30]),
    "objects": (lambda: pd.DataFrame({"v": [1, "x", dt.date(2020, 1, 1)]}), ["1", "x", "2020-01-01"]),
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTS)
def test_objects(name: str) -> None:
    make, values = OBJECTS[name]
    assert read_table(make())["v"].to_pylist() == values


def test_column_names_of_several_levels_and_kinds() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("b", "")]))
    assert read_table(frame).column_names == ["a_x", "b"]
    assert keys(frame) == ["joined_names"]
    assert read_table(pd.DataFrame([[1, 2]], columns=[1, "b"])).column_names == ["1", "b"]
    assert refused(pd.DataFrame([[1, 2]], columns=[1, "1"])).key == "data.column_twice"
    assert refused(pd.Series([1.0])).key == "data.series"
