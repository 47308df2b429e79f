"""`without_footnotes`: lines of text that a report has below its table are left out, with a note."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from .notes import Note
from .parsed_table import ParsedTable

_MOST_LINES = 10
_FEWEST_COLUMNS = 3  # in a narrower table a row with one cell is a row like the others
_FOOTNOTE = re.compile(
    r"\s*(?:[※*†‡#]|주\s*\d*\s*\)|\(주\)|[^\s:：]{1,15}\s?[:：]\s|\S+(?:\s+\S+){3})", re.IGNORECASE
)  # a mark, "source: …", or four words and more


def without_footnotes(parsed: ParsedTable) -> ParsedTable:
    """The table without its last rows that have a single cell, which reads as a note."""
    table = parsed.table
    rows = table.num_rows
    if table.num_columns < _FEWEST_COLUMNS:
        return parsed
    last = [column.slice(max(0, rows - _MOST_LINES)).to_pylist() for column in table.columns]
    lines: list[str] = []
    for cells in reversed(list(zip(*last, strict=True))):
        filled = [cell for cell in cells if not is_empty(cell)]
        if filled and not (len(filled) == 1 and isinstance(filled[0], str) and _FOOTNOTE.match(filled[0])):
            break
        lines.append(filled[0].strip() if filled else "")
    while lines and not lines[-1]:
        lines.pop()  # an empty row above all notes is a row with every value missing
    if not any(lines) or len(lines) >= rows:
        return parsed
    first = next(line for line in reversed(lines) if line)
    note = Note("data.footnotes", {"count": sum(map(bool, lines)), "first": first[:40]})
    return replace(parsed, table=table.slice(0, rows - len(lines)), notes=(*parsed.notes, note))


def is_empty(cell: Any) -> bool:
    """Whether a cell holds nothing, or blanks alone."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
