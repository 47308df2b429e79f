"""The static page in Chromium, opened from a file: what a reader does, in both languages, wide and narrow."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import main
from unbend.lab.dataset import toy_dataset
from unbend.lab.network import minibatch_demo, step_summary
from unbend.lab.static_page.html import page_html

from .conftest import Opener

TABLE = "size;kind;y\n" + "\n".join(f"{i % 20},5;{'new' if i % 3 else 'old'};{3 * (i % 20) - i % 7}" for i in range(80))


def test_one_small_file_without_addresses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(gzip.compress(text.encode())) <= 300_000
    assert not re.findall(r"(?:src|href)=[\"'](?!#)[^\"']", text)
    assert "default-src 'none'" in text and "unsafe-eval" not in text
    assert {*re.findall(r"https?://[\w./]+", text)} <= {"http://www.w3.org/2000/svg"}  # a namespace


def test_the_documentation_has_the_current_page() -> None:
    shipped = Path(__file__).parents[3] / "docs" / "playground.html"
    assert shipped.read_text(encoding="utf-8") == page_html(), "run: python docs/make_playground.py"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lab", "--export", str(tmp_path / "none" / "page.html")])
    assert ended.value.code == 2
    assert "none" in capsys.readouterr().err


def test_trains_as_the_package_does(opens: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three epochs in the worker the page has the losses, and the file the weights, of ub.train."""
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")
    opened = opens("data=xor&seed=3&start=5&layers=6gelu,4tanh&optimizer=momentum&batch=20&noise=20")
    opened.epoch(0)
    for epoch in (1, 2, 3):
        opened.page.get_by_role("button", name="One epoch").click()
        opened.epoch(epoch)
    data = toy_dataset("xor", 0.2, 0.3, 3)
    rows, held = data.train_rows, data.validation_rows
    net = ub.Network([ub.Dense(2, 6, "gelu"), ub.Dense(6, 4, "tanh"), ub.Dense(4, 1)], seed=5, dtype="float64")
    trained, _ = ub.train(net, data.x[rows], data.y[rows], loss="logistic", optimizer="momentum", learning_rate=0.01,
                          batch_size=20, epochs=3, seed=5)  # fmt: skip
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="Network as JSON").click()
    download.value.save_as(tmp_path / "network.json")
    found = ub.load(tmp_path / "network.json")
    for (W, b), (W2, b2) in zip(found.arrays, trained.arrays, strict=True):
        np.testing.assert_allclose(W, W2, rtol=1e-9)
        np.testing.assert_allclose(b, b2, rtol=1e-9)
    shown = [
        float(cell.replace("−", "-")) for cell in opened.page.locator(".scores tr:nth-child(2) td").all_inner_texts()
    ]
    for value, part in zip(shown, (rows, held), strict=True):
        o, y = trained(data.x[part])[:, 0], data.y[part]
        assert value == pytest.approx(np.logaddexp(0, o).mean() - (o * y).mean(), rel=1e-3)
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="Network as JavaScript").click()
    download.value.save_as(tmp_path / "network.mjs")
    if shutil.which("node"):
        (tmp_path / "run.mjs").write_text('import { output } from "./network.mjs"; console.log(output([1.5, -2])[0]);')
        answer = subprocess.run(["node", tmp_path / "run.mjs"], capture_output=True, text=True, check=True).stdout
        assert float(answer) == pytest.approx(float(trained([1.5, -2])[0]), rel=1e-9)


def test_runs_counts_pieces_and_stops_with_the_space_bar(opens: Opener) -> None:
    opened = opens("data=spiral&layers=6relu,6relu&pieces=1&speed=10")
    opened.page.locator("body").press(" ")
    opened.has(".epoch:not(:text-matches('^.?.$'))")  # a hundred
    opened.page.locator("body").press(" ")
    opened.has("button.main:text-is('Run')")
    opened.has(".caption:has-text('linear pieces, counted exactly')")
    assert opened.page.locator(".ub-plot .lines path").count() == 2


def test_weights_are_edited_by_keyboard_and_by_a_click_on_the_arrow(opens: Opener) -> None:
    opened = opens("layers=3tanh")
    opened.page.locator("[data-neuron='0 1']").focus()
    opened.has(".caption:has-text('Map of h2')")  # drawn large
    opened.page.keyboard.press("ArrowRight")
    opened.page.keyboard.press("Tab")  # from y1 to its weights
    opened.page.keyboard.type("2.5")
    opened.has(".formula p:has-text('y1 = 2.5·h1')")
    middle = opened.page.evaluate("""(() => {
      const line = document.querySelector("[data-arrow='0 1 2']");
      const box = line.ownerSVGElement.getBoundingClientRect();
      const at = (name) => Number(line.getAttribute(name));
      return [box.left + 0.8 * at("x1") + 0.2 * at("x2"), box.top + 0.8 * at("y1") + 0.2 * at("y2")];
    })()""")
    opened.page.mouse.click(*middle)
    assert opened.page.evaluate("document.activeElement.dataset.weight") == "1"
    opened.page.keyboard.type("-1")
    opened.has(".formula p:has-text('− 1·x2')")


