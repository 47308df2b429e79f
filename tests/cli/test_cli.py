"""The command line as a user meets it: verdict, files, JSON, errors with exit code 2, both languages."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import unbend
from unbend import file_access, set_language
from unbend.cli import run
from unbend.data import shipped_sets
from unbend.scale import stream_predictions

pytestmark = pytest.mark.usefixtures("quick")


def table(path: Path, rows: int = 60, classes: bool = False) -> Path:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, rows))
    y = a + 0.1 * rng.normal(size=rows)
    names = ["낮음" if v < 0 else "높음" for v in y] if classes else [repr(float(v)) for v in y]
    lines = [f"{a[i]!r},{b[i]!r},{names[i]}" for i in range(rows)]
    path.write_text("\n".join(["a,b,y", *lines]).replace("np.float64(", "").replace(")", "") + "\n", encoding="utf-8")
    return path


@pytest.fixture
def fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    code = run(["fit", str(table(tmp_path / "t.csv")), "--target", "y", "--out", str(tmp_path / "o"), "--budget", "60"])
    assert code == 0
    capsys.readouterr()
    return tmp_path


def test_fit_says_the_verdict_and_keeps_report_model_and_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = table(tmp_path / "t.csv")
    assert run(["fit", str(data), "--target", "y", "--out", str(tmp_path / "o"), "--budget", "60"]) == 0
    said = capsys.readouterr()
    assert "Straight is enough" in said.out
    assert str(tmp_path / "o" / "report.html") in said.out
    written = {"report.html", "model.safetensors", "result.json", "out_of_fold.csv"}
    assert {p.name for p in (tmp_path / "o").iterdir()} == written
    kept = json.loads((tmp_path / "o" / "result.json").read_text())
    assert kept["verdict"] == "straight_is_enough"
    assert kept["linear"]["rmse"] == pytest.approx(0.1, rel=0.5)


def test_json_is_one_object_with_the_promised_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "o"
    assert run(["fit", str(table(tmp_path / "t.csv")), "-t", "y", "--json", "--budget", "6", "--out", str(out)]) == 0
    answer = json.loads(capsys.readouterr().out)
    promised = "verdict task rows columns linear network gain interval seed model report seconds".split()
    assert set(promised) <= set(answer)
    assert {"score", "rmse"} <= set(answer["linear"]) & set(answer["network"])
    assert answer["rows"] == 60
    assert answer["columns"] == 2


def test_without_out_only_a_report_is_written_and_nobody_elses_page_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.html").write_text("mine")
    assert run(["fit", str(table(tmp_path / "t.csv")), "--target", "y", "--budget", "1"]) == 0
    assert (tmp_path / "report.html").read_text() == "mine"
    assert "unbend-data" in (tmp_path / "report-2.html").read_text(encoding="utf-8")


def test_predictions_are_the_same_from_csv_and_parquet_to_stdout_and_to_files(
    fitted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from unbend.data import read_table

    pq.write_table(read_table(fitted / "t.csv"), fitted / "t.parquet")
    printed = []
    for name in ("t.csv", "t.parquet"):
        assert run(["predict", str(fitted / "o"), str(fitted / name)]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    values = [float(line) for line in printed[0].splitlines()[1:]]
    for name in ("p.csv", "p.tsv", "p.parquet", "p.feather", "p.json"):
        assert run(["predict", str(fitted / "o"), str(fitted / "t.csv"), "--out", str(fitted / name)]) == 0
    assert pq.read_table(fitted / "p.parquet")["predicted y"].to_pylist() == values
    assert pa.feather.read_table(fitted / "p.feather")["predicted y"].to_pylist() == values
    assert json.loads((fitted / "p.json").read_text())["predicted y"] == values
    assert [float(v) for v in (fitted / "p.csv").read_text().splitlines()[1:]] == values


def test_predictions_of_what_does_not_fit_into_memory_come_in_batches(
    fitted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["predict", str(fitted / "o"), str(fitted / "t.csv"), "--append"]
    assert run(arguments) == 0
    whole = capsys.readouterr()
    monkeypatch.setenv("UNBEND_MEMORY", "1 kB")
    monkeypatch.setattr(stream_predictions, "BLOCK_ROWS", 7)
    monkeypatch.setattr("unbend.data.reader.load_table", None)  # is not called
    assert run(arguments) == run([*arguments, "--out", str(fitted / "p.csv")]) == 0
    parts = capsys.readouterr()
    rows = [list(csv.reader(text.splitlines())) for text in (whole.out, parts.out)]
    assert parts.out == (fitted / "p.csv").read_text(encoding="utf-8") and len(rows[1]) == 61
    assert rows[0][0] == rows[1][0]
    np.testing.assert_allclose(np.array(rows[0][1:], float), np.array(rows[1][1:], float), rtol=1e-12)


def test_classes_come_with_probabilities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = table(tmp_path / "t.csv", classes=True)
    assert run(["fit", str(data), "--target", "y", "--out", str(tmp_path / "o"), "--budget", "60"]) == 0
    capsys.readouterr()
    assert run(["predict", str(tmp_path / "o"), str(data), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"predicted y", "P(낮음)", "P(높음)"}
    np.testing.assert_allclose(np.add(answer["P(낮음)"], answer["P(높음)"]), 1)
    actual = [line.rsplit(",", 1)[1] for line in data.read_text(encoding="utf-8").splitlines()[1:]]
    assert np.mean([a == b for a, b in zip(answer["predicted y"], actual, strict=True)]) > 0.9


BAD = {
    "no such file": ["fit", "absent.csv", "--target", "y"],
    "no such column": ["fit", "t.csv", "--target", "z"],
    "no target": ["fit", "t.csv"],
    "unknown option": ["fit", "t.csv", "--target", "y", "--nonsense"],
    "unknown command": ["nonsense"],
    "negative budget": ["fit", "t.csv", "--target", "y", "--budget", "-1"],
    "unknown model": ["fit", "t.csv", "--target", "y", "--model", "magic"],
    "unknown task": ["fit", "t.csv", "--target", "y", "--task", "magic"],
    "an empty folder": ["fit", "empty", "--target", "y"],
    "unknown language": ["fit", "t.csv", "--target", "y", "--lang", "xx"],
    "no model": ["predict", "absent", "t.csv"],
    "not a model": ["predict", "t.csv", "t.csv"],
    "a file where a folder is wanted": ["fit", "t.csv", "--target", "y", "--out", "t.csv/o"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str], lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "t.csv")
    (tmp_path / "empty").mkdir()
    before = {p.name for p in tmp_path.iterdir()}
    set_language(lang)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.startswith("오류:" if lang == "ko" else "error:")
    assert {p.name for p in tmp_path.iterdir()} == before


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_access.os, "fsync", full)
    data = table(tmp_path / "t.csv")
    assert run(["fit", str(data), "--target", "y", "--out", str(tmp_path / "o"), "--budget", "1"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert not any((tmp_path / "o").iterdir())


def test_help_and_version_speak_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == unbend.__version__
    assert run(["--lang", "ko", "fit", "--help"]) == 0
    assert "예측할 열" in capsys.readouterr().out
    assert run(["fit", "--help", "--lang=en"]) == 0
    assert "column to predict" in capsys.readouterr().out


def test_off_a_terminal_nothing_but_the_answer_is_printed(tmp_path: Path) -> None:
    data = table(tmp_path / "t.csv")
    done = subprocess.run(
        [sys.executable, "-m", "unbend", "fit", str(data), "--target", "y", "--json", "--budget", "4"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(unbend.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["rows"] == 60
    assert "\x1b" not in done.stdout + done.stderr


def test_the_shipped_set_is_known_by_its_name() -> None:
    assert "concrete" in shipped_sets()
