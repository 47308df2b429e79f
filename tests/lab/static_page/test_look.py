"""How the static page looks and is operated: widths, light, dark, forced colours, print, touch, keyboard alone."""

from __future__ import annotations

import re
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import pytest

from .conftest import Opener

WIDTHS = (390, 820, 1440, 1920)
BOX = "(e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }"
LIGHTNESS = """(element) => {
  const pen = element.getContext("2d");
  const edge = pen.getImageData(0, element.height - 30 * element.width / element.clientWidth, element.width, 24).data;
  const seen = [];
  for (let n = 0; n < edge.length; n += 4) if (edge[n + 3] > 200) seen.push(edge[n + 1]);
  return [Math.min(...seen), Math.max(...seen)];
}"""


TICKS = """[...document.querySelectorAll(".curve .axes text[text-anchor=end]")]
  .map((e) => [Math.log(Number(e.textContent)), Number(e.getAttribute("y"))])"""
LOGARITHMIC = """(ticks) => {
  const [[a, p], [b, q]] = [ticks[0], ticks.at(-1)];
  return ticks.every(([c, r]) => Math.abs((c - a) * (q - p) - (r - p) * (b - a)) < 0.05 * Math.abs((b - a) * (q - p)));
}"""


def until(page: Any, condition: str) -> None:
    """Wait for a JavaScript condition; asked from outside, because the page's policy forbids it to evaluate strings."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def box(opened: Any, selector: str) -> list[float]:
    return [float(v) for v in opened.has(selector).evaluate(BOX)]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_fits_every_width(opens: Opener, lang: str) -> None:
    """Nothing stands out at the right; on a desk's screen network, surface and curve are seen without scrolling."""
    for page in ("network", "playground"):
        opened = opens(f"lang={lang}&page={page}&layers=8tanh,8tanh")
        opened.has("[data-neuron='0 3']")
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 900})
            opened.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, (page, width)
    for width in (1440, 1920):
        opened.page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 1080})
        opened.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        for selector in (".ub-network svg", ".ub-surface", ".curve svg"):
            assert box(opened, selector)[3] <= (900 if width == 1440 else 1080), (selector, width)


def test_every_setting_of_a_playground(opens: Opener) -> None:
    """Inputs, thumbnails, layers, neurons, colours, held-out rows, curves: each changes what it names."""
    opened = opens("data=circle&layers=3tanh")
    page = opened.page
    count = lambda selector: page.locator(selector).count()  # noqa: E731
    pictures = page.locator(".thumbnail img").evaluate_all("all => all.map((one) => one.src)")
    assert len({*pictures}) == len(pictures) == 6
    for name in ("x1²", "x2²", "x1x2", "sin x1", "sin x2"):
        page.get_by_role("button", name=name, exact=True).click()
        opened.has(f".input .name:text-is('{name}')")
    page.get_by_role("button", name="One neuron more in layer 1").click()
    opened.has("[data-neuron='0 3']")
    page.get_by_role("button", name="One layer more").click()
    opened.has("[data-neuron='1 3']")
    page.get_by_role("button", name="One layer less").click()
    page.get_by_role("button", name="One neuron less in layer 1").click()
    until(page, "document.querySelectorAll('.neuron:not(.input)').length === 4")
    assert count("[data-arrow]") == 7 * 3 + 3
    assert count(".ub-network .legend line.plus") == count(".ub-network .legend line.minus") == count(".scale") == 1

    shades = """new Set(new Uint32Array(document.querySelector(".shades canvas").getContext("2d")
      .getImageData(0, 0, 56, 56).data.buffer)).size"""
    page.get_by_role("button", name="One epoch").click()
    opened.epoch(1)
    assert page.evaluate(shades) > 20
    page.get_by_role("checkbox", name="Two colours only").check()
    until(page, f"{shades} <= 3")
    page.get_by_role("checkbox", name="Hide held-out rows").check()
    until(page, "!document.querySelector('.ub-surface .legend').textContent.includes('held out')")
    page.get_by_role("checkbox", name="Log axis").check()
    until(page, f"{TICKS}.length > 1 && ({LOGARITHMIC})({TICKS})")
    page.get_by_label("Curve").select_option("score")
    opened.has(".curve .name:text-is('accuracy')")
    scores = opened.text(".scores")
    page.get_by_role("button", name="New data").click()
    opened.epoch(0)
    assert "seed=1" in page.url and "start=" not in page.url and opened.text(".scores") != scores
    page.get_by_role("radio", name="hills").check()
    opened.has(".scores:has-text('R²')")
    page.get_by_label("Activation of layer 1").select_option("relu")
    opened.epoch(0)
    assert count("select[aria-label='Activation of layer 1'] option") >= 19


