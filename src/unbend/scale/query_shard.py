"""`QueryShard`: the result of a query, read from an SQLite or DuckDB database in pieces."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data.database_reader import SQLITE
from ..data.in_memory import to_array
from ..errors import DataError
from .shard import Shard


@dataclass(frozen=True, kw_only=True)
class QueryShard(Shard):
    """The rows of a SELECT statement, in the order in which the database returns them."""

    path: str
    query: str

    @property
    def changed(self) -> int | None:
        return Path(self.path).stat().st_mtime_ns

    def pieces(self, rows: int, columns: Sequence[str] = ()) -> Iterator[Any]:
        with Path(self.path).open("rb") as file:
            sqlite = file.read(16) == SQLITE
        for piece in self._sqlite_pieces(rows) if sqlite else self._duckdb_pieces(rows):
            yield piece.select(list(columns)) if columns else piece

    def _sqlite_pieces(self, rows: int) -> Iterator[Any]:
        connection = sqlite3.connect(f"{Path(self.path).absolute().as_uri()}?mode=ro", uri=True)
        try:
            cursor = connection.execute(self.query)
            if cursor.description is None:
                raise DataError("data.query_no_rows", source=self.name)
            names = [str(column[0]) for column in cursor.description]
            while cells := cursor.fetchmany(rows):
                yield pa.table([to_array(list(column)) for column in zip(*cells, strict=True)], names=names)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise DataError("data.query_failed", source=self.name, reason=str(error)) from None
        finally:
            connection.close()

    def _duckdb_pieces(self, rows: int) -> Iterator[Any]:
        try:
            import duckdb
        except ImportError:
            raise DataError("data.duckdb_missing", source=self.name) from None
        try:
            with duckdb.connect(self.path, read_only=True) as database:
                relation = database.sql(self.query)
                if relation is None:
                    raise DataError("data.query_no_rows", source=self.name)
                yield from relation.to_arrow_reader(rows)
        except duckdb.Error as error:
            raise DataError("data.query_failed", source=self.name, reason=str(error).splitlines()[0]) from None


def query_shard(path: str, query: str) -> QueryShard:
    """The result of a query as a shard. Raises `DataError` for a query that fails or finds nothing."""
    name = Path(path).name
    shard = QueryShard(name=name, key=name, own_columns=(), path=path, query=query)
    first = next(shard.pieces(1), None)
    if first is None:
        raise DataError("data.query_no_rows", source=name)
    counted = next(
        replace(shard, query=f"select count(*) as n from ({query.strip().rstrip(';')}) as counted").pieces(1)
    )
    return replace(shard, own_columns=tuple(first.schema.names), rows=int(next(iter(counted.column("n"))).as_py()))
