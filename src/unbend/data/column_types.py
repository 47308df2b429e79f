"""Type inference: columns of any Arrow type → the few types unbend works with, by the same rules for every source.

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
from .date_parser import STAMP, parse_dates
from .missing_values import blanks_to_null, nans_to_null
from .notes import Note, join_names
from .number_parser import dotted_numbers, looks_like_number, plain_numbers, styled_numbers
from .parsed_table import ParsedTable

MOSTLY_NUMBERS = 0.9  # from this share of numbers on, a column of text is taken for numbers with faulty cells


def convert_columns(parsed: ParsedTable, keep_text: Collection[str] = ()) -> ParsedTable:
    """The table with every column converted to one of the types above; its notes say what had to be assumed.

    Columns named in ``keep_text`` keep their text (a category "01" is not the number 1).
    Raises `DataError` for a column of numbers with a few other cells: names the first of those.
    """
    columns, styles = {}, {}
    for name in parsed.table.column_names:
        column = to_plain_type(parsed.table[name])
        style = None
        if name in keep_text and pt.is_string(column.type):
            column = nans_to_null(blanks_to_null(column))
        elif pt.is_string(column.type):
            column, style = _parse_text(column, name, parsed)
        columns[name] = column
        if style:
            styles[name] = style
    if "decimal" in styles.values():
        for name, column in columns.items():
            dotted = None
            if name not in styles and pt.is_floating(column.type) and pt.is_string(parsed.table[name].type):
                dotted = dotted_numbers(blanks_to_null(parsed.table[name]))
            if dotted is not None:
                columns[name], styles[name] = dotted, "decimal"
    by_style = {
        style: join_names(name for name, other in styles.items() if other == style) for style in styles.values()
    }
    notes = tuple(Note(f"data.read_{style.replace('-', '_')}", {"columns": names}) for style, names in by_style.items())
    return replace(parsed, table=pa.table(columns), notes=parsed.notes + notes)


def to_plain_type(column: Any) -> Any:
    """The column in one of the types above, its text not yet parsed."""
    kind = column.type
    if column.null_count == len(column):  # without values, the type must not depend on the source
        return pa.chunked_array([pa.nulls(len(column), pa.float64())])
    if isinstance(kind, pa.BaseExtensionType):
        return to_plain_type(column.cast(kind.storage_type))
    if pt.is_run_end_encoded(kind):
        return to_plain_type(pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type))
    if pt.is_dictionary(kind):
        chunks = [_category_labels(chunk.dictionary).take(chunk.indices) for chunk in column.chunks]
        return nans_to_null(blanks_to_null(pa.chunked_array(chunks, pa.string()))).dictionary_encode()
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


def _category_labels(values: Any) -> Any:
    """A dictionary's values as labels, whatever their type (intervals, for one, are structs)."""
    try:
        return as_labels(pa.chunked_array([values])).combine_chunks().cast(pa.string())
    except pa.ArrowNotImplementedError:
        return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())


def as_labels(column: Any) -> Any:
    """The column's values as labels: text as it is, ``true``/``false``, numbers as short as they go (1, not 1.0)."""
    if pt.is_string(column.type):
        return column
    if pt.is_floating(column.type):
        index = column.cast(pa.float64()).combine_chunks().dictionary_encode()
        labels = pa.array([shortest_number(value) for value in index.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([labels.take(index.indices)])
    return column.cast(pa.string())


def shortest_number(value: float) -> str:
    """``1.0`` as "1", ``0.25`` as "0.25": the shortest text that reads back as the same number."""
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(value)


def _parse_text(column: Any, name: str, parsed: ParsedTable) -> tuple[Any, str | None]:
    """A column of text as numbers, booleans, dates or text, and the style of its numbers or dates if it was assumed."""
    numbers = plain_numbers(column)
    if numbers is not None:
        return numbers, None
    text = blanks_to_null(column)
    numbers = plain_numbers(text)
    if numbers is not None:
        return numbers, None
    styled = styled_numbers(text, pc.unique(text), parsed.comma_styles)
    if styled is not None:
        return styled
    text = nans_to_null(text)
    counts = pc.value_counts(text.drop_null())
    distinct, times = counts.field("values"), counts.field("counts")
    if pc.all(pc.is_in(pc.utf8_lower(distinct), value_set=pa.array(["true", "false"]))).as_py():
        return pc.equal(pc.utf8_lower(text), "true"), None
    dates = parse_dates(text, distinct)
    if dates is not None:
        return dates
    numeric = looks_like_number(distinct)
    if pc.sum(pc.if_else(numeric, times, 0)).as_py() >= MOSTLY_NUMBERS * (len(text) - text.null_count):
        _raise_for_text(text, name, parsed)
    return text, None


def _raise_for_text(text: Any, name: str, parsed: ParsedTable) -> None:
    """Raise `DataError` for the first cell that is no number."""
    row = pc.index(pc.fill_null(looks_like_number(text), True), False).as_py()
    if row >= 0:
        raise DataError("data.text_for_number", column=name, place=parsed.locate(row), value=text[row].as_py())
