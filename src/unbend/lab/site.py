"""The registry of pages, and what they share: navigation, the head with style sheet and scripts."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from ..language import set_language
from ..words import LANGUAGES, language, say

PAGES = (
    "network",
    "spaces",
    "straight",
    "bend",
    "playground",
    "verdict",
    "words",
    "slips",
)  # the registry: one notebook pages/NAME.py each, in the order of the article


def style() -> str:
    """The style sheet of the pages."""
    return "".join(_static(f"{name}.css") for name in ("theme", "lab", "parts", "matrices", "print"))


def html_head() -> str:
    """Style sheet and script of every served page."""
    scripts = "".join(f"<script>{_static(name)}</script>" for name in ("lab.js", "lesson.js", "connection.js"))
    return f"<style>{style()}{_static('reading.css')}{_static('lesson.css')}</style>{scripts}"


def use_language(requested: object) -> str:
    """Set this thread's language to the one in the URL if it is supported; return the language in use."""
    set_language(str(requested) if requested in LANGUAGES else None, this_thread=True)
    return language()


def navigation(current: str | None) -> str:
    """Navigation bar: links to all pages and to this page in the other language."""
    spoken = language()
    up = "../" if current else ""
    links = "".join(
        f'<a href="{up}{name}/?lang={spoken}"{_current(name == current)}>{escape(say(f"lab_pages.page_{name}"))}</a>'
        for name in PAGES
    )
    others = "".join(
        f'<a href="?lang={other}" lang="{other}" hreflang="{other}" data-lang="{other}">'
        f"{say(f'lab.language_{other}')}</a>"
        for other in LANGUAGES
        if other != spoken
    )
    home = f'<a href="{up or "./"}?lang={spoken}" class="home"{_current(current is None)}>unbend</a>'
    return (
        f'<nav class="lab-nav" aria-label="{escape(say("lab.pages"))}">{home}{links}'
        f'<span class="grow"></span>{others}<button type="button" class="lab-keys" aria-haspopup="dialog" '
        f'aria-label="{escape(say("lab.keys"))}">?</button></nav>{_shortcuts_dialog()}'
    )


def _shortcuts_dialog() -> str:
    """The dialog of keyboard shortcuts, opened by ``?``."""
    keys = {
        "tab": ("Tab",),
        "arrows": ("←", "→", "↑", "↓", "PageUp", "PageDown", "Home", "End"),
        "space": ("Space",),
        "question": ("?",),
        "escape": ("Esc",),
    }
    rows = "".join(
        f"<dt>{' '.join(f'<kbd>{key}</kbd>' for key in named)}</dt><dd>{escape(say(f'lab.key_{name}'))}</dd>"
        for name, named in keys.items()
    )
    return (
        f'<dialog class="lab-dialog" aria-label="{escape(say("lab.keys"))}"><h2>{escape(say("lab.keys"))}</h2>'
        f'<dl>{rows}</dl><form method="dialog"><button>{escape(say("lab.close"))}</button></form></dialog>'
    )


def _current(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""


def _static(name: str) -> str:
    return files("unbend.lab").joinpath("static", name).read_text(encoding="utf-8")
