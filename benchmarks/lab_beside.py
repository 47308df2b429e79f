"""The lab's one file, the lab and TensorFlow Playground side by side: requests, bytes, seconds, pictures, memory.

    git clone --branch gh-pages --depth 1 https://github.com/tensorflow/playground /tmp/playground
    python benchmarks/lab_beside.py --playground /tmp/playground [--memory-minutes 10] [--out benchmarks/results]

Each is opened in Chromium (which draws without a graphics card here) with an empty cache, at 1440 x 900, in turns. The
published build of TensorFlow Playground is served from this machine; what it asks of other machines (web fonts, a
counter of visitors) fails and is counted apart. Writes the sections "Side by side" and "Memory" of ``lab.md``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lab import QUIET, lab
from machine import machine
from sections import write_section
from static_page import PAGE, cpu_seconds

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # other machines cannot be reached
SCREEN = {"width": 1440, "height": 900}
# counts the changes of a counter of epochs, one per picture, over some seconds
PICTURES = """async ([selector, seconds]) => {
  const deep = (root) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const node of root.querySelectorAll("*"))
      if (node.shadowRoot) { const inner = deep(node.shadowRoot); if (inner) return inner; }
  };
  let pictures = 0;
  const counter = deep(document);
  let last = counter.textContent + counter.dataset?.updates;
  const began = performance.now();
  while (performance.now() - began < 1000 * seconds) {
    await new Promise(requestAnimationFrame);
    const now = counter.textContent + counter.dataset?.updates;
    if (now !== last) pictures++;
    last = now;
  }
  return [pictures / ((performance.now() - began) / 1000), pictures];
}"""

SEEN = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Candidate:
    """A page: its address at 2-8-8-1, what is there once it can be used, its button and counter; its other page."""

    name: str
    address: str
    usable: str
    run: str
    counter: str
    other: Callable[[Any], None] | None = None


@dataclass
class Traffic:
    """What a page asked for and got, since the last ``reset``."""

    requests: set[str] = field(default_factory=set)  # by their ids
    cached: set[str] = field(default_factory=set)
    refused: int = 0
    bytes: int = 0
    own: str = ""

    def watch(self, page: Any) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", lambda event: self._got(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", lambda event: self._got(len(event["response"]["payloadData"])))

    def reset(self) -> None:
        self.refused = self.bytes = 0
        self.requests, self.cached = set(), set()

    def _sent(self, event: Any) -> None:
        address = event["request"]["url"]
        if address.startswith(("data:", "blob:", "file:")):
            return
        if address.startswith(self.own):
            self.requests.add(event["requestId"])
        else:
            self.refused += 1

    def _answered(self, event: Any) -> None:
        if event["response"].get("fromDiskCache"):
            self.cached.add(event["requestId"])

    def told(self) -> str:
        """Requests that reached the server, those that the browser's cache answered, those elsewhere; bytes."""
        reused = self.requests & self.cached
        cached = f" + {len(reused)} from its cache" if reused else ""
        away = f" + {self.refused} elsewhere" if self.refused else ""
        return f"{len(self.requests - reused)}{cached}{away}, {self.bytes:,}"

    def _got(self, length: float) -> None:
        self.bytes += int(length)


def opened(browser: Any, candidate: Candidate) -> tuple[Any, Traffic, float]:
    """The page in a fresh context, its traffic, seconds until it can be used."""
    page, traffic = browser.new_context(viewport=SCREEN).new_page(), Traffic(own=candidate.address[:21])
    page.set_default_timeout(180_000)
    traffic.watch(page)
    began = time.perf_counter()
    page.goto(candidate.address)
    page.locator(candidate.usable).first.wait_for()
    seconds = time.perf_counter() - began
    if candidate.address.startswith("file:"):
        traffic.bytes = PAGE.stat().st_size
    return page, traffic, seconds


def measured(browser: Any, candidate: Candidate, times: int, seconds: float) -> dict[str, str]:
    """The row of a candidate."""
    first, second, row = [], [], {}
    for _ in range(times):
        page, traffic, took = opened(browser, candidate)
        page.wait_for_timeout(500)
        first.append(took)
        row["first use: requests, bytes"] = traffic.told()
        row["first use: seconds until something is seen"] = seen(page)
        if candidate.other:
            traffic.reset()
            began = time.perf_counter()
            candidate.other(page)
            second.append(time.perf_counter() - began)
            page.wait_for_timeout(500)
            row["to the page Network: requests, bytes"] = traffic.told()
            if candidate.address.startswith("http"):
                row["to the page Network: seconds until something is seen"] = seen(page)
        page.context.close()
    row["first use: seconds until it can be used"] = f"{statistics.median(first):.2f}"
    if second:
        row["to the page Network: seconds until it can be used"] = f"{statistics.median(second):.2f}"
    page, _, _ = opened(browser, candidate)
    start(page, candidate)
    before = cpu_seconds(os.getpid())
    rate, count = page.evaluate(PICTURES, [candidate.counter, seconds])
    used = 1000 * (cpu_seconds(os.getpid()) - before) / max(count, 1)
    row["training 2-8-8-1: pictures a second"] = f"{rate:.1f}"
    row["processor time per picture, all processes"] = f"{used:.1f} ms"
    page.context.close()
    return row


