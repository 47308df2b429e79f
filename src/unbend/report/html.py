"""HTML building blocks: sections, paragraphs, tables, with every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from shlex import quote

MAX_ROWS = 30  # of a table in a view


def running(text: str) -> str:
    """A sentence as HTML: no line ends between a number and its %, before a particle, or inside an option."""
    text = re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text)
    text = re.sub(r"(?<=[%)])(?=[가-힣])", "\N{WORD JOINER}", text)
    return re.sub(r"--[a-z][\w-]*", lambda option: f"<span class=option>{option[0]}</span>", escape(text))


def label(text: str) -> str:
    """A name or another short text as HTML: it may break after an underline and within a very long word, no number."""
    if re.fullmatch(r"[-−+]?[\d.,]+(e[-−+]?\d+)?", text):
        return escape(text)
    parts = re.sub(r"_|[^\s_]{12}(?=[^\s_]{3})", "\\g<0>\N{ZERO WIDTH SPACE}", text).split("\N{ZERO WIDTH SPACE}")
    return "<wbr/>".join(map(escape, parts))


def section(title: str, *parts: str) -> str:
    """A titled section; ``parts`` are HTML."""
    return f"<section>\n<h2>{label(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def folded(title: str, body: str) -> str:
    """A section that opens on a click; ``body`` is HTML."""
    return f"<section>{folded_part(title, body)}</section>"


def folded_part(title: str, body: str) -> str:
    """A part of a section that opens on a click; ``body`` is HTML."""
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def paragraph(text: str, css_class: str = "") -> str:
    """One paragraph of text."""
    return f'<p class="{css_class}">{running(text)}</p>' if css_class else f"<p>{running(text)}</p>"


def command(words: Sequence[str]) -> str:
    """A command of a shell; its lines break before options alone."""
    parts = re.split(r" (?=--)", " ".join(quote(word) for word in words))
    return f"<pre>{' '.join(f'<span class=word>{escape(part)}</span>' for part in parts)}</pre>"


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), bold_row: int | None = None
) -> str:
    """A table; ``numbers`` are the right-aligned columns."""
    css = [' class="number"' if i in numbers else "" for i in range(len(head))]
    top = "".join(f"<th{k} scope=col>{label(h)}</th>" for k, h in zip(css, head, strict=True))
    body = []
    for i, row in enumerate(rows):
        cells = "".join(f"<td{k}>{label(cell)}</td>" for k, cell in zip(css, row, strict=True))
        body.append(f"<tr{' class=chosen' if i == bold_row else ''}>{cells}</tr>")
    return scrolling_table(f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>")


def scrolling_table(rows: str) -> str:
    """A table of HTML ``rows`` that scrolls in itself where it is wide, also by the keyboard."""
    return f'<div class="scroll" tabindex="0"><table>{rows}</table></div>'


def side_by_side(parts: Iterable[str], css_class: str = "pair") -> str:
    """HTML ``parts`` where there is room two in a row (``pair``), as many as fit (``grid``), or one (``stack``)."""
    return f'<div class="{css_class}">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


def cut(body: str, count: int) -> str:
    """A table in a view of ``MAX_ROWS`` rows at most, with a mark where ``count`` is more."""
    return body + (paragraph("…") if count > MAX_ROWS else "")
