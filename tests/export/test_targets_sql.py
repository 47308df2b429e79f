"""Exported SQL, run in SQLite, DuckDB and PostgreSQL's grammar, against the model."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.data import Encoder, pose_problem
from unbend.errors import ModelError
from unbend.export import exported
from unbend.formula.language.functions import FUNCTIONS
from unbend.formula.printing.sql import SQL
from unbend.verdict import Model

Rows = list[tuple[Any, ...]]


def in_sqlite(statement: str, table: dict[str, Sequence[Any]]) -> tuple[list[str], Rows]:
    connection = sqlite3.connect(":memory:")
    _add_missing_functions(connection)
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in table)
    connection.execute(f"CREATE TABLE data ({columns})")
    marks = ", ".join("?" for _ in table)
    connection.executemany(f"INSERT INTO data VALUES ({marks})", list(zip(*table.values(), strict=True)))
    cursor = connection.execute(statement)
    return [name for name, *_ in cursor.description], cursor.fetchall()


def _add_missing_functions(connection: sqlite3.Connection) -> None:
    """SQLite has mathematical functions only where it was built with them."""
    try:
        connection.execute("SELECT EXP(1e0), FLOOR(1e0)")
    except sqlite3.OperationalError:
        for name in ("exp", "sqrt", "sin", "cos", "tan", "tanh", "floor", "log10"):
            connection.create_function(name, 1, getattr(math, name))
        connection.create_function("ln", 1, math.log)
        connection.create_function("power", 2, math.pow)


def in_duckdb(statement: str, table: dict[str, Sequence[Any]]) -> tuple[list[str], Rows]:
    duckdb = pytest.importorskip("duckdb")
    import pyarrow as pa

    connection = duckdb.connect()
    connection.register("data", pa.table(table))
    relation = connection.execute(statement)
    return [name for name, *_ in relation.description], relation.fetchall()


DATABASES: dict[str, Callable[..., tuple[list[str], Rows]]] = {"sqlite": in_sqlite, "duckdb": in_duckdb}


def mixed_table(n: int = 60) -> dict[str, list[Any]]:
    """Numbers, a boolean, dates, times categories with rare labels; missing cells; names that need quotes."""
    rng = np.random.default_rng(2)
    dates = [f"{1896 + 3 * (i % 40):04d}-{1 + i % 12:02d}-{1 + (7 * i) % 28:02d}" for i in range(n)]
    dates[3:6] = ["2000-02-29", "2000-03-01", "1900-03-01"]
    labels = ["red", "o'brien", "초록", "rare1", "rare2"]
    return {
        'size "in" cm': [None if i % 9 == 0 else float(v) for i, v in enumerate(rng.normal(size=n).round(3))],
        "count": [int(v) for v in rng.integers(0, 9, n)],
        "when": [None if i % 13 == 7 else d for i, d in enumerate(dates)],
        "at": [f"2024-0{1 + i % 9}-11 {i % 24:02d}:30:{i % 60:02d}" for i in range(n)],
        "ok": [None if i % 11 == 4 else ["no", "yes"][i % 3 == 0] for i in range(n)],
        "colour's": [None if i % 10 == 3 else labels[min(i % 7, 4) if i > 50 else i % 3] for i in range(n)],
    }  # fmt: skip


def mixed_model(hidden: int, classes: tuple[str, ...] = (), activation: str = "relu") -> Model:
    table = mixed_table()
    rng = np.random.default_rng(1)
    encoder = Encoder.fit(pose_problem(table | {"y": rng.normal(size=60)}, "y"))
    outputs = 1 if len(classes) in (0, 2) else len(classes)
    sizes = [len(encoder.names), *([hidden, 3] if hidden else [])]
    layers = [ub.Dense(a, b, activation) for a, b in pairwise(sizes)]
    net = ub.Network([*layers, ub.Dense(sizes[-1], outputs)], seed=4, dtype="float64")
    scale = np.where(np.abs(encoder.transform(table)).max(axis=0) > 100, 1e-4, 1.0)
    first = (net.layers[0].W * scale[:, None], net.layers[0].b)
    return Model(net.with_arrays([first, *net.arrays[1:]]), encoder, "y", classes)


def unseen_table() -> dict[str, list[Any]]:
    """Labels and empty cells that the training rows did not have."""
    table = mixed_table()
    table["colour's"][0:4] = ["never seen", None, " red ", "NA"]
    table["ok"][0:3] = ["YES", None, "No"]
    table["count"][1] = None
    return table


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("hidden", [0, 6])
@pytest.mark.parametrize("table", [mixed_table(), unseen_table()], ids=["training", "unseen"])
def test_values(database: str, hidden: int, table: dict[str, list[Any]]) -> None:
    model = mixed_model(hidden)
    assert {encoder.kind for encoder in model.encoder.column_encoders} == {"number", "date", "boolean", "category"}
    statement = exported(model, "sql")
    assert isinstance(statement, str)
    names, rows = DATABASES[database](statement, table)
    assert names[-1] == "predicted y" and names[:6] == list(table)
    wanted = model.predict(table)
    np.testing.assert_allclose([row[-1] for row in rows], wanted, rtol=1e-9, atol=1e-9)
    if hidden == 0:
        assert "WITH" not in statement


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("hidden", [0, 4])
@pytest.mark.parametrize("classes", [("no", "it's"), ("a", "b", "초록")])
def test_classes(database: str, hidden: int, classes: tuple[str, ...]) -> None:
    model, table = mixed_model(hidden, classes), mixed_table()
    names, rows = DATABASES[database](str(exported(model, "sql")), table)
    k = len(classes)
    assert names[-1 - k :] == [*(f"probability of {label}" for label in classes), "predicted y"]
    shares = np.array([row[-1 - k : -1] for row in rows], dtype=float)
    np.testing.assert_allclose(shares, model.probabilities(table), rtol=1e-9, atol=1e-12)
    assert [row[-1] for row in rows] == model.predict(table).tolist()


@pytest.mark.parametrize("database", DATABASES)
def test_typed_columns(database: str) -> None:
    """Booleans and dates as the database's own types."""
    if database == "sqlite":
        pytest.skip("SQLite has no such types")
    import datetime

    model, table = mixed_model(0), mixed_table()
    typed: dict[str, Any] = dict(table)
    typed["when"] = [None if d is None else datetime.date.fromisoformat(d) for d in table["when"]]
    typed["at"] = [datetime.datetime.fromisoformat(d) for d in table["at"]]
    typed["ok"] = [None if v is None else v == "yes" for v in table["ok"]]
    _, rows = DATABASES[database](str(exported(model, "sql")), typed)
    np.testing.assert_allclose([row[-1] for row in rows], model.predict(table), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("activation", ["gelu", "silu", "tanh", "softplus", "sigmoid", "x*exp(-x**2)"])
def test_every_kind_of_activation(database: str, activation: str) -> None:
    net = ub.Network([ub.Dense(2, 4, activation), ub.Dense(4, 2, "sigmoid")], seed=0, dtype="float64")
    x = np.random.default_rng(0).normal(0, 3, (20, 2))
    x[0] = 1000, -1000
    names, rows = DATABASES[database](str(exported(net, "sql")), {"x1": x[:, 0].tolist(), "x2": x[:, 1].tolist()})
    assert names == ["x1", "x2", "y1", "y2"]
    np.testing.assert_allclose(np.array(rows)[:, 2:], net(x), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("name", [*FUNCTIONS, "comparisons"])
def test_functions(database: str, name: str) -> None:
    arity = 2 if name == "comparisons" else FUNCTIONS[name].arity
    arguments = ", ".join(["x", "z", "x + z"][:arity])
    formula = ub.Formula("(x < z) + 2*(x == z) + 4*(x != z)*z**2" if name == "comparisons" else f"{name}({arguments})")
    x, z = [0.3, 0.5, 0.9, 0.0, 0.25], [0.7, 0.5, 0.1, 2.0, 1.0]
    if name == "acosh":
        x = [v + 1 for v in x]
    if name.startswith("log") and "1p" not in name:
        x[3] = 0.1
    values = {"x": x, "z": z}
    _, rows = DATABASES[database](str(exported(formula, "sql")), values)
    wanted = np.broadcast_to(formula(**{n: np.array(values[n]) for n in formula.variables}), 5)
    np.testing.assert_allclose([row[-1] for row in rows], wanted, rtol=1e-9, atol=1e-12)
    assert {*SQL.functions, "where"} == {*FUNCTIONS}


@pytest.mark.parametrize("database", DATABASES)
def test_error_function_far_out(database: str) -> None:
    x = [-30.0, -6.0, -1.0, -1e-6, 0.0, 1e-6, 0.4, 2.0, 6.0, 12.0, 30.0]
    for name in ("erf", "erfc"):
        _, rows = DATABASES[database](str(exported(ub.Formula(f"y = {name}(x)"), "sql")), {"x": x})
        wanted = [getattr(math, name)(v) for v in x]
        np.testing.assert_allclose([row[-1] for row in rows], wanted, rtol=1e-12 if name == "erfc" else 0, atol=1e-15)


@pytest.mark.parametrize("database", DATABASES)
def test_a_fit(database: str) -> None:
    data = {"x": np.arange(1, 9), "y": 5 * np.exp(-0.3 * np.arange(1, 9)) - 2}
    fit = ub.Formula("y = a*exp(-b*x) + c").fit(data)
    names, rows = DATABASES[database](str(exported(fit, "sql")), {"x": data["x"].tolist()})
    assert names == ["x", "predicted y"]
    np.testing.assert_allclose([row[-1] for row in rows], fit.predict(data), rtol=1e-12)


def test_whole_numbers_are_divided_as_fractions() -> None:
    _, rows = in_sqlite(str(exported(ub.Formula("y = x/2"), "sql")), {"x": [1, 3]})
    assert [row[-1] for row in rows] == [0.5, 1.5]


def test_too_much_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    big = ub.Network([ub.Dense(200, 200, "relu"), ub.Dense(200, 1)], seed=0)
    with pytest.raises(ModelError, match="--small"):
        exported(big, "sql")
    nested = "x"
    for _ in range(60):
        nested = f"max({nested} - 1, 0.5)"
    with pytest.raises(ModelError, match="--small"):
        exported(ub.Formula(nested), "sql")


def test_what_has_no_values() -> None:
    with pytest.raises(ModelError, match="a, b"):
        exported(ub.Formula("y = a*x + b"), "sql")
    with pytest.raises(ModelError, match="sql, excel"):
        exported(ub.Formula("y = x + 1"), "onnx")


def test_formulas_in_programming_languages() -> None:
    space: dict[str, Any] = {}
    exec(str(exported(ub.Formula("y = x**2 + 1"), "python", "f")), space)
    assert space["f"](3.0) == 10.0
    assert "double f(double x)" in str(exported(ub.Formula("y = x**2 + 1"), "c", "f"))


def test_the_name_of_the_table_and_rows_of_a_query(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, table = mixed_model(2), mixed_table()
    connection = sqlite3.connect(tmp_path / "shop.db")
    _add_missing_functions(connection)
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in table)
    connection.execute(f'CREATE TABLE "my sales" ({names})')
    connection.executemany(
        f'INSERT INTO "my sales" VALUES ({", ".join("?" * 6)})', list(zip(*table.values(), strict=True))
    )
    connection.commit()
    path = str(model.save(tmp_path / "model.safetensors"))
    assert run(["export", path, "--to", "sql", "--table", "main.my sales"]) == 0
    statement = capsys.readouterr().out
    assert 'FROM main."my sales" AS t' in statement
    found = [row[-1] for row in connection.execute(statement)]
    np.testing.assert_allclose(found, model.predict(table), rtol=1e-9, atol=1e-9)
    connection.close()
    assert run(["export", path, "--to", "c", "--table", "sales"]) == 2
    query = ["--data", str(tmp_path / "shop.db"), "--query", 'select * from "my sales" limit 30']
    assert run(["export", path, "--small", *query, "--out", str(tmp_path / "small.c")]) == 0
    assert "6 rows" in capsys.readouterr().err  # a fifth of them
