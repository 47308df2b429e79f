"""`TextLayout`: encoding, delimiter and column names of a text table, from the first bytes of the file."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass

import pyarrow as pa

from ..data.csv_dialect import decode, detect_delimiter, records
from ..data.csv_reader import skip_preamble, title_above
from ..data.notes import Note
from ..data.parsed_table import check_names, clean_names, holds_values
from ..errors import DataError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class TextLayout:
    """How a text table is written: the ``names`` of all columns, the ``used`` ones, the lines ``above`` its first row.

    Columns without a name that hold nothing or number the rows are not used. ``notes`` say what was understood.
    """

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    used: tuple[str, ...]
    above: int = 1
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, head: bytes, source: str) -> TextLayout:
        """The layout of the file ``source`` that begins with ``head``.

        Lines of a title above the header are left out. Raises `DataError` for an empty file, one without a header, and
        columns that share a name or have none.
        """
        text, encoding, notes = _decoded(head, source)
        text, above, declared = skip_preamble(text)
        if not text.strip():
            raise DataError("data.empty_file", source=source)
        delimiter = declared or detect_delimiter(text)
        rows = _rows(text, delimiter, source)
        if _is_odd(rows) and (title := title_above(text, declared)) is not None:
            text, lines, first, delimiter = title
            above += lines
            notes = (*notes, Note("data.title_lines", {"count": lines, "first": first}))
            rows = _rows(text, delimiter, source)
        _, line, header = rows[0]
        names = [name.strip() for name in header]
        check_names(names, source)
        if holds_values(names):
            raise DataError("data.no_header", column=source, names=", ".join(names[:8]))
        used, dropped = _used_columns(names, [cells for _, _, cells in rows[1:] if len(cells) == len(names)], source)
        arrow_names = tuple(name or f"\0{place}" for place, name in enumerate(names))
        return cls(encoding, delimiter, arrow_names, used, above + line, (*notes, *dropped))


def _decoded(head: bytes, source: str) -> tuple[bytes, str, tuple[Note, ...]]:
    """The whole lines of the head as UTF-8, the encoding for Arrow's reader, and notes."""
    if head.startswith(_UTF16):
        text = codecs.getincrementaldecoder("utf-16")(errors="replace").decode(head)
        return (text[: text.rfind("\n") + 1] or text).encode(), "utf-16", ()
    whole = head[: head.rfind(b"\n") + 1] or head  # the last line may be cut, also inside a character
    text_bytes, notes = decode(whole, source)
    return text_bytes, str(notes[0].values["encoding"]) if notes else "utf8", notes


def _rows(text: bytes, delimiter: str, source: str) -> list[tuple[int, int, list[str]]]:
    """First line, last line and cells of every record. Raises `DataError` for a quotation mark that never closes."""
    try:
        return list(records(text.decode(errors="replace"), delimiter))
    except csv.Error:
        raise DataError("data.open_quote", source=source, line=1) from None


def _is_odd(rows: list[tuple[int, int, list[str]]]) -> bool:
    """Whether the first record may be no header: it has one cell or no names, or others are wider or narrower."""
    header = [name.strip() for name in rows[0][2]]
    widths = {len(cells) for _, _, cells in rows}
    return len(widths) > 1 or len(header) == 1 or "" in header or len(set(header)) < len(header)


def _used_columns(names: list[str], rows: list[list[str]], source: str) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The columns with names; those without hold row numbers or nothing in these ``rows``, else `DataError`."""
    if "" not in names:
        return tuple(names), ()
    cells = [pa.array([row[k] or None for row in rows], pa.string()) for k in range(len(names))]
    table, notes = clean_names(pa.table(cells, names=names), source)
    return tuple(table.column_names), notes
