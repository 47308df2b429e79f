"""`read_excel`: one sheet of an Excel workbook → an Arrow table, through openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow as pa

from ..errors import DataError
from ..words import say
from .notes import Note, join_names
from .parsed_table import ParsedTable, check_names, clean_names
from .read_options import ReadOptions
from .title_lines import header_position
from .two_line_header import two_line_header

Cell = Any  # int, float, bool, str, datetime, date, time, timedelta or None
_CURRENCY = re.compile(r"\[\$([^-\]]+)[^\]]*\]|([$€£¥₩])")


@dataclass(frozen=True)
class _Row:
    number: int  # in the sheet, from 1
    cells: list[Cell]


def read_excel(raw: bytes, source: str, options: ReadOptions) -> ParsedTable:
    """Read one sheet of a workbook from the bytes of the file.

    Without ``options.sheet`` it is the first sheet that holds a table, and a note names the others. Rows of a title
    above the header are skipped, with a note; a header of two rows, as merged cells make it, is joined. Percentages
    and amounts of money come as text ("58.5%"), as in a CSV saved from the sheet. Raises `DataError` if openpyxl is
    missing, for a damaged file, an unknown sheet and an empty sheet.
    """
    book = _open(raw, source)
    try:
        name, rows, notes = _chosen_sheet(book, source, options)
    finally:
        book.close()
    if not rows:
        raise DataError("data.empty_sheet", source=source, sheet=name)
    rows = _without_empty_columns(rows)
    start, header, body = _header(rows)
    if start:
        notes = (*notes, Note("data.title_lines", {"count": start, "first": _first_text(rows[0].cells)}))
    width = len(header)
    check_names(header, source)
    if not body:
        raise DataError("data.header_only", source=source, columns=join_names(header))
    cells = [_padded(row.cells, width) for row in body]
    columns = [_array([row[k] for row in cells]) for k in range(width)]
    table, dropped = clean_names(pa.table(columns, names=header), source)
    return ParsedTable(table, notes + dropped, partial(_place, [row.number for row in body]))


def _header(rows: list[_Row]) -> tuple[int, list[str], list[_Row]]:
    """The number of lines above the header, the names of the columns, and the rows below; the names may stand in two
    lines, with cells that were merged."""
    texts = [[_text(cell) for cell in row.cells] for row in rows[:40]]
    if (found := two_line_header(texts)) is not None:
        start, names = found
        return start, names, rows[start + 2 :]
    start = header_position(texts) or 0
    width = max(k + 1 for row in rows[start:] for k, cell in enumerate(row.cells) if cell is not None)
    return start, [text.strip() for text in texts[start][:width]], rows[start + 1 :]


def _without_empty_columns(rows: list[_Row]) -> list[_Row]:
    """The rows, equally long, without the columns that are empty in all of them."""
    width = max(len(row.cells) for row in rows)
    padded = [_padded(row.cells, width) for row in rows]
    used = [k for k in range(width) if any(cells[k] is not None for cells in padded)]
    return [_Row(row.number, [cells[k] for k in used]) for row, cells in zip(rows, padded, strict=True)]


def _open(raw: bytes, source: str) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise DataError("data.excel_missing", source=source) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know hold no data
            return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception:  # openpyxl raises errors of many kinds for damaged parts
        raise DataError("data.damaged_file", source=source, kind="Excel") from None


def _chosen_sheet(book: Any, source: str, options: ReadOptions) -> tuple[str, list[_Row], tuple[Note, ...]]:
    names = [sheet.title for sheet in book.worksheets]
    if options.sheet is not None:
        chosen = options.choose(names)
        if chosen is None:
            raise DataError("data.no_such_sheet", source=source, sheet=options.sheet, names=join_names(names))
        return chosen, _rows(book[chosen], source), ()
    first: tuple[str, list[_Row]] | None = None
    for name in names:
        rows = _rows(book[name], source)
        if rows and (first is None or _is_table(rows)):
            first = name, rows
        if _is_table(rows):
            break
    if first is None:
        raise DataError("data.empty_file", source=source)
    others = [other for other in names if other != first[0]]
    note = Note("data.sheet_read", {"sheet": first[0], "source": source, "others": join_names(others)})
    return *first, (note,) if others else ()


def _is_table(rows: list[_Row]) -> bool:
    """Whether there are a header and two rows of two cells or more: a cover sheet has none."""
    return sum(sum(cell is not None for cell in row.cells) >= 2 for row in rows) >= 3


def _rows(sheet: Any, source: str) -> list[_Row]:
    rows = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()  # written by some programs too small
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = [_value(cell) for cell in row]
                if any(cell is not None for cell in cells):
                    rows.append(_Row(number, cells))
    except Exception:
        raise DataError("data.damaged_file", source=source, kind="Excel") from None
    return rows


def _value(cell: Any) -> Cell:
    """The cell's value; a percentage or an amount of money as the text that the sheet shows."""
    value = cell.value
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    style = (cell.number_format or "").split(";")[0]
    if style == "General":
        return value
    shown = Decimal(f"{value:.15g}")  # the digits that Excel shows
    bare = re.sub(r'"([^"]*)"', r"\1", style).replace("\\", "")
    if "%" in bare:
        return f"{shown.scaleb(2).normalize():f}%"
    match = _CURRENCY.search(bare) or re.search(r"(원)\s*$", bare)
    if match is None:
        return value
    unit = next(group for group in match.groups() if group)
    number = f"{shown.normalize():f}"
    return f"{number}{unit}" if unit == "원" else f"{'-' * number.startswith('-')}{unit}{number.removeprefix('-')}"


def _padded(cells: list[Cell], width: int) -> list[Cell]:
    return (cells + [None] * (width - len(cells)))[:width]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat(" ") if isinstance(cell, dt.datetime) else str(cell)


def _first_text(cells: list[Cell]) -> str:
    return next(_text(cell) for cell in cells if cell is not None)[:60]


def _array(values: list[Cell]) -> Any:
    """One column; values of several kinds become text, by the rules of text tables."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if len(kinds) == 1 and kinds <= {bool, str, dt.datetime, dt.timedelta}:
        try:
            return pa.array(values)
        except (pa.ArrowException, OverflowError):
            pass
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _place(numbers: list[int], row: int) -> str:
    return say("data.row", number=numbers[row])
