"""Write a table: as CSV or JSON text, or to a file in the format of its extension."""

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
    """Write a table atomically, as CSV, TSV, JSON, Parquet or Feather according to the extension.

    Raises ``DataError`` for another extension, ``ModelError`` where the path cannot be written.
    """
    extension = path.suffix.lower()
    if extension in (".csv", ".txt", ".tsv"):
        content: str | bytes = as_text(table, "\t" if extension == ".tsv" else ",")
    elif extension == ".json":
        content = as_json(table)
    elif extension in (".parquet", ".feather", ".arrow"):
        sink = io.BytesIO()
        if extension == ".parquet":
            from pyarrow import parquet

            parquet.write_table(table, sink)
        else:
            from pyarrow import feather

            feather.write_feather(table, sink)
        content = sink.getvalue()
    else:
        raise DataError("cli.no_such_ending", path=path, got=extension or "—")
    write_file(path, content)
