"""`ExportPanel`: what a page exports. Cells call `set_content`; `buttons` gives the panel as a marimo element."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from importlib.resources import files
from typing import Any

from ..errors import BadInput
from ..words import language, say
from .page import Page, section


def html_document(title: str, contents: Sequence[str], code: str = "") -> str:
    """A self-contained HTML file: each of ``contents`` (HTML) becomes a section; the code comes last."""
    style = files("unbend.report").joinpath("page.css").read_text(encoding="utf-8")
    for name in ("parts", "matrices"):
        style += files(__package__).joinpath("static", f"{name}.css").read_text(encoding="utf-8")
    sections = [f'<section class="lab-part">{content}</section>' for content in contents if content]
    if code:
        heading = escape(say("lab_pages.in_python"))
        sections.append(f'<section><h2>{heading}</h2><pre tabindex="0">{escape(code)}</pre></section>')
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(sections) + "\n</main>\n</body>\n</html>\n"
    )


class ExportPanel:
    """What a page can export. Its cells set the content as it changes; a file is made when its button is pressed.

    Parameters
    ----------
    page : Page
        The page; its name is part of the file names.
    *names : str
        Names of the files offered beside the code and the HTML page.
    """

    def __init__(self, page: Page, *names: str) -> None:
        self.page, self.names = page, names
        self._code: Callable[[], str] | None = None
        self._contents: Callable[[], Sequence[str]] = tuple
        self._files: Mapping[str, Callable[[], bytes]] = {}

    def set_content(
        self,
        code: Callable[[], str] | None,
        contents: Callable[[], Sequence[str]] = tuple,
        files: Mapping[str, Callable[[], bytes]] | None = None,
    ) -> None:
        """Set the functions that make the code (None: nothing to export yet), the HTML sections and the files."""
        self._code, self._contents, self._files = code, contents, files or {}

    def buttons(self) -> Any:
        """The panel as a marimo element; None where the URL hides it."""
        import marimo as mo

        from ..widgets import ExportButtons

        if self.page.hides("export"):
            return None
        copy_code = say("lab.export_python")
        makers = {copy_code: self.python, say("lab.export_html"): self.html}
        makers |= {say("lab_pages.save", file=name): partial(self.file, name) for name in self.names}
        buttons = mo.ui.anywidget(ExportButtons(makers, copied=(copy_code,)))
        return mo.Html(f'<div class="lab-export">{section(say("lab.export_title"))}{buttons}</div>')

    def python(self) -> tuple[str, bytes]:
        """(name, bytes) of the code. Raises ``BadInput`` where there is none yet."""
        if self._code is None:
            raise BadInput("lab_pages.nothing_to_export")
        return f"unbend_{self.page.name}.py", self._code().encode()

    def html(self) -> tuple[str, bytes]:
        """(name, bytes) of the page as one file. Raises ``BadInput`` where there is nothing to export yet."""
        code = self.python()[1].decode()
        page = html_document(say(f"lab_pages.page_{self.page.name}"), self._contents(), code)
        return f"unbend-{self.page.name}.html", page.encode()

    def file(self, name: str) -> tuple[str, bytes]:
        """(name, bytes) of one of the files. Raises ``BadInput`` where it is not there yet."""
        if name not in self._files:
            raise BadInput("lab_pages.nothing_to_export")
        return name, self._files[name]()
