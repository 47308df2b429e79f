"""Exported workbooks, computed by the package ``formulas``, against the model."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.errors import BadInput

from .test_targets_sql import mixed_model, mixed_table

openpyxl = pytest.importorskip("openpyxl")
formulas = pytest.importorskip("formulas")
SOME = [0, 3, 7, 11, 52, 55, 59]


def computed(path: Path) -> tuple[list[str], list[list[Any]]]:
    """The sheet of rows: its titles, and its rows with every formula computed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {str(key).upper(): value.value[0, 0] for key, value in solution.items() if hasattr(value, "value")}
    sheet = openpyxl.load_workbook(path).worksheets[0]
    prefix = f"'[{path.name}]{sheet.title}'!".upper()
    rows = [[cells.get(f"{prefix}{cell.coordinate}", cell.value) for cell in row] for row in sheet.iter_rows()]
    return rows[0], rows[1:]


def columns(path: Path, *titles: str) -> list[list[Any]]:
    head, rows = computed(path)
    return [[row[head.index(title)] for row in rows] for title in titles]


@pytest.mark.parametrize("hidden", [0, 4])
def test_predictions_of_given_rows(hidden: int, tmp_path: Path) -> None:
    model, table = mixed_model(hidden), mixed_table()
    rows = {name: [values[i] for i in SOME] for name, values in table.items()}
    path = ub.export(model, tmp_path / "m.xlsx", data=rows)
    expected = model.predict(rows)
    found, beside = columns(path, "predicted y", f"by unbend {ub.__version__}")
    np.testing.assert_allclose(np.array(found, dtype=float), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(beside, expected, rtol=1e-12)


@pytest.mark.parametrize("classes", [("no", 'a "b"'), ("a", "b", "초록")])
@pytest.mark.parametrize("hidden", [0, 3])
def test_classes_of_typical_rows(classes: tuple[str, ...], hidden: int, tmp_path: Path) -> None:
    path = ub.export(mixed_model(hidden, classes), tmp_path / "m.xlsx", "excel")
    found, beside, *shares = columns(
        path, "predicted y", f"by unbend {ub.__version__}", *(f"probability of {label}" for label in classes)
    )
    assert len(found) == 6 and [str(label) for label in found] == beside
    np.testing.assert_allclose(np.array(shares, dtype=float).sum(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize("activation", ["gelu", "tanh", "relu"])
def test_a_network_as_sheets_of_neurons_and_weights(activation: str, tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 30, activation), ub.Dense(30, 20, activation), ub.Dense(20, 2)], seed=0)
    path = ub.export(net, tmp_path / "m.xlsx")
    x1, x2, *found = columns(path, "x1", "x2", "y1", "y2")
    expected = net(np.array([x1, x2], dtype=np.float32).T)
    np.testing.assert_allclose(np.array(found, dtype=float).T, expected, rtol=1e-5, atol=1e-6)
    weights = openpyxl.load_workbook(path)["weights"]
    assert weights.cell(1, 1).value == net.layers[0].b[0] and weights.cell(31, 3).value == net.layers[1].W[1, 0]


def test_a_fit(tmp_path: Path) -> None:
    data = {"x": np.arange(1, 9.0), "y": 5 * np.exp(-0.3 * np.arange(1, 9)) - 2}
    fit = ub.Formula("y = a*exp(-b*x) + c").fit(data)
    path = ub.export(fit, tmp_path / "m.xlsx", data=data)
    found, beside = columns(path, "predicted y", f"by unbend {ub.__version__}")
    np.testing.assert_allclose(np.array(found, dtype=float), fit.predict(data), rtol=1e-12)
    np.testing.assert_allclose(beside, fit.predict(data), rtol=1e-12)


def test_names_and_labels_are_no_formulas(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = {"=1+1": rng.normal(size=30), "label": ["=A1", "b", "c"] * 10}
    from unbend.data import Encoder, pose_problem
    from unbend.verdict import Model

    problem = pose_problem(rows | {"y": rng.normal(size=30)}, "y")
    encoder = Encoder.fit(problem)
    net = ub.Network([ub.Dense(len(encoder.names), 1)], seed=0, dtype="float64")
    path = ub.export(Model(net, encoder, "y", ()), tmp_path / "m.xlsx", data=rows)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [sheet[place].data_type for place in ("A1", "B2", "C2")] == ["s", "s", "f"]


def test_a_missing_column_and_too_many_rows_are_named(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 1)], seed=0)
    with pytest.raises(BadInput, match="x2"):
        ub.export(net, tmp_path / "m.xlsx", data={"x1": [1.0, 2.0]})
    many = {"x1": np.zeros(10_001), "x2": np.zeros(10_001)}
    with pytest.raises(BadInput, match="10,000"):
        ub.export(net, tmp_path / "m.xlsx", data=many)
    assert list(tmp_path.iterdir()) == []


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ub.save(ub.Network([ub.Dense(2, 1)], seed=0), tmp_path / "m.safetensors")
    arguments = ["export", str(tmp_path / "m.safetensors"), "--to", "excel", "--lang", "ko"]
    assert run([*arguments, "--out", str(tmp_path / "m.xlsx")]) == 0
    assert openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames == ["행", "설명"]
    assert run([*arguments, "--data", "t.csv"]) == 2
    assert "--out 파일.xlsx" in capsys.readouterr().err
