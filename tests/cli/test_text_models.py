"""The commands on fastText's models."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run, text_predictions, written_batches
from unbend.verdict.text import fit_text

MODELS = Path(__file__).parents[1] / "text" / "models"
BIN = str(MODELS / "softmax_subwords.bin")


@pytest.fixture
def table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = str(tmp_path / "table.safetensors")
    assert run(["collapse", BIN, "--out", path]) == 0
    capsys.readouterr()
    return path


def test_collapse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["collapse", str(MODELS / "tree.bin"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["linear"] is False and answer["link"] == "tree" and len(answer["classes"]) == 15
    assert run(["collapse", str(MODELS / "skipgram.bin")]) == 2
    assert "skipgram.bin" in capsys.readouterr().err


def test_explain_and_predict_agree(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "오늘 너무 힘들다"
    assert run(["explain", table, "--text", text, "--json"]) == 0
    why = json.loads(capsys.readouterr().out)
    for part in ("words", "ngrams"):
        np.testing.assert_allclose(np.sum([p["contributions"] for p in why[part]], axis=0), why["output"], atol=1e-12)
    data = tmp_path / "texts.csv"
    data.write_text(f"id,text\n7,{text}\n8,\n", encoding="utf-8")
    assert run(["predict", BIN, str(data), "--id", "id", "--lang", "en"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == ["7", "8"]
    best = max(why["probabilities"], key=why["probabilities"].__getitem__)
    assert rows[0]["predicted label"] == best
    assert float(rows[0][f"P({best})"]) == pytest.approx(why["probabilities"][best], rel=1e-12)


def test_lines_of_a_text_file(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.txt").write_text("what, is my balance\n오늘\n", encoding="utf-8")
    assert run(["predict", table, str(tmp_path / "texts.txt"), "--no-proba", "--json", "--lang", "en"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["predicted label"] == ub.load(table).predict(["what, is my balance", "오늘"])


def test_explain_as_a_table_in_both_languages(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("en", "probability"), ("ko", "확률")):
        assert run(["explain", table, "--text", "what is my balance", "--lang", language]) == 0
        printed = capsys.readouterr().out
        assert word in printed and "balance" in printed


def test_shrink(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts, out = tmp_path / "texts.txt", tmp_path / "small.safetensors"
    texts.write_text("what is my balance\n오늘 너무 힘들다\n", encoding="utf-8")
    assert run(["shrink", table, "--data", str(texts), "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rows_after"] < answer["rows_before"] and answer["same"] == 1.0
    assert out.stat().st_size == answer["bytes_after"] < answer["bytes_before"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", BIN],
        ["explain", BIN, "--text", "a", "--row", "1"],
        ["predict", BIN, "TABLE"],
        ["predict", BIN, "TABLE", "--text", "nowhere"],
        ["predict", BIN, "TABLE", "--text", "a", "--flag"],
        ["shrink", BIN, "--box=-1,1"],
        ["explain", "NETWORK", "--text", "a"],
        ["explain", "NETWORK"],
        ["collapse", "NETWORK", "--data", "TABLE"],
        ["shrink", "NETWORK", "--text", "a"],
        ["predict", BIN, "missing.txt"],
    ],
)
def test_misuse_is_one_line(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "table.csv").write_text("a,b\nx,y\nz,w\n")
    ub.save(ub.Network([ub.Dense(2, 1)]), tmp_path / "net.safetensors")
    places = {"TABLE": tmp_path / "table.csv", "NETWORK": tmp_path / "net.safetensors"}
    assert run([str(places.get(a, a)) for a in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1


def test_a_straight_model_that_was_fitted_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["a good film", "so good", "a bad film", "so bad"] * 10
    model = fit_text(texts, ["yes", "yes", "no", "no"] * 10)
    path = str(model.save(tmp_path / "reviews.safetensors"))
    (tmp_path / "texts.csv").write_text("text\na good one\nso bad\n", encoding="utf-8")
    assert run(["predict", path, str(tmp_path / "texts.csv"), "--lang", "en"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["predicted label"] for row in rows] == ["yes", "no"]
    np.testing.assert_allclose(float(rows[0]["P(yes)"]), model.probabilities(["a good one"])[0, 1])
    for target in ("c", "js", "python", "json"):
        assert run(["export", path, "--to", target]) == 0
        assert len(capsys.readouterr().out) > 1000
    for command in (["collapse"], ["shrink"], ["export", "--to", "sql"]):
        assert run([command[0], path, *command[1:], "--lang", "en"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("name", ["texts.csv", "texts.txt"])
def test_predictions_of_many_texts_come_in_batches(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["a good film", "so good", "a bad film", "so bad"] * 10
    model = str(fit_text(texts, ["yes", "yes", "no", "no"] * 10).save(tmp_path / "reviews.safetensors"))
    lines = [f"number {i} is {'good' if i % 3 else 'bad'}" for i in range(50)]
    (tmp_path / name).write_text("\n".join((["text"] if name == "texts.csv" else []) + lines) + "\n", encoding="utf-8")
    arguments = ["predict", model, str(tmp_path / name), "--append"]
    assert run([*arguments, "--out", str(tmp_path / "whole.csv")]) == run([*arguments, "--json"]) == 0
    in_json = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(written_batches, "WHOLE", 0)
    monkeypatch.setattr(text_predictions, "BATCH", 7)
    assert run([*arguments, "--out", str(tmp_path / "parts.csv")]) == run(arguments) == 0
    whole = (tmp_path / "whole.csv").read_text(encoding="utf-8")
    assert whole == (tmp_path / "parts.csv").read_text(encoding="utf-8") == capsys.readouterr().out
    assert whole.count("\n") == 51 and in_json["text"] == lines
