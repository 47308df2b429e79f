"""The pages Spaces, Straight, Bend, Verdict and Slips, as a reader uses them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from .conftest import LAST, Open

STRAIGHT = "'a,b,y\\n' + Array.from({length: 80}, (_, i) => `${i % 20},${i % 7},${3 * (i % 20) - (i % 7)}`).join('\\n')"


def test_spaces_restores_an_own_space_and_lives_on_after_a_bad_text(browse: Open) -> None:
    opened = browse("spaces", space="own", n="1", add="u*v", scale="u**a", member="u > 0", A="0 1; 0 0", B="x")
    opened.waits(".lab-verdict.good:has-text('A vector space')")
    opened.waits(".lab-verdict.bad:has-text(\"'x' is no number\")")
    field = opened.waits("[data-name=member] input")
    field.fill("__import__('os')")
    opened.waits(".lab-verdict.bad:has-text('__import__')")
    opened.waits("[data-name=space] select").select_option("two_crossing_lines")
    opened.waits("figcaption:has-text('V1')")
    opened.waits(".lab-verdict.bad:has-text('V1')")
    assert parse_qs(urlsplit(opened.page.url).query)["space"] == ["two_crossing_lines"]
    opened.waits(LAST)
    assert not opened.serious()
    opened.check()


def test_straight_says_the_linearity_and_the_line_follows_the_points(browse: Open) -> None:
    opened = browse("straight", points="0 0; 1 1; 2 2; 3 3")
    opened.waits(".lab-verdict:has-text('a = 1, b = ')")
    line = opened.waits(".ub-plot .lines path")
    before = line.get_attribute("d")
    point = opened.page.locator(".ub-plot .movable").nth(3)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = opened.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + 80, steps=4)
    mouse.up()
    opened.page.wait_for_function(
        "() => [...document.querySelectorAll('.lab-verdict')].some((v) => /a = 0\\.\\d|a = −/.test(v.textContent))"
    )
    assert opened.page.locator(".ub-plot .lines path").first.get_attribute("d") != before
    moved = parse_qs(urlsplit(opened.page.url).query)["points"][0]
    assert moved.startswith("0 0; 1 1; 2 2; ") and not moved.endswith("; 3 3")

    formula = opened.waits("[data-name=formula] input")
    for text, said in (("y = a*x**2 + b*x + c", "In a, b, c: linear"), ("y = a*exp(b*x)", "In a, b: nonlinear"),
                       ("y = a*x**", "the formula ends"), ("y = a*x1 + b*x2", "In a, b: linear")):  # fmt: skip
        formula.fill(text)
        opened.waits(f'.lab-verdict:has-text("{said}")')
    opened.waits(".lab-verdict:has-text('one variable')")
    formula.fill("y = a*x + b")
    opened.page.locator("summary:has-text('Your own points')").click()
    opened.drop("line.csv", "'x,y\\n0,1000\\n1,1003\\n2,1006\\n'")
    opened.waits(".lab-verdict:has-text('a = 3, b = 1000')")
    assert parse_qs(urlsplit(opened.page.url).query)["points"] == ["0 1000; 1 1003; 2 1006"]
    opened.drop("words.csv", "'u,v\\na,b\\nc,d\\n'")
    opened.waits(".lab-verdict.bad:has-text('two columns of numbers')")
    opened.waits(LAST)
    assert not opened.serious()
    opened.check()


def test_bend_restores_its_state_and_answers_the_keys(browse: Open) -> None:
    opened = browse("bend", lang="ko", bend="relu", layers="2", neurons="3", w="99", _hide="all,chain")
    assert "99" in opened.text(".lab-problem")
    pieces = opened.waits(".lab-verdict:has-text('선형 조각')").inner_text()
    slider = opened.waits("[data-name=neurons] input")
    slider.press("End")
    opened.page.wait_for_function(
        "(old) => [...document.querySelectorAll('.lab-verdict')].every((v) => v.textContent !== old)", arg=pieces
    )
    assert "neurons=12" in opened.page.url and slider.input_value() == "12"
    opened.waits("[data-name=bend] select").select_option("identity")
    opened.waits(".lab-verdict.good:has-text('y = ')")
    assert opened.page.locator("[data-name=depth]").count() == 0
    opened.waits(LAST)
    assert not opened.serious()
    opened.check()


def test_verdict_refuses_what_is_no_table_and_fits_what_is_one(browse: Open, tmp_path: Any) -> None:
    opened = browse("verdict", budget="5", target="nonsense")
    opened.waits(".lab-verdict.bad:has-text('nonsense')")
    opened.drop("broken.csv", "'a,b\\n1,2\\n1,2,3\\n'")
    opened.waits(".lab-verdict.bad:has-text('broken.csv')")
    opened.drop("large.csv", "new Uint8Array(5e7)")
    opened.waits(".ub-drop p:has-text('20 MB')")
    opened.drop("gaps.csv", "'a,y\\n' + 'nan,NaN\\n'.repeat(30)")
    opened.waits("h2:has-text('gaps.csv: 30 rows')")
    opened.waits("[data-name=fit] button").click()
    opened.waits(".lab-verdict.bad")
    opened.drop("mine.csv", STRAIGHT)
    opened.waits("h2:has-text('mine.csv: 80 rows')")
    opened.waits("[data-name=target] select").select_option("y")
    opened.waits("[data-name=fit] button").click()
    opened.waits("iframe.lab-report", 120)
    assert opened.page.frame_locator("iframe.lab-report").locator("h1").inner_text() == "Straight is enough"
    opened.waits(".lab-verdict:has-text('Straight is enough')")
    with opened.page.expect_download() as saved:
        opened.page.get_by_text("Save model.safetensors").click()
    saved.value.save_as(tmp_path / "model.safetensors")
    from unbend.verdict.model import Model

    assert Model.load(tmp_path).target == "y"
    opened.page.get_by_text("Remove this table").click()
    opened.waits("h2:has-text('concrete: 1,030 rows')")
    opened.waits(".ub-drop p:text-is('')", state="attached")
    assert not opened.serious()
    opened.check()


def test_slips_run_and_the_page_is_taken_away(browse: Open, tmp_path: Any) -> None:
    opened = browse("slips", slip="E13", width=390)
    opened.waits(".lab-verdict.good:has-text('E13')")
    opened.waits("[data-name=slip] select").select_option("E12")
    opened.waits(".lab-verdict.good:has-text('E12')")
    with opened.page.expect_download() as saved:
        opened.waits(".ub-export button >> nth=1").click()
    saved.value.save_as(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "E12" in text and "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    assert not opened.serious()
    opened.check()
