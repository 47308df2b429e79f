"""Write a table: as CSV or JSON text, or to a file in the format of its extension."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from .. import json_text
from ..errors import DataError
from ..file_access import write_file

ENDINGS = (".csv", ".txt", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow", ".xlsx")
_SHEET_ROWS = 1_048_576


def as_text(table: Any, delimiter: str, *, header: bool = True) -> str:
    """The table as CSV text; numbers in the shortest form that reads back the same."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(table.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return stream.getvalue()


def as_json(table: Any) -> str:
    """The table as one JSON object, {column: [values]}."""
    return json_text.dumps({name: _plain(column) for name, column in zip(*_columns(table), strict=True)}) + "\n"


def as_json_lines(table: Any) -> str:
    """The table as one JSON object for each row, each on a line."""
    names, columns = _columns(table)
    rows = zip(*(_plain(column) for column in columns), strict=True)
    return "".join(json_text.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)


def _columns(table: Any) -> tuple[list[str], list[Any]]:
    return table.column_names, table.columns


def _plain(column: Any) -> list[Any]:
    """Values that JSON has; dates, decimals and the like as text."""
    values: list[Any] = column.to_pylist()
    return [v if v is None or isinstance(v, bool | int | float | str) else str(v) for v in values]


def check_ending(path: Path) -> None:
    """Raise ``DataError`` if tables are not written to files with this extension, before any work is done."""
    if path.suffix.lower() not in ENDINGS:
        raise DataError("cli.no_such_ending", path=path, got=path.suffix or "—")
    if path.suffix.lower() == ".xlsx":
        try:
            import openpyxl  # noqa: F401
        except ImportError:
            raise DataError("cli.excel_missing", path=path) from None


def write_table(table: Any, path: Path) -> None:
    """Write a table atomically, in the format of the extension, one of ``ENDINGS``.

    Raises ``DataError`` for another extension, ``ModelError`` where the path cannot be written.
    """
    check_ending(path)
    extension = path.suffix.lower()
    sink = io.BytesIO()
    if extension in (".csv", ".txt", ".tsv"):
        content: str | bytes = as_text(table, "\t" if extension == ".tsv" else ",")
    elif extension == ".json":
        content = as_json(table)
    elif extension in (".jsonl", ".ndjson"):
        content = as_json_lines(table)
    elif extension == ".xlsx":
        content = _as_excel(table, path)
    elif extension == ".parquet":
        from pyarrow import parquet

        parquet.write_table(table, sink)
        content = sink.getvalue()
    else:
        from pyarrow import feather

        feather.write_feather(table, sink)
        content = sink.getvalue()
    write_file(path, content)


def _as_excel(table: Any, path: Path) -> bytes:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    if table.num_rows >= _SHEET_ROWS:
        raise DataError("cli.excel_rows", path=path, rows=table.num_rows, most=_SHEET_ROWS - 1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("predictions")

    def cell(value: Any) -> Any:
        if isinstance(value, float) and not -1e308 < value < 1e308:
            value = None if value != value else str(value)
        elif not (value is None or isinstance(value, bool | int | float | datetime)):
            value = "".join(c for c in str(value) if c >= " " or c in "\t\n")
        elif isinstance(value, datetime):
            value = value.replace(tzinfo=None)
        if not isinstance(value, str):
            return value
        text = WriteOnlyCell(sheet, value)
        text.data_type = "s"  # a text that begins with "=" is no formula
        return text

    sheet.append([cell(name) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        sheet.append([cell(value) for value in row])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()
