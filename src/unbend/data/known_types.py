"""Columns of a known type, requested by the user or remembered by a model: their text read as that type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..errors import DataError
from .amounts import Amounts, looks_like_amount, read_amounts
from .column import BOOLEAN_PAIRS
from .column_reading import ColumnType, Reading
from .column_types import as_labels
from .converted import Converted, convert_amounts, convert_dates, raise_for_text, word_remarks
from .date_forms import digit_dates
from .date_parser import is_date, parse_dates
from .missing_values import blanks_to_null, missing_words, nans_to_null, words_to_null
from .number_parser import plain_numbers
from .parsed_table import ParsedTable


def convert_to_type(column: Any, name: str, known: ColumnType, parsed: ParsedTable) -> Converted:
    """The column as the type that was requested or that a model remembers.

    Cells that do not fit are missing, with a remark, where the user requested the type, and an error for a model, but
    for less than half of a column of numbers, such as "<5".
    """
    if known.name in ("category", "text"):
        if pt.is_string(column.type):
            return Converted(nans_to_null(blanks_to_null(column)))
        return Converted(column if known.remembered or pt.is_dictionary(column.type) else as_labels(column))
    if pt.is_dictionary(column.type):
        column = column.cast(pa.string())
    if known.name == "boolean":
        return Converted(_booleans(column, name, parsed))
    if pt.is_string(column.type):
        text = nans_to_null(blanks_to_null(column))
        return (_as_numbers if known.name == "number" else _as_dates)(text, column, name, known, parsed)
    if known.name == "date" and pt.is_floating(column.type):
        if not known.remembered or known.reading.date in ("digits", "digit-months", "years"):
            dates = digit_dates(column, name, requested=True)
            if dates is not None:
                return Converted(dates[0], Reading(date=dates[1]), () if known.remembered else (("digit_dates", ""),))
    if not known.remembered:
        if known.name == "number" and pt.is_boolean(column.type):
            column = column.cast(pa.float64())
        fits = pt.is_floating(column.type) if known.name == "number" else pt.is_timestamp(column.type)
        if not fits and column.null_count < len(column):
            raise DataError(f"data.type_for_{known.name}", column=name, type=str(column.type))
    return Converted(column)


def _as_numbers(text: Any, column: Any, name: str, known: ColumnType, parsed: ParsedTable) -> Converted:
    reading = known.reading
    numbers = plain_numbers(blanks_to_null(column))
    if numbers is not None:
        return Converted(numbers, reading)
    styles = tuple(dict.fromkeys((*([reading.comma] if reading.comma else []), *parsed.comma_styles)))
    bare = words_to_null(text)
    fits = pc.fill_null(looks_like_amount(bare), False)
    others = pc.and_(pc.invert(fits), bare.is_valid())
    count = int(pc.sum(others.cast(pa.int64())).as_py() or 0)
    lenient = reading.lenient or 2 * count < len(bare) - bare.null_count
    if lenient:
        bare = pc.if_else(fits, bare, pa.scalar(None, bare.type))
    if bare.null_count == len(bare) and reading.lenient:
        raise DataError("data.no_value_of_type", column=name, type="number", value=text.drop_null()[0].as_py())
    amounts = None if count and not lenient else read_amounts(bare, styles)
    if amounts is None:
        raise_for_text(bare, name, parsed)
        raise DataError("data.text_for_number", column=name, place=parsed.locate(0), value=str(text[0].as_py()))
    convert = _remembered if known.remembered else _requested
    converted = convert(amounts, name, known, parsed, text, bare)
    remarks = converted.remarks
    if count:
        words = ("text_missing" if reading.lenient else "unreadable", missing_words(text, bare))
        remarks = (*(entry for entry in remarks if entry[0] != "words"), words)
    found = replace(converted.reading, lenient=reading.lenient)
    return Converted(converted.values, found, remarks, others if count and not reading.lenient else None)


def _requested(amounts: Amounts, name: str, known: ColumnType, parsed: ParsedTable, text: Any, bare: Any) -> Converted:
    return convert_amounts(amounts, name, parsed, text, bare)


def _remembered(amounts: Amounts, name: str, known: ColumnType, parsed: ParsedTable, text: Any, bare: Any) -> Converted:
    """Numbers for a model: of the unit that the fitted rows had, or without one."""
    for unit in pc.unique(amounts.units).to_pylist():
        if unit and unit != known.reading.unit:
            row = pc.index(amounts.units, unit).as_py()
            values = {"column": name, "place": parsed.locate(row), "value": bare[row].as_py()}
            if known.reading.unit:
                raise DataError("data.other_unit", unit=known.reading.unit, **values)
            raise DataError("data.text_for_number", **values)
    remarks = ((amounts.comma, ""),) if amounts.comma and amounts.comma != known.reading.comma else ()
    return Converted(amounts.values, known.reading, remarks + word_remarks(text, bare))


def _as_dates(text: Any, column: Any, name: str, known: ColumnType, parsed: ParsedTable) -> Converted:
    bare, order = words_to_null(text), known.reading.date
    if bare.null_count == len(bare):
        return Converted(pa.chunked_array([pa.nulls(len(bare), pa.float64())]), known.reading)
    numbers = plain_numbers(bare)
    if numbers is not None and (not known.remembered or order in ("digits", "digit-months", "years")):
        dates = digit_dates(numbers, name, requested=True)
        if dates is not None:
            return Converted(dates[0], Reading(date=dates[1]), () if known.remembered else (("digit_dates", ""),))
    parsed_dates = parse_dates(bare, pc.unique(bare.drop_null()), order)
    if parsed_dates is not None:
        converted = convert_dates(parsed_dates, text, bare)
        remarks = tuple(entry for entry in converted.remarks if not known.remembered or entry[0] == "words")
        return Converted(converted.values, known.reading if known.remembered else converted.reading, remarks)
    fits = is_date(bare, order)
    if known.remembered and not known.reading.lenient:  # perhaps in another order: no date is then sure
        row = max(pc.index(pc.fill_null(fits, True), False).as_py(), 0)
        raise DataError("data.text_for_date", column=name, place=parsed.locate(row), value=bare[row].as_py())
    dates_only = pc.if_else(pc.fill_null(fits, False), bare, pa.scalar(None, bare.type))
    distinct = pc.unique(dates_only.drop_null())
    parsed_dates = parse_dates(dates_only, distinct, order) if len(distinct) else None
    if parsed_dates is None:
        raise DataError("data.no_value_of_type", column=name, type="date", value=bare.drop_null()[0].as_py())
    remarks = (("text_missing", missing_words(text, dates_only)),)
    reading = Reading(date=parsed_dates[1], lenient=True)
    return Converted(parsed_dates[0], reading, convert_dates(parsed_dates, text, text).remarks + remarks)


def _booleans(column: Any, name: str, parsed: ParsedTable) -> Any:
    if pt.is_boolean(column.type):
        return column
    labels = nans_to_null(blanks_to_null(as_labels(column)))
    truths = {label: k for pair in (*BOOLEAN_PAIRS.values(), ("0", "1")) for k, label in enumerate(pair)}
    lower = pc.utf8_lower(labels)
    unknown = [label for label in pc.unique(lower.drop_null()).to_pylist() if label not in truths]
    if unknown:
        row = pc.index(lower, unknown[0]).as_py()
        raise DataError("data.text_for_boolean", column=name, place=parsed.locate(row), value=labels[row].as_py())
    true = pa.array([label for label, truth in truths.items() if truth])
    return pc.if_else(lower.is_valid(), pc.is_in(lower, value_set=true), pa.scalar(None, pa.bool_()))
