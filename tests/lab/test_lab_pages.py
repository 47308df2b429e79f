"""Every page in both languages: opens without an error or a request off the machine, keeps its state in the URL."""

from __future__ import annotations

import pytest

from unbend.lab.site import PAGES
from unbend.words import catalogue

from .conftest import Open


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_opens(browse: Open, name: str, lang: str) -> None:
    opened = browse(name, lang=lang)
    title = catalogue("lab")[f"page_{name}" if name else "title"][lang]
    assert opened.text("h1") == title
    assert opened.page.evaluate("document.documentElement.lang") == lang
    opened.page.wait_for_timeout(500)  # for what loads late
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    opened.check()


def test_url_restores_the_state(browse: Open) -> None:
    opened = browse("network", seed="41")
    slider = opened.waits(".ub-controls input[type=range]")
    assert slider.input_value() == "41"
    slider.press("ArrowRight")
    opened.waits(".lab-verdict:has-text('42')")
    assert "seed=42" in opened.page.url
    opened.check()


def test_bad_url_values_are_named(browse: Open) -> None:
    opened = browse("network", seed="1e9", _hide="nonsense", v="1")
    problems = opened.text(".lab-problem")
    assert "Seed" in problems and "1e9" in problems and "nonsense" in problems
    opened.waits(".ub-controls input[type=range]")
    opened.check()
