"""`page_html`: the static page as one HTML file; `write_page` puts it somewhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from pathlib import Path

from ...errors import BadInput
from ...version import __version__
from ...words import LANGUAGES
from .sources import WIDGETS, engine_modules, page_modules
from .texts import said_in


def page_html() -> str:
    """The page: style sheet and scripts inside, no request; its policy allows these scripts alone, and no network."""
    engine = _script(engine_modules())
    page = _script(page_modules())
    widgets = [_text("unbend.widgets", f"{name}.css") for name in ("view", *WIDGETS)]
    shared = [_text("unbend.lab", "static", f"{name}.css") for name in ("theme", "matrices")]
    style = "\n" + "".join([*shared, *widgets, _text("unbend.lab", "static", "page", "page.css")])
    policy = "; ".join([
        "default-src 'none'",
        f"script-src {' '.join(map(_hash, (engine, page)))} blob:",
        "worker-src blob:",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip
    noscript = "<br>".join(escape(said_in(language, "lab_file.noscript")) for language in LANGUAGES)
    parts = {"page": page, "engine": engine, "noscript": noscript, "style": style, "version": __version__}
    html = _text("unbend.lab", "static", "page", "page.html")
    for name, text in (parts | {"policy": policy}).items():  # from the last place to the first: never inside a text
        html = html.replace(f"{{{name}}}", text, 1)
    return html


def write_page(path: str | Path) -> Path:
    """Write the page. Raises ``BadInput`` where the file cannot be written."""
    target = Path(path)
    try:
        target.write_text(page_html(), encoding="utf-8")
    except OSError as error:
        raise BadInput("lab_file.not_written", path=target, why=error.strerror) from error
    return target


def _script(modules: dict[str, str]) -> str:
    text = '\n"use strict";\n' + "".join(modules.values())
    if "</script" in text or "<!--" in text:
        raise ValueError("a script must not contain what ends it")
    return text


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _text(package: str, *path: str) -> str:
    return files(package).joinpath(*path).read_text(encoding="utf-8")
