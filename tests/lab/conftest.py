"""One lab server, one Chromium and one tab for all tests of a session: what a page loads is compiled once."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from unbend.widgets.fields import Field
from unbend.words import catalogue

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = ("marimo", "anywidget", "zmq", "playwright")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-breakpad --disable-crash-reporter"
).split()


LAST = ".ub-export"  # the last part of every page: once it is there, the page is complete


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the lab answers, started as a user starts it: ``http://127.0.0.1:PORT/``."""
    for name in NEEDED:
        if find_spec(name) is None:
            pytest.skip(f"the lab's tests need {name}: pip install 'unbend[dev]'")
    command = [sys.executable, "-m", "unbend", "lab", "--no-open", "--lang", "en"]
    plain = {**os.environ, "UNBEND_ENGINE": "numpy"}  # no kernel is compiled for runs this short
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=plain) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("http://127.0.0.1:"), line
        yield line.split("?")[0]
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The browser; skips where there is none."""
    if find_spec("playwright") is None or CHROMIUM is None:
        pytest.skip("the lab's pages are tested in Chromium, which is not installed here (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    profile = tmp_path_factory.mktemp("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=QUIET, env={**os.environ, "HOME": str(profile)}
        )
        yield browser.new_context(accept_downloads=True, permissions=["clipboard-read", "clipboard-write"])
        browser.close()


@dataclass
class Opened:
    """An open page, with the errors on its console and the requests that would leave the machine."""

    page: Any
    errors: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    def text(self, *selectors: str) -> str:
        """The text of the first match."""
        return str(self.page.locator(" ".join(selectors)).first.inner_text())

    def waits(self, selector: str, seconds: float = 60, state: Any = "visible") -> Any:
        """The first match, once it is there."""
        found = self.page.locator(selector).first
        found.wait_for(timeout=1000 * seconds, state=state)
        return found

    def until(self, condition: str, arg: Any = None) -> None:
        """Waits for a JavaScript condition, asked from outside: the policy forbids pages to evaluate strings."""
        for _ in range(600):
            if self.page.evaluate(condition, arg):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(condition)

    def drop(self, name: str, content: str) -> None:
        """Drop a file on the page; ``content`` is JavaScript that makes it."""
        transfer = self.page.evaluate_handle(
            f"() => {{ const d = new DataTransfer(); d.items.add(new File([{content}], '{name}')); return d; }}"
        )
        self.page.locator(".ub-drop").dispatch_event("drop", {"dataTransfer": transfer})

    def resize(self, width: int) -> None:
        """Another width, and the page drawn at it."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.until("(w) => innerWidth === w", width)
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def fits(self) -> bool:
        """Whether nothing stands out at the right: neither the page nor marimo's sheet scrolls sideways."""
        sheets = "[document.documentElement, document.querySelector('#App')]"
        return bool(self.page.evaluate(f"{sheets}.every((e) => !e || e.scrollWidth <= e.clientWidth)"))

    def barriers(self) -> list[str]:
        """What axe-core finds beyond *minor*: rule and place."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] != "minor"]

    def check(self) -> None:
        """Nothing went wrong and nothing left the machine."""
        assert not self.errors
        assert not self.away


Open = Callable[..., Opened]


def with_message(selector: str, key: str, lang: str = "en") -> str:
    """A selector for elements that contain the message ``namespace.key``: its longest part without a value put in."""
    namespace, _, name = key.partition(".")
    part = max(re.split(r"\{[^}]*\}", catalogue(namespace)[name][lang]), key=len).strip(" .,:…")
    return f"{selector}:has-text({json.dumps(part[:60].strip(), ensure_ascii=False)})"


def defaults(fields: Callable[[], list[Field]], **other: Any) -> dict[str, Any]:
    """Default values of a page's fields, some replaced."""
    return {**{field.name: field.default for field in fields()}, **other}


def parse_svg(html: str) -> ElementTree.Element:
    """The first drawing in a text; it must be well-formed and have a title."""
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None
    return svg


@pytest.fixture
def numpy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kernel is compiled for runs this short."""
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")


@pytest.fixture(scope="session")
def tab(chromium: Any) -> Any:
    """The tab that stays."""
    return chromium.new_page()


@pytest.fixture
def browse(address: str, chromium: Any, tab: Any) -> Iterator[Open]:
    """``browse("network", lang="ko", seed="3")`` opens a page and waits for its head.

    The first one and those with ``same_tab`` are in the tab that stays, others in new tabs.
    """
    listeners: list[tuple[Any, dict[str, Callable[[Any], None]]]] = []

    def stop_listening(page: Any) -> None:
        for entry in [entry for entry in listeners if entry[0] is page]:
            listeners.remove(entry)
            for event, listener in entry[1].items():
                page.remove_listener(event, listener)

    def open_page(name: str, width: int = 1280, lang: str = "en", same_tab: bool = False, **state: str) -> Opened:
        opened = Opened(chromium.new_page() if listeners and not same_tab else tab)
        own = (address, address.replace("http", "ws", 1), "blob:", "data:")

        def on_request(request: Any) -> None:
            if not request.url.startswith(own):
                opened.away.append(request.url)

        stop_listening(opened.page)
        opened.page.goto("about:blank")
        events: dict[str, Callable[[Any], None]] = {
            "console": lambda message: opened.errors.append(message.text) if message.type == "error" else None,
            "pageerror": lambda error: opened.errors.append(str(error)),
            "request": on_request,
            "websocket": on_request,
        }
        for event, listener in events.items():
            opened.page.on(event, listener)
        listeners.append((opened.page, events))
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.set_default_timeout(60_000)
        opened.page.goto(f"{address}{name}{'/' if name else ''}?{urlencode({'lang': lang, **state})}")
        opened.waits("#root .lab-head, .lab-front")
        return opened

    yield open_page
    for page in {id(page): page for page, _ in listeners}.values():
        stop_listening(page)
        if page is not tab:
            page.close()
