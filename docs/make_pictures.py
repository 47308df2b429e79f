"""Make the pictures of the README and the first page: ``python docs/make_pictures.py`` writes ``docs/pictures/``.

The report of ``unbend fit concrete`` and the exact pieces of a trained network, in light and dark, and the lab's
Playground. Needs ``pip install '.[dev]'`` and Chromium.
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
    for language, suffix in (("en", ""), ("ko", "-ko")):
        subprocess.run([*command, "--lang", language], check=True)
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport={"width": 900, "height": 760}, color_scheme=scheme, device_scale_factor=1.5
            )
            page.goto((folder / "report.html").as_uri())
            write(page.screenshot(), f"report-{scheme}{suffix}.png")
            page.close()


def lab(browser: Browser) -> None:
    """The Playground after some epochs on a disc in a ring, with its exact pieces."""
    lab = subprocess.Popen([sys.executable, "-m", "unbend", "lab", "--no-open"], stdout=subprocess.PIPE, text=True)
    try:
        address = lab.stdout.readline().strip()  # type: ignore[union-attr]
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address.partition('?')[0]}playground/?lang=en&data=circle&a1=relu&a2=relu&pieces=1")
        page.get_by_role("button", name=re.compile("Run")).first.click(timeout=60_000)
        time.sleep(6)
        page.get_by_role("button", name=re.compile("Pause")).first.click()
        time.sleep(2)
        write(page.screenshot(), "lab.png")
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
    for scheme in SCHEMES:
        with rc_context({} if scheme == "light" else DARK):
            buffer = io.BytesIO()
            ub.draw_regions(found, data=x, labels=y).savefig(buffer, format="png", dpi=110)
        write(buffer.getvalue(), f"pieces-{scheme}.png")


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
