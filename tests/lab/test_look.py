"""The lab's pages as marimo shows them: dark and forced colours, the main landmark, the skip link, short numbers."""

from __future__ import annotations

import re

from .conftest import Open, with_message

LIGHTNESS = "(e) => getComputedStyle(e).{} .match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"


def test_dark_landmark_skip_link_and_short_numbers(browse: Open) -> None:
    opened = browse("network", steps="2")
    opened.waits(".ub-export")
    page = opened.page
    page.emulate_media(color_scheme="dark")
    for selector, background in (("body", True), ("h1", False), (".ub-network .name", False)):
        kind = "backgroundColor" if background else "fill" if "name" in selector else "color"
        lightness = opened.waits(selector).evaluate(LIGHTNESS.format(kind))
        assert lightness < 60 if background else lightness > 180, selector
    assert not opened.barriers()
    page.emulate_media(forced_colors="active")
    assert not opened.barriers()
    page.emulate_media(color_scheme="light", forced_colors="none")

    page.emulate_media(media="print")  # the results alone, as wide as paper
    for hidden in (".lab-nav", ".ub-export", ".lab-export", ".ub-controls input[type=range]"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert 400 < page.locator(".ub-network .sheet svg").bounding_box()["width"] < 680
    page.emulate_media(media="screen")

    assert page.locator("[role=main]").count() == 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    opened.waits(with_message(".lab-skip:focus", "lab.skip"))
    page.keyboard.press("Enter")
    focused = "(e) => { while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.id; }"
    assert page.evaluate(f"({focused})(document.activeElement)").startswith("ub-")

    opened.waits(".ub-network .neuron[tabindex]").focus()
    formula = opened.waits(".ub-network .formula p:nth-of-type(2):has-text('sigmoid(x1*')").inner_text()
    digits = [re.sub(r"e.*|[.−-]", "", n).lstrip("0") for n in re.findall(r"[*( ]-?(\d[\d.e-]*)", formula)]
    assert len(digits) > 3 and max(map(len, digits)) <= 4
    opened.check()
