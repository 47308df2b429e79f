"""`read_table`: any table (path, shipped set, data frame, array, dictionary) → an Arrow table."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .column_reading import Types
from .file_reader import read_file
from .footnotes import without_footnotes
from .in_memory import read_object
from .parsed_table import ParsedTable, check_names
from .read_options import ReadOptions
from .total_rows import without_totals
from .type_inference import convert_columns


def load_table(source: Any, *, what: str = "data", options: ReadOptions | None = None) -> ParsedTable:
    """The table of a file or an object in memory, its cells not yet converted."""
    if isinstance(source, (str, PathLike)):
        what = fspath(source)
        parsed = without_totals(without_footnotes(read_file(what, options)))
    else:
        parsed = read_object(source, what)
    check_names(parsed.table.column_names, what)
    if parsed.table.num_columns == 0 or parsed.table.num_rows == 0:
        raise DataError("data.no_rows", source=what)
    return parsed


def parse_table(
    source: Any, *, what: str = "data", types: Types | None = None, options: ReadOptions | None = None
) -> ParsedTable:
    """Like `read_table`, with notes on what was assumed and a function that locates a row in the source."""
    if isinstance(source, ParsedTable):
        return source
    parsed = load_table(source, what=what, options=options)
    return convert_table(parsed, types, what=fspath(source) if isinstance(source, (str, PathLike)) else what)


def convert_table(parsed: ParsedTable, types: Types | None = None, *, what: str = "data") -> ParsedTable:
    """A loaded table with every column converted to one of the few types; ``what`` names it in messages."""
    try:
        return convert_columns(parsed, types)
    except pa.ArrowException as error:  # a value its new type cannot hold, such as a date in the year 10^6
        raise DataError("data.cannot_convert", source=what, reason=str(error).splitlines()[0]) from None


def read_table(
    source: Any,
    *,
    what: str = "data",
    types: Types | None = None,
    sheet: str | int | None = None,
    query: str | None = None,
) -> Any:
    """Read a table from a file or from an object in memory.

    Parameters
    ----------
    source : path, str or table
        A path (CSV, TSV or other text with any common delimiter, JSON, Parquet, Feather, Arrow, Excel, SQLite, DuckDB,
        each also compressed or in a ZIP archive: recognised by the contents; a folder of text tables or of Parquet
        files), "-" for standard input, the name of a shipped set (a file of that name takes precedence), a pandas or
        polars data frame, an Arrow table or record batch, a 2-D NumPy array (columns ``x1``, ``x2``, …), a dict of
        columns or a list of dicts.
    what : str, default "data"
        The name of an object in messages; a path names itself.
    types : mapping of str to str, optional
        The type of columns whose type is not inferred: "number", "category", "date", "boolean" or "text", by name.
    sheet : str or int, optional
        The sheet of a workbook, the file of an archive or the table of a database, by name or by number from 1.
    query : str, optional
        A SELECT statement for a database.

    Returns
    -------
    pyarrow.Table
        Columns of ``float64`` (``float32`` where the source has it), ``bool``, ``timestamp[us]``, ``string`` or
        ``dictionary<string>`` (declared categories), missing values as nulls, the same from every source; binary and
        nested columns stay as they are.

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
    return parse_table(source, what=what, types=types, options=ReadOptions(sheet, query)).table
