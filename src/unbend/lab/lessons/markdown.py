"""`markdown_html`: the small part of Markdown that lessons are written in. HTML in the text is shown as text."""

from __future__ import annotations

import re
from html import escape

_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w*])\*([^\s*](?:.*?[^\s*])?)\*(?![\w*])"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\(((?:https?://|/|\.|#)[^\s)]*)\)"), r'<a href="\2">\1</a>'),
)


def markdown_html(text: str) -> str:
    """Paragraphs, lists, fenced code, and in them bold, italics, code and links."""
    parts = []
    for block in re.split(r"\n\s*\n", text.strip()) if text.strip() else []:
        lines = block.strip("\n").split("\n")
        if lines[0].startswith("```"):
            code = [line for line in lines[1:] if not line.startswith("```")]
            parts.append(f'<pre tabindex="0">{escape(chr(10).join(code))}</pre>')
        elif all(re.match(r"([-*]|\d+\.) |\s+\S", line) for line in lines) and not lines[0].startswith(" "):
            parts.append(_list(lines))
        else:
            parts.append(f"<p>{inline_html(' '.join(line.strip() for line in lines))}</p>")
    return "".join(parts)


def inline_html(text: str) -> str:
    """One line: bold, italics, code and links."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # a backquote without its partner
        pieces[-2:] = ["`".join(pieces[-2:])]
    return "".join(f"<code>{escape(piece)}</code>" if k % 2 else _spans(piece) for k, piece in enumerate(pieces))


def _spans(text: str) -> str:
    html = escape(text)
    for pattern, replacement in _INLINE:
        html = pattern.sub(replacement, html)
    return html


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if line.startswith(" "):
            items[-1] += " " + line.strip()
        else:
            items.append(re.sub(r"^([-*]|\d+\.) ", "", line))
    tag = "ol" if lines[0][0].isdigit() else "ul"
    return f"<{tag}>" + "".join(f"<li>{inline_html(item)}</li>" for item in items) + f"</{tag}>"
