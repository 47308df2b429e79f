"""What a reader takes away from a page: its Python code, its numbers or model, and the page itself as one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from ..words import language, say
from .page import Page, part

Saved = tuple[str, Callable[[], bytes]]  # a file's name and what makes its bytes, asked when it is saved


def document(title: str, parts: Sequence[str], code: str = "") -> str:
    """One HTML file that needs nothing else: ``parts`` are HTML, each becomes a section; the code stands at the end."""
    style = files("unbend.report").joinpath("page.css").read_text(encoding="utf-8")
    style += files(__package__).joinpath("static", "parts.css").read_text(encoding="utf-8")
    sections = [f"<section>{part}</section>" for part in parts if part]
    if code:
        heading = escape(say("lab_pages.in_python"))
        sections.append(f'<section><h2>{heading}</h2><pre tabindex="0">{escape(code)}</pre></section>')
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(sections) + "\n</main>\n</body>\n</html>\n"
    )


def take_away(page: Page, code: str, parts: Callable[[], Sequence[str]], saved: Sequence[Saved] = ()) -> Any:
    """The last part of a page, as a marimo element: copy the code, save files, save the page.

    Nothing is made before it is asked for.
    """
    import marimo as mo

    from ..widgets import Copy

    if page.hides("export"):
        return None
    name = page.name
    title = say(f"lab.page_{name}")
    made: list[Saved] = [(f"unbend-{name}.html", lambda: document(title, parts(), code).encode()), *saved]
    buttons = [mo.download(data=make, filename=file, label=say("lab_pages.save", file=file)) for file, make in made]
    copy = mo.ui.anywidget(Copy(code, say("lab_pages.copy_python"), say("lab_pages.copied")))
    shown = f'<details class="lab-code"><summary>{escape(say("lab_pages.in_python"))}</summary>' \
            f'<pre tabindex="0">{escape(code)}</pre></details>'  # fmt: skip
    return mo.vstack(
        [part(say("lab_pages.take_away")), mo.hstack([copy, *buttons], justify="start", wrap=True), mo.Html(shown)]
    )
