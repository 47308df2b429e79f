"""A table's columns as NumPy arrays, each converted once and kept as long as the table lives."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..errors import DataError
from .cells import label_text, plain_type, settle
from .dates import looks_like_date
from .missing import drop_blanks, drop_nans
from .numerals import looks_like_number
from .reading import Reading, row_place

if TYPE_CHECKING:
    from .columns import Column

_DAY = 86_400e6  # microseconds
# Labels that mean false and true -> in that order.
PAIRS = {
    frozenset(pair): pair
    for pair in (
        ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"),
        ("아니오", "예"), ("아니요", "예"), ("아니오", "네"), ("아니요", "네"), ("거짓", "참"),
    )
}  # fmt: skip


class Prepared:
    """The columns of one table as arrays, converted when first asked for. Arrays are shared: do not write into them."""

    def __init__(self, table: Any) -> None:
        # No reference to the table itself: the cache must not keep it alive.
        self._columns: dict[str, Any] = dict(zip(table.column_names, table.columns, strict=True))
        self._done: dict[tuple[str, str, tuple[str, ...]], Any] = {}

    def values(self, column: Column) -> np.ndarray:
        """(rows,) float64 with NaN for missing; for a category its codes, int32, -1 for missing."""
        if column.kind == "category":
            return self.codes(column.name)[0]
        if column.kind == "boolean":
            return self.flags(column.name, column.levels)
        return self.days(column.name) if column.kind == "date" else self.numbers(column.name)

    def numbers(self, name: str) -> np.ndarray:
        """(rows,) float64; missing and infinite cells are NaN.

        Raises `DataError` for a column of anything else: names the first cell that is no number.
        """
        key = (name, "numbers", ())
        if key not in self._done:
            self._done[key] = _as_numbers(self._columns[name], name)
        found: np.ndarray = self._done[key]
        return found

    def days(self, name: str) -> np.ndarray:
        """(rows,) float64: dates as days since 1970; missing cells are NaN. Raises `DataError` for anything else."""
        key = (name, "days", ())
        if key not in self._done:
            self._done[key] = _as_days(self._columns[name], name)
        found: np.ndarray = self._done[key]
        return found

    def flags(self, name: str, pair: tuple[str, ...]) -> np.ndarray:
        """(rows,) float64: 0 and 1 for the labels of false and true, in any case; NaN for anything else."""
        key = (name, "flags", pair)
        if key not in self._done:
            text = pc.utf8_lower(_labels(self._columns[name]))
            index = pc.index_in(text, value_set=pa.array([*pair, "0", "1"]))
            self._done[key] = pc.bit_wise_and(index, 1).cast(pa.float64()).to_numpy()
        found: np.ndarray = self._done[key]
        return found

    def codes(self, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """((rows,) int32 numbers of the levels, -1 for missing; the levels as text, sorted)."""
        key = (name, "codes", ())
        if key not in self._done:
            coded = _labels(self._columns[name]).combine_chunks().dictionary_encode()
            order = pc.sort_indices(coded.dictionary).to_numpy()
            rank = np.empty(len(order) + 1, dtype=np.int32)
            rank[order], rank[-1] = np.arange(len(order)), -1
            indices = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
            self._done[key] = rank[indices], tuple(coded.dictionary.take(pa.array(order)).to_pylist())
        found: tuple[np.ndarray, tuple[str, ...]] = self._done[key]
        return found


def _labels(column: Any) -> Any:
    column = plain_type(column)
    if pt.is_dictionary(column.type):
        column = column.cast(pa.string())
    return drop_nans(drop_blanks(label_text(column)))


def _read(column: Any, name: str) -> Any:
    """The column with its text, if it is text, read as what it says."""
    column = plain_type(column)
    if pt.is_dictionary(column.type):
        column = column.cast(pa.string())
    return settle(Reading(pa.table({name: column}))).table[name]


def _as_numbers(column: Any, name: str) -> np.ndarray:
    column = _read(column, name)
    if pt.is_boolean(column.type):
        column = column.cast(pa.float64())
    if pt.is_string(column.type):
        _refuse_cell("data.text_for_number", name, column, looks_like_number(column))
    if not pt.is_floating(column.type):
        raise DataError("data.type_for_number", column=name, type=str(column.type))
    numbers = np.array(column.to_numpy(), dtype=np.float64) + 0.0  # -0.0 and 0.0 are one value
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _as_days(column: Any, name: str) -> np.ndarray:
    column = _read(column, name)
    if column.null_count == len(column):
        return np.full(len(column), np.nan)
    if pt.is_string(column.type):
        _refuse_cell("data.text_for_date", name, column, looks_like_date(column))
    if not pt.is_timestamp(column.type):
        raise DataError("data.type_for_date", column=name, type=str(column.type))
    # Null cells are filled first: with nulls inside, Arrow hands out all integers as rounded float64.
    missing = column.is_null().to_numpy()
    days = np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy() / _DAY, dtype=np.float64)
    days[missing] = np.nan
    return days


def _refuse_cell(key: str, name: str, column: Any, fits: Any) -> None:
    """Name the first cell that does not fit."""
    row = max(0, pc.index(pc.fill_null(fits, True), False).as_py())
    raise DataError(key, column=name, place=row_place(row), value=column[row].as_py())


_KEPT: dict[int, tuple[weakref.ref[Any], Prepared]] = {}


def prepare(table: Any) -> Prepared:
    """The arrays of ``table``: the same object for the same table, dropped when the table goes."""
    key = id(table)
    kept = _KEPT.get(key)
    if kept is None or kept[0]() is not table:
        kept = weakref.ref(table, lambda _: _KEPT.pop(key, None)), Prepared(table)
        _KEPT[key] = kept
    return kept[1]
