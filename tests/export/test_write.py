"""``unbend export``: every target, both languages, bad input in one line, nothing half-written; ``ub.export``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.export.targets import TARGETS
from unbend.verdict import Model

from .models import table_model

NET = ub.Network([ub.Dense(2, 3, "gelu"), ub.Dense(3, 2)], seed=0)
X = [[0.3, -0.7], [2.0, 1.0]]


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(ub.save(NET, tmp_path / "net.safetensors"))


@pytest.mark.parametrize("target", ["c", "js", "json", "python"])
def test_text_goes_to_stdout_and_the_same_to_a_file(
    target: str, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", model, "--to", target]) == 0
    printed = capsys.readouterr()
    assert printed.err == "" and len(printed.out) > 100
    out = tmp_path / f"model{TARGETS[target].endings[0]}"
    assert run(["export", model, "--to", target, "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == "" and str(out) in said.err
    assert out.read_text(encoding="utf-8") == printed.out


@pytest.mark.parametrize("ending", ["onnx", "c", "mjs", "js", "json", "py", "safetensors"])
def test_the_ending_decides(ending: str, model: str, tmp_path: Path) -> None:
    if ending == "onnx":
        pytest.importorskip("onnx")
    out = tmp_path / "out" / f"m.{ending}"
    assert run(["export", model, "--out", str(out)]) == 0
    assert ub.export(NET, tmp_path / f"n.{ending}").stat().st_size > 100
    assert os.listdir(out.parent) == [out.name]
    if ending in ("json", "safetensors", "onnx"):
        again = ub.from_onnx(out) if ending == "onnx" else ub.load(out)
        np.testing.assert_array_equal(again(X), NET(X))
    if ending in ("onnx", "json"):  # these are models too
        assert run(["export", str(out), "--out", str(tmp_path / "again.c")]) == 0
        assert (tmp_path / "again.c").read_text() == ub.export(NET, tmp_path / "again.c").read_text()


def test_table_models_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, table = table_model("numbers", ("no", "yes"))
    here.save(tmp_path / "result" / "model.safetensors")
    assert run(["export", str(tmp_path / "result"), "--to", "python"]) == 0
    space: dict[str, object] = {}
    exec(capsys.readouterr().out, space)
    assert space["COLUMNS"] == ["나이 */", "when", "ok", "b"] and space["CLASSES"] == ["no", "yes"]
    assert run(["export", str(tmp_path / "result"), "--out", str(tmp_path / "m.json")]) == 0
    again = Model.load(tmp_path / "m.json")
    np.testing.assert_array_equal(again.predict(table), here.predict(table))
    assert json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["extra"]["target"] == "y"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_bad_input_is_one_line_and_leaves_nothing(
    language: str, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "bad.onnx").write_bytes(b"no")
    (tmp_path / "taken").write_text("")
    before = sorted(os.listdir(tmp_path))
    for arguments in (
        [model], [model, "--to", "fortran"], [model, "--to", "onnx"], [model, "--out", str(tmp_path / "m.xyz")],
        [str(tmp_path / "none"), "--to", "c"], [str(tmp_path / "bad.json"), "--to", "c"],
        [str(tmp_path / "bad.onnx"), "--to", "c"], [str(tmp_path), "--to", "c"], ["--to", "c"],
        [model, "--out", str(tmp_path / "taken" / "m.c")], [model, "--to", "c", "--more"],
    ):  # fmt: skip
        if "onnx" in str(arguments):
            pytest.importorskip("onnx")
        assert run(["--lang", language, "export", *arguments]) == 2
        printed = capsys.readouterr()
        assert printed.out == "" and printed.err.count("\n") == 1
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("language", ["en", "ko"])
def test_help_in_both_languages(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", language, "export", "--help"]) == 0
    assert ("내보" in capsys.readouterr().out) == (language == "ko")


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine")
def test_korean_code_runs_too(model: str, tmp_path: Path) -> None:
    assert run(["--lang", "ko", "export", model, "--out", str(tmp_path / "m.mjs")]) == 0
    text = (tmp_path / "m.mjs").read_text(encoding="utf-8")
    assert "완전 연결 신경망" in text
    code = f"import {{ output }} from './m.mjs'; console.log(JSON.stringify({X}.map(output)));"
    (tmp_path / "run.mjs").write_text(code)
    printed = subprocess.run(["node", tmp_path / "run.mjs"], capture_output=True, text=True, check=True).stdout
    np.testing.assert_allclose(json.loads(printed), NET(X), rtol=1e-6)