def test_a_table_of_ones_own_and_broken_ones(opens: Opener) -> None:
    opened = opens()
    opened.page.locator("summary").click()
    give = lambda text: opened.page.set_input_files("input[type=file]", {  # noqa: E731
        "name": "t.csv", "mimeType": "text/csv", "buffer": text.encode()})  # fmt: skip
    give("")
    opened.has(".bad:has-text('a line of names')")
    give("a,b\n1,2\n3\n")
    opened.has(".bad:has-text('Line 3 has 1 cell')")
    assert opened.page.locator("[value=circle]").is_checked()  # nothing was changed
    give(TABLE)
    opened.has(".note:has-text('80 rows, 3 columns')")
    opened.has(".message:has-text('standardised')")
    opened.page.get_by_role("button", name="One epoch").click()
    opened.epoch(1)
    assert "RMSE, unit of y" in opened.text(".scores")
    opened.page.get_by_label("Column to predict").select_option("kind")  # decimal commas, classes
    opened.has(".scores:has-text('accuracy')")
    opened.page.get_by_role("checkbox", name="size").uncheck()
    opened.has(".ub-surface:has-text('old')")


def test_state_and_language(opens: Opener) -> None:
    """The URL's state is restored, changes are written into it, the language switch keeps the training."""
    opened = opens("data=hills&rate=0.03&inputs=x1,x1x2&layers=4relu&penalty=l1&decay=0.01")
    opened.page.get_by_role("button", name="One epoch").click()
    opened.epoch(1)
    opened.page.get_by_role("button", name="한국어").click()
    opened.has("h2:has-text('신경망')")
    opened.epoch(1)
    opened.page.get_by_role("button", name="새 가중치").click()
    opened.epoch(0)
    for part in ("lang=ko", "data=hills", "rate=0.03", "inputs=x1,x1x2", "layers=4relu", "penalty=l1", "start=1"):
        assert part in opened.page.url
    opened.page.locator(".presets button").first.click()
    opened.has(".message:has-text('굽는 층이 없습니다')")


def test_a_step_before_the_first_picture(opens: Opener) -> None:
    """The page is built anew while a run begins, and an epoch is asked for at once."""
    opened = opens("data=hills")
    opened.page.evaluate(
        """() => {
            const button = (name) => [...document.querySelectorAll("button")].find((one) => one.innerText === name);
            button("New weights").click();
            button("한국어").click();
            document.querySelector(".run button:nth-child(2)").click();
        }"""
    )
    opened.epoch(1)


def test_the_page_network(opens: Opener) -> None:
    opened = opens("page=network&steps=2&seed=4&hidden=3&activation=relu")
    demo = minibatch_demo(3, "relu", 2, 100, 0.5, 4)
    assert opened.text("#network-page .said") == step_summary(demo, 2)
    opened.page.get_by_role("button", name="Next minibatch").click()
    demo = minibatch_demo(3, "relu", 3, 100, 0.5, 4)
    opened.has(f"#network-page .said:text-is({json.dumps(step_summary(demo, 3), ensure_ascii=False)})")
    first = opened.page.locator(".arrays table").nth(1).locator("td").first.inner_text()
    assert float(first.replace("−", "-")) == pytest.approx(demo.net.layers[0].W[0, 0], rel=0.01)


def test_nothing_is_wider_than_a_phone_and_the_network_fits_a_screen(opens: Opener) -> None:
    for page in ("playground", "network"):
        opened = opens(f"page={page}", width=390)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    opened = opens("layers=12tanh,12tanh,12tanh")
    opened.has("[data-neuron='2 11']")
    assert opened.page.evaluate("document.querySelector('.ub-network svg').getBoundingClientRect().bottom") <= 900


@pytest.mark.skipif(
    find_spec("axe_playwright_python") is None, reason="axe is not installed: pip install 'unbend[dev]'"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["playground", "network"])
def test_nobody_is_kept_out(opens: Opener, page: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = opens(f"page={page}", scheme=scheme, width=820)
    opened.page.locator("[data-neuron='0 1']").focus()
    found = Axe().run(opened.page).response["violations"]
    assert not [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] != "minor"]


def test_works_in_a_frame_without_any_rights(file: Path, chromium: Any, tmp_path: Path) -> None:
    """As a learning platform embeds it: an iframe that may run scripts and nothing else."""
    frame = tmp_path / "frame.html"
    frame.write_text(f'<iframe sandbox="allow-scripts" src="file://{file}" width="900" height="700"></iframe>')
    page = chromium.new_page()
    page.goto(f"file://{frame}")
    inside = page.frame_locator("iframe")
    inside.locator("button.main").click(timeout=30_000)
    inside.locator(".epoch:not(:text-is('0'))").wait_for(timeout=30_000)
    page.close()
