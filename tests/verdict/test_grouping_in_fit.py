"""``fit`` where rows are not independent: what random folds take for a bend, group and time folds do not."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.errors import DataError
from unbend.report.number_text import p_value
from unbend.report.sentences import specification_test_sentence
from unbend.verdict import Settings
from unbend.verdict.plan import WorkPlan
from unbend.verdict.where import Where

MODULE = sys.modules["unbend.verdict.pipeline"]
QUICK = Settings(members=2, hidden=(16,), steps=500, batch_size=16)


@pytest.fixture(autouse=True)
def small_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five folds once, of small networks: what takes a minute takes a moment."""
    monkeypatch.setattr(MODULE, "plan", lambda rows, features, outputs, seconds: WorkPlan(5, 1, QUICK))
    monkeypatch.setattr(MODULE, "locate_bends", lambda *a, **k: Where(searched=False))


def fit(table: Any, **more: Any) -> Any:
    """With a budget that no machine uses up."""
    return ub.fit(table, "y", budget=900, **more)


def keys(result: Any) -> set[str]:
    return {note.key for note in result.notes}


def sites() -> dict[str, Any]:
    """Eight sites, each with a level of its own, and two columns that tell the sites apart but not their level."""
    rng = np.random.default_rng(0)
    site = np.repeat(np.arange(8), 30)
    x = rng.normal(size=(8, 2))[site] + 0.02 * rng.normal(size=(240, 2))
    return {"x": x[:, 0], "z": x[:, 1], "site": [f"s{k}" for k in site],
            "y": 3 * rng.normal(size=8)[site] + 0.1 * rng.normal(size=240)}  # fmt: skip


def test_whole_groups() -> None:
    table = sites()
    naive, fair = fit(table, drop="site"), fit(table, group="site")
    assert naive.verdict == "bends_pay" and "verdict.grouped" not in keys(naive)
    assert fair.verdict != "bends_pay" and "verdict.grouped" in keys(fair)
    assert [c.name for c in fair.problem.inputs] == ["x", "z"] and fair.group == fair.to_json()["group"] == "site"
    assert fair.predict({"x": table["x"], "z": table["z"]}).shape == (240,)  # needs no site


def test_past_and_future() -> None:
    """A random walk: between two known days it is easy to guess, beyond the last one it is not."""
    rng = np.random.default_rng(2)
    table = {"day": np.datetime64("2020-01-01") + np.arange(300), "z": rng.normal(size=300),
             "y": np.cumsum(rng.normal(size=300))}  # fmt: skip
    naive, fair = fit(table), fit(table, time="day")
    assert naive.verdict == "bends_pay" and "verdict.kinship" in keys(naive)
    assert fair.verdict != "bends_pay" and "verdict.timed" in keys(fair) and fair.comparison.repeats == 1
    reached = ~np.isnan(fair.comparison.outputs["network"][:, 0])
    assert not reached[:150].any() and reached[150:].all()
    shuffled = rng.permutation(300)
    again = fit({name: cells[shuffled] for name, cells in table.items()}, time="day")
    assert again.comparison.ratio == fair.comparison.ratio  # the order in the table does not matter
    np.testing.assert_allclose(again.comparison.of("linear"), fair.comparison.of("linear"), rtol=1e-6)


def test_copies_cannot_teach_their_own_answer() -> None:
    """Noise, each row five times: only a model judged on rows it has learned would seem to know something."""
    rng = np.random.default_rng(3)
    once = {f"x{k}": rng.normal(size=60) for k in range(3)} | {"y": rng.normal(size=60)}
    result = fit({name: np.tile(cells, 5) for name, cells in once.items()})
    assert "verdict.copies" in keys(result) and result.verdict in ("nothing_to_learn", "cannot_tell")


def test_a_leak_is_said_with_what_to_do_and_can_be_dropped() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 120))
    table = {"x": x, "invoice": np.exp(y), "y": y}
    text = next(note for note in fit(table).notes if note.key == "verdict.leak_number").text()
    assert "'invoice'" in text and "--drop" in text
    without = fit(table, drop=["invoice"])
    assert "verdict.leak_number" not in keys(without) and [c.name for c in without.problem.inputs] == ["x"]
    assert without.verdict in ("nothing_to_learn", "cannot_tell")
    same = fit({"x": x, "same": y, "y": y}, drop=["same"])
    assert "data.equals_target" not in keys(same)


@pytest.mark.parametrize("classes", [False, True])
def test_the_specification_test_beside_the_verdict(classes: bool) -> None:
    rng, rows = np.random.default_rng(5), 150 if classes else 300
    x = rng.uniform(-1, 1, (rows, 3))
    bend = 3 * x[:, 0] * x[:, 1] + 0.2 * rng.normal(size=rows)
    line = 3 * x[:, 0] - x[:, 1] + rng.normal(size=rows)
    for y, bends in ((bend, True), (line, False)):
        table = {f"x{k + 1}": x[:, k] for k in range(3)} | {"y": np.where(y > 0, "yes", "no") if classes else y}
        result = fit(table)
        answer = result.to_json()["witness"]
        assert answer["bends"] == bends and answer["test"] == ("link test" if classes else "RESET")
        assert answer["agrees"] == (
            None if result.verdict == "cannot_tell" else (result.verdict == "bends_pay") == bends
        )
        for language in ("en", "ko"):
            ub.set_language(language)
            text = specification_test_sentence(result)
            assert text is not None and ("x1 × x2" in text) == bends and p_value(answer["p_value"], "p") in text


def test_groups_and_times_that_cannot_be() -> None:
    table = sites()
    table["one"] = ["a"] * 240
    with pytest.raises(DataError, match="two"):
        fit(table, group="one")
    with pytest.raises(DataError, match="site"):
        fit(table, time="site")


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, place = sites(), tmp_path / "sites.csv"
    with place.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(table), *zip(*table.values(), strict=True)])
    arguments = ["fit", str(place), "--target", "y", "--budget", "900", "--out", str(tmp_path / "out")]
    assert run([*arguments, "--group", "site", "--drop", "z", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["group"] == "site" and answer["time"] is None and answer["columns"] == 1 and "witness" in answer
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "--group site --drop z" in re.sub("<[^>]*>", "", page).replace("\xa0", " ") and "8 groups" in page
    for wrong in (["--time", "site"], ["--group", "sight"], ["--group", "site", "--time", "x"], ["--drop", "y"]):
        assert run([*arguments, *wrong]) == 2
        text = capsys.readouterr()
        assert text.out == "" and text.err.strip().count("\n") == 0
