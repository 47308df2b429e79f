"""The page *Slips*: each slip of the article beside what holds, run when asked."""

from __future__ import annotations

import re
from html import escape

from ..article import Row, names, run
from ..report.html import table
from ..words import say
from .state import Action, Choice, Field

_CODE = re.compile(r"`([^`]+)`")


def slips() -> tuple[str, ...]:
    """E01 to E15."""
    return tuple(name for name in names() if name.startswith("E"))


def fields() -> list[Field]:
    """What the reader can set."""
    options = tuple((name, f"{name} · {plain(say(f'article.{name}_slip'))}") for name in slips())
    return [Choice("slip", "E01", say("lab_pages.slip"), options), Action("run", 0, say("lab_pages.run_again"))]


def ran(name: str) -> Row:
    """The slip run now."""
    return run(name)


def beside(row: Row) -> str:
    """What is written beside what holds."""
    written, holds = escape(say("lab_pages.written")), escape(say("lab_pages.holds"))
    return (
        f'<div class="lab-two"><div class="slip"><h3>✗ {written}</h3><p>{coded(row.slip or "")}</p></div>'
        f'<div class="holds"><h3>✓ {holds}</h3><p>{coded(row.claim)}</p></div></div>'
    )


def calculation(row: Row) -> str:
    """The calculation line by line, as at Python's prompt."""
    return f'<pre tabindex="0">{escape(chr(10).join(row.outcome.lines))}</pre>'


def verdict(row: Row) -> tuple[str, str]:
    """(what came out, good or bad)."""
    return f"{row.id}: {row.result}", "good" if row.ok else "bad"


def overview() -> str:
    """All slips in one table."""
    rows = [(name, plain(say(f"article.{name}_slip")), plain(say(f"article.{name}"))) for name in slips()]
    return table(("", say("lab_pages.written"), say("lab_pages.holds")), rows)


def python(name: str) -> str:
    """The same in Python."""
    head = "from unbend.article import run\n\n"
    return f'{head}row = run("{name}")\nprint(row.claim, row.ok, *row.outcome.lines, sep="\\n")\n'


def plain(text: str) -> str:
    """The text without the marks round code."""
    return _CODE.sub(r"\1", text)


def coded(text: str) -> str:
    """The text as HTML, what stands between marks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
