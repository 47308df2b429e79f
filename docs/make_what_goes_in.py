"""Make the page of odd inputs: ``python docs/make_what_goes_in.py`` reads each of them and writes what is said of it to
``docs/what-goes-in.md`` and ``docs/what-goes-in.ko.md``; ``tests/docs`` checks that the pages are what this makes.

Needs ``pip install '.[dev]'``.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

import unbend as ub
from unbend.data import pose_problem
from unbend.errors import BadInput

DOCS = Path(__file__).resolve().parent
N = 24
Y = [round(0.37 * k * k, 2) for k in range(N)]
DAYS = [dt.datetime(2020, 1, k + 1) for k in range(N)]
CSV = "size,y\n" + "".join(f"{k**0.5:.3f},{y}\n" for k, y in enumerate(Y))


@dataclass(frozen=True)
class Odd:
    """An input: its name in English and Korean, and what makes it in the current folder: a table or a file's name."""

    en: str
    ko: str
    make: Callable[[], Any]
    target: str = "y"


def column(en: str, ko: str, cells: Callable[[int], Any]) -> Odd:
    """A table with a column of such cells beside the target."""
    return Odd(en, ko, lambda: {"price": [cells(k) for k in range(N)], "y": Y})


def file(en: str, ko: str, name: str, content: str | bytes, target: str = "y") -> Odd:
    """A file of this content."""

    def make() -> str:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return Odd(en, ko, make, target)


