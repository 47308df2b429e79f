"""The commands regions, explain, collapse and shrink: answers, JSON, exit codes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

import unbend as ub
from unbend.cli import run
from unbend.data import Encoder, pose_problem
from unbend.verdict import Model


@pytest.fixture
def model(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "model.safetensors"
    rng = np.random.default_rng(0)
    arrays = [(rng.normal(size=(a, b)) * np.sqrt(2 / a), 0.3 * rng.normal(size=b)) for a, b in ((3, 8), (8, 6), (6, 1))]
    ub.save(ub.Network.from_arrays(arrays, ["relu", "relu", "identity"]), path)
    yield str(path)


def test_regions_command(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "pieces.png"
    assert (
        run(["regions", model, "--plane", "x1,x3", "--row", "0,0.5,0", "--json", "--pieces", "--picture", str(picture)])
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    net = ub.load(model)
    direct = ub.regions(net, plane=([0, 0.5, 0], [1, 0, 0], [0, 0, 1]))
    assert answer["count"] == direct.count == len(answer["pieces"]) and answer["proved"] is True
    assert set(answer["pieces"][0]) == {"polygon", "A", "c", "pattern", "neighbours"}
    assert picture.stat().st_size > 1000
    assert run(["regions", model]) == 0
    assert capsys.readouterr().out.startswith("at least")
    assert run(["regions", model, "--plane", "x9"]) == 2
    assert "no column 'x9'" in capsys.readouterr().err


def test_explain_command(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", model, "--row", "x1=0.5,x2=-1,x3=2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["exact"] and sum(v[0] for v in answer["shares"].values()) + answer["base"][0] == pytest.approx(
        ub.load(model)([0.5, -1, 2])[0]
    )
    table = tmp_path / "rows.csv"
    table.write_text("a,b,c\n1,2,3\n3,2,1\n0.5,0.25,0\n")
    assert run(["explain", model, "--row", "2", "--data", str(table)]) == 0
    assert capsys.readouterr().out.count("\n") == 5
    assert run(["explain", model, "--row", "1,2"]) == 2
    assert run(["explain", model, "--row", "9", "--data", str(table)]) == 2


def test_collapse_and_shrink_commands(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = tmp_path / "small.safetensors"
    assert run(["collapse", model]) == 1  # nothing to merge
    straight = tmp_path / "straight.safetensors"
    ub.save(ub.Network([ub.Dense(2, 5), ub.Dense(5, 1)], seed=0), straight)
    assert run(["collapse", str(straight), "--out", str(small), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["affine"] and len(ub.load(small).layers) == 1
    assert run(["shrink", model, "--box=0,0.01,0,0.01,0,0.01", "--out", str(small), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["evidence"] == "proved" and answer["neurons_saved"] > 0 and answer["largest_difference"] < 1e-12
    assert run(["shrink", model, "--box=1,0"]) == 2


@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "초록", "long name")])
def test_explain_names_the_classes(
    classes: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"x": np.arange(20.0) % 7, "colour": ["red", "blue"] * 10, "y": np.arange(20.0) ** 2}
    encoder = Encoder.fit(pose_problem(table, "y"))
    outputs = 1 if len(classes) == 2 else 3
    net = ub.Network([ub.Dense(3, 4, "relu"), ub.Dense(4, outputs)], seed=0, dtype="float64")
    path = str(Model(net, encoder, "y", classes).save(tmp_path / "model.safetensors"))
    assert run(["explain", path, "--row", "x=3,colour=red"]) == 0
    said = capsys.readouterr()
    head, *lines = said.out.splitlines()
    assert head.split() == (["yes"] if outputs == 1 else ["a", "초록", "long", "name"]) and len(lines) == 4
    assert len({cell_len(line) for line in (head, *lines)}) == 1  # aligned on the right
    assert "log odds" in said.err
    assert run(["explain", path, "--row", "x=3,colour=red", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outputs"] == list(classes[-outputs:])


def test_explain_a_row_of_a_result_folder(tmp_path: Path, quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    rows = [
        f"{a:.3f},{k},{3 * a + (k == 'p'):.3f}"
        for a, k in zip(rng.normal(size=60), rng.choice(["p", "q"], 60), strict=True)
    ]
    data, out = tmp_path / "t.csv", str(tmp_path / "out")
    data.write_text("a,kind,y\n" + "\n".join(rows) + "\n")
    figures = tmp_path / "pictures"
    assert run(["fit", str(data), "-t", "y", "--out", out, "--budget", "5", "--figures", str(figures)]) == 0
    names = sorted(p.name for p in figures.iterdir())
    assert len(names) >= 6 and {n[-4:] for n in names} == {".svg", ".png"} and names[0].startswith("01-")
    assert (figures / names[0]).read_bytes().startswith(b"\x89PNG")
    capsys.readouterr()
    assert run(["explain", out, "--row", "17", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer["shares"]) == ["a", "kind"]
    assert answer["base"][0] + sum(v[0] for v in answer["shares"].values()) == pytest.approx(answer["output"][0])
    a, kind, _ = rows[16].split(",")
    assert answer["prediction"] == pytest.approx(ub.load(out).predict({"a": [float(a)], "kind": [kind]})[0])
    assert run(["explain", out, "--row", "17", "--data", str(data)]) == 0
    text = capsys.readouterr().out
    assert "█" in text and f"kind = {kind}" in text and "contribution to y" in text
    assert run(["explain", out, str(data), "--row", "17"]) == 0
    assert capsys.readouterr().out == text
    small = [str(tmp_path / name) for name in ("a.json", "b.json")]  # --small: the training rows by default
    assert run(["export", out, "--to", "json", "--small", "-o", small[0]]) == 0
    assert run(["export", out, "--to", "json", "--small", "--data", str(data), "-o", small[1]]) == 0
    assert Path(small[0]).read_bytes() == Path(small[1]).read_bytes()
    assert run(["explain", out, "--row", "a=0.5,kind=p"]) == 0
    assert run(["explain", out, "--row", "61"]) == 2
    with sqlite3.connect(tmp_path / "t.db") as base:
        base.execute("create table t (a, kind, y)")
        base.execute("create table other (z)")
        base.executemany("insert into t values (?, ?, ?)", [row.split(",") for row in rows])
    source = ["--query", "select kind, a, y from t"]
    capsys.readouterr()
    assert run(["explain", out, "--row", "17", "--data", str(tmp_path / "t.db"), *source]) == 0
    assert capsys.readouterr().out == text
    result = tmp_path / "out" / "result.json"
    fitted = json.loads(result.read_text())
    result.write_text(json.dumps({**fitted, "data": str(tmp_path / "t.db"), "query": source[1]}))
    assert run(["explain", out, "--row", "17"]) == 0
    assert capsys.readouterr().out == text
    result.unlink()
    capsys.readouterr()
    assert run(["export", out, "--to", "json", "--small"]) == 2
    assert run(["explain", out, "--row", "17"]) == 2
    assert "--data" in capsys.readouterr().err
