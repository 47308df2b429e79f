"""`ParsedTable`: the result of every reader: the table, notes on it, and the place of each row in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DataError
from ..words import say
from .column_reading import Reading
from .notes import Note, join_names
from .number_parser import looks_like_number


def row_place(row: int) -> str:
    """``row`` (from 0) as the user counts it: "row 1" is the first row of data."""
    return say("data.row", number=row + 1)


@dataclass(frozen=True)
class ParsedTable:
    """A table and where it came from.

    ``table``: the Arrow table; ``notes``: what was done to it; ``locate(row)``: the place of row ``row`` (from 0) in
    the source, in words ("line 18" in a text file, "row 17" elsewhere); ``comma_styles``: the possible meanings of a
    comma inside a number, the likeliest first; ``readings``: the meaning of the text of converted columns, by name;
    ``unreadable``: (rows,) for columns in which a model expects numbers, the cells that are something else.
    """

    table: Any
    notes: tuple[Note, ...] = ()
    locate: Callable[[int], str] = row_place
    comma_styles: tuple[str, ...] = ("thousands", "decimal")
    readings: Mapping[str, Reading] = field(default_factory=dict)
    unreadable: Mapping[str, Any] = field(default_factory=dict)


def check_names(names: list[str], source: str) -> None:
    """Raise `DataError` if two columns share a name."""
    duplicates = [name for name, times in Counter(names).items() if times > 1 and name]
    if duplicates:
        raise DataError("data.column_twice", source=source, column=duplicates[0], at=_positions(names, duplicates[0]))


def holds_values(names: list[str]) -> bool:
    """Whether what should be column names looks like a row of data: half of it, at least, are numbers."""
    numbers = pc.sum(looks_like_number(pa.array(names, pa.string())).cast(pa.int64())).as_py() or 0
    return bool(2 * numbers >= len(names) > 0)


def _positions(names: list[str], name: str) -> str:
    return join_names(str(number) for number, other in enumerate(names, 1) if other == name)


def clean_names(table: Any, source: str) -> tuple[Any, tuple[Note, ...]]:
    """The table with stripped, distinct, non-empty column names, and notes on the columns dropped for that.

    A column without a name is dropped, with a note, if it holds row numbers (a saved index) or no values at all (a
    delimiter at the end of each line). Any other one raises `DataError`.
    """
    names = [name.strip() for name in table.column_names]
    check_names(names, source)
    notes: list[Note] = []
    for position in reversed([i for i, name in enumerate(names) if not name]):
        column = table.column(position)
        if _is_blank(column):
            notes.append(Note("data.unnamed_blank", {"number": position + 1}))
        elif _is_row_numbers(column):
            notes.append(Note("data.unnamed_index", {"number": position + 1}))
        else:
            raise DataError("data.column_without_name", source=source, number=position + 1)
        table, names = table.remove_column(position), names[:position] + names[position + 1 :]
    return table.rename_columns(names), tuple(notes)


def _is_blank(column: Any) -> bool:
    return bool(column.null_count == len(column))


def _is_row_numbers(column: Any) -> bool:
    try:
        numbers = column.cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    first = numbers[0].as_py()
    if first not in (0, 1):
        return False
    return bool(pc.all(pc.equal(numbers, pa.array(range(first, first + len(numbers))))).as_py())
