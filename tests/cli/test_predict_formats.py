"""What comes out of ``unbend predict``: file formats, ids, appended rows, probabilities, flags."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from unbend.cli import run
from unbend.data import ColumnArrays, Encoder, pose_problem, read_table
from unbend.network import Network
from unbend.verdict.model import Model

pytestmark = pytest.mark.usefixtures("quick")
N = 40
TABLE = {
    "price": [f"${1000 + 10 * k:,}" for k in range(N)],
    "share": [f"{k % 9}.5%" for k in range(N)],
    "day": [f"{k % 28 + 1:02}-Jan-2020" for k in range(N)],
    "city": [("서울", "부산")[k % 2] for k in range(N)],
    "y": [k * 1.5 for k in range(N)],
}
NEW = 'id,price,share,day,city,note\n007,"2,000",3,05-Feb-2020,서울,NA\nNA,$1010,3.5%,05-Jan-2020,대구,=1+1\n'


def saved(folder: Path, classes: tuple[str, ...] = ()) -> Path:
    """A linear model of the table, its weights given."""
    encoder = Encoder.fit(pose_problem(TABLE, "y"))
    W = np.linspace(0.1, 0.5, len(encoder.names))[:, None] / 1000
    network = Network.from_arrays([(W, np.zeros(1))], dtype="float64")
    Model(network, encoder, "y", classes).save(folder / "model.safetensors")
    return folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    saved(tmp_path)
    (tmp_path / "new.csv").write_text(NEW, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert run(["predict", ".", "new.csv", *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_ids_rows_and_flags(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = printed(capsys)
    assert plain[0] == "predicted y"
    lines = printed(capsys, "--id", "id", "--flag")
    assert lines == ["id,predicted y,unlike_training", f"007,{plain[1]},price", f"NA,{plain[2]},city"]
    lines = printed(capsys, "--append")
    assert lines[0] == "id,price,share,day,city,note,predicted y"
    assert lines[1] == f'007,"2,000",3,05-Feb-2020,서울,NA,{plain[1]}'
    answer = json.loads("".join(printed(capsys, "--json", "--id", "id", "--id", "note")))
    assert answer["id"] == ["007", "NA"] and answer["note"] == ["NA", "=1+1"]


def test_every_format_reads_back(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = [float(v) for v in printed(capsys)[1:]]
    for ending in ("csv", "tsv", "json", "jsonl", "parquet", "feather", "xlsx"):
        if ending == "xlsx":
            pytest.importorskip("openpyxl")
        out = place / f"p.{ending}"
        assert run(["predict", ".", "new.csv", "--append", "--flag", "--out", str(out)]) == 0
        table = read_table(out, types={"id": "text", "note": "text", "share": "text"})
        assert table["predicted y"].to_pylist() == values
        assert table["id"].to_pylist() == ["007", None]  # "NA" is a mark of missing values
        assert table["unlike_training"].to_pylist() == ["price", "city"]
        assert table["note"].to_pylist() == [None, "=1+1"]
        capsys.readouterr()
        assert run(["predict", ".", str(out)]) == 0  # rows with predictions can be predicted again
        assert [float(v) for v in capsys.readouterr().out.splitlines()[1:]] == values


def test_rows_from_standard_input(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = printed(capsys)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NEW.encode())))
    assert run(["predict", ".", "-"]) == 0
    assert capsys.readouterr().out.splitlines() == expected


def test_probabilities(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(place, ("high", "low"))
    assert printed(capsys)[0] == printed(capsys, "--proba")[0] == "predicted y,P(high),P(low)"
    assert printed(capsys, "--no-proba")[0] == "predicted y"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--proba"], "classes only"),
        (["--id", "ident"], "id"),
        (["--out", "p.ods"], ".xlsx"),
        (["--sheet", "two"], "--sheet"),
        (["--query", "select 1"], "--query"),
    ],
)
def test_errors_are_one_line(place: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    assert run(["predict", ".", "new.csv", *options]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err and len(said.err.splitlines()) == 1


def test_a_column_of_the_rows_that_predictions_would_hide(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "new.csv").write_text(NEW.replace("note", "predicted y"), encoding="utf-8")
    assert run(["predict", ".", "new.csv", "--append"]) == 2
    assert "predicted y" in capsys.readouterr().err


def test_old_models_load_and_say_that_flags_are_not_available(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = Model.load(place)
    description = model.encoder.to_dict()
    for column in description["columns"]:
        column.pop("range", None)
    old = Model(model.network, Encoder.from_dict(description), "y")
    old.save(place / "model.safetensors")
    assert printed(capsys)[0] == "predicted y"
    assert run(["predict", ".", "new.csv", "--flag"]) == 2
    assert "fit again" in capsys.readouterr().err


def test_flags_of_numbers() -> None:
    table = {"x": [float(k) for k in range(101)], "b": [k % 2 == 0 for k in range(101)], "y": list(range(3, 104))}
    encoder = Encoder.fit(pose_problem({**table, "x": [v**1.01 for v in table["x"]]}, "y"))
    column = encoder.column_encoders[0]
    assert column.range[0] == 0 and column.range[3] == 100**1.01
    new = ColumnArrays(pa.table({"x": [-20.0, -60.0, None, 130.0, 170.0], "b": [True, None, False, True, True]}))
    flags = encoder.unlike(new)
    assert flags is not None
    assert flags["x"].tolist() == [False, True, False, False, True]
    assert not flags["b"].any()


def test_types_and_keep_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    rows = [f"p{k % 30},{k % 3},{rng.normal()}" for k in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["id,code,y", *rows]) + "\n")
    arguments = ["fit", str(tmp_path / "t.csv"), "-t", "y", "--budget", "1", "--json", "--out", str(tmp_path / "o")]
    assert run([*arguments, "--type", "code=category", "--keep", "id"]) == 0
    kinds = {c.name: c.kind for c in Model.load(tmp_path / "o").encoder.column_encoders}
    assert kinds == {"id": "category", "code": "category"}
    for wrong in (["--type", "code"], ["--type", "code=int"], ["--type", "cod=number"], ["--keep", "ident"]):
        assert run([*arguments, *wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4
