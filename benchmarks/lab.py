"""The lab in a browser: pictures a second in the playground, and how soon a slider is answered.

    python benchmarks/lab.py [--out benchmarks/results]

Starts ``unbend lab`` and Chromium (which draws without a graphics card here) on this machine, and writes ``lab.md``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from machine import machine
from sections import write_section

QUIET = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-breakpad --disable-crash-reporter").split()  # fmt: skip

# moves a slider by one step and waits until what depends on it has changed, the sentence or its table; milliseconds
ANSWER = """async (name) => {
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const node of root.querySelectorAll("*"))
      if (node.shadowRoot) { const inner = deep(node.shadowRoot, selector); if (inner) return inner; }
  };
  const slider = deep(document, `[data-name=${name}] input`);
  const said = () => [...document.querySelectorAll(".lab-verdict, .lab-part td")].map((v) => v.textContent).join();
  const before = said();
  const began = performance.now();
  if (slider.value === slider.max) slider.value = slider.min; else slider.stepUp();
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  while (said() === before) {
    if (performance.now() - began > 5000) throw Error(`no answer to ${name} = ${slider.value}`);
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""
SLIDERS = {"x": "one neuron: sentence, curve, facts", "slope": "layers that collapse: sentence, lines",
           "neurons": "two layers of ReLU over two inputs: pieces counted and drawn"}  # fmt: skip


def pictures(page: Any, seconds: float) -> tuple[float, float]:
    """(pictures a second, epochs a second) of the playground as it opens: 2-8-8-1, tanh, 280 rows, batches of 10."""
    run = page.locator(".ub-runner button.main")
    run.wait_for(timeout=60_000)
    page.wait_for_timeout(20_000)  # the kernel is compiled meanwhile
    run.click()
    page.wait_for_timeout(3_000)

    def now() -> tuple[float, int, int]:
        root = page.locator(".ub-runner")
        epoch = root.locator("tr:has-text('epoch') td").first.inner_text()
        return time.perf_counter(), int(root.get_attribute("data-updates")), int(epoch)

    first, updates, epochs = now()
    page.wait_for_timeout(1000 * seconds)
    last, more, later = now()
    run.click()
    return (more - updates) / (last - first), (later - epochs) / (last - first)


def answers(page: Any, name: str, times: int) -> list[float]:
    """Milliseconds from a slider's move to its answer on the page Bend, drawn in full; sorted."""
    for _ in range(3):
        page.evaluate(ANSWER, name)
    return sorted(float(page.evaluate(ANSWER, name)) for _ in range(times))


@contextmanager
def lab(*options: str) -> Iterator[str]:
    """The address of a lab started with these options; it ends with the block, whatever happens in it."""
    command = [sys.executable, "-m", "unbend", "lab", "--no-open", "--lang", "en", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split("?")[0]
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--seconds", type=float, default=15, help="of training that are counted")
    parser.add_argument("--times", type=int, default=60, help="moves of each slider")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with lab() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        try:
            version = browser.version
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"{address}playground/")
            rate, epochs = pictures(page, options.seconds)
            page.goto(f"{address}bend/?bend=relu&inputs=2")
            page.locator(".ub-export").wait_for(timeout=60_000)  # the last part
            waits = {name: answers(page, name, options.times) for name in SLIDERS}
        finally:
            browser.close()
    rows = [
        f"| Bend, slider `{name}` ({SLIDERS[name]}): move to answer, median of {len(found)} "
        f"| {statistics.median(found):.0f} ms | ≤ 100 ms |\n"
        f"| the same, 90 % of them within | {found[int(0.9 * len(found))]:.0f} ms | |\n"
        for name, found in waits.items()
    ]
    write_section(
        options.out / "lab.md",
        "",
        "# The lab\n\n"
        f"{machine(('numpy', 'numba', 'marimo', 'anywidget', 'playwright'))}; Chromium {version}, headless, drawing on "
        "the processor; server and browser share the machine.\n\n"
        "| what | measured | wanted |\n|---|--:|--:|\n"
        f"| Playground, 2-8-8-1: pictures a second, each with the maps of all 19 neurons, surface, losses, weights "
        f"| {rate:.1f} | ≥ 20 |\n"
        f"| the same: epochs a second (280 rows, batches of 10, Adam) | {epochs:.0f} | |\n" + "".join(rows),
    )
    print((options.out / "lab.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
