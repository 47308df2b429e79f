"""Lessons: the shipped one in both languages, those of teachers, the panel, and links with hidden controls."""

from __future__ import annotations

import importlib
import importlib.resources
import re
from pathlib import Path

import pytest

import unbend as ub
from unbend.errors import BadInput
from unbend.lab.front_pictures import picture
from unbend.lab.lesson_panel import lesson_panel
from unbend.lab.lessons import add_lesson, find_lesson, lessons, library, parse_lesson
from unbend.lab.lessons.markdown import markdown_html
from unbend.lab.site import PAGES
from unbend.lab.url_state import parse_url
from unbend.words import catalogue

from .conftest import Open, with_message

OWN = """# Slopes & bends

## Look at relu
page: http://127.0.0.1:8000/bend/?lang=ko&h=relu&_hide=chain,pieces&v=1&lesson=other&step=9

Move **x** and `h(y)`; <script>alert(1)</script>.

1. Set x to 2.
2. Set x to -2.

### Where is the bend?
- [x] At `-b/w`
- [ ] At 1

It is where *the sum* is 0.

## Try
page: playground?data=xor&depth=0
"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_step_of_the_shipped_lesson_is_a_state_of_its_page(language: str) -> None:
    pytest.importorskip("anywidget")
    ub.set_language(language)
    lesson = find_lesson("start", PAGES)
    assert lesson is not None and len(lesson.steps) == 8
    assert [step.page for step in lesson.steps][-2:] == ["playground", "verdict"]
    parts = {"bend": ("neuron", "chain", "pieces", "all", "models"), "network": ("arrays",), "playground": ("table",),
             "verdict": ("drop",)}  # fmt: skip
    for step in lesson.steps:
        fields = importlib.import_module(f"unbend.lab.{step.page}").fields()
        state = parse_url(dict(step.state), fields, (*parts[step.page], "export"))
        assert not state.problems, (step.title, state.problems)
        unknown = {name for name, _ in step.state} - {field.name for field in fields} - {"_hide", "axis1", "axis2"}
        assert not unknown
        assert step.question is not None and step.question.right is not None and step.question.answer


def test_both_languages_ask_the_same() -> None:
    found = []
    for language in ("en", "ko"):
        ub.set_language(language)
        lesson = find_lesson("start", PAGES)
        assert lesson is not None
        found.append([(s.page, s.question and (s.question.right, len(s.question.options))) for s in lesson.steps])
    assert found[0] == found[1]


def test_a_lesson_is_read() -> None:
    lesson = parse_lesson(OWN, PAGES)
    relu, last = lesson.steps
    assert lesson.title == "Slopes & bends"
    assert (relu.page, dict(relu.state)) == ("bend", {"h": "relu", "_hide": "chain,pieces"})
    assert relu.question is not None and relu.question.options == ("At `-b/w`", "At 1") and relu.question.right == 0
    assert last.question is None and dict(last.state) == {"data": "xor", "depth": "0"}
    html = markdown_html(relu.text)
    assert "<script" not in html and "<strong>x</strong>" in html and "<ol><li>Set x to 2.</li>" in html


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "begins with its title"),
        ("Hello\n# Later", "line 1"),
        ("# Title", "at least one step"),
        ("# T\n## Step\nno page", "'Step' \\(line 2\\)"),
        ("# T\n## Step\npage: nowhere?x=1", "line 3 names the page nowhere"),
        ("# T\n## S\npage: bend\n### Q?\n- [ ] only one", "line 4 has 1 option"),
        ("# T\n## S\npage: bend\n### Q?\n- [x] a\n- [x] b", "2 of them ticked"),
        ("# T" + "x" * 300_000, "200,000"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said_with_its_line(text: str, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        parse_lesson(text, PAGES)


def test_a_file_is_read_anew_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_paths", {})
    with pytest.raises(BadInput, match="absent"):
        add_lesson(tmp_path / "absent.md", PAGES)
    path = tmp_path / "내 수업.md"
    path.write_text(OWN, encoding="utf-8")
    name = add_lesson(path, PAGES)
    assert lessons() == (name, "start")
    assert "Try" in lesson_panel({"lesson": name, "step": "2"}, PAGES)
    path.write_text(OWN.replace("## Try", "## Go on"), encoding="utf-8")
    panel = lesson_panel({"lesson": name, "step": "1"}, PAGES)
    assert "Next: Go on" in panel and "Slopes &amp; bends" in panel
    assert 'href="../playground/?lang=en&amp;data=xor&amp;depth=0&amp;v=1&amp;lesson=' in panel
    for step in ("0", "999", "x", "²"):
        assert "lab-lesson" in lesson_panel({"lesson": name, "step": step}, PAGES)
    assert "not here" in lesson_panel({"lesson": "<b>"}, PAGES) and "<b>" not in lesson_panel({"lesson": "<b>"}, PAGES)


def test_every_page_has_a_picture_and_names_for_its_parts() -> None:
    pages = Path(str(importlib.resources.files("unbend.lab"))) / "pages"
    for name in PAGES:
        assert "<svg" in picture(name)
        made = re.search(r'Page\("\w+", mo[.]query_params\(\), [\w.]+, \(([^)]*)\)', (pages / f"{name}.py").read_text())
        assert made is not None
        for part in re.findall(r'"(\w+)"', made[1]):
            assert f"part_{part}" in catalogue("lab_lessons"), (name, part)


def test_a_lesson_is_followed_in_the_browser(browse: Open) -> None:
    opened = browse("", lang="ko")
    opened.page.locator(".lab-start .go").last.click()
    opened.waits(".lab-lesson .question")
    assert opened.page.locator(".lab-lesson .answer p").first.is_hidden()
    opened.page.locator(".lab-lesson .question input").nth(1).check()
    opened.waits(with_message(".lab-lesson .said", "lab_lessons.wrong", "ko"))
    assert opened.page.locator(".lab-lesson .answer p").first.is_visible()
    assert "answer=1" in opened.page.url and "step=1" in opened.page.url
    assert opened.page.locator("[data-name=rate]").count() == 0
    opened.page.reload()
    opened.waits(with_message(".lab-lesson .said", "lab_lessons.wrong", "ko"))  # from the URL
    assert not opened.barriers()
    opened.page.locator(".lab-lesson .next").click()
    opened.waits(".lab-lesson .back")
    assert "step=2" in opened.page.url and "answer" not in opened.page.url
    opened.check()


def test_controls_are_hidden_by_a_shared_link(browse: Open) -> None:
    opened = browse("bend", h="relu")
    opened.waits(".lab-share-open").click()
    for name in ("neuron", "slope"):
        opened.page.locator(f".lab-share input[value={name}]").uncheck()
    assert opened.page.locator(".lab-share .link").input_value().endswith("/bend/?lang=en&h=relu&_hide=slope,neuron")
    assert "page: bend?h=relu&_hide=slope,neuron" in opened.page.locator(".lab-share .as_step").input_value()
    opened.page.goto(opened.page.locator(".lab-share .link").input_value())
    opened.waits("[data-name=shift]")
    assert opened.page.locator("[data-name=slope], [data-name=x]").count() == 0
    opened.page.emulate_media(media="print")
    assert opened.page.locator(".lab-nav").is_hidden() and opened.page.locator("h1").is_visible()
    opened.page.emulate_media(media="screen")
    opened.check()
