"""`ColumnArrays`: a table's columns as NumPy arrays (floats, days, flags or codes), converted when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..errors import DataError
from .column import Column
from .column_types import as_labels, to_plain_type
from .date_parser import looks_like_date
from .missing_values import blanks_to_null, nans_to_null
from .number_parser import looks_like_number
from .parsed_table import ParsedTable, row_place
from .type_inference import convert_columns

CACHED_BYTES = 1 << 24  # of columns of numbers and dates
_DAY = 86_400e6  # microseconds


class ColumnArrays:
    """The columns of one Arrow table as arrays. Arrays are shared: do not write into them.

    Each is converted once, as long as those of numbers and dates take no more than ``CACHED_BYTES``: beyond, the least
    recently used one is converted again when it is needed.

    ``unreadable``: (rows,) for columns whose missing cells are not all empty in the source, those that hold a text.
    """

    def __init__(self, table: Any, unreadable: Mapping[str, Any] | None = None) -> None:
        self.table, self.unreadable = table, unreadable or {}
        self._cache: dict[tuple[str, str, tuple[str, ...]], Any] = {}
        self._recent: dict[tuple[str, str, tuple[str, ...]], np.ndarray] = {}  # the last used one is the last

    def __reduce__(self) -> tuple[Any, ...]:
        return ColumnArrays, (self.table, self.unreadable)  # pickled and copied without the converted arrays

    def values(self, column: Column) -> np.ndarray:
        """(rows,) float64 with NaN for missing; for a category or text its codes, int32, -1 for missing."""
        if column.kind in ("category", "text"):
            return self.codes(column.name)[0]
        if column.kind == "boolean":
            return self.flags(column.name, column.levels)
        return self.days(column.name) if column.kind == "date" else self.numbers(column.name)

    def numbers(self, name: str) -> np.ndarray:
        """(rows,) float64; missing and infinite cells are NaN.

        Raises `DataError` for a column of anything else: names the first cell that is no number.
        """
        return self._floats((name, "numbers", ()), _to_numbers)

    def days(self, name: str) -> np.ndarray:
        """(rows,) float64: dates as days since 1970; missing cells are NaN. Raises `DataError` for anything else."""
        return self._floats((name, "days", ()), _to_days)

    def _floats(self, key: tuple[str, str, tuple[str, ...]], convert: Callable[[Any, str], np.ndarray]) -> np.ndarray:
        values: np.ndarray | None = self._recent.pop(key, None)
        if values is None:
            values = convert(self.table[key[0]], key[0])
            while self._recent and (1 + len(self._recent)) * values.nbytes > CACHED_BYTES:
                del self._recent[next(iter(self._recent))]
        self._recent[key] = values
        return values

    def flags(self, name: str, pair: tuple[str, ...]) -> np.ndarray:
        """(rows,) float64: 0 and 1 for the labels of false and true, in any case; NaN for anything else."""
        key = (name, "flags", pair)
        if key not in self._cache:
            text = pc.utf8_lower(_to_labels(self.table[name]))
            index = pc.index_in(text, value_set=pa.array([*pair, "0", "1"]))
            self._cache[key] = pc.bit_wise_and(index, 1).cast(pa.float64()).to_numpy()
        flags: np.ndarray = self._cache[key]
        return flags

    def texts(self, name: str) -> list[str | None]:
        """The cells as text, None for missing ones."""
        texts: list[str | None] = _to_labels(self.table[name]).to_pylist()
        return texts

    def codes(self, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """((rows,) int32 numbers of the levels, -1 for missing; the levels as text, sorted)."""
        key = (name, "codes", ())
        if key not in self._cache:
            encoded = _to_labels(self.table[name]).combine_chunks().dictionary_encode()
            order = pc.sort_indices(encoded.dictionary).to_numpy()
            rank = np.empty(len(order) + 1, dtype=np.int32)
            rank[order], rank[-1] = np.arange(len(order)), -1
            indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
            self._cache[key] = rank[indices], tuple(encoded.dictionary.take(pa.array(order)).to_pylist())
        codes: tuple[np.ndarray, tuple[str, ...]] = self._cache[key]
        return codes


def _to_labels(column: Any) -> Any:
    column = to_plain_type(column)
    if pt.is_dictionary(column.type):
        column = column.cast(pa.string())
    return nans_to_null(blanks_to_null(as_labels(column)))


def _parsed(column: Any, name: str) -> Any:
    """The column, its text (if it is text) parsed as numbers, booleans or dates."""
    column = to_plain_type(column)
    if pt.is_dictionary(column.type):
        column = column.cast(pa.string())
    return convert_columns(ParsedTable(pa.table({name: column})), digits_as_dates=False).table[name]


def _to_numbers(column: Any, name: str) -> np.ndarray:
    column = _parsed(column, name)
    if pt.is_boolean(column.type):
        column = column.cast(pa.float64())
    if pt.is_string(column.type):
        _raise_for_cell("data.text_for_number", name, column, looks_like_number(column))
    if not pt.is_floating(column.type):
        raise DataError("data.type_for_number", column=name, type=str(column.type))
    numbers = np.array(column.to_numpy(), dtype=np.float64) + 0.0  # -0.0 and 0.0 are one value
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _to_days(column: Any, name: str) -> np.ndarray:
    column = _parsed(column, name)
    if column.null_count == len(column):
        return np.full(len(column), np.nan)
    if pt.is_string(column.type):
        _raise_for_cell("data.text_for_date", name, column, looks_like_date(column))
    if not pt.is_timestamp(column.type):
        raise DataError("data.type_for_date", column=name, type=str(column.type))
    # Nulls are filled first: a column with nulls would come out of Arrow as float64, its integers rounded.
    missing = column.is_null().to_numpy()
    days = np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy() / _DAY, dtype=np.float64)
    days[missing] = np.nan
    return days


def _raise_for_cell(key: str, name: str, column: Any, fits: Any) -> None:
    """Raise `DataError` for the first cell that does not fit."""
    row = max(0, pc.index(pc.fill_null(fits, True), False).as_py())
    raise DataError(key, column=name, place=row_place(row), value=column[row].as_py())
