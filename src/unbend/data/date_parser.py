"""Parsing of dates written as text into timestamps."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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


def parse_dates(text: Any, distinct: Any) -> tuple[Any, str | None] | None:
    """The column as ``timestamp[us]``, and the order of day and month if it was assumed.

    ``None`` if some cell is no date. Times with an offset become UTC. 03/04/2020 is ambiguous: the month comes first
    unless some cell rules that out.
    """
    for stamp in (STAMP, pa.timestamp("us", "UTC"), pa.timestamp("ns"), pa.timestamp("ns", "UTC")):
        stamps = cast_or_none(text, distinct, stamp)
        if stamps is not None:
            return pc.cast(stamps, STAMP, safe=False), None
    readable = [order for order in _ORDERS if matches(distinct, order[0]) and _parse(distinct, order) is not None]
    if not readable:
        return None
    return _parse(text, readable[0]), readable[0][2] if len(readable) > 1 else None


def looks_like_date(text: Any) -> Any:
    """Cell by cell: whether it starts like a date."""
    return pc.match_substring_regex(text, r"^\d{4}\s*[-/.년]\s*\d{1,2}\s*[-/.월]|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")


def _parse(text: Any, order: tuple[str, str, str]) -> Any | None:
    iso = pc.replace_substring_regex(text, order[0], order[1])
    iso = pc.replace_substring(iso, "T", " ")
    for form in _FORMATS:
        stamps = pc.strptime(iso, format=form, unit="us", error_is_null=True)
        if stamps.null_count == text.null_count:
            return stamps
    return None
