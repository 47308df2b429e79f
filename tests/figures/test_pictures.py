"""The pictures: every one in both languages, as PNG and SVG; nothing is cut, no text lies on another."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import unbend as ub
from unbend.cli.figures import figures
from unbend.figures import PICTURES, Scene, draw, fonts, make_figures
from unbend.figures.curves import regression_data
from unbend.figures.model_diagrams import wrap_text

WANTED = {"network", "linear_regression", "dl_linear", "dl_linear_eg1", "dl_non_linear", "stair_function", "sigmoid",
          "relu_function", "sigmoid_output"}  # fmt: skip


def test_all_nine_pictures_are_made() -> None:
    assert set(PICTURES) == WANTED


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", [*sorted(WANTED), *(f"plate_{n}" for n in ub.activations)])
def test_no_clipping_and_no_overlapping_text(name: str, language: str) -> None:
    ub.set_language(language if fonts.hangul_family() else "en")
    picture = draw(name)
    if isinstance(picture, Scene):
        boxes = [s.box for s in picture.shapes if hasattr(s, "box")]
        width, height = picture.width, picture.height
    else:
        boxes, (width, height) = _boxes(picture), picture.canvas.get_width_height()
    for left, low, right, high in boxes:
        assert -0.5 <= left and right <= width + 0.5 and -0.5 <= low and high <= height + 0.5
    for a, b in combinations(boxes, 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) <= 0.5 or min(a[3], b[3]) - max(a[1], b[1]) <= 0.5


def _boxes(figure: Any) -> list[tuple[float, float, float, float]]:
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [*figure.texts]
    for axes in figure.axes:
        texts += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        texts += [t for t in (*axes.get_xticklabels(), *axes.get_yticklabels()) if _seen(axes, t)]
        if axes.get_legend():
            texts += axes.get_legend().get_texts()
    for legend in figure.legends:
        texts += legend.get_texts()
    return [t.get_window_extent(renderer).extents for t in texts if t.get_text()]


def _seen(axes: Any, label: Any) -> bool:
    x, y = label.get_position()
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    return (x0 <= x <= x1 and y in (0, 1)) or (y0 <= y <= y1 and x in (0, 1))


def test_files_for_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = list(make_figures(tmp_path, plates=False))
    assert {p.name for p in paths} == {f"{n}.{spoken}.{kind}" for n in WANTED for spoken in ("en", "ko")
                                       for kind in ("png", "svg")}  # fmt: skip
    for path in paths:
        if path.suffix == ".svg":
            assert ElementTree.parse(path).getroot().tag.endswith("svg")
        else:
            assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    before = {p.name: p.read_bytes() for p in paths if p.stem.startswith(("sigmoid.", "network."))}
    again = {name: PICTURES[name] for name in ("sigmoid", "network")}
    monkeypatch.setattr("unbend.figures.article_figures.PICTURES", again)
    repeated = {p.name: p.read_bytes() for p in make_figures(tmp_path / "again", plates=False)}
    assert repeated == before
    assert ub.words.language() == "en"


def test_captions_are_english_without_hangul_font(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(fonts, "hangul_family", lambda: None)
    monkeypatch.setattr("unbend.figures.article_figures.hangul_family", lambda: None)
    monkeypatch.setattr("unbend.figures.article_figures.PICTURES", {"dl_linear": PICTURES["dl_linear"]})
    figures(tmp_path, plates=False, json=True)
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 4 and "no font with Hangul" in err
    assert (tmp_path / "dl_linear.ko.svg").read_text() == (tmp_path / "dl_linear.en.svg").read_text()


def test_regression_line_is_least_squares() -> None:
    x, y = regression_data()
    a, b = np.polyfit(x, y, 1)
    line = draw("linear_regression").axes[0].lines[-1]
    assert np.allclose(line.get_ydata(), a * line.get_xdata() + b)


def test_curves_match_activation_records() -> None:
    axes = draw("sigmoid").axes[0]
    x, y = axes.lines[-2].get_data()
    assert x[0] == -5 and x[-1] == 5 and np.allclose(y, 1 / (1 + np.exp(-x)))
    x, y = draw("stair_function").axes[0].lines[0].get_data()
    assert np.all(y == (x > 0))


def test_captions_are_wrapped() -> None:
    assert wrap_text("one two three", 7) == ["one two", "three"]
    assert wrap_text("가나 다라", 7) == ["가나", "다라"]
