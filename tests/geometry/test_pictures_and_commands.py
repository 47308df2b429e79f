"""Pictures and commands: they come out in both languages, and say no where they must."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nets import he

import unbend as ub
from unbend.cli import run
from unbend.words import LANGUAGES, catalogue


@pytest.fixture
def model(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "model.safetensors"
    ub.save(he([3, 8, 6, 1], 0), path)
    yield str(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_written(language: str, tmp_path: Path) -> None:
    from PIL import Image

    ub.set_language(language)
    net = he([2, 8, 8, 1], 0)
    found = ub.regions(net)
    assert isinstance(found, ub.regions.__globals__["Regions"])
    points = np.random.default_rng(0).uniform(-1, 1, (30, 2))
    ub.draw_regions(found, tmp_path / "pieces.png", data=points, labels=points[:, 0] > 0)
    ub.draw_function(he([1, 6, 6, 1], 1), tmp_path / "function.svg", box=[-2, 2], data=points)
    counts = ub.film([net, he([2, 8, 8, 1], 1)], tmp_path / "film.gif", data=points)
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 2 and counts[0] == found.count
    with Image.open(tmp_path / "pieces.png") as picture:
        assert len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 20
    assert (tmp_path / "function.svg").read_text().startswith("<?xml")


def test_pictures_of_the_wrong_kind_are_refused(tmp_path: Path) -> None:
    line = ub.regions(he([1, 4, 1], 0))
    with pytest.raises(ub.BadInput, match="rectangle"):
        ub.draw_regions(line)  # type: ignore[arg-type]
    with pytest.raises(ub.BadInput, match="segment"):
        ub.draw_function(he([2, 4, 1], 0))
    with pytest.raises(ub.BadInput, match="png"):
        ub.draw_function(he([1, 4, 1], 0), tmp_path / "picture.exe")
    with pytest.raises(ub.BadInput, match="gif"):
        ub.film([], tmp_path / "film.gif")


def test_messages_are_in_both_languages() -> None:
    for key, texts in catalogue("geometry").items():
        assert set(texts) == {"en", "ko"}, key
        fields = [
            {part.split("!")[0].split(":")[0] for part in t.replace("}", "{").split("{")[1::2]} for t in texts.values()
        ]
        assert fields[0] == fields[1], key


def test_regions_command(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "pieces.png"
    assert (
        run(["regions", model, "--plane", "x1,x3", "--row", "0,0.5,0", "--json", "--pieces", "--picture", str(picture)])
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    net = ub.load(model)
    direct = ub.regions(net, plane=([0, 0.5, 0], [1, 0, 0], [0, 0, 1]))
    assert said["count"] == direct.count == len(said["pieces"]) and said["proved"] is True
    assert set(said["pieces"][0]) == {"polygon", "A", "c", "pattern", "neighbours"}
    assert picture.stat().st_size > 1000
    assert run(["regions", model]) == 0
    assert capsys.readouterr().out.startswith("at least")
    assert run(["regions", model, "--plane", "x9"]) == 2
    assert "no column 'x9'" in capsys.readouterr().err


def test_explain_command(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", model, "--row", "x1=0.5,x2=-1,x3=2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["exact"] and sum(v[0] for v in said["shares"].values()) + said["base"][0] == pytest.approx(
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
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["evidence"] == "proved" and said["neurons_saved"] > 0 and said["largest_difference"] < 1e-12
    assert run(["shrink", model, "--box=1,0"]) == 2
