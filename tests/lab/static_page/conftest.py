"""The static page as a file, and opened in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from unbend.cli import main


@dataclass
class Page:
    """The open page, errors on its console, and addresses it asked for beyond its own file."""

    page: Any
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    def has(self, selector: str) -> Any:
        found = self.page.locator(selector).first
        found.wait_for(timeout=90_000)
        return found

    def epoch(self, number: int) -> None:
        self.has(f".epoch:text-is('{number}')")


Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, as ``unbend lab --export`` writes it."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    with pytest.raises(SystemExit) as ended:
        main(["lab", "--export", str(path)])
    assert ended.value.code in (0, None)
    return path


@pytest.fixture
def opens(file: Path, chromium: Any) -> Iterator[Opener]:
    """``opens("data=spiral", width=390)`` opens the page with this state."""
    tabs = []

    def open_page(
        state: str = "", width: int = 1440, scheme: str = "light", forced: bool = False, touch: bool = False
    ) -> Page:
        context = chromium.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            forced_colors="active" if forced else "none",
            has_touch=touch,
            is_mobile=touch,
            accept_downloads=True,
        )
        context.set_default_timeout(90_000)
        opened = Page(context.new_page())
        tabs.append((context, opened))
        opened.page.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.goto(f"file://{file}#{state if 'lang=' in state else f'lang=en&{state}'}")
        opened.has("body[data-ready]")
        return opened

    yield open_page
    for context, opened in tabs:
        context.close()
        assert not opened.errors
        assert [url for url in opened.asked if not url.startswith(("blob:", "data:"))] == [opened.asked[0]]
