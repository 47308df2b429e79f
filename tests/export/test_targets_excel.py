"""Exported Excel formulas, evaluated by the package ``formulas``, against the model."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.errors import ModelError
from unbend.export import exported
from unbend.export.targets.excel import letters
from unbend.verdict import Model

from .test_targets_sql import mixed_model, mixed_table, unseen_table

ROWS = [*range(8), *range(52, 60)]  # with labels of every kind and missing cells; the package is slow
RESULT = re.compile(r"^([A-Z]+)2 \((.*)\):\n=(.*)$", re.MULTILINE)


def answers(text: Any, rows: list[list[Any]]) -> list[dict[str, Any]]:
    """{name of the result: value} for each row of cells."""
    formulas = pytest.importorskip("formulas")
    results = RESULT.findall(text)
    width = len(rows[0])
    assert [place for place, *_ in results] == [letters(width + k) for k in range(len(results))]
    steps = []
    for place, name, formula in results:
        assert len(formula) < 8192
        *named, (_, last) = let_steps(formula)
        for key, part in [*named, (f"{place}2", last)]:
            steps.append((key.upper(), name, formulas.Parser().ast("=" + part)[1].compile()))
    listed = []
    for row in rows:
        known = {f"{letters(k)}2": value for k, value in enumerate(row)}
        found = {}
        for key, name, function in steps:
            known[key] = found[name] = np.asarray(function(*(known[str(cell)] for cell in function.inputs))).ravel()[0]
        listed.append(found)
    return listed


def let_steps(formula: str) -> list[tuple[str, str]]:
    """(name, formula) of each name of a LET, then ("", formula) of its value; the package evaluates no chains of
    names."""  # fmt: skip
    if not formula.startswith("LET("):
        return [("", formula)]
    parts, depth, quoted = [""], 0, False
    for character in formula[4:-1]:
        quoted ^= character == '"'
        depth += 0 if quoted else (character == "(") - (character == ")")
        if character == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [*zip(parts[:-1:2], parts[1:-1:2], strict=True), ("", parts[-1])]


def cells(table: dict[str, list[Any]]) -> list[list[Any]]:
    """Rows as a sheet has them: dates as serial numbers, empty cells as empty text."""
    columns = []
    for values in table.values():
        texts = [v for v in values if isinstance(v, str)]
        is_date = bool(texts) and bool(re.match(r"\d{4}-", texts[0]))
        columns.append([_serial(v) if is_date and v is not None else "" if v is None else v for v in values])
    return [list(row) for row in zip(*columns, strict=True)]


def _serial(text: str) -> float:
    return (datetime.datetime.fromisoformat(text) - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)


@pytest.mark.parametrize("hidden", [0, 6])
@pytest.mark.parametrize("table", [mixed_table(), unseen_table()], ids=["training", "unseen"])
def test_values(hidden: int, table: dict[str, list[Any]]) -> None:
    model = mixed_model(hidden)
    table["colour's"] = [None if v == "NA" else v for v in table["colour's"]]
    text = str(exported(model, "excel"))
    assert 'A = size "in" cm, B = count' in text and ("LET" in text) == (hidden > 0)
    found = [row["predicted y"] for row in answers(text, [cells(table)[i] for i in ROWS])]
    np.testing.assert_allclose(np.array(found, dtype=float), model.predict(table)[ROWS], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("classes", [("no", 'a "b"'), ("a", "b", "초록")])
def test_classes(classes: tuple[str, ...]) -> None:
    model, table = mixed_model(0, classes), mixed_table()
    found = answers(exported(model, "excel"), [cells(table)[i] for i in ROWS])
    shares = [[row[f"probability of {label}"] for label in classes] for row in found]
    np.testing.assert_allclose(np.array(shares, dtype=float), model.probabilities(table)[ROWS], rtol=1e-9, atol=1e-12)
    assert [row["predicted y"] for row in found] == model.predict(table)[ROWS].tolist()


@pytest.mark.parametrize("activation", ["gelu", "silu", "tanh", "relu", "abs"])
def test_every_kind_of_activation(activation: str) -> None:
    net = ub.Network([ub.Dense(2, 4, activation), ub.Dense(4, 2, "sigmoid")], seed=0, dtype="float64")
    x = np.random.default_rng(0).normal(0, 3, (6, 2))
    found = answers(exported(net, "excel"), x.tolist())
    np.testing.assert_allclose([[row["y1"], row["y2"]] for row in found], net(x), rtol=1e-9, atol=1e-9)


def test_a_fit() -> None:
    data = {"x": np.arange(1, 9), "y": 5 * np.exp(-0.3 * np.arange(1, 9)) - 2}
    fit = ub.Formula("y = a*exp(-b*x) + c*(x > 3)").fit(data)
    found = answers(exported(fit, "excel"), [[v] for v in data["x"].tolist()])
    np.testing.assert_allclose([row["predicted y"] for row in found], fit.predict(data), rtol=1e-12)


def test_too_much_is_said() -> None:
    wide = ub.Network([ub.Dense(30, 40, "relu"), ub.Dense(40, 1)], seed=0)
    with pytest.raises(ModelError, match="8,192"):
        exported(wide, "excel")
    many = ub.Network([ub.Dense(2, 130, "relu"), ub.Dense(130, 1)], seed=0)
    with pytest.raises(ModelError, match="126"):
        exported(many, "excel")


def test_letters() -> None:
    assert [letters(k) for k in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_table_models_say_what_is_in_each_column() -> None:
    ub.set_language("ko")
    text = str(exported(mixed_model(0), "excel"))
    assert "1행에는 열 이름" in text and "y 예측" in text
    assert isinstance(mixed_model(0), Model)