def workbook() -> str:
    """An Excel file of two sheets, the first empty."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("2024")
    for line in CSV.splitlines():
        sheet.append([cell if "e" in cell or "y" in cell else float(cell) for cell in line.split(",")])
    book.save("sales.xlsx")
    return "sales.xlsx"


def database() -> str:
    """An SQLite file of two tables."""
    with sqlite3.connect("shop.db") as connection:
        connection.execute("create table sales (size, y)")
        connection.execute("create table stock (size, y)")
    connection.close()
    return "shop.db"


def archive() -> str:
    """A ZIP file of two tables."""
    with zipfile.ZipFile("tables.zip", "w") as out:
        out.writestr("a.csv", CSV)
        out.writestr("b.csv", CSV)
    return "tables.zip"


def frame(**columns: Any) -> Callable[[], Any]:
    """A pandas table with the target."""
    return lambda: pd.DataFrame({**columns, "y": Y})


CELLS = [
    column("`$1,234`, `1,234원`, `USD 5`: money", "`$1,234`, `1,234원`, `USD 5`: 금액", lambda k: f"${1000 + 37 * k:,}"),
    column("`(1,200)`: negative, as accountants write", "`(1,200)`: 회계에서 쓰는 음수",
        lambda k: f"({k},200)" if k % 2 else f"{k + 1},200"),
    column("`58.5%`", "`58.5%`", lambda k: f"{k}.5%"),
    column("`1.234,56`: decimal comma", "`1.234,56`: 소수점 쉼표", lambda k: f"1.{200 + k},56"),
    column("`1 234`: spaces in groups", "`1 234`: 세 자리마다 빈칸", lambda k: f"{k + 1} 234"),
    column("`unknown` among numbers", "수 사이의 `unknown`", lambda k: str(k * 1.5) if k % 5 else "unknown"),
    column("`A12` among numbers", "수 사이의 `A12`", lambda k: str(k) if k % 3 else f"A{k % 6}"),
    column("`05-Jan-2020`, `January 5, 2020`", "`05-Jan-2020`, `January 5, 2020`", lambda k: f"{DAYS[k]:%d-%b-%Y}"),
    column("`2020년 1월 5일`, `2020. 1. 5.`, `2020/01/05`", "`2020년 1월 5일`, `2020. 1. 5.`, `2020/01/05`",
        lambda k: f"2020년 1월 {k + 1}일"),
    column("`03/04/2020`: day or month first?", "`03/04/2020`: 일이 먼저인가 월이 먼저인가",
        lambda k: f"{k % 12 + 1:02}/{k % 11 + 1:02}/2020"),
    column("`2020-01`: months", "`2020-01`: 월", lambda k: f"{2018 + k // 12}-{k % 12 + 1:02}"),
    column("`20200105`", "`20200105`", lambda k: f"{DAYS[k]:%Y%m%d}"),
    column("empty cells, `NA`, `-`, `?`", "빈 칸, `NA`, `-`, `?`", lambda k: "NA" if k % 6 == 0 else k * 0.5),
    column("1, 2, 3, …: numbers of the rows", "1, 2, 3, …: 행 번호", lambda k: (k * 7) % N + 1),
    column("the same value everywhere", "모두 같은 값", lambda k: 5),
    column("text that is different in every row", "행마다 다른 글", lambda k: f"note {k}"),
    column("infinite numbers", "무한대", lambda k: float("inf") if k == 3 else k * 0.5),
    column("`1e300`", "`1e300`", lambda k: 1e300 * (k + 1)),
]  # fmt: skip
FILES = [
    file("CSV with a title above the column names", "열 이름 위에 제목이 있는 CSV",
        "t.csv", "Sales 2024\nprinted on Monday\n\n" + CSV),
    file("CSV with semicolons", "세미콜론으로 나눈 CSV", "t.csv", CSV.replace(",", ";")),
    file("CSV in UTF-16 or CP949", "UTF-16이나 CP949로 쓴 CSV", "t.csv", CSV.replace("size", "크기").encode("cp949")),
    file("CSV, gzip", "gzip으로 압축한 CSV", "t.csv.gz", gzip.compress(CSV.encode())),
    file("JSON lines", "JSON 줄",
        "t.jsonl", "".join(json.dumps({"size": k**0.5, "y": y}) + "\n" for k, y in enumerate(Y))),
    Odd("Excel with an empty first sheet", "첫 시트가 빈 엑셀 파일", workbook),
    Odd("ZIP with two tables", "표가 둘 든 ZIP", archive),
    Odd("database with two tables", "표가 둘인 데이터베이스", database),
    file("no line of column names", "열 이름 줄이 없음", "t.csv", "\n".join(CSV.splitlines()[1:]) + "\n"),
    file("a line with too few cells", "칸이 모자란 줄", "t.csv", CSV + "7\n"),
    file("two columns of one name", "이름이 같은 두 열", "t.csv", CSV.replace("size,y", "y,y")),
    file("an empty file", "빈 파일", "t.csv", ""),
    file("names and no rows", "이름만 있고 행이 없음", "t.csv", "size,y\n"),
    file("a picture", "그림 파일", "t.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    file("a misspelt target", "잘못 쓴 목표 열", "t.csv", CSV.replace("y", "price", 1), "prise"),
    Odd("no such file", "없는 파일", lambda: "sale.csv"),
    Odd("an address on the web", "웹 주소", lambda: "https://example.com/a.csv"),
]  # fmt: skip
TARGETS = [
    Odd("a constant target", "값이 모두 같은 목표", lambda: {"x": list(range(N)), "y": [1.5] * N}),
    Odd("a date as the target", "날짜인 목표", lambda: {"x": np.arange(N) ** 0.5, "y": DAYS}),
    Odd("a class of one row", "행이 하나뿐인 클래스", lambda: {"x": np.arange(N) ** 0.5, "y": ["a", "b"] * 11 + ["a", "c"]}),
    Odd("rows without a target", "목표가 없는 행", lambda: {"x": np.arange(N) ** 0.5, "y": [None, *Y[1:]]}),
    Odd("fewer than ten rows", "열 행보다 적음", lambda: {"x": [0.5, 1.5, 2.5], "y": [1.0, 2.5, 3.5]}),
    Odd("a column that equals the target", "목표와 같은 열", lambda: {"x": np.arange(N) ** 0.5, "z": Y, "y": Y}),
]  # fmt: skip
OBJECTS = [
    Odd("pandas: nullable numbers and booleans", "pandas: 결측을 담는 수와 참·거짓",
        frame(a=pd.array([None, *range(1, N)], "Int64"), b=pd.array([None, *[True, False] * 11, True], "boolean"))),
    Odd("pandas: categories, some unused", "pandas: 쓰이지 않는 범주가 있는 범주형",
        frame(a=pd.Categorical(["x", "y"] * (N // 2), categories=["x", "y", "z"]))),
    Odd("pandas: dates with a time zone", "pandas: 시간대가 있는 날짜",
        frame(a=pd.date_range("2024-01-01", periods=N, tz="Asia/Seoul"))),
    Odd("pandas: numbers and text in one column", "pandas: 수와 글이 섞인 열", frame(a=[1, "x"] * (N // 2))),
    Odd("pandas: sparse column", "pandas: 희소 열", frame(a=pd.arrays.SparseArray([0, 1, 0] * 8))),
    Odd("pandas: one column alone (a Series)", "pandas: 열 하나(Series)", lambda: pd.Series(Y, name="y")),
    Odd("pandas: column names of two levels", "pandas: 두 층으로 된 열 이름",
        lambda: pd.DataFrame({("a", "b"): np.arange(N) ** 0.5, ("y", ""): Y})),
    Odd("NumPy: complex numbers", "NumPy: 복소수", lambda: {"x": np.arange(N) * 1j, "y": Y}),
    Odd("columns of different lengths", "길이가 다른 열", lambda: {"x": [1.0, 2.0], "y": Y}),
]  # fmt: skip

# places, what happens there in English and Korean, and the test in tests/anywhere or tests/cli that checks it
PLACES = [
    ("no `HOME`, `LANG=C`, `TERM=dumb`, `python -OO`", "`HOME` 없음, `LANG=C`, `TERM=dumb`, `python -OO`",
        "the same result", "같은 결과", "test_a_fit_is_the_same"),
    ("`PYTHONWARNINGS=error`, `python -O`, `-X dev`", "`PYTHONWARNINGS=error`, `python -O`, `-X dev`",
        "the same result, no warning", "같은 결과, 경고 없음", "test_a_fit_is_the_same"),
    ("a home folder that cannot be written", "쓸 수 없는 홈 폴더",
        "kernels are compiled in memory, said once", "커널을 메모리에서 컴파일하고, 한 번 알림", "test_a_cache_that_cannot_be_written_is_said_once"),
    ("several threads", "여러 스레드", "the bits of one", "한 스레드일 때와 같은 비트", "test_two_threads_give_the_bits_of_one"),
    ("joblib (loky, threading)", "joblib (loky, threading)",
        "the bits of one process", "한 프로세스일 때와 같은 비트", "test_joblib"),
    ("multiprocessing (fork, spawn)", "multiprocessing (fork, spawn)",
        "the bits of one process", "한 프로세스일 때와 같은 비트", "test_multiprocessing"),
    ("a child forked after training", "학습한 뒤 fork한 자식 프로세스",
        "it trains too", "자식도 학습함", "test_forked_child_trains_after_parent"),
    ("workers of Dask, Ray, Spark (cloudpickle)", "Dask, Ray, Spark의 작업자 (cloudpickle)",
        "the package is sent by its name", "패키지를 이름으로 보냄", "test_package_is_pickled_by_name"),
    ("`unbend … \\| head`", "`unbend … \\| head`",
        "ends quietly", "조용히 끝남", "test_a_reader_that_has_enough_ends_nothing_badly"),
    ("a full disk", "가득 찬 디스크",
        "one line, exit code 2, no half-written file", "한 줄로 알림, 종료 코드 2, 쓰다 만 파일 없음", "test_a_full_disk_is_one_line"),
    ("a narrow terminal, `NO_COLOR`, no terminal", "좁은 터미널, `NO_COLOR`, 터미널 없음",
        "the answer, without colour codes", "색 없이 결과만", "test_a_terminal_of_any_kind_shows_an_answer"),
    ("output in CP949, CP1252, ASCII (Windows pipes)", "CP949, CP1252, ASCII 출력 (Windows 파이프)",
        "near characters for those that are missing", "없는 글자는 비슷한 글자로", "test_an_answer_is_printed_by_a_process_in_any_encoding"),
    ("Ctrl+C", "Ctrl+C",
        "one line that says which files are kept, exit code 130", "남은 파일을 한 줄로 알림, 종료 코드 130", "test_ctrl_c_leaves_nothing_half_written"),
]  # fmt: skip
WORDS = {
    "en": {
        "title": "What goes in",
        "intro": "Odd inputs, and what `unbend` says of each. It reads what has one meaning and notes how; anything else is one line\n"
        "that says what is expected (exit code 2; in Python `ub.BadInput`). This page is made by `docs/make_what_goes_in.py` and\n"
        "checked by the tests. `--type COL=TYPE` and `--keep COL` decide otherwise.",
        "cells": "Cells of a column `price`",
        "files": "Files",
        "targets": "Targets",
        "objects": "Tables in Python",
        "anywhere": "Anywhere",
        "head": ("input", "what is said"),
        "where": ("where", "what happens"),
        "read": "read as {kind}",
        "number": "numbers",
        "category": "categories",
        "date": "dates",
        "boolean": "yes or no",
        "refused": "error: ",
    },
    "ko": {
        "title": "들어가는 것",
        "intro": "특이한 입력과 그에 대한 `unbend`의 말입니다. 뜻이 하나뿐이면 읽고 어떻게 읽었는지 알리며, 그렇지 않으면 무엇이 와야 하는지\n"
        "한 줄로 알립니다(종료 코드 2, 파이썬에서는 `ub.BadInput`). 이 페이지는 `docs/make_what_goes_in.py`가 만들고 테스트가\n"
        "확인합니다. 달리 읽으려면 `--type 열=자료형`과 `--keep 열`을 씁니다.",
        "cells": "`price` 열의 칸",
        "files": "파일",
        "targets": "목표 열",
        "objects": "파이썬의 표",
        "anywhere": "어디서나",
        "head": ("입력", "알리는 말"),
        "where": ("곳", "일어나는 일"),
        "read": "{kind} 읽음",
        "number": "수로",
        "category": "범주로",
        "date": "날짜로",
        "boolean": "참·거짓으로",
        "refused": "오류: ",
    },
}
SECTIONS = {"cells": CELLS, "files": FILES, "targets": TARGETS, "objects": OBJECTS}


def said(odd: Odd, words: dict[str, Any]) -> str:
    """The notes on the input, or the error."""
    try:
        problem = pose_problem(odd.make(), odd.target)
    except BadInput as error:
        return words["refused"] + str(error)
    notes = [note.text() for note in problem.notes]
    return " · ".join(notes) or words["read"].format(kind=words[problem.inputs[0].kind])


def page(language: str) -> str:
    """The page in one language."""
    words = WORDS[language]
    ub.set_language(language)
    lines = [f"# {words['title']}", "", words["intro"]]
    here = Path.cwd()
    for key, odds in SECTIONS.items():
        lines += ["", f"## {words[key]}", "", "| {} | {} |".format(*words["head"]), "|---|---|"]
        for odd in odds:
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                try:
                    text = said(odd, words)
                finally:
                    os.chdir(here)
            lines.append(f"| {odd.en if language == 'en' else odd.ko} | {_cell(text)} |")
    lines += ["", f"## {words['anywhere']}", "", "| {} | {} |".format(*words["where"]), "|---|---|"]
    for en, ko, happens_en, happens_ko, _ in PLACES:
        lines.append(f"| {en} | {happens_en} |" if language == "en" else f"| {ko} | {happens_ko} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text of a cell of a Markdown table."""
    for character in "\\`*_<>|[]":
        text = text.replace(character, f"\\{character}")
    return text


if __name__ == "__main__":
    for language, name in (("en", "what-goes-in.md"), ("ko", "what-goes-in.ko.md")):
        (DOCS / name).write_text(page(language), encoding="utf-8")
        print(DOCS / name)
