"""Parsing of dates written as text into timestamps."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .date_forms import distinct_cells, replaced, to_iso, without_twelve_hours
from .number_parser import cast_or_none, matches

STAMP = pa.timestamp("us")
_CLOCK = r"([ T]\d{1,2}:\d{2}(?::\d{2})?)?$"
# Patterns of dates, their rewriting as ISO 8601, and the name of the order. 2020년 1월 31일, 31.01.2020, 01/31/2020.
_YEAR_FIRST = r"^(\d{4})\s*[-/.년]\s*(\d{1,2})\s*[-/.월]\s*(\d{1,2})\s*[.일]?" + _CLOCK
_YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK
_ORDERS = (
    (_YEAR_FIRST, r"\1-\2-\3\4", "year-month-day"),
    (_YEAR_LAST, r"\3-\1-\2\4", "month-day-year"),
    (_YEAR_LAST, r"\3-\2-\1\4", "day-month-year"),
)
_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


def parse_dates(text: Any, distinct: Any, order: str = "") -> tuple[Any, str, str] | None:
    """The column as ``timestamp[us]``, the order of day and month or the form, and what was assumed ("" for nothing).

    ``None`` if some cell is no date. Times with an offset become UTC. 03/04/2020 is ambiguous: the month comes first
    unless some cell rules that out, or ``order``, that of the rows a model was fitted to, is another.
    """
    for stamp in (STAMP, pa.timestamp("us", "UTC"), pa.timestamp("ns"), pa.timestamp("ns", "UTC")):
        stamps = cast_or_none(text, distinct, stamp)
        if stamps is not None:
            return pc.cast(stamps, STAMP, safe=False), "", ""
    orders = [entry for entry in _ORDERS if entry[2] in (order, "year-month-day")] if order in _DAY_ORDERS else _ORDERS
    readable = [entry for entry in orders if matches(distinct, entry[0]) and _parse(distinct, entry) is not None]
    if readable:
        name = readable[0][2]
        return _parse(text, readable[0]), name if name in _DAY_ORDERS else "", name if len(readable) > 1 else ""
    return _parse_forms(text, distinct, order)


_DAY_ORDERS = ("month-day-year", "day-month-year")


def _parse_forms(text: Any, distinct: Any, order: str) -> tuple[Any, str, str] | None:
    """Dates with names of months, without days, or with clocks of twelve hours."""
    head = distinct.slice(0, 100).to_pylist()  # most columns that are no dates show it here
    if to_iso(head) is None and without_twelve_hours(head) is None:
        return None
    cells = distinct_cells(text)
    forms = to_iso(cells)
    if forms is not None:
        stamps = _parse(replaced(text, forms[0])[0], _ORDERS[0])
        return None if stamps is None else (stamps, forms[1], forms[1])
    plain = without_twelve_hours(cells)
    return None if plain is None else parse_dates(*replaced(text, plain), order)


def looks_like_date(text: Any) -> Any:
    """Cell by cell: whether it starts like a date."""
    return pc.match_substring_regex(text, r"^\d{4}\s*[-/.년]\s*\d{1,2}\s*[-/.월]|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")


def is_date(text: Any, order: str = "") -> Any:
    """Cell by cell: whether it is a date by itself."""
    encoded = text.combine_chunks().dictionary_encode()
    cells = [pa.chunked_array([[cell]], pa.string()) for cell in encoded.dictionary.to_pylist()]
    fits = [parse_dates(cell, cell, order) is not None for cell in cells]
    return pa.array(fits, pa.bool_()).take(encoded.indices)


def _parse(text: Any, order: tuple[str, str, str]) -> Any | None:
    iso = pc.replace_substring_regex(text, order[0], order[1])
    iso = pc.replace_substring(iso, "T", " ")
    for form in _FORMATS:
        stamps = pc.strptime(iso, format=form, unit="us", error_is_null=True)
        if stamps.null_count == text.null_count:
            return stamps
    return None
