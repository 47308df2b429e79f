"""Anything that holds a table → an Arrow table."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike, fspath
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .cells import settle
from .files import read_file
from .objects import read_object
from .reading import Reading, check_names


def read(source: Any, *, what: str = "data", keep_text: Collection[str] = ()) -> Reading:
    """Like `read_table`, with the notes on what was assumed and a way to name a row's place in the source."""
    if isinstance(source, Reading):
        return source
    if isinstance(source, (str, PathLike)):
        what = fspath(source)
        reading = read_file(what)
    else:
        reading = read_object(source, what)
    check_names(reading.table.column_names, what)
    if reading.table.num_columns == 0 or reading.table.num_rows == 0:
        raise DataError("data.no_rows", source=what)
    try:
        return settle(reading, keep_text)
    except pa.ArrowException as error:  # a value beyond what its new type can hold, such as a date in the year 10^6
        raise DataError("data.cannot_convert", source=what, reason=str(error).splitlines()[0]) from None


def read_table(source: Any, *, what: str = "data", keep_text: Collection[str] = ()) -> Any:
    """Read a table from wherever it is; returns a ``pyarrow.Table``.

    ``source``: a path (CSV, TSV or other text with any common delimiter, Parquet, Feather, Arrow: the contents tell),
    the name of a shipped set (a file of that name comes first), a pandas or polars data frame, an Arrow table or
    record batch, a 2-D NumPy array (columns ``x1``, ``x2``, …), a dict of columns or a list of dicts.
    ``what`` names it in messages; columns in ``keep_text`` are not read as numbers or dates.

    Columns come out as ``float64``, ``bool``, ``timestamp[us]``, ``string`` or ``dictionary<string>`` (declared
    categories), missing values as nulls, the same from every source; binary and nested columns stay as they are.
    Raises `DataError`, one line, for everything that is not a table.
    """
    return read(source, what=what, keep_text=keep_text).table
