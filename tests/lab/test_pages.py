"""Every page in both languages: opens without an error or a request off the machine, and without a barrier."""

from __future__ import annotations

import pytest

from unbend.lab.site import PAGES
from unbend.words import catalogue

from .conftest import LAST, Open

# a state of each page, what then is where, and what a teacher hides
STATES: dict[str, tuple[dict[str, str], tuple[str, str], str, str]] = {
    "": ({}, ("", ""), "", ""),
    "network": ({"hidden": "6"}, ("[data-name=hidden] input", "6"), "rate,arrays", "[data-name=rate], .lab-arrays"),
    "spaces": (
        {"space": "two_crossing_lines"}, ("[data-name=space] select", "two_crossing_lines"), "axiom,matrices",
        "[data-name=axiom], [data-name=A]",
    ),
    "straight": ({"formula": "y = a*x**2"}, ("[data-name=formula] input", "y = a*x**2"), "drag", ".ub-plot, .ub-drop"),
    "bend": ({"depth": "5"}, ("[data-name=depth] input", "5"), "neuron,slope", "[data-name=x], [data-name=slope]"),
    "playground": ({"n2": "3"}, ("[data-name=n2] input", "3"), "noise,table", "[data-name=noise], .ub-drop"),
    "verdict": ({"budget": "30"}, ("[data-name=budget] output", "30"), "drop,seed", ".ub-drop, [data-name=seed]"),
    "slips": ({"slip": "E07"}, ("[data-name=slip] select", "E07"), "run,overview", "[data-name=run], table"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_opens(browse: Open, name: str, lang: str) -> None:
    """As it is in English, in Korean in a state of its URL with parts hidden; wide, then narrow."""
    given, (place, value), hide, hidden = (
        STATES.get(name, ({}, ("", ""), "", "")) if lang == "ko" else ({}, ("", ""), "", "")
    )
    opened = browse(name, width=1440, lang=lang, **given, **({"_hide": hide} if hide else {}))
    assert opened.text("h1") == catalogue("lab")[f"page_{name}" if name else "title"][lang]
    assert opened.page.evaluate("document.documentElement.lang") == lang
    if name:
        opened.waits(LAST)
        opened.page.wait_for_function("document.querySelector('#App')?.dataset.connectionState === 'OPEN'")
    if place:
        found = opened.waits(place)
        assert value == (found.inner_text() if place.endswith("output") else found.input_value())
        assert opened.page.locator(hidden).count() == 0
        assert opened.page.locator(".lab-problem").count() == 0
    assert opened.page.locator(".cm-editor, [contenteditable=true]").count() == 0  # no cell to be edited
    assert opened.fits()
    opened.resize(390)
    assert opened.fits()
    assert opened.page.locator(".ub-network .sheet").evaluate_all(
        "all => all.every((e) => e.scrollWidth <= e.clientWidth)"
    )
    assert not opened.serious()
    opened.check()


def test_url_restores_the_state_and_a_teacher_hides_controls(browse: Open) -> None:
    opened = browse("network", seed="41", _hide="rate,arrays,export")
    seed = opened.waits(".ub-controls [data-name=seed] input")
    assert seed.input_value() == "41"
    assert opened.page.locator("[data-name=rate]").count() == 0
    assert opened.page.locator(f".lab-arrays, {LAST}").count() == 0
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
    from unbend.lab.network import minibatch_demo

    opened = browse("network", seed="5", row="3", steps="2")
    demo = minibatch_demo(4, "sigmoid", 2, 100, 0.5, 5)
    neuron = opened.waits(".ub-network .neuron[tabindex]")
    neuron.focus()
    said = opened.waits(".ub-network .formula:has-text('h1 =')").inner_text()
    assert demo.net.formula(0, 0) in said
    assert demo.net.formula(0, 0, numbers=True, x=demo.x[2]) in said
    opened.page.keyboard.press("Tab")
    opened.waits(".ub-network .formula:has-text('h2 =')")
    reached = "(e) => { while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.textContent; }"
    buttons = set(opened.waits(LAST).locator("button").all_inner_texts())
    for _ in range(60):  # by Tab on to the last control of the page
        opened.page.keyboard.press("Tab")
        buttons.discard(opened.page.evaluate(f"({reached})(document.activeElement)"))
        if not buttons:
            return
    raise AssertionError(f"not reached: {buttons}")


def test_keys_are_listed(browse: Open) -> None:
    opened = browse("")
    opened.page.keyboard.press("?")
    assert opened.waits(".lab-dialog[open]").is_visible()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".lab-dialog[open]").count() == 0
