"""Type inference: columns of text read as numbers, booleans, dates or labels, by the same rules for every source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from .amounts import looks_like_amount, read_amounts
from .column_reading import AS_WRITTEN, ColumnType, Reading, Types, requested_types
from .column_types import to_plain_type
from .converted import Converted, convert_amounts, convert_dates, raise_for_text
from .date_forms import digit_dates
from .date_parser import looks_like_date, parse_dates
from .known_types import convert_to_type
from .missing_values import blanks_to_null, nans_to_null, words_to_null
from .notes import Note, join_names
from .number_parser import dotted_numbers, looks_like_number, plain_numbers, styled_numbers
from .parsed_table import ParsedTable

MOSTLY_NUMBERS = 0.9  # from this share of numbers on, a column of text is taken for numbers with faulty cells
HALF = 0.5  # from this share of numbers on, words such as "unknown" among them are missing values
MANY_NUMBERS = 20  # different numbers in a column of labels that look like a mistake


def convert_columns(parsed: ParsedTable, types: Types | None = None, *, digits_as_dates: bool = True) -> ParsedTable:
    """The table with every column in one of the types of `column_types`; its notes say what had to be assumed.

    ``types``: the types of columns that are not inferred, by name, requested by the user or remembered by a model.
    ``digits_as_dates``: whether a column of numbers such as 20200105 is one of dates. Raises `DataError` for a column
    of numbers with a few other cells: names the first of those.
    """
    names = parsed.table.column_names
    known = requested_types(types or {}, names)
    columns = {}
    for name in names:
        column = to_plain_type(parsed.table[name])
        if name in known:
            columns[name] = convert_to_type(column, name, known[name], parsed)
        elif pt.is_string(column.type):
            columns[name] = _infer(column, name, parsed)
        else:
            columns[name] = Converted(column)
        if digits_as_dates and name not in known and pt.is_floating(columns[name].values.type):
            columns[name] = _with_digit_dates(columns[name], name)
    if any(column.reading.comma == "decimal" for column in columns.values()):
        for name, column in columns.items():
            columns[name] = _with_dots(column, name, known.get(name), parsed)
    return replace(
        parsed,
        table=pa.table({name: column.values for name, column in columns.items()}),
        notes=parsed.notes + _notes(columns),
        readings={name: column.reading for name, column in columns.items() if column.reading != AS_WRITTEN},
        unreadable={name: column.unreadable for name, column in columns.items() if column.unreadable is not None},
    )


def _notes(columns: dict[str, Converted]) -> tuple[Note, ...]:
    """One note for each kind of remark, with the names of the columns and the different details."""
    remarks: dict[str, dict[str, str]] = {}
    for name, column in columns.items():
        for key, detail in column.remarks:
            remarks.setdefault(key, {})[name] = detail
    notes = []
    for key, details in remarks.items():
        different = join_names(dict.fromkeys(detail for detail in details.values() if detail))
        found = {"found": different} if different else {}
        notes.append(Note(f"data.read_{key}", {"columns": join_names(details), **found}))
    return tuple(notes)


def _with_digit_dates(column: Converted, name: str) -> Converted:
    dates = digit_dates(column.values, name)
    if dates is None:
        return column
    return Converted(dates[0], Reading(date=dates[1]), (("digit_dates", ""),))


def _with_dots(column: Converted, name: str, known: ColumnType | None, parsed: ParsedTable) -> Converted:
    """Where other columns have decimal commas, 1.234 means 1234."""
    source = parsed.table[name]
    if column.reading.comma or not (pt.is_floating(column.values.type) and pt.is_string(source.type)):
        return column
    if known is not None and known.name != "number":
        return column
    text = blanks_to_null(source)
    if column.reading.unit:
        amounts = read_amounts(words_to_null(nans_to_null(text)), parsed.comma_styles, dotted=True)
        values = None if amounts is None else amounts.values
    else:
        values = dotted_numbers(text)
    if values is None:
        return column
    return Converted(values, replace(column.reading, comma="decimal"), (*column.remarks, ("decimal", "")))


def _infer(column: Any, name: str, parsed: ParsedTable) -> Converted:
    """A column of text as numbers, booleans, dates or text."""
    numbers = plain_numbers(column)
    if numbers is not None:
        return Converted(numbers)
    text = blanks_to_null(column)
    numbers = plain_numbers(text)
    if numbers is not None:
        return Converted(numbers)
    styled = styled_numbers(text, pc.unique(text), parsed.comma_styles)
    if styled is not None:
        return Converted(styled[0], Reading(comma=styled[1]), ((styled[1], ""),))
    text = nans_to_null(text)
    counts = pc.value_counts(text.drop_null())
    distinct, times = counts.field("values"), counts.field("counts")
    if pc.all(pc.is_in(pc.utf8_lower(distinct), value_set=pa.array(["true", "false"]))).as_py():
        return Converted(pc.equal(pc.utf8_lower(text), "true"))
    bare = words_to_null(text)
    dates = parse_dates(bare, pc.unique(bare.drop_null())) if bare.null_count < len(bare) else None
    if dates is not None:
        return convert_dates(dates, text, bare)
    amounts = read_amounts(bare, parsed.comma_styles) if bare.null_count < len(bare) else None
    known = len(text) - text.null_count
    if amounts is not None and len(bare) - bare.null_count >= HALF * known:
        return convert_amounts(amounts, name, parsed, text, bare)
    numeric = looks_like_number(distinct)
    share = pc.sum(pc.if_else(numeric, times, 0)).as_py()
    head = distinct.slice(0, 100)  # the patterns of amounts and dates are slow on much text
    if share < MOSTLY_NUMBERS * known and pc.any(looks_like_amount(head)).as_py():
        numeric = pc.or_(numeric, looks_like_amount(distinct))
        share = pc.sum(pc.if_else(numeric, times, 0)).as_py()
    if share >= MOSTLY_NUMBERS * known:
        raise_for_text(bare, name, parsed)
    if HALF * known <= share < known and pc.sum(numeric.cast(pa.int64())).as_py() >= MANY_NUMBERS:
        return Converted(text, remarks=(("mixed", ""),))
    if not pc.any(looks_like_date(head)).as_py():
        return Converted(text)
    dated = pc.sum(pc.if_else(looks_like_date(distinct), times, 0)).as_py() or 0
    return Converted(text, remarks=(("mixed_dates", ""),) if dated >= HALF * known > 0 else ())