def seen(page: Any) -> str:
    """Seconds from asking for the page to the first text or picture on the screen (First Contentful Paint)."""
    return f"{page.evaluate(SEEN) / 1000:.2f}"


def start(page: Any, candidate: Candidate) -> None:
    """Let it train, for some seconds already."""
    page.locator(candidate.run).first.click()
    page.wait_for_timeout(5_000)


def heaps(browser: Any, candidates: list[Candidate], minutes: float) -> dict[str, str]:
    """JavaScript heap in MB of every page at first and after training for some minutes, all at once."""
    pages = {}
    for candidate in candidates:
        page, _, _ = opened(browser, candidate)
        session = page.context.new_cdp_session(page)
        page.wait_for_timeout(1_000)
        pages[candidate.name] = (page, session, heap(session))
        start(page, candidate)
    time.sleep(60 * minutes)
    return {name: f"{before:.1f} → {heap(session):.1f} MB" for name, (page, session, before) in pages.items()}


def heap(session: Any) -> float:
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


class Quiet(SimpleHTTPRequestHandler):
    """A file server that tells nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def to_network_in_file(page: Any) -> None:
    page.get_by_role("button", name="Network", exact=True).click()
    page.locator("#network-page [data-neuron='0 1']").wait_for()


def to_network_in_lab(page: Any) -> None:
    page.locator(".lab-nav a[href*='network/']").first.click()
    page.locator(".ub-network .neuron[tabindex]").first.wait_for()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--playground", type=Path, help="a folder with TensorFlow Playground's build (gh-pages)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--times", type=int, default=3, help="first uses of each; the median is told")
    parser.add_argument("--seconds", type=float, default=10, help="of training that are counted")
    parser.add_argument("--memory-minutes", type=float, default=0)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with lab() as address, served(options.playground or Path()) as theirs, sync_playwright() as playwright:
        candidates = [
            Candidate("one file", f"file://{PAGE.resolve()}#lang=en", ".ub-network.mapped", "button.main", ".epoch",
                      to_network_in_file),
            Candidate("lab (marimo)", f"{address}playground/?lang=en", ".ub-network.mapped", ".ub-runner button.main",
                      ".ub-runner", to_network_in_lab),
        ]  # fmt: skip
        if options.playground:
            state = "#activation=tanh&batchSize=10&dataset=circle&networkShape=8,8&noise=10&percTrainData=70"
            candidates.append(Candidate("TensorFlow Playground", theirs + state, "#network .core .link",
                                        "#play-pause-button", "#iter-number"))  # fmt: skip
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*QUIET, ALONE])
        rows = {one.name: measured(browser, one, options.times, options.seconds) for one in candidates}
        load = os.getloadavg()[0]
        memory = heaps(browser, candidates, options.memory_minutes) if options.memory_minutes else {}
        version = browser.version
        browser.close()
    names = [one.name for one in candidates]
    kinds = list(dict.fromkeys(kind for row in rows.values() for kind in row))
    table = [f"| | {' | '.join(names)} |", "|---|" + "--:|" * len(names)]
    table += [f"| {kind} | {' | '.join(rows[name].get(kind, '–') for name in names)} |" for kind in kinds]
    about = (
        f"{machine(('marimo', 'playwright'))}; Chromium {version}, headless, drawing on the processor, empty cache, "
        f"1440 × 900; load average {load:.1f} meanwhile."
    )
    write_section(options.out / "lab.md", "Side by side", "\n".join([about, "", *table]))
    print("\n".join(table))
    if memory:
        spent = f"before training 2-8-8-1 and after {options.memory_minutes:g} minutes of it, all pages at once"
        told = [f"JavaScript heap {spent}; {about}", "", "| | heap |", "|---|--:|"]
        told += [f"| {name} | {text} |" for name, text in memory.items()]
        write_section(options.out / "lab.md", "Memory", "\n".join(told))
        print("\n".join(told))


if __name__ == "__main__":
    main()
