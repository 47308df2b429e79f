"""The report: one page, everything inside, both languages, hostile names harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.data import Note
from unbend.report import page
from unbend.report.columns import common_limits, effects_of
from unbend.report.html import label, running
from unbend.report.pictures import gain_bar
from unbend.report.sentences import as_sentence
from unbend.verdict import Result, Settings
from unbend.verdict.effects import Effect
from unbend.verdict.where import Where

HOSTILE = "<script>alert('x')</script> & $a_b$ \"q\""


@pytest.fixture(scope="module", autouse=True)
def small_networks() -> Iterator[None]:
    small = Settings(members=2, hidden=(8,), batch_size=16, steps=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: small))
        yield


@pytest.fixture(scope="module")
def numbers() -> Result:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 80))
    return ub.fit(
        {HOSTILE: a, "나이": b, "kind": np.where(b > 0, "x", "y"), "y": a + 0.1 * rng.normal(size=80)}, "y", budget=8
    )


@pytest.fixture(scope="module")
def classes() -> Result:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 90))
    return ub.fit({"a": a, "b": b, "y": np.array(["빨강", "파랑", "초록"])[(a > 0) * 1 + (b > 0) * 1]}, "y", budget=8)


class Tags(HTMLParser):
    """Collects tags and attributes, and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href", "xlink:href", "action")]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("which", ["numbers", "classes"])
def test_nothing_is_fetched(which: str, lang: str, request: pytest.FixtureRequest) -> None:
    ub.set_language(lang)
    text = page(request.getfixturevalue(which))
    tags = Tags()
    tags.feed(text)
    assert all(link.startswith("#") for link in tags.links)
    assert "url(http" not in text
    assert "@import" not in text
    scripts = re.findall(r"<script[^>]*>", text)  # its own two, and their data: none is loaded from anywhere
    data = [f'<script type="application/json" id="unbend-{name}">' for name in ("why", "model", "data")]
    assert scripts == [data[0], "<script>", data[1], "<script>", data[2]]
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|WebSocket|innerHTML|eval\(", text)
    assert tags.seen.count("svg") >= 4 if which == "numbers" else 3
    assert f'<html lang="{lang}">' in text


def test_hostile_names_stay_text(numbers: Result) -> None:
    text = page(numbers)
    assert HOSTILE not in text
    assert "alert" in text
    assert not re.search(r"<script>alert", text)


def test_the_data_inside_are_the_results(numbers: Result) -> None:
    inside = re.search(r'id="unbend-data">(.*?)</script>', page(numbers), re.DOTALL)
    assert inside is not None
    data = json.loads(inside[1])
    assert data["verdict"] == numbers.verdict
    assert data["actual"] == numbers.compared.y.tolist()
    linear = np.array(data["held_out_outputs"]["straight"], dtype=float)[:, 0]
    error = np.sqrt(np.nanmean((linear - numbers.compared.y) ** 2))  # NaN: rows the budget did not reach
    np.testing.assert_allclose(error, numbers.linear.rmse, rtol=0.2)


def test_the_page_says_how_to_repeat_it(numbers: Result) -> None:
    assert f"--seed {numbers.seed}" in page(numbers)
    request = replace(numbers.request, types={"나이 (세)": "number"}, keep=("id",), sheet=2, query="select *")
    request = replace(request, cost={"FP": 1, "FN": 2.5}, model="linear")
    told = unescape(re.sub("</?span[^>]*>", "", page(replace(numbers, request=request))))
    assert "--cost FP=1,FN=2.5 --model linear" in told
    assert "--sheet 2 --query 'select *'" in told and "--type '나이 (세)=number' --keep id" in told


def test_korean_and_english_pages_differ_in_words_only(numbers: Result) -> None:
    pages = []
    for lang in ("en", "ko"):
        ub.set_language(lang)
        pages.append(page(numbers))
    assert [t.count("<section") for t in pages] == [12, 12]
    assert "Predicted against actual" in pages[0]
    assert "예측값과 실제값" in pages[1]


def test_every_panel_shows_the_same_class(classes: Result) -> None:
    shown = {effect.of for effect in effects_of(classes).of(["a", "b"])}
    assert len(shown) == 1
    assert f"Every panel shows the probability of {shown.pop()}." in page(classes)


def test_a_cut_run_says_so_at_the_top_and_how_many_rows_were_judged(numbers: Result) -> None:
    outputs = {
        name: np.where(np.arange(80)[:, None] < 30, np.nan_to_num(o), np.nan)
        for name, o in numbers.comparison.outputs.items()
    }
    note = Note("verdict.final_cut", {"share": "40 %"})
    comparison = replace(numbers.comparison, out_of_time=True, outputs=outputs)
    text = page(replace(numbers, comparison=comparison, notes=(*numbers.notes, note))).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    top, rest = text[: text.index("</section>")], text[text.index("</section>") :]
    assert "The time budget shortened the training of the networks to 40 %" in top
    assert "shortened the training" not in rest.split("<script")[0]
    assert "on 80 rows; 30 rows were held out and judged" in text
    assert "cut by the budget" in repr(replace(numbers, comparison=comparison))


@pytest.mark.parametrize(("low", "arrow"), [(-3.22, True), (-0.5, False)])
def test_the_gain_bar_marks_what_lies_beyond_its_axis(low: float, arrow: bool) -> None:
    assert ("−322" in gain_bar(-0.4, (low, 0.3))) == arrow


@pytest.mark.parametrize(
    ("note", "text"),
    [("columns not used: a", "Columns not used: a."), ("It ends.", "It ends."), ("'x' is out", "'x' is out."),
     ("쓰지 않은 열: 가", "쓰지 않은 열: 가."), ("가중치입니다.", "가중치입니다.")],
)  # fmt: skip
def test_notes_are_sentences(note: str, text: str) -> None:
    assert as_sentence(note) == text


def test_lines_do_not_end_inside_a_percentage_or_an_option() -> None:
    assert running("(75 %)입니다. --group 열 & b") == (
        "(75\N{NO-BREAK SPACE}%)\N{WORD JOINER}입니다. <span class=option>--group</span> 열 &amp; b"
    )


def test_long_names_break_after_underlines() -> None:
    assert label("fine_<b> proanthocyanidins") == "fine_<wbr/>&lt;b&gt; proanthocyan<wbr/>idins"


def test_effects_of_nothing_look_like_nothing() -> None:
    flat = Effect("a", [0.0, 1.0, 2.0], np.full(3, 1e-6), np.full(3, 2e-6), None)
    low, high = common_limits([flat], 0.2)
    assert high - low == pytest.approx(0.2, rel=1e-3)


def test_report_is_written_whole(numbers: Result, tmp_path: Path) -> None:
    place = numbers.report(tmp_path / "deep" / "r.html")
    assert place.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [p.name for p in place.parent.iterdir()] == ["r.html"]


def test_a_search_that_the_budget_ended_claims_nothing(numbers: Result) -> None:
    whole = replace(numbers, where=Where(searched=True))
    assert "three or more columns" in page(whole)
    cut = page(replace(whole, where=replace(whole.where, cut=True)))
    assert "three or more columns" not in cut
    assert "the time budget ended the search" in cut
