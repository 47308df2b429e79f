"""`read_database`: a table or the result of a query from SQLite (standard library) or DuckDB → an Arrow table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .in_memory import to_array
from .notes import join_names
from .parsed_table import ParsedTable, clean_names
from .read_options import ReadOptions

SQLITE = b"SQLite format 3\x00"
_LIST_SQLITE = "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by 1"
_LIST_DUCKDB = (
    "select case when table_schema = 'main' then table_name else table_schema || '.' || table_name end "
    "from information_schema.tables order by 1"
)


def is_database(head: bytes) -> bool:
    """Whether a file that begins with these bytes is an SQLite or DuckDB database."""
    return head.startswith(SQLITE) or head[8:12] == b"DUCK"


def read_database(source: Path | bytes, name: str, options: ReadOptions) -> ParsedTable:
    """Read the result of ``options.query``, the table ``options.sheet``, or the only table of a database.

    ``source``: the file, or its bytes (SQLite only); it is opened for reading only. Raises `DataError` for several
    tables without a choice (and lists them), for a query that fails, and where the package duckdb is missing.
    """
    if isinstance(source, bytes):
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(source)
            connection.execute("pragma query_only = on")
        except sqlite3.Error:
            raise DataError("data.damaged_file", source=name, kind="SQLite") from None
        return _read(connection, name, options, lists=_LIST_SQLITE, fetch=_fetch_rows, errors=sqlite3.Error)
    with source.open("rb") as file:
        sqlite = file.read(16) == SQLITE
    if sqlite:
        connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        return _read(connection, name, options, lists=_LIST_SQLITE, fetch=_fetch_rows, errors=sqlite3.Error)
    try:
        import duckdb
    except ImportError:
        raise DataError("data.duckdb_missing", source=name) from None
    try:
        database = duckdb.connect(str(source), read_only=True)
    except duckdb.Error as error:
        raise DataError("data.unreadable", path=name, reason=_first_line(error)) from None
    return _read(database, name, options, lists=_LIST_DUCKDB, fetch=_fetch_arrow, errors=duckdb.Error)


def _read(
    connection: Any,
    source: str,
    options: ReadOptions,
    *,
    lists: str,
    fetch: Callable[[Any, str], Any],
    errors: type[Exception],
) -> ParsedTable:
    try:
        query = options.query
        if query is None:
            try:
                names = [str(row[0]) for row in connection.execute(lists).fetchall()]
            except errors:
                raise DataError("data.damaged_file", source=source, kind="SQLite") from None
            chosen = _chosen_table(names, source, options)
            query = _select_all(chosen, schemas=lists is _LIST_DUCKDB)
        try:
            table = fetch(connection, query)
        except (errors, sqlite3.Warning, pa.ArrowException) as error:
            raise DataError("data.query_failed", source=source, reason=_first_line(error)) from None
        if table is None:
            raise DataError("data.query_no_rows", source=source)
    finally:
        connection.close()
    table, dropped = clean_names(table, source)
    return ParsedTable(table, dropped)


def _select_all(name: str, *, schemas: bool) -> str:
    parts = name.split(".", 1) if schemas else [name]
    return "select * from " + ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _chosen_table(names: list[str], source: str, options: ReadOptions) -> str:
    if not names:
        raise DataError("data.empty_database", source=source)
    if options.sheet is None:
        if len(names) > 1:
            raise DataError("data.several_tables", source=source, names=join_names(names), first=names[0])
        return names[0]
    chosen = options.choose(names)
    if chosen is None:
        raise DataError("data.no_such_table", source=source, table=options.sheet, names=join_names(names))
    return chosen


def _fetch_rows(connection: Any, query: str) -> Any | None:
    cursor = connection.execute(query)
    if cursor.description is None:
        return None
    names = [str(column[0]) for column in cursor.description]
    rows = cursor.fetchall()
    columns = [to_array(list(cells)) for cells in zip(*rows, strict=True)] if rows else [pa.array([])] * len(names)
    return pa.table(columns, names=names)


def _fetch_arrow(connection: Any, query: str) -> Any | None:
    relation = connection.sql(query)
    return None if relation is None else relation.to_arrow_table()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
