"""The static page in a browser: bytes, time to usable, pictures and epochs a second.

    python benchmarks/static_page.py [--out benchmarks/results] [--memory-minutes 10]

Opens ``docs/playground.html`` from the disk in Chromium (which draws without a graphics card here), and writes the part
"One file" of ``lab.md``. Wall-clock figures need an idle machine; processor time per picture depends less on what else
runs. A picture is every neuron's map and the surface; what is read (losses, curve, weights, the arrows' widths) follows
ten times a second.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

from lab import QUIET
from machine import machine
from sections import write_section

PAGE = Path(__file__).parent.parent / "docs" / "playground.html"
SPEEDS = {"1": "1 epoch a picture", "10": "10 epochs a picture", "most": "as many epochs as fit"}
TICK = os.sysconf("SC_CLK_TCK")
# counts changes of the epoch, one per picture, over some seconds
PICTURES = """async (seconds) => {
  let pictures = 0;
  const counter = document.querySelector(".epoch");
  new MutationObserver(() => pictures++).observe(counter, { childList: true, characterData: true, subtree: true });
  const epoch = () => Number(counter.textContent.replaceAll(",", ""));
  const [first, began] = [epoch(), performance.now()];
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  const took = (performance.now() - began) / 1000;
  return [pictures / took, (epoch() - first) / took, pictures];
}"""


def cpu_seconds(children_of: int) -> float:
    """Processor time of all processes below this one (Linux)."""
    parents, times = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(folder.name)], times[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    below = {children_of}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(times.get(pid, 0) for pid in below - {children_of}) / TICK


def usable(browser: Any) -> tuple[float, int]:
    """Seconds until the network is drawn and the first picture is there, in a fresh context; requests."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    began = time.perf_counter()
    page.goto(f"file://{PAGE.resolve()}#lang=en")
    page.locator(".ub-network.mapped").wait_for()
    seconds = time.perf_counter() - began
    context.close()
    return seconds, len([url for url in requests if not url.startswith(("blob:", "data:"))])


def pictures(browser: Any, speed: str, seconds: float) -> tuple[float, float, float]:
    """(pictures a second, epochs a second, processor milliseconds per picture) at 2-8-8-1, tanh."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"file://{PAGE.resolve()}#lang=en&speed={speed}")
    page.locator(".ub-network.mapped").wait_for()
    page.locator("button.main").click()
    page.wait_for_timeout(2000)
    before = cpu_seconds(os.getpid())
    rate, epochs, count = page.evaluate(PICTURES, seconds)
    used = cpu_seconds(os.getpid()) - before
    page.close()
    return rate, epochs, 1000 * used / count


def heap(browser: Any, minutes: float) -> tuple[float, float, str]:
    """JavaScript heap of the page in MB at first and after training for some minutes, and the epochs of that time."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"file://{PAGE.resolve()}#lang=en&speed=10")
    page.locator(".ub-network.mapped").wait_for()
    session = page.context.new_cdp_session(page)

    def used() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    first = used()
    page.locator("button.main").click()
    page.wait_for_timeout(60_000 * minutes)
    last, epochs = used(), page.locator(".epoch").inner_text()
    page.close()
    return first, last, epochs


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--memory-minutes", type=float, default=0)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    content = PAGE.read_bytes()
    rows = [("bytes", f"{len(content):,}", "")]
    rows.append(("bytes, compressed by gzip", f"{len(gzip.compress(content)):,}", "≤ 300,000"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        opened = [usable(browser) for _ in range(5)]
        rows.append(("requests beside the file itself", str(opened[0][1] - 1), "0"))
        rows.append(("opened → network, maps and surface drawn, median of 5",
                     f"{statistics.median(seconds for seconds, _ in opened):.2f} s", "≤ 1 s"))  # fmt: skip
        for speed, name in SPEEDS.items():
            rate, epochs, used = pictures(browser, speed, 10)
            wanted = "≥ 60" if speed == "1" else ""
            rows.append((f"2-8-8-1, {name}: pictures a second (the browser's most: 60)", f"{rate:.1f}", wanted))
            rows.append(("the same: epochs a second", f"{epochs:.0f}", ""))
            rows.append(("the same: processor time per picture, all processes", f"{used:.1f} ms", ""))
        if options.memory_minutes:
            first, last, epochs = heap(browser, options.memory_minutes)
            name = f"JavaScript heap at first, and after {options.memory_minutes:g} minutes ({epochs} epochs)"
            rows.append((name, f"{first:.1f} MB, {last:.1f} MB", ""))
        version = browser.version
        browser.close()
    load = os.getloadavg()[0]
    about = (
        f"{machine()}; Chromium {version}, headless, drawing on the processor; load average {load:.1f} meanwhile. A "
        "picture is every neuron's map and the surface; losses, curve, weights and arrows follow ten times a second."
    )
    table = "\n".join(["| what | measured | wanted |", "|---|--:|--:|", *(f"| {' | '.join(row)} |" for row in rows)])
    write_section(options.out / "lab.md", "One file", f"{about}\n\n{table}")
    print(table)


if __name__ == "__main__":
    main()
