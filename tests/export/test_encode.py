"""``encode`` of exported code: rows as they are in a CSV file, in C, JavaScript and Python, against the model."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.data import Encoder, pose_problem, read_table
from unbend.export import exported
from unbend.verdict import Model

from .runners import C_FLAGS, RUNNERS
from .test_targets_sql import mixed_model, mixed_table, unseen_table

Cells = list[list[str]]
ODD = '''price,share,when,at,paid,size,shop,y
"$1,200.50",58.5%,31.01.2020,2020-01-31 10:30,yes,"1.234,5",Jung-gu,1
"($300)",7%,01.02.2021,2021-02-01 23:59,no,"−7,25",종로,2
"$ 42",12.25%,28.02.2020,2020-02-28 00:00,yes,"12",NA,3
NA,,15.03.2021,,,unknown,종로,4
"$2,000,000",0%,29.02.2020,2020-02-29 12:01,no,"3e2","a ""b""",5
"$7",100%,01.12.1999,1999-12-01 06:45,yes,"0,5",Jung-gu,6
'''


def c_program(folder: Path, model: Any, rows: Cells) -> list[float]:
    (folder / "m.c").write_text(exported(model, "c", "m"), encoding="utf-8")
    source = exported(model, "c", "m")
    width = int(source.split("m_encode(const char *const cells[", 1)[1].split("x[", 1)[1].split("]", 1)[0])
    texts = ",\n".join("{" + ", ".join(_c_string(cell) for cell in row) + "}" for row in rows)
    (folder / "main.c").write_text(
        f"""#include <stdio.h>
int m_encode(const char *const cells[{len(rows[0])}], double x[{width}]);
void m_output(const double x[{width}], double y[1]);
static const char *const rows[{len(rows)}][{len(rows[0])}] = {{{texts}}};
int main(void) {{
    for (int i = 0; i < {len(rows)}; i++) {{
        double x[{width}], y[1];
        int wrong = m_encode(rows[i], x);
        m_output(x, y);
        if (wrong) printf("-%d\\n", wrong); else printf("%.17g\\n", y[0]);
    }}
    return 0;
}}""",
        encoding="utf-8",
    )
    subprocess.run(["gcc", *C_FLAGS, "-o", folder / "all", folder / "main.c", folder / "m.c", "-lm"], check=True)
    return [float(v) for v in subprocess.run([folder / "all"], capture_output=True, text=True).stdout.split()]


def _c_string(text: str) -> str:
    return '"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"'


def javascript(folder: Path, model: Any, rows: Cells) -> list[float]:
    (folder / "m.mjs").write_text(exported(model, "js"), encoding="utf-8")
    answers = f"{json.dumps(rows)}.map((r) => m.output(m.encode(r))[0])"
    program = f'import * as m from "./m.mjs";\nconsole.log(JSON.stringify({answers}));'
    (folder / "all.mjs").write_text(program, encoding="utf-8")
    done = subprocess.run(["node", folder / "all.mjs"], capture_output=True, text=True, check=True)
    return [float(v) for v in json.loads(done.stdout)]


def python(folder: Path, model: Any, rows: Cells) -> list[float]:
    space: dict[str, Any] = {}
    exec(compile(exported(model, "python"), "m", "exec"), space)
    return [space["output"](space["encode"](row))[0] for row in rows]


PROGRAMS: dict[str, Callable[[Path, Any, Cells], list[float]]] = {"c": c_program, "js": javascript, "python": python}
LANGUAGES = [
    pytest.param(name, marks=pytest.mark.skipif(which(RUNNERS[name][0]) is None, reason="not installed"))
    for name in PROGRAMS
]


def as_csv(table: dict[str, list[Any]], columns: tuple[str, ...]) -> tuple[str, Cells]:
    """The text of a CSV file and its cells, of these columns."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    rows = [["" if v is None else str(v) for v in row] for row in zip(*(table[n] for n in columns), strict=True)]
    writer.writerows([columns, *rows])
    return stream.getvalue(), rows


def used(model: Model) -> tuple[str, ...]:
    return tuple(e.name for e in model.encoder.column_encoders if e.names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [mixed_table(), unseen_table()], ids=["training", "unseen"])
def test_rows_as_they_are_in_the_file(language: str, table: dict[str, list[Any]], tmp_path: Path) -> None:
    model = mixed_model(3)
    _, rows = as_csv(table, used(model))
    found = PROGRAMS[language](tmp_path, model, rows)
    np.testing.assert_allclose(found, model.predict(table), rtol=1e-9, atol=1e-9)


def odd_model(columns: list[str]) -> tuple[Model, Cells]:
    """A model of the columns of ``ODD``, and their cells."""
    (head, *rows) = list(csv.reader(io.StringIO(ODD)))
    table = {name: [row[k] for row in rows] * 8 for k, name in enumerate(head)}
    table["y"] = list(range(len(table["y"])))
    problem = pose_problem({name: table[name] for name in [*columns, "y"]}, "y")
    encoder = Encoder.fit(problem)
    net = ub.Network([ub.Dense(len(encoder.names), 1)], seed=3, dtype="float64")
    return Model(net, encoder, "y", ()), [[row[head.index(name)] for name in columns] for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "columns",
    [["price", "share", "when", "at", "paid", "size", "shop"], ["price", "when", "at", "paid"], ["size", "share"]],
)
def test_money_percentages_dates_and_missing_cells(language: str, columns: list[str], tmp_path: Path) -> None:
    model, rows = odd_model(columns)
    table = {name: [row[k] for row in rows] for k, name in enumerate(columns)}
    expected = model.predict(read_table(table, types=model.encoder.types))
    assert len(set(expected.tolist())) == len(rows)
    found = PROGRAMS[language](tmp_path, model, [[row[columns.index(n)] for n in used(model)] for row in rows])
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    model, _ = odd_model(["when", "paid", "size"])
    space: dict[str, Any] = {}
    exec(compile(exported(model, "python"), "m", "exec"), space)
    good, bad = ["31.01.2020", "yes", "1"], []
    for place, cell in ((0, "yesterday"), (0, "30.02.2020"), (2, "many"), (2, "1x")):
        bad.append([*good[:place], cell, *good[place + 1 :]])
    for row in bad:
        with pytest.raises(ValueError, match=r"when|size"):
            space["encode"](row)
    with pytest.raises(ValueError, match="3"):
        space["encode"](["31.01.2020"])
    assert c_program(tmp_path, model, bad) == [-1, -1, -3, -3]


def test_plain_numbers_need_no_encode() -> None:
    net = ub.Network([ub.Dense(2, 1)], seed=0)
    for target in PROGRAMS:
        assert "encode" not in str(exported(net, target))
