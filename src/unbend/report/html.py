"""The report's building blocks: sections, paragraphs, tables, as HTML with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from ..arrays import Array
from ..verdict.scores import probabilities
from ..words import say

MOST_CLASSES = 12


def section(title: str, *parts: str) -> str:
    """A titled section of the page; ``parts`` are HTML."""
    return f"<section>\n<h2>{escape(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def paragraph(text: str, kind: str = "") -> str:
    """One paragraph of text; ``kind`` is its class."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), kept: int = -1) -> str:
    """An HTML table; ``numbers`` are the right-aligned columns, ``kept`` the row in bold."""
    kind = [' class="number"' if i in numbers else "" for i in range(len(head))]
    top = "".join(f"<th{k} scope=col>{escape(h)}</th>" for k, h in zip(kind, head, strict=True))
    body = []
    for i, row in enumerate(rows):
        cells = "".join(f"<td{k}>{escape(cell)}</td>" for k, cell in zip(kind, row, strict=True))
        body.append(f"<tr{' class=kept' if i == kept else ''}>{cells}</tr>")
    return _scrolling(f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>")


def confusion(y: Array, output: Array, classes: tuple[str, ...]) -> str:
    """Rows: actual class; columns: predicted class; the most frequent classes where there are many."""
    guess = probabilities(output).argmax(axis=1)
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (y, guess), 1)
    shown = np.sort(np.argsort(-counts.sum(axis=1), kind="stable")[:MOST_CLASSES])
    head = "".join(f"<th scope=col class=number>{escape(classes[c])}</th>" for c in shown)
    body = ""
    for actual in shown:
        total = max(counts[actual].sum(), 1)
        cells = "".join(
            f'<td class="cell" style="background: rgba({"31,119,180" if actual == c else "217,95,2"}, '
            f'{0.55 * counts[actual, c] / total:.3f})">{counts[actual, c]:,}</td>'
            for c in shown
        )
        body += f"<tr><th scope=row>{escape(classes[actual])}</th>{cells}</tr>"
    corner = escape(say("report.confusion_corner"))
    return _scrolling(f"<thead><tr><th>{corner}</th>{head}</tr></thead><tbody>{body}</tbody>")


def _scrolling(inside: str) -> str:
    """A table that scrolls in itself where it is wide, by the keyboard too."""
    return f'<div class="scroll" tabindex="0"><table>{inside}</table></div>'
