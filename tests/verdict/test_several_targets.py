"""Several targets: one verdict each, none an input of another; files, index, JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.errors import BadInput, DataError
from unbend.verdict import Results, Step
from unbend.verdict.several_targets import file_names


@pytest.fixture(autouse=True)
def one_repeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, each fold once."""
    monkeypatch.setattr("unbend.verdict.plan.MAX_REPEATS", 1)


def made(rows: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, rows))
    y = 2 * x + 0.1 * rng.normal(size=rows)
    return {"x": x, "z": z, "a/b": y, "class": np.where(y > 0, "up", "down")}


def test_each_is_the_fit_without_the_others() -> None:
    table = made()
    steps: list[Step] = []
    results = ub.fit(table, ["a/b", "class"], budget=20, by_clock=False, watch=steps.append)
    assert isinstance(results, Results) and list(results) == ["a/b", "class"] and len(results) == 2
    for name, other in (("a/b", "class"), ("class", "a/b")):
        alone = ub.fit(table, name, budget=10, by_clock=False, drop=[other])
        assert results[name].decision == alone.decision
        assert [c.name for c in results[name].problem.inputs] == ["x", "z"]
        np.testing.assert_array_equal(results[name].predict(table), alone.predict(table))
        assert any("(another target)" in text for text in results[name].messages())
    shares = [step.share for step in steps]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1)
    assert [answer["target"] for answer in results.to_json()] == ["a/b", "class"]
    assert f"a/b: {results['a/b'].verdict}" in repr(results)
    assert "class" in results._repr_mimebundle_()["text/html"]


def test_reports_and_their_index(tmp_path: Path) -> None:
    results = ub.fit(made(), ("class",), budget=5, by_clock=False)
    assert isinstance(results, Results)
    index = results.report(tmp_path / "r")
    assert index == tmp_path / "r" / "index.html"
    links = re.findall(r'href="([^"]+)"', index.read_text(encoding="utf-8"))
    assert links == ["class.html"] and (tmp_path / "r" / "class.html").is_file()


def test_names_of_files_are_distinct_and_plain() -> None:
    names = file_names(["a/b", "a b", "A-B", "온도", "..", "index", "a" * 99])
    assert len({name.casefold() for name in names.values()}) == 7
    assert names["온도"] == "온도" and names[".."] == "target" and names["index"] == "index-2"
    assert all(re.fullmatch(r"[\w-]{1,63}", name) for name in names.values())


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = made()
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
    Path("t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = ["fit", "t.csv", "-t", "a/b", "-t", "class", "--budget", "4"]
    assert run([*command, "--out", "o", "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert [answer["target"] for answer in answers] == ["a/b", "class"]
    assert answers == json.loads(Path("o/result.json").read_text(encoding="utf-8"))
    for name in ("a-b", "class"):
        written = {path.name for path in Path("o", name).iterdir()}
        assert written == {"report.html", "model.safetensors", "result.json", "out_of_fold.csv"}
        assert f'href="{name}/report.html"' in Path("o/report.html").read_text(encoding="utf-8")
    assert run(command) == 0
    said = capsys.readouterr().out
    assert "index of the reports: report.html" in said
    assert Path("report-a-b.html").is_file() and 'href="report-class.html"' in Path("report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("targets", "more", "key"),
    [([], {}, "verdict.targets"), ([1], {}, "verdict.targets"), (["a/b", "none"], {}, "data.no_such_column"),
     (["a/b", "class"], {"formula": "k*x"}, "verdict.formula_of_targets")],
)  # fmt: skip
def test_refusals(targets: list[Any], more: dict[str, Any], key: str) -> None:
    with pytest.raises((BadInput, DataError)) as caught:
        ub.fit(made(), targets, **more)
    assert caught.value.key == key and "\n" not in str(caught.value)
