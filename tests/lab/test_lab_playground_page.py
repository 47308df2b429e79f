"""The playground in the browser: trains live, on a reader's table too; what is broken is said; tabs are apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

import unbend as ub

from .conftest import Open, Opened

RUN = ".ub-runner button.main"


def epoch(opened: Opened) -> int:
    return int(opened.page.locator(".ub-runner tr:has(th:text-is('epoch')) td").first.inner_text())


def table(rows: int = 60) -> bytes:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 2))
    lines = [f"{a:.4f},{b:.4f},{2 * a - b:.4f}" for a, b in x]
    return ("width,height,price\n" + "\n".join(lines)).encode()


def drop(opened: Opened, name: str, content: bytes | str) -> None:
    place = opened.waits(".ub-drop input[type=file]", 60) if opened.page.locator("details[open]").count() else None
    if place is None:
        opened.waits("summary").click()
        place = opened.waits(".ub-drop input[type=file]")
    given: Any = content if isinstance(content, str) else {"name": name, "mimeType": "text/csv", "buffer": content}
    place.set_input_files(given)


def test_runs_pauses_steps_and_tabs_are_apart(browse: Open) -> None:
    first, second = browse("playground"), browse("playground", data="hills", seed="7")
    first.waits(RUN).focus()
    first.page.keyboard.press("Space")
    first.page.wait_for_function("() => true")
    first.page.wait_for_timeout(1500)
    first.page.keyboard.press("Space")
    first.waits(".ub-runner p:has-text('Epoch')")
    done = epoch(first)
    assert done > 0
    assert epoch(second) == 0 and "R²" in second.waits(".ub-runner table").inner_text()
    second.page.locator(".ub-runner [data-name=step]").click()
    second.waits(".ub-runner p:has-text('Epoch 1.')")
    assert epoch(first) == done
    first.page.locator(".ub-runner [data-name=keep]").click()
    first.page.locator(".ub-runner [data-name=reset]").click()
    first.waits(".ub-runner p:has-text('Epoch 0.')")
    assert "kept run" in first.text(".ub-runner table")
    first.check()
    second.check()


def test_own_table_is_trained_on_and_bad_ones_are_said(browse: Open, tmp_path: Path) -> None:
    opened = browse("playground")
    opened.waits(RUN)
    drop(opened, "broken.csv", b"a,b\n1,2\n3,4,5\n")
    opened.waits(".ub-runner p:has-text('broken.csv, line 3')")
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" + b"1,2\n" * 12_500_000)
    drop(opened, "large.csv", str(large))
    opened.waits(".ub-drop p:has-text('at most 20 MB')")
    drop(opened, "gaps.csv", table() + b"\nNaN,nan,NaN")
    opened.waits(".ub-runner p:has-text('price')")
    drop(opened, "houses.csv", table())
    opened.waits(".ub-runner td:has-text('0')")
    assert opened.page.locator("[data-name=target] select").input_value() == "price"
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")
    assert "RMSE, unit of price" in opened.text(".ub-runner table")
    assert "data=own" in opened.page.url
    opened.check()


def test_divergence_is_a_sentence_and_the_page_lives_on(browse: Open) -> None:
    opened = browse("playground", data="plane", optimizer="sgd", rate="10", a1="relu", a2="relu")
    step = opened.waits(".ub-runner [data-name=step]")
    for _ in range(6):
        step.click()
    opened.waits(".ub-runner p:has-text('stopped being finite')")
    assert "NaN" not in opened.text(".ub-runner") and "nan" not in opened.text(".ub-runner table")
    opened.page.locator(".ub-runner [data-name=reset]").click()
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    opened.check()


def test_takes_its_network_away(browse: Open, tmp_path: Path) -> None:
    opened = browse("playground", n1="3", depth="1", pieces="1", a1="relu")
    opened.waits(".ub-surface .caption:has-text('linear pieces')")
    row = [0.5, 0.5]
    with opened.page.expect_download() as saved:
        opened.waits(".ub-take button:has-text('safetensors')").click()
    place = tmp_path / "network.safetensors"
    saved.value.save_as(place)
    net = ub.load(place)
    with opened.page.expect_download() as page:
        opened.page.locator(".ub-take button:has-text('HTML')").click()
    html = Path(page.value.path()).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!data:|#)", html) and net.formula(0, 0, numbers=True) in html
    opened.page.locator(".ub-take button:has-text('Python')").click()
    opened.waits(".ub-take p:has-text('copied')")
    code = opened.page.evaluate("navigator.clipboard.readText()")
    space: dict[str, Any] = {}
    exec(code.replace("print(", "answer = ("), space)
    assert np.array_equal(space["answer"], net(row))
    opened.check()
