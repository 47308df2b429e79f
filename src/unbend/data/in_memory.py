"""`read_object`: a table in memory (data frame, array, dictionary, list of dictionaries) → an Arrow table."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import DataError
from .notes import Note
from .parsed_table import ParsedTable, check_names, clean_names


def read_object(source: Any, what: str) -> ParsedTable:
    """Read a data frame, Arrow table or record batch, 2-D NumPy array, dict of columns or list of dicts.

    ``what`` names the object in messages. Raises `DataError` for anything else, for arrays that are not 2-D and for
    columns of different lengths.
    """
    source, joined = _plain_names(source, what)
    try:
        table = _to_arrow(source, what)
    except pa.ArrowException as error:
        raise DataError("data.cannot_convert", source=what, reason=str(error).splitlines()[0]) from None
    table, notes = clean_names(table, what)
    return ParsedTable(table, joined + notes)


def _plain_names(source: Any, what: str) -> tuple[Any, tuple[Note, ...]]:
    """A pandas data frame whose column names are text: numbers as text, several levels joined, with a note."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(source, pandas.DataFrame):
        return source, ()
    levels = isinstance(source.columns, pandas.MultiIndex)
    names = ["_".join(str(part) for part in name if str(part)) if levels else str(name) for name in source.columns]
    check_names(names, what)
    if names == list(source.columns):
        return source, ()
    return source.set_axis(names, axis=1), (Note("data.joined_names", {"first": names[0]}),) if levels else ()


def _to_arrow(source: Any, what: str) -> Any:
    if isinstance(source, pa.Table):
        return source
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if isinstance(source, np.ndarray):
        return _from_array(source, what)
    if isinstance(source, Mapping):
        return from_columns(source, what)
    if isinstance(source, Sequence) and source and all(isinstance(row, Mapping) for row in source):
        names = list(dict.fromkeys(name for row in source for name in row))
        return from_columns({name: [row.get(name) for row in source] for name in names}, what)
    frame = _from_frame(source, what)
    if frame is None:
        raise DataError("data.not_a_table", source=what, kind=type(source).__name__)
    return frame


def _from_array(array: np.ndarray, what: str) -> Any:
    if array.dtype.names:
        return from_columns({name: array[name] for name in array.dtype.names}, what)
    if array.ndim != 2:
        raise DataError("data.array_not_2d", source=what, shape=array.shape)
    return from_columns({f"x{number}": column for number, column in enumerate(array.T, 1)}, what)


def from_columns(columns: Mapping[Any, Any], what: str) -> Any:
    """An Arrow table of columns by name. Raises `DataError` for columns of different lengths."""
    arrays = {str(name): to_array(values) for name, values in columns.items()}
    lengths = {name: len(array) for name, array in arrays.items()}
    for name, length in lengths.items():
        first = next(iter(lengths))
        if length != lengths[first]:
            raise DataError(
                "data.columns_differ", source=what, column=name, length=length, first=first, expected=lengths[first]
            )
    return pa.table(arrays)


def to_array(values: Iterable[Any]) -> Any:
    """One column as an Arrow array; values of mixed types become text. Raises `DataError` for complex numbers."""
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    if isinstance(values, np.ndarray):
        values = np.ascontiguousarray(values)
    elif isinstance(values, str) or not isinstance(values, Iterable):
        values = [values]
    elif not hasattr(values, "__len__"):
        values = list(values)
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, OverflowError, ValueError):
        if any(isinstance(value, complex | np.complexfloating) for value in values):
            raise DataError("data.complex_numbers") from None
        return pa.array([None if value is None else _valid(str(value)) for value in values], pa.string())


def _valid(text: str) -> str:
    """The text with U+FFFD in place of surrogates that are no pair, which UTF-8 does not have."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_frame(source: Any, what: str) -> Any | None:
    """pandas, polars or any other data frame narwhals supports, without its row index; ``None`` for anything else."""
    import narwhals as nw
    from narwhals.exceptions import DuplicateError

    try:
        frame = nw.from_native(source, allow_series=True)
    except DuplicateError:
        check_names([str(name) for name in source.columns], what)
        raise
    except TypeError:
        return pa.table(source) if hasattr(source, "__arrow_c_stream__") else None
    if isinstance(frame, nw.Series):
        if not frame.name:
            raise DataError("data.series", source=what)
        frame = frame.to_frame()
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    frame = nw.maybe_reset_index(frame)
    try:
        return frame.to_arrow()
    except (pa.ArrowException, TypeError, OverflowError, ValueError):  # mixed objects, sparse columns
        return pa.table({str(name): _from_series(frame[name]) for name in frame.columns})


def _from_series(series: Any) -> Any:
    try:
        return series.to_arrow()
    except (pa.ArrowException, TypeError, OverflowError, ValueError):
        return to_array(series.to_list())
