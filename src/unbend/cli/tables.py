"""Tables out: as text, or into a file whose ending says the format."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from .. import json_text
from ..errors import DataError
from ..network.file_access import write_file


def as_text(table: Any, delimiter: str) -> str:
    """The table as CSV text; numbers in the shortest form that reads back the same."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return stream.getvalue()


def as_json(table: Any) -> str:
    """The table as one JSON object, {column: [values]}."""
    return json_text.dumps(table.to_pydict()) + "\n"


def write_table(table: Any, path: Path) -> None:
    """Write a table whole or not at all; the ending chooses CSV, TSV, JSON, Parquet or Feather.

    Raises ``DataError`` for another ending, ``ModelError`` where the place cannot be written.
    """
    ending = path.suffix.lower()
    if ending in (".csv", ".txt", ".tsv"):
        content: str | bytes = as_text(table, "\t" if ending == ".tsv" else ",")
    elif ending == ".json":
        content = as_json(table)
    elif ending in (".parquet", ".feather", ".arrow"):
        sink = io.BytesIO()
        if ending == ".parquet":
            from pyarrow import parquet

            parquet.write_table(table, sink)
        else:
            from pyarrow import feather

            feather.write_feather(table, sink)
        content = sink.getvalue()
    else:
        raise DataError("cli.no_such_ending", path=path, got=ending or "—")
    write_file(path, content)
