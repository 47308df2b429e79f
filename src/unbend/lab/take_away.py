"""What a reader takes away from a page: its Python code, its numbers or model, and the page itself as one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from importlib.resources import files
from typing import Any

from ..errors import BadInput
from ..words import language, say
from .page import Page, part


def document(title: str, parts: Sequence[str], code: str = "") -> str:
    """One HTML file that needs nothing else: ``parts`` are HTML, each becomes a section; the code stands at the end."""
    style = files("unbend.report").joinpath("page.css").read_text(encoding="utf-8")
    style += files(__package__).joinpath("static", "parts.css").read_text(encoding="utf-8")
    sections = [f'<section class="lab-part">{part}</section>' for part in parts if part]
    if code:
        heading = escape(say("lab_pages.in_python"))
        sections.append(f'<section><h2>{heading}</h2><pre tabindex="0">{escape(code)}</pre></section>')
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(sections) + "\n</main>\n</body>\n</html>\n"
    )


class Taken:
    """What there is to take from a page. Its cells put it here as it comes to be; the buttons ask when pressed.

    So the buttons are made once, and nothing is written before somebody wants it.
    """

    def __init__(self, page: Page, *names: str) -> None:
        self.page, self.names = page, names
        self._code: Callable[[], str] | None = None
        self._parts: Callable[[], Sequence[str]] = tuple
        self._files: Mapping[str, Callable[[], bytes]] = {}

    def hold(
        self,
        code: Callable[[], str] | None,
        parts: Callable[[], Sequence[str]] = tuple,
        made: Mapping[str, Callable[[], bytes]] | None = None,
    ) -> None:
        """What makes the code, the page's parts and the files by name, from now on; None where there is nothing."""
        self._code, self._parts, self._files = code, parts, made or {}

    def buttons(self) -> Any:
        """The last part of the page, as a marimo element; nothing where the URL hides it."""
        import marimo as mo

        from ..widgets import TakeAway

        if self.page.hides("export"):
            return None
        makers = {say("lab.take_python"): self.python, say("lab.take_html"): self.html}
        makers |= {say("lab_pages.save", file=name): partial(self.file, name) for name in self.names}
        return mo.vstack([part(say("lab.take_away")), mo.ui.anywidget(TakeAway(makers))])

    def python(self) -> tuple[str, bytes]:
        """The code. Raises ``BadInput`` where there is none yet."""
        if self._code is None:
            raise BadInput("lab_pages.nothing_to_take")
        return f"unbend_{self.page.name}.py", self._code().encode()

    def html(self) -> tuple[str, bytes]:
        """The page as one file. Raises ``BadInput`` where there is nothing on it yet."""
        code = self.python()[1].decode()
        page = document(say(f"lab.page_{self.page.name}"), self._parts(), code)
        return f"unbend-{self.page.name}.html", page.encode()

    def file(self, name: str) -> tuple[str, bytes]:
        """One of the files. Raises ``BadInput`` where it is not there yet."""
        if name not in self._files:
            raise BadInput("lab_pages.nothing_to_take")
        return name, self._files[name]()
