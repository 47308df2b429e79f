"""The reader of any table: paths, shipped sets, data frames, arrays, dictionaries → an Arrow table."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike, fspath
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .column_types import convert_columns
from .file_reader import read_file
from .in_memory import read_object
from .parsed_table import ParsedTable, check_names


def parse_table(source: Any, *, what: str = "data", keep_text: Collection[str] = ()) -> ParsedTable:
    """Like `read_table`, with notes on what was assumed and a function that locates a row in the source."""
    if isinstance(source, ParsedTable):
        return source
    if isinstance(source, (str, PathLike)):
        what = fspath(source)
        parsed = read_file(what)
    else:
        parsed = read_object(source, what)
    check_names(parsed.table.column_names, what)
    if parsed.table.num_columns == 0 or parsed.table.num_rows == 0:
        raise DataError("data.no_rows", source=what)
    try:
        return convert_columns(parsed, keep_text)
    except pa.ArrowException as error:  # a value its new type cannot hold, such as a date in the year 10^6
        raise DataError("data.cannot_convert", source=what, reason=str(error).splitlines()[0]) from None


def read_table(source: Any, *, what: str = "data", keep_text: Collection[str] = ()) -> Any:
    """Read a table from a file or from an object in memory.

    Parameters
    ----------
    source : path, str or table
        A path (CSV, TSV or other text with any common delimiter, Parquet, Feather, Arrow: recognised by the contents),
        the name of a shipped set (a file of that name takes precedence), a pandas or polars data frame, an Arrow table
        or record batch, a 2-D NumPy array (columns ``x1``, ``x2``, …), a dict of columns or a list of dicts.
    what : str, default "data"
        The name of an object in messages; a path names itself.
    keep_text : collection of str, default ()
        Columns whose text is not parsed as numbers or dates.

    Returns
    -------
    pyarrow.Table
        Columns of ``float64``, ``bool``, ``timestamp[us]``, ``string`` or ``dictionary<string>`` (declared categories),
        missing values as nulls, the same from every source; binary and nested columns stay as they are.

    Raises
    ------
    DataError
        With one line, for everything that is not a table.

    Examples
    --------
    >>> from unbend.data import read_table
    >>> table = read_table({"age": ["31", "28", "NA"], "paid": ["true", "false", "true"]})
    >>> table["age"].to_pylist(), table["paid"].to_pylist()
    ([31.0, 28.0, None], [True, False, True])
    """
    return parse_table(source, what=what, keep_text=keep_text).table
