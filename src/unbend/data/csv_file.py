"""A text table (any common delimiter) → an Arrow table whose cells are still text."""

from __future__ import annotations

import csv
from contextlib import suppress
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from ..errors import DataError
from ..words import say
from .missing import BLANKS
from .notes import Note, name_list
from .reading import Reading, check_names, row_place, tidy_names
from .text import decode, find_delimiter, records, spaces_to_tabs


def read_csv(raw: bytes, source: str) -> Reading:
    """Read a text table from its bytes; ``source`` names it in messages.

    All columns come as text: one set of rules (`cells`) then turns text into numbers, dates and the like, whether it
    came from a CSV or a Parquet file. Raises `DataError` for an unknown encoding, a header without rows, a column named
    twice and ragged rows.
    """
    text, notes = decode(raw, source)
    text, skipped, told = _skip_preamble(text)
    if not text[:4096].strip() and not text.strip():
        raise DataError("data.empty_file", source=source)
    delimiter = told or find_delimiter(text)
    if delimiter == " ":
        text, delimiter = spaces_to_tabs(text.decode()).encode(), "\t"
        notes = (*notes, Note("data.delimiter_spaces"))
    header = _header(text, delimiter, source, skipped)
    check_names([name.strip() for name in header], source)
    one_line = b"\n" not in text and b"\r" not in text  # Arrow sees no header without a line end
    table = pa.table({}) if one_line else _parse(text, delimiter, header, source, skipped)
    if table.num_rows == 0:
        raise DataError("data.header_only", source=source, columns=name_list(header))
    table, dropped = tidy_names(table, source)
    commas = ("thousands", "decimal") if delimiter == "," else ("decimal", "thousands")
    return Reading(table, notes + dropped, partial(_line_place, text, delimiter, skipped), commas)


def _skip_preamble(text: bytes) -> tuple[bytes, int, str | None]:
    """Blank lines and Excel's ``sep=;`` line taken off the top.

    Returns the rest, how many lines were taken off, and the delimiter if it was told.
    """
    body = text.lstrip(b"\r\n")
    skipped = len(text[: len(text) - len(body)].splitlines())
    first = body[:7].split(b"\n")[0].rstrip()
    if first[:4].lower() == b"sep=" and len(first) == 5 and b"\n" in body:
        return body[body.index(b"\n") + 1 :], skipped + 1, first.decode()[4]
    return body, skipped, None


def _header(text: bytes, delimiter: str, source: str, skipped: int) -> list[str]:
    """The first record's cells, reading no further than needed."""
    cut = 1 << 16
    while cut < len(text) and text.count(b'"', 0, cut) % 2:
        cut *= 2  # inside a quoted name
    try:
        return next(records(text[:cut].decode(errors="replace"), delimiter))[2]
    except csv.Error:
        raise DataError("data.open_quote", source=source, line=1 + skipped) from None


def _parse(text: bytes, delimiter: str, header: list[str], source: str, skipped: int) -> Any:
    quoted = b'"' in text
    if quoted and text.count(b'"') % 2:
        _explain(text.decode(errors="replace"), delimiter, len(header), source, skipped)
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=list(BLANKS)
    )
    parse = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted)
    try:
        try:
            return pacsv.read_csv(pa.BufferReader(text), parse_options=parse, convert_options=convert)
        except pa.ArrowInvalid as error:
            if "block" not in str(error):
                raise
            whole = pacsv.ReadOptions(block_size=min(len(text) + 1, 2**31 - 1))  # one cell larger than a block
            return pacsv.read_csv(pa.BufferReader(text), whole, parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid as error:
        _explain(text.decode(errors="replace"), delimiter, len(header), source, skipped)
        reason = str(error).splitlines()[0]
        raise DataError("data.broken_csv", source=source, reason=reason) from None


def _explain(text: str, delimiter: str, width: int, source: str, skipped: int) -> None:
    """Raise the error that names the first line which does not fit; return where none is found."""
    last = text.count("\n") + (not text.endswith("\n"))
    begin = 0
    try:
        for begin, end, cells in records(text, delimiter):
            line = begin + skipped
            if end > begin and end >= last and text.count('"') % 2:
                raise DataError("data.open_quote", source=source, line=line)
            if len(cells) != width:
                raise DataError("data.ragged", source=source, line=line, found=len(cells), expected=width)
    except csv.Error:  # a cell beyond all bounds: a quotation mark that never closes
        raise DataError("data.open_quote", source=source, line=begin + skipped) from None


def _line_place(text: bytes, delimiter: str, skipped: int, row: int) -> str:
    """Where data row ``row`` (from 0) begins in the file, in words."""
    with suppress(csv.Error):  # a cell too long for the plain loop
        for number, (begin, _, _) in enumerate(records(text.decode(), delimiter), -1):
            if number == row:
                return say("data.line", number=begin + skipped)
    return row_place(row)
