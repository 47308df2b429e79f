"""`read_csv`: the bytes of a text table (CSV, TSV, any common delimiter) → an Arrow table whose cells are text."""

from __future__ import annotations

import csv
from contextlib import suppress
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from ..errors import DataError
from ..words import say
from .csv_dialect import DELIMITERS, comma_styles, decode, delimiter_scores, detect_delimiter, records, spaces_to_tabs
from .missing_values import BLANKS
from .notes import Note, join_names
from .parsed_table import ParsedTable, check_names, clean_names, holds_values, row_place
from .title_lines import header_position

# Errors that a title above the header leads to.
_TITLE_ERRORS = ("data.ragged", "data.column_without_name", "data.column_twice", "data.open_quote", "data.header_only")


def read_csv(raw: bytes, source: str, markers: tuple[str, ...] = BLANKS) -> ParsedTable:
    """Read a text table from its bytes; ``source`` names it in messages, ``markers`` are cells that become null.

    All columns come as text: one set of rules (`column_types`) converts text to numbers, dates and the like, whether
    it came from a CSV or a Parquet file. Lines of a title above the header are skipped, with a note. Raises `DataError`
    for an unknown encoding, a header without rows, a column named twice and ragged rows.
    """
    text, notes = decode(raw, source)
    text, skipped, declared = skip_preamble(text)
    if not text[:4096].strip() and not text.strip():
        raise DataError("data.empty_file", source=source)
    try:
        return _read_table(text, source, markers, notes=notes, skipped=skipped, declared=declared)
    except DataError as error:
        title = title_above(text, declared) if error.key in _TITLE_ERRORS else None
        if title is None:
            raise
    text, lines, first, declared = title
    notes = (*notes, Note("data.title_lines", {"count": lines, "first": first}))
    return _read_table(text, source, markers, notes=notes, skipped=skipped + lines, declared=declared)


def title_above(text: bytes, declared: str | None) -> tuple[bytes, int, str, str] | None:
    """Below a title: the text from its header on, the number of lines above, the first of them, the delimiter."""
    head = text[: 1 << 16].decode(errors="replace")
    scores = delimiter_scores(text)
    best = max(scores, key=lambda delimiter: scores[delimiter])
    for delimiter in (declared,) if declared else (best,) if scores[best][0] > 0 else DELIMITERS:
        with suppress(csv.Error):
            rows = list(records(head, delimiter))[:200]
            position = header_position([cells for _, _, cells in rows])
            if position is not None:
                line = rows[position][0]
                lines = text.splitlines(keepends=True)
                first = next(cell for cell in rows[0][2] if cell.strip()) if any(rows[0][2]) else ""
                return b"".join(lines[line - 1 :]), line - 1, first.strip()[:60], delimiter
    return None


def _read_table(
    text: bytes, source: str, markers: tuple[str, ...], *, notes: tuple[Note, ...], skipped: int, declared: str | None
) -> ParsedTable:
    """The table whose header is the first line of ``text``, which stands ``skipped`` lines below the file's first."""
    delimiter = declared or detect_delimiter(text)
    if delimiter == " ":
        text, delimiter = spaces_to_tabs(text.decode()).encode(), "\t"
        notes = (*notes, Note("data.delimiter_spaces"))
    header = _header(text, delimiter, source, skipped)
    _check_header([name.strip() for name in header], source)
    one_line = b"\n" not in text and b"\r" not in text  # Arrow sees no header without a line end
    table = pa.table({}) if one_line else _parse(text, delimiter, header, source, skipped, markers)
    if table.num_rows == 0:
        raise DataError("data.header_only", source=source, columns=join_names(header))
    table, dropped = clean_names(table, source)
    locate = partial(_line_place, text, delimiter, skipped)
    return ParsedTable(table, notes + dropped, locate, comma_styles(delimiter))


def skip_preamble(text: bytes) -> tuple[bytes, int, str | None]:
    """Skips blank lines and Excel's ``sep=;`` line at the top.

    Returns the remaining text, the number of lines skipped, and the delimiter if that line declares it.
    """
    body = text.lstrip(b"\r\n")
    skipped = len(text[: len(text) - len(body)].splitlines())
    first = body[:7].split(b"\n")[0].rstrip()
    if first[:4].lower() == b"sep=" and len(first) == 5 and b"\n" in body:
        return body[body.index(b"\n") + 1 :], skipped + 1, first.decode()[4]
    return body, skipped, None


def _header(text: bytes, delimiter: str, source: str, skipped: int) -> list[str]:
    """The first record's cells, reading no further than needed."""
    end = 1 << 16
    while end < len(text) and text.count(b'"', 0, end) % 2:
        end *= 2  # inside a quoted name
    try:
        return next(records(text[:end].decode(errors="replace"), delimiter))[2]
    except csv.Error:
        raise DataError("data.open_quote", source=source, line=1 + skipped) from None


def _check_header(names: list[str], source: str) -> None:
    """Raise `DataError` if two columns share a name, above all if the first line holds values instead of names."""
    try:
        check_names(names, source)
    except DataError:
        if holds_values(names):
            raise DataError("data.values_in_header", source=source, names=join_names(names)) from None
        raise


def _parse(text: bytes, delimiter: str, header: list[str], source: str, skipped: int, markers: tuple[str, ...]) -> Any:
    quoted = b'"' in text
    if quoted and text.count(b'"') % 2:
        _raise_for_line(text.decode(errors="replace"), delimiter, len(header), source, skipped)
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=list(markers)
    )
    parse = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted)
    try:
        try:
            return pacsv.read_csv(pa.BufferReader(text), parse_options=parse, convert_options=convert)
        except pa.ArrowInvalid as error:
            if "block" not in str(error):
                raise
            one_block = pacsv.ReadOptions(block_size=min(len(text) + 1, 2**31 - 1))  # one cell is larger than a block
            return pacsv.read_csv(pa.BufferReader(text), one_block, parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid as error:
        _raise_for_line(text.decode(errors="replace"), delimiter, len(header), source, skipped)
        reason = str(error).splitlines()[0]
        raise DataError("data.broken_csv", source=source, reason=reason) from None


def _raise_for_line(text: str, delimiter: str, width: int, source: str, skipped: int) -> None:
    """Raise the error that names the first line which does not fit; return if there is none."""
    last_line = text.count("\n") + (not text.endswith("\n"))
    begin = 0
    try:
        for begin, end, cells in records(text, delimiter):
            line = begin + skipped
            if end > begin and end >= last_line and text.count('"') % 2:
                raise DataError("data.open_quote", source=source, line=line)
            if len(cells) != width:
                raise DataError("data.ragged", source=source, line=line, found=len(cells), expected=width)
    except csv.Error:  # a cell larger than csv allows: a quotation mark that never closes
        raise DataError("data.open_quote", source=source, line=begin + skipped) from None


def _line_place(text: bytes, delimiter: str, skipped: int, row: int) -> str:
    """The line on which data row ``row`` (from 0) begins in the file, in words."""
    with suppress(csv.Error):  # a cell larger than csv allows
        for number, (begin, _, _) in enumerate(records(text.decode(), delimiter), -1):
            if number == row:
                return say("data.line", number=begin + skipped)
    return row_place(row)
