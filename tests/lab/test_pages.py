"""Every page of the registry in both languages: opens without an error or a request off the machine, is accessible,
restores its state from the URL, and does what ``visits.py`` says of it."""  # fmt: skip

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from unbend.lab.site import PAGES
from unbend.words import catalogue

from .conftest import LAST, Open, Opened, with_message
from .visits import VISITS, Visit, query


@pytest.mark.parametrize("name", PAGES)
def test_page_in_both_languages(browse: Open, name: str, tmp_path: Path) -> None:
    """In English from the default state, then in Korean from a state of its URL with parts hidden."""
    visit = VISITS.get(name)
    opened = browse(name, width=1440)
    check_wide(opened, name, "en")
    if visit is None:
        visit = written_by_first_control(opened)
    if visit.english:
        visit.english(opened, browse, tmp_path)
    check_narrow(opened)

    hide = {"_hide": visit.hide} if visit.hide else {}
    opened = browse(name, width=1440, lang="ko", same_tab=True, **visit.state, **hide)
    check_wide(opened, name, "ko")
    control = opened.waits(visit.control)
    assert visit.value == (control.inner_text() if visit.control.endswith("output") else control.input_value())
    if visit.hide:
        assert opened.page.locator(visit.hidden).count() == 0
    if visit.problem:
        assert visit.problem in opened.text(".lab-problem")
    else:
        assert opened.page.locator(".lab-problem").count() == 0
    if visit.korean:
        visit.korean(opened, browse, tmp_path)
    check_narrow(opened)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_front_page(browse: Open, lang: str) -> None:
    opened = browse("", width=1440, lang=lang)
    check_wide(opened, "", lang)
    assert opened.page.locator("main > ul > li > a").count() == len(PAGES)
    opened.page.keyboard.press("?")
    assert opened.waits(".lab-dialog[open]").is_visible()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".lab-dialog[open]").count() == 0
    check_narrow(opened)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_head_is_seen_before_any_script_is_there(browse: Open, chromium: Any, address: str, lang: str) -> None:
    """Navigation, title and lesson come with the HTML, at the place where marimo's are once it has started."""
    page = chromium.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.route("**/assets/*.js", lambda route: route.abort())
    state = {"lang": lang, "lesson": "start", "step": "2"}
    page.goto(f"{address}network/?{urlencode(state)}")
    nav, title, lesson = ".lab-nav [aria-current]", "h1", ".lab-lesson h2"
    shell = [page.locator(f".lab-shell {part}") for part in (nav, title, lesson)]
    texts, places = [part.inner_text() for part in shell], [part.bounding_box() for part in shell]
    assert texts[1] == catalogue("lab_pages")["page_network"][lang]
    page.close()
    opened = browse("network", **state)
    opened.waits(LAST)
    after = [opened.page.locator(f"#root {part}") for part in (nav, title, lesson)]
    assert texts == [part.inner_text() for part in after]
    for before, now in zip(places, [part.bounding_box() for part in after], strict=True):
        assert all(abs(before[side] - now[side]) < 1 for side in ("x", "y", "width", "height"))
    assert opened.page.locator(".lab-shell").count() == 0 and opened.page.locator("nav").count() == 1
    opened.check()


def test_url_values_are_restored_or_reported_and_controls_can_be_hidden(browse: Open) -> None:
    opened = browse("network", seed="41", batch="1e9", activation="<script>", _hide="nonsense,rate,arrays,export")
    problems = opened.text(".lab-problem")
    labels = (catalogue("lab")[key]["en"] for key in ("batch", "activation"))
    assert all(word in problems for word in (*labels, "1e9", "<script>", "nonsense"))
    assert opened.waits("[data-name=batch] input").input_value() == "100"
    assert opened.waits("[data-name=activation] select").input_value() == "sigmoid"
    assert opened.waits(".ub-controls [data-name=seed] input").input_value() == "41"
    assert opened.page.locator("[data-name=rate]").count() == 0
    steps = opened.page.locator("[data-name=steps] input")
    steps.press("PageUp")
    opened.waits(with_message(".lab-verdict", "lab.step_summary"))
    assert "steps=" in opened.page.url and "seed=41" in opened.page.url and "v=1" in opened.page.url
    steps.press("Home")
    opened.waits(with_message(".lab-verdict", "lab.no_step"))
    assert opened.page.locator(f".lab-arrays, {LAST}").count() == 0
    opened.check()


def check_wide(opened: Opened, name: str, lang: str) -> None:
    """Title, language, everything loaded, nothing editable, no sideways scrolling."""
    texts = {**catalogue("lab"), **catalogue("lab_pages")}
    assert opened.text("h1") == texts[f"page_{name}" if name else "title"][lang]
    assert opened.page.evaluate("document.documentElement.lang") == lang
    if name:
        opened.waits(LAST)
        opened.until("document.querySelector('#App')?.dataset.connectionState === 'OPEN'")
    assert opened.page.locator(".cm-editor, [contenteditable=true]").count() == 0  # no cell to be edited
    assert opened.fits()


def check_narrow(opened: Opened) -> None:
    """On a narrow screen: no sideways scrolling; no barrier, no error, no request off the machine."""
    opened.resize(390)
    assert opened.fits()
    assert opened.page.locator(".ub-network .sheet").evaluate_all(
        "all => all.every((e) => e.scrollWidth <= e.clientWidth)"
    )
    assert not opened.barriers()
    opened.check()


def written_by_first_control(opened: Opened) -> Visit:
    """For a page without an entry in ``VISITS``: move its first slider or list, and take the state from the URL."""
    first = opened.waits(".ub-controls [data-name]:has(input[type=range], select)")
    name = first.get_attribute("data-name")
    slider, options = first.locator("input[type=range]"), first.locator("select")
    if slider.count():
        slider.press("End")
        control = f"[data-name={name}] input"
        value = slider.input_value()
    else:
        value = options.locator("option").last.get_attribute("value")
        options.select_option(value)
        control = f"[data-name={name}] select"
    opened.until("(name) => new URLSearchParams(location.search).has(name)", name)
    return Visit(state={name: query(opened)[name][0]}, control=control, value=value)
