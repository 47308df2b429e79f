"""What all pages share: their names, the front page, the navigation, the head with style and script."""

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
    "slips",
)  # one notebook each, in the order of the article


def style() -> str:
    """The pages' own style."""
    return _static("lab.css") + _static("parts.css")


def head() -> str:
    """Style and script that every page carries where it is read."""
    return f"<style>{style()}{_static('reading.css')}</style><script>{_static('lab.js')}</script>"


def speak(asked: object) -> str:
    """Let this thread speak the language asked for in the URL, where it is one of ours; the language it speaks."""
    set_language(str(asked) if asked in LANGUAGES else None, this_thread=True)
    return language()


def navigation(current: str | None) -> str:
    """Links to all pages and to this one in the other language, as HTML."""
    spoken = language()
    up = "../" if current else ""
    links = "".join(
        f'<a href="{up}{name}/?lang={spoken}"{_here(name == current)}>{escape(say(f"lab.page_{name}"))}</a>'
        for name in PAGES
    )
    others = "".join(
        f'<a href="?lang={other}" lang="{other}" hreflang="{other}" data-lang="{other}">'
        f"{say(f'lab.language_{other}')}</a>"
        for other in LANGUAGES
        if other != spoken
    )
    home = f'<a href="{up or "./"}?lang={spoken}" class="home"{_here(current is None)}>unbend</a>'
    return (
        f'<nav class="lab-nav" aria-label="{escape(say("lab.pages"))}">{home}{links}'
        f'<span class="grow"></span>{others}<button type="button" class="lab-keys" aria-haspopup="dialog" '
        f'aria-label="{escape(say("lab.keys"))}">?</button></nav>{_keys()}'
    )


def front_page(asked: str | None) -> str:
    """The page at the address itself: what the pages are, each with a link."""
    spoken = speak(asked)
    cards = "".join(
        f'<li><a href="{name}/?lang={spoken}"><h2>{escape(say(f"lab.page_{name}"))}</h2>'
        f"<p>{escape(say(f'lab.about_{name}'))}</p></a></li>"
        for name in PAGES
    )
    return (
        f'<!doctype html><html lang="{spoken}"><head><meta charset="utf-8"><title>{escape(say("lab.title"))}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head()}</head>'
        f'<body class="lab-front">{navigation(None)}<main><h1>{escape(say("lab.title"))}</h1>'
        f"<p>{escape(say('lab.offline'))}</p><ul>{cards}</ul></main></body></html>"
    )


def _keys() -> str:
    """The list of keys, shown by ``?``."""
    rows = "".join(
        f"<dt>{keys}</dt><dd>{escape(say(f'lab.key_{name}'))}</dd>"
        for name, keys in (
            ("tab", "<kbd>Tab</kbd>"),
            (
                "arrows",
                "<kbd>←</kbd> <kbd>→</kbd> <kbd>PageUp</kbd> <kbd>PageDown</kbd> <kbd>Home</kbd> <kbd>End</kbd>",
            ),
            ("space", "<kbd>Space</kbd>"),
            ("question", "<kbd>?</kbd>"),
            ("escape", "<kbd>Esc</kbd>"),
        )
    )
    return (
        f'<dialog class="lab-dialog" aria-label="{escape(say("lab.keys"))}"><h2>{escape(say("lab.keys"))}</h2>'
        f'<dl>{rows}</dl><form method="dialog"><button>{escape(say("lab.close"))}</button></form></dialog>'
    )


def _here(yes: bool) -> str:
    return ' aria-current="page"' if yes else ""


def _static(name: str) -> str:
    return files("unbend.lab").joinpath("static", name).read_text(encoding="utf-8")