def test_numbers_are_short_and_zeros_left_out(opens: Opener) -> None:
    opened = opens("layers=3relu")
    for _ in range(3):
        opened.page.get_by_role("button", name="One epoch").click()
    opened.epoch(3)
    opened.page.locator("[data-neuron='0 0']").focus()
    numbers = re.findall(r"\d+\.?\d*(?:e−?\d+)?", opened.has(".formula p:nth-of-type(2)").inner_text().split("(")[1])
    assert numbers and all(len(re.sub(r"e.*|\.", "", n).lstrip("0")) <= 4 for n in numbers if n not in "12")
    opened.page.locator("[data-weight='0']").fill("0")
    until(opened.page, "!document.querySelector('.formula p:nth-of-type(2)').textContent.includes('·x1')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_are_forced(opens: Opener, scheme: str) -> None:
    """What is written on the canvas and the frames of the diagram keep their contrast; nobody is kept out."""
    opened = opens("layers=3tanh", scheme=scheme, forced=True)
    paper = opened.page.evaluate("Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0])")
    low, high = opened.has(".ub-surface .sheet > canvas:last-child").evaluate(LIGHTNESS)
    assert max(abs(low - paper), abs(high - paper)) > 120
    frame = opened.has(".neuron rect").evaluate("rect => getComputedStyle(rect).stroke")
    assert abs(int(re.findall(r"\d+", frame)[0]) - paper) > 120
    assert not barriers(opened.page)


def test_print_shows_the_results_alone(opens: Opener) -> None:
    opened = opens("layers=3tanh", width=760)
    opened.page.emulate_media(media="print", color_scheme="dark")
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in (".bar", ".data", ".settings", ".strip", ".take-away", "header nav", "button.main"):
        assert not opened.page.locator(hidden).first.is_visible(), hidden
    boxes = [box(opened, selector) for selector in (".ub-network", ".ub-surface", ".scores", ".ub-plot")]
    for above, below in pairwise(boxes):
        assert above[3] <= below[1] + 1 and below[2] <= 760


def test_the_list_of_keys_is_in_the_middle(opens: Opener) -> None:
    opened = opens()
    opened.page.keyboard.press("?")
    left, top, right, bottom = box(opened, "dialog[open]")
    assert abs((left + right) / 2 - 720) < 2 and abs((top + bottom) / 2 - 450) < 2
    assert opened.page.locator("dialog kbd").count() > 8
    opened.page.keyboard.press("Escape")
    until(opened.page, "!document.querySelector('dialog')")
    opened.page.get_by_role("button", name="Keys").click()
    opened.page.get_by_role("button", name="Close").click()
    until(opened.page, "!document.querySelector('dialog')")


def test_by_keyboard_alone(opens: Opener) -> None:
    """From the first Tab to a trained network of another data set, its map and a weight of one's own."""
    opened = opens("layers=3tanh")
    opened.has("[data-neuron]")
    keys = opened.page.keyboard
    at = lambda script: opened.page.evaluate(f"document.activeElement.{script}")  # noqa: E731
    keys.press("Tab")
    assert at("className") == "skip"
    keys.press("Enter")
    assert at("id") == "network"
    keys.press("Tab")
    assert at("dataset.neuron") == "0 0"
    opened.has(".caption:has-text('Map of h1')")
    for key, neuron in (("ArrowDown", "0 1"), ("End", "0 2"), ("ArrowDown", "0 2"), ("ArrowRight", "1 0"),
                        ("ArrowLeft", "0 1"), ("Home", "0 0")):  # fmt: skip
        keys.press(key)
        assert at("dataset.neuron") == neuron, key
    assert opened.page.locator("[data-neuron][tabindex='0']").count() == 1  # one stop of the Tab key
    keys.press("Space")  # a key of the neuron's, not of the run's
    opened.page.locator("button.main").focus()
    keys.press("Enter")
    opened.has(".epoch:not(:text-is('0'))")
    keys.press("Enter")
    opened.has("button.main:text-is('Run')")
    while at("type") != "radio":
        keys.press("Tab")
    keys.press("ArrowRight")
    opened.epoch(0)
    assert at("value") == "xor" and "data=xor" in opened.page.url  # and the focus is still there
    while at("textContent") != "sin x2":
        keys.press("Tab")
    keys.press("Enter")
    opened.has(".input .name:text-is('sin x2')")
    while at("getAttribute('aria-label')") != "One neuron more in layer 1":
        keys.press("Tab")
    keys.press("Enter")
    opened.has("[data-neuron='0 3']")
    keys.press("Enter")  # the button is another one, the focus is on it
    opened.has("[data-neuron='0 4']")
    while at("getAttribute('role')") != "application":
        keys.press("Tab")
    keys.press("ArrowRight")
    opened.has(".ub-surface p:has-text('x1 = ')")


def test_on_a_phone_by_touch(opens: Opener) -> None:
    """Another data set, a run whose button stays in sight, a neuron's map and weights beside the finger."""
    opened = opens(width=390, touch=True)
    page = opened.page
    page.locator(".thumbnail:has([value=spiral])").tap()
    page.get_by_role("button", name="Run").tap()
    opened.has(".epoch:not(:text-is('0'))")
    page.locator("[data-neuron='0 1']").scroll_into_view_if_needed()
    assert page.locator("button.main").evaluate(BOX)[1] >= 0  # still on the screen
    page.locator("button.main").tap()
    opened.has("button.main:text-is('Run')")
    page.locator("[data-neuron='0 1']").tap()
    opened.has(".formula:has-text('h2 = ')")
    left, _, right, _ = box(opened, ".formula canvas")
    assert 0 <= left < right <= 390 and right - left > 60
    assert page.locator(".editor input").count() == 3
    small = page.locator("button:visible, select:visible").evaluate_all(
        "all => all.filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.textContent)"
    )
    assert not small  # WCAG 2.2, 2.5.8: targets of 24 px


def barriers(page: Any) -> list[str]:
    """What axe-core finds beyond minor."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("axe is not installed: pip install 'unbend[dev]'")
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] != "minor"]
