"""`read_json`: lines of JSON objects, an array of objects, or an object of columns → an Arrow table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .csv_dialect import decode
from .in_memory import from_columns
from .parsed_table import ParsedTable, clean_names


def read_json(raw: bytes, source: str) -> ParsedTable:
    """Read a table of JSON from its bytes; ``source`` names it in messages.

    One object on each line is a row; so is each object of an array. An object whose values are arrays is a table of
    columns. Raises `DataError` with the line for what is not JSON, and for JSON that is no table.
    """
    text, notes = decode(raw, source)
    table = _arrow_lines(text) if text.lstrip()[:1] == b"{" else None
    if table is None:
        table = _parse(text.decode(), source)
    table, dropped = clean_names(table, source)
    return ParsedTable(table, notes + dropped)


def _arrow_lines(text: bytes) -> Any | None:
    """Lines of JSON by Arrow's reader, strings staying strings; ``None`` where it fails, as on mixed types."""
    from pyarrow import json as pajson

    try:
        table = pajson.read_json(pa.BufferReader(text))
        times = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
        if times:  # Arrow would parse some dates by rules of its own
            schema = pa.schema([(name, pa.string()) for name in times])
            options = pajson.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
            table = pajson.read_json(pa.BufferReader(text), parse_options=options).select(table.column_names)
    except (pa.ArrowException, OSError, ValueError):
        return None
    if table.num_rows == 1 and any(pa.types.is_list(field.type) for field in table.schema):
        return None  # one object of columns on one line
    return table


def _parse(text: str, source: str) -> Any:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise DataError("data.broken_json", source=source, line=error.lineno, reason=error.msg) from None
        value = _lines(text, source)
    except RecursionError:
        raise DataError("data.foreign_json", source=source) from None
    if isinstance(value, dict):
        tables = [name for name, inner in value.items() if _is_records(inner)]
        if len(tables) == 1 and len(value) == 1:  # {"data": [{…}, {…}]}
            value = value[tables[0]]
        elif value and all(isinstance(inner, list) for inner in value.values()):
            return from_columns(value, source)
        else:
            value = [value]
    if not _is_records(value):
        raise DataError("data.foreign_json", source=source)
    names = list(dict.fromkeys(name for row in value for name in row))
    return from_columns({name: [row.get(name) for row in value] for name in names}, source)


def _is_records(value: Any) -> bool:
    return isinstance(value, Sequence) and bool(value) and all(isinstance(row, dict) for row in value)


def _lines(text: str, source: str) -> list[Any]:
    """One value for each line that is not blank."""
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = getattr(error, "msg", type(error).__name__)
            raise DataError("data.broken_json", source=source, line=number, reason=reason) from None
        values.append(value)
    return values
