"""Columns as they come → the few kinds unbend works with, by the same rules for every source.

Numbers, durations and decimals become ``float64``; dates and times ``timestamp[us]`` (UTC where there is a zone);
booleans ``bool``; text is read as numbers, booleans or dates where all of it can be and stays ``string`` otherwise;
declared categories become ``dictionary<string>``. What cannot become a feature (binary, lists, structs) stays as it is;
a column without any value is ``float64``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..errors import DataError
from .dates import STAMP, read_dates
from .missing import drop_blanks, drop_nans
from .notes import Note, name_list
from .numerals import dotted_numbers, looks_like_number, plain_numbers, styled_numbers
from .reading import Reading

MOSTLY = 0.9  # from this share of numbers on, a column of text is a column of numbers gone wrong


def settle(reading: Reading, keep_text: Collection[str] = ()) -> Reading:
    """The reading with every column brought to one of the kinds above, and what had to be assumed for it said.

    Columns named in ``keep_text`` keep their text (a category "01" is not the number 1).
    Raises `DataError` where a column is numbers but for a few cells: names the first of them.
    """
    columns, styles = {}, {}
    for name in reading.table.column_names:
        column = plain_type(reading.table[name])
        style = None
        if name in keep_text and pt.is_string(column.type):
            column = drop_nans(drop_blanks(column))
        elif pt.is_string(column.type):
            column, style = _read_text(column, name, reading)
        columns[name] = column
        if style:
            styles[name] = style
    if "decimal" in styles.values():
        for name, column in columns.items():
            dotted = None
            if name not in styles and pt.is_floating(column.type) and pt.is_string(reading.table[name].type):
                dotted = dotted_numbers(drop_blanks(reading.table[name]))
            if dotted is not None:
                columns[name], styles[name] = dotted, "decimal"
    told = {style: name_list(name for name, other in styles.items() if other == style) for style in styles.values()}
    notes = tuple(Note(f"data.read_{style.replace('-', '_')}", {"columns": names}) for style, names in told.items())
    return replace(reading, table=pa.table(columns), notes=reading.notes + notes)


def plain_type(column: Any) -> Any:
    """The column in one of the types above, its text not yet read."""
    kind = column.type
    if column.null_count == len(column):  # nothing in it: no source may make a difference
        return pa.chunked_array([pa.nulls(len(column), pa.float64())])
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(column.cast(kind.storage_type))
    if pt.is_run_end_encoded(kind):
        return plain_type(pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type))
    if pt.is_dictionary(kind):
        chunks = [_labels_of(chunk.dictionary).take(chunk.indices) for chunk in column.chunks]
        return drop_nans(drop_blanks(pa.chunked_array(chunks, pa.string()))).dictionary_encode()
    if pt.is_integer(kind) or pt.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
    if pt.is_decimal(kind):  # through text, because that rounds correctly
        return column.cast(pa.string()).cast(pa.float64())
    if pt.is_large_string(kind) or pt.is_string_view(kind) or pt.is_time(kind):
        return column.cast(pa.string())
    if pt.is_date(kind) or pt.is_timestamp(kind):  # nanoseconds are cut; a date too far away is an error
        return column.cast(STAMP, safe=not (pt.is_timestamp(kind) and kind.unit == "ns"))
    if pt.is_duration(kind):
        return column.cast(pa.int64()).cast(pa.float64(), safe=False)
    return column


def _labels_of(values: Any) -> Any:
    """A dictionary's values as labels, whatever their type (intervals, for one, are structs)."""
    try:
        return label_text(pa.chunked_array([values])).combine_chunks().cast(pa.string())
    except pa.ArrowNotImplementedError:
        return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())


def label_text(column: Any) -> Any:
    """The column's values as labels: text as it is, ``true``/``false``, numbers as short as they go (1, not 1.0)."""
    if pt.is_string(column.type):
        return column
    if pt.is_floating(column.type):
        index = column.cast(pa.float64()).combine_chunks().dictionary_encode()
        labels = pa.array([short_number(value) for value in index.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([labels.take(index.indices)])
    return column.cast(pa.string())


def short_number(value: float) -> str:
    """``1.0`` as "1", ``0.25`` as "0.25": the shortest text that reads back as the same number."""
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(value)


def _read_text(column: Any, name: str, reading: Reading) -> tuple[Any, str | None]:
    """A column of text as what it says, and how its numbers or dates were written where that had to be assumed."""
    numbers = plain_numbers(column)
    if numbers is not None:
        return numbers, None
    text = drop_blanks(column)
    numbers = plain_numbers(text)
    if numbers is not None:
        return numbers, None
    styled = styled_numbers(text, pc.unique(text), reading.commas)
    if styled is not None:
        return styled
    text = drop_nans(text)
    counts = pc.value_counts(text.drop_null())
    distinct, times = counts.field("values"), counts.field("counts")
    if pc.all(pc.is_in(pc.utf8_lower(distinct), value_set=pa.array(["true", "false"]))).as_py():
        return pc.equal(pc.utf8_lower(text), "true"), None
    dates = read_dates(text, distinct)
    if dates is not None:
        return dates
    numeric = looks_like_number(distinct)
    if pc.sum(pc.if_else(numeric, times, 0)).as_py() >= MOSTLY * (len(text) - text.null_count):
        _refuse_text(text, name, reading)
    return text, None


def _refuse_text(text: Any, name: str, reading: Reading) -> None:
    row = pc.index(pc.fill_null(looks_like_number(text), True), False).as_py()
    if row >= 0:
        raise DataError("data.text_for_number", column=name, place=reading.place(row), value=text[row].as_py())
