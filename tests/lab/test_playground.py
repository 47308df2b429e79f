"""The playground in the browser: trains live, on a reader's table too; what is broken is said; tabs are apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

import unbend as ub

from .conftest import Open, Opened

RUN = ".ub-runner button.main"


def epoch(opened: Opened) -> int:
    return int(opened.page.locator(".ub-runner tr:has(th:text-is('epoch')) td").first.inner_text())


def table(target: str, rows: int = 60) -> bytes:
    x = np.random.default_rng(0).normal(size=(rows, 2))
    return (f"width,height,{target}\n" + "\n".join(f"{a:.4f},{b:.4f},{2 * a - b:.4f}" for a, b in x)).encode()


def test_runs_pauses_steps_and_tabs_are_apart(browse: Open) -> None:
    first, second = browse("playground"), browse("playground", data="hills", seed="7")
    first.page.bring_to_front()
    first.waits(RUN)
    first.page.keyboard.press("Space")  # wherever the focus is, but on a control
    first.waits(".ub-runner p:has-text('Learning')")
    first.waits(RUN).focus()
    first.page.keyboard.press("Space")
    first.waits(".ub-runner p:has-text('Epoch')")
    done = epoch(first)
    assert done > 0
    second.waits(".ub-runner p:has-text('Epoch 0.')")
    assert "R²" in second.text(".ub-runner table")
    assert second.page.locator(".ub-plot path.one").count() == 2  # the losses before anything is learned
    own = second.page.locator("[data-name=own]")
    assert not own.is_visible()
    second.page.locator("[data-name=a1] select").select_option("formula")
    assert own.is_visible()
    second.page.locator("[data-name=depth] input").press("Home")  # no layer uses it any more
    assert not own.is_visible()
    second.waits(".ub-runner p:has-text('Epoch 0.')")
    second.page.locator(".ub-runner [data-name=step]").click()
    second.waits(".ub-runner p:has-text('Epoch 1.')")
    assert epoch(first) == done
    first.page.locator(".ub-runner [data-name=keep]").click()
    first.waits(".ub-runner table:has-text('kept run')")
    first.page.locator(".ub-runner [data-name=reset]").click()
    first.waits(".ub-runner p:has-text('Epoch 0.')")
    first.check()
    second.check()


def test_own_table_is_trained_on_and_bad_ones_are_said(browse: Open, tmp_path: Path) -> None:
    opened = browse("playground")
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    opened.page.locator("summary:has-text('table')").click()
    place = opened.waits(".ub-drop input[type=file]")

    def give(name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        place.set_input_files(tmp_path / name)

    give("broken.csv", b"a,b\n1,2\n3,4,5\n")
    opened.waits(".ub-runner p:has-text('broken.csv, line 3')")
    give("large.csv", b"a,b\n" + b"1,2\n" * 12_500_000)
    opened.waits(".ub-drop p:has-text('at most 20 MB')")
    give("gaps.csv", table("price") + b"\nNaN,nan,NaN")
    opened.waits(".ub-runner p:has-text(\"'price' must be finite, but line 62 has nan\")")
    opened.drop("houses.csv", json.dumps(table("cost").decode()))
    opened.waits(".ub-runner table:has-text('unit of cost')")
    assert opened.waits("[data-name=target] select").input_value() == "cost"
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")
    assert "data=own" in opened.page.url
    assert opened.page.locator(".ub-network .input .bias").all_text_contents() == ["width", "height"]
    opened.page.locator(".ub-drop button:has-text('Remove')").click()
    opened.waits(".ub-runner table:has-text('loss, nats')")
    assert opened.page.locator("[data-name=target]").count() == 0
    opened.check()


def test_divergence_is_a_sentence_and_the_page_lives_on(browse: Open) -> None:
    opened = browse("playground", data="plane", optimizer="sgd", rate="10", depth="1", a1="identity")
    opened.waits(RUN).click()
    opened.waits(".ub-runner p:has-text('stopped being finite')")
    opened.waits(".ub-runner button.main[data-running=false]")
    assert "nan" not in opened.text(".ub-runner").lower()
    opened.waits("[data-name=rate] input").press("Home")
    opened.waits(".ub-runner p:not(:has-text('stopped being finite'))")
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")
    opened.check()


def test_takes_its_network_away(browse: Open, tmp_path: Path) -> None:
    opened = browse("playground", n1="3", depth="1", pieces="1", a1="relu")
    opened.waits(".ub-surface .caption:has-text('linear pieces')")
    row = [0.5, 0.5]
    with opened.page.expect_download() as saved:
        opened.waits(".ub-export button:has-text('safetensors')").click()
    place = tmp_path / "network.safetensors"
    saved.value.save_as(place)
    net = ub.load(place)
    with opened.page.expect_download() as page:
        opened.page.locator(".ub-export button:has-text('HTML')").click()
    html = Path(page.value.path()).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!data:|#)", html) and net.formula(0, 0, numbers=True) in html
    opened.page.locator(".ub-export button:has-text('Python')").click()
    opened.waits(".ub-export p:has-text('copied')")
    code = opened.page.evaluate("navigator.clipboard.readText()")
    space: dict[str, Any] = {}
    exec(code.replace("print(", "answer = ("), space)
    assert np.array_equal(space["answer"], net(row))
    opened.check()
