"""Make the pictures of the README and the first page: ``python docs/make_pictures.py`` writes ``docs/pictures/``.

The report of ``unbend fit concrete``, the exact pieces of a trained network and the lab's Playground, each in light and
dark and in both languages. Needs ``pip install '.[dev]'`` and Chromium.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import which

import numpy as np
from matplotlib import rc_context
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import unbend as ub
from unbend.lab.toy_datasets import TOY_DATASETS

PICTURES = Path(__file__).resolve().parent / "pictures"
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
SCHEMES = ("light", "dark")
LANGUAGES = (("en", ""), ("ko", "-ko"))
RUN, PAUSE, PIECES = (re.compile(words) for words in ("Run|실행", "Pause|일시 정지", "counted exactly|정확히"))


def main() -> None:
    """All pictures."""
    PICTURES.mkdir(exist_ok=True)
    pieces()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        report(browser, Path(folder))
        lab(browser)
        browser.close()


def report(browser: Browser, folder: Path) -> None:
    """The upper part of the report that the README's first command writes, in both languages."""
    command = [sys.executable, "-m", "unbend", "fit", "concrete", "--target", "strength", "--out", str(folder)]
    for language, suffix in LANGUAGES:
        subprocess.run([*command, "--lang", language], check=True)
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport={"width": 900, "height": 760}, color_scheme=scheme, device_scale_factor=1.5
            )
            page.goto((folder / "report.html").as_uri())
            place = page.locator("section").nth(1).bounding_box()
            whole = {"x": 0, "y": 0, "width": 900, "height": place["y"] + place["height"] + 14}  # type: ignore[index]
            write(page.screenshot(clip=whole, full_page=True), f"report-{scheme}{suffix}.png")
            page.close()


def lab(browser: Browser) -> None:
    """The Playground after some epochs on a disc in a ring, with its exact pieces."""
    lab = subprocess.Popen([sys.executable, "-m", "unbend", "lab", "--no-open"], stdout=subprocess.PIPE, text=True)
    try:
        address = lab.stdout.readline().strip()  # type: ignore[union-attr]
        for language, suffix in LANGUAGES:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address.partition('?')[0]}playground/?lang={language}&data=circle&a1=relu&a2=relu&pieces=1")
            page.get_by_role("button", name=RUN).first.click(timeout=60_000)
            time.sleep(6)
            page.get_by_role("button", name=PAUSE).first.click()
            page.get_by_text(PIECES).first.wait_for(timeout=60_000)
            time.sleep(1)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                time.sleep(1)
                write(page.screenshot(), f"lab-{scheme}{suffix}.png")
            page.close()
    finally:
        lab.kill()


def pieces() -> None:
    """The exact linear pieces of a network that was trained on two spirals."""
    x, y = TOY_DATASETS["spiral"](np.random.default_rng(0), 0.05)
    net = ub.Network([ub.Dense(2, 16, "relu"), ub.Dense(16, 16, "relu"), ub.Dense(16, 2)], seed=1)
    net, _ = ub.train(net, x, y, loss="cross_entropy", optimizer="adam", learning_rate=0.01, epochs=400, seed=0)
    reach = 1.05 * float(np.abs(x).max())
    found = ub.regions(net, box=[[-reach, reach]] * 2)
    for language, suffix in LANGUAGES:
        ub.set_language(language)
        for scheme in SCHEMES:
            with rc_context({} if scheme == "light" else DARK):
                buffer = io.BytesIO()
                ub.draw_regions(found, data=x, labels=y).savefig(buffer, format="png", dpi=110)
            write(buffer.getvalue(), f"pieces-{scheme}{suffix}.png")


DARK = {
    "figure.facecolor": "#0d1117", "axes.facecolor": "#0d1117", "savefig.facecolor": "#0d1117", "text.color": "#e6edf3",
    "axes.labelcolor": "#e6edf3", "axes.edgecolor": "#e6edf3", "xtick.color": "#e6edf3", "ytick.color": "#e6edf3",
}  # fmt: skip


def write(png: bytes, name: str) -> None:
    """A picture with at most 256 colours, which is a third of the size."""
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(256)
    image.save(PICTURES / name, optimize=True)
    print(name, (PICTURES / name).stat().st_size)


if __name__ == "__main__":
    main()
