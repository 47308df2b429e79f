"""The page *Slips*: each error found in the article beside its correction, verified by running it."""

from __future__ import annotations

import re
from html import escape

from ..article import PartResult, names, run
from ..report.html import table
from ..widgets.fields import Button, Choice, Field
from ..words import say

_CODE = re.compile(r"`([^`]+)`")


def slips() -> tuple[str, ...]:
    """Ids of the slips, E01 to E15."""
    return tuple(name for name in names() if name.startswith("E"))


def fields() -> list[Field]:
    """What the reader can set."""
    options = tuple((name, f"{name} · {without_code_marks(say(f'article.{name}_slip'))}") for name in slips())
    return [Choice("slip", "E01", say("lab_pages.slip"), options), Button("run", 0, say("lab_pages.run_again"))]


def run_slip(name: str) -> PartResult:
    """Run the verification of one slip."""
    return run(name)


def comparison(row: PartResult) -> str:
    """The article's text beside the correction, as HTML."""
    written, holds = escape(say("lab_pages.written")), escape(say("lab_pages.holds"))
    return (
        f'<div class="lab-two"><div class="slip"><h2>✗ {written}</h2><p>{code_html(row.slip or "")}</p></div>'
        f'<div class="holds"><h2>✓ {holds}</h2><p>{code_html(row.claim)}</p></div></div>'
    )


def calculation(row: PartResult) -> str:
    """The calculation line by line, as in a Python session."""
    return f'<pre tabindex="0">{escape(chr(10).join(row.outcome.lines))}</pre>'


def verdict(row: PartResult) -> tuple[str, str]:
    """(result in one sentence, its style: good or bad)."""
    return f"{row.id}: {row.result}", "good" if row.ok else "bad"


def overview() -> str:
    """Table of all slips."""
    rows = [
        (name, without_code_marks(say(f"article.{name}_slip")), without_code_marks(say(f"article.{name}")))
        for name in slips()
    ]
    return table((say("lab_pages.slip"), say("lab_pages.written"), say("lab_pages.holds")), rows)


def python(name: str) -> str:
    """Python code that runs the slip."""
    head = "from unbend.article import run\n\n"
    return f'{head}row = run("{name}")\nprint(row.claim, row.ok, *row.outcome.lines, sep="\\n")\n'


def without_code_marks(text: str) -> str:
    """The text without the backticks around code."""
    return _CODE.sub(r"\1", text)


def code_html(text: str) -> str:
    """The text as HTML, with backticks turned into code elements."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
