"""Every page in both languages: opens without an error or a request off the machine, and without a barrier."""

from __future__ import annotations

import pytest

from unbend.lab.site import PAGES
from unbend.words import catalogue

from .conftest import Open


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_opens(browse: Open, name: str, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = browse(name, width=390 if lang == "ko" else 1280, lang=lang)
    assert opened.text("h1") == catalogue("lab")[f"page_{name}" if name else "title"][lang]
    assert opened.page.evaluate("document.documentElement.lang") == lang
    if name:
        opened.page.wait_for_function("document.querySelector('#App')?.dataset.connectionState === 'OPEN'")
    opened.page.wait_for_timeout(700)  # for what comes late
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(opened.page).response["violations"]
    assert not [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
    opened.check()


def test_url_restores_the_state_and_a_teacher_hides_controls(browse: Open) -> None:
    opened = browse("network", seed="41", _hide="rate,arrays")
    seed = opened.waits(".ub-controls [data-name=seed] input")
    assert seed.input_value() == "41"
    assert opened.page.locator("[data-name=rate]").count() == 0
    assert opened.page.locator(".lab-arrays").count() == 0
    steps = opened.page.locator("[data-name=steps] input")
    steps.press("PageUp")
    opened.waits(".lab-verdict:has-text('Minibatch')")
    assert "steps=" in opened.page.url and "seed=41" in opened.page.url and "v=1" in opened.page.url
    steps.press("Home")
    opened.waits(".lab-verdict:has-text('Nothing learnt yet')")
    opened.check()


def test_bad_url_values_are_named(browse: Open) -> None:
    opened = browse("network", seed="1e9", activation="<script>", _hide="nonsense")
    problems = opened.text(".lab-problem")
    assert all(word in problems for word in ("Seed", "1e9", "Activation", "<script>", "nonsense"))
    assert opened.waits("[data-name=seed] input").input_value() == "0"
    opened.check()


def test_neuron_says_the_librarys_formula(browse: Open) -> None:
    from unbend.lab.network import lesson

    opened = browse("network", seed="5", row="3", steps="2")
    state = lesson(4, "sigmoid", 2, 100, 0.5, 5)
    neuron = opened.waits(".ub-network .neuron[tabindex]")
    neuron.focus()
    said = opened.waits(".ub-network .formula:has-text('h1 =')").inner_text()
    assert state.net.formula(0, 0) in said
    assert state.net.formula(0, 0, numbers=True, x=state.x[2]) in said
    opened.page.keyboard.press("Tab")
    opened.waits(".ub-network .formula:has-text('h2 =')")


def test_keys_are_listed(browse: Open) -> None:
    opened = browse("")
    opened.page.keyboard.press("?")
    assert opened.waits(".lab-dialog[open]").is_visible()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".lab-dialog[open]").count() == 0
