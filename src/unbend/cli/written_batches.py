"""Predictions batch by batch: which files are read so, and how they are written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import ReadOptions
from ..file_access import write_file
from ..words import say
from .tables import as_json, as_text, write_table
from .verbosity import tell

WHOLE = 1 << 26  # bytes: a table's file up to here is read whole, with all that is recognised in small ones
_STREAMED = {".csv": ",", ".txt": ",", ".tsv": "\t"}  # endings of files that are written batch by batch


def is_large(data: str, options: ReadOptions) -> bool:
    """Whether the table is one of a file so large that it is read in batches."""
    path, chosen = Path(data).expanduser(), options.sheet is not None or options.query is not None
    return not chosen and path.is_file() and path.stat().st_size > WHOLE


def write_batches(tables: Iterator[Any], out: Path | None, json: bool) -> None:
    """Write tables of the same columns, one below the other, to a file or to stdout; as CSV each when it comes."""
    if out is None:
        for text in [as_json(pa.concat_tables(tables))] if json else _as_lines(tables, ","):
            sys.stdout.write(text)
        return
    delimiter = _STREAMED.get(out.suffix.lower())
    if delimiter is None:
        table = pa.concat_tables(tables)
        write_table(table, out)
        rows = table.num_rows
    else:
        rows = _write_lines(tables, out, delimiter)
    tell(say("cli.predictions_at", rows=f"{rows:,}", path=out))


def _as_lines(tables: Iterator[Any], delimiter: str) -> Iterator[str]:
    """The rows of all tables as text, the header once."""
    for k, table in enumerate(tables):
        yield as_text(table, delimiter, header=k == 0)


def _write_lines(tables: Iterator[Any], out: Path, delimiter: str) -> int:
    """Write the rows beside their place, then rename; returns how many there are."""
    rows = 0

    def counted() -> Iterator[Any]:
        nonlocal rows
        for table in tables:
            rows += table.num_rows
            yield table

    write_file(out, _as_lines(counted(), delimiter))
    return rows
