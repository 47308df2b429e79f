"""Dates in other forms than numbers in a row: names of months, months without a day, clocks of twelve hours, digits."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december")  # fmt: skip
_NUMBER = {name: k for names in (_MONTHS, _FULL) for k, name in enumerate(names, 1)} | {"sept": 9}
_MONTH = "(?P<month>" + "|".join(sorted(_NUMBER, key=len, reverse=True)) + r")\.?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\.?,?\s+)?"
_GAP, _CLOCK = r"[\s\-/.,]+", r"(?P<clock>[ T,]+\d{1,2}:\d{2}(?::\d{2})?)?$"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMED = tuple(
    re.compile("^" + _WEEKDAY + form + _CLOCK, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?:{_GAP}|\s+of\s+|){_MONTH}{_GAP}(?P<year>\d{{4}}|\d{{2}})",  # 05-Jan-2020
        rf"{_MONTH}{_GAP}{_DAY}(?:,\s*|\s+|-|/)(?P<year>\d{{4}})",  # January 5, 2020
        rf"(?P<year>\d{{4}}){_GAP}{_MONTH}{_GAP}{_DAY}",  # 2020-Jan-05
    )
)
_NAMED_MONTHS = tuple(
    re.compile("^" + form + "$", re.IGNORECASE)
    for form in (rf"{_MONTH}{_GAP}(?P<year>\d{{4}})", rf"(?P<year>\d{{4}}){_GAP}{_MONTH}")
)
_YEAR_MONTH = re.compile(r"^(?P<year>\d{4})\s*[-/.년]\s*(?P<month>\d{1,2})\s*[.월]?$")
_TWELVE = re.compile(
    r"^(?P<date>.*\d[.일]?)[\sT,]+(?:(?P<first>오전|오후|[ap]\.?m\.?)\s*)?(?P<hour>\d{1,2}):(?P<rest>\d{2}(?::\d{2})?)"
    r"(?:\s*(?P<second>오전|오후|[ap]\.?m\.?))?$",
    re.IGNORECASE,
)
_KOREAN_WEEKDAY = re.compile(r"\s*\((?:[월화수목금토일](?:요일)?)\)")


def to_iso(distinct: list[str]) -> tuple[list[str], str] | None:
    """Distinct dates as ISO text and what they are: "names" or "months"; ``None`` if some cell is of no such form."""
    for form in (_named, _month):
        if all(form(cell) for cell in distinct[:100]):
            cells = [form(cell) for cell in distinct]
            if all(cells) and not (form is _month and _are_seasons(distinct)):
                return [str(cell) for cell in cells], "names" if form is _named else "months"
    return None


def without_twelve_hours(distinct: list[str]) -> list[str] | None:
    """Distinct dates with clocks of 24 hours and without Korean weekdays; ``None`` if there is neither."""
    if not any(_KOREAN_WEEKDAY.search(cell) or _TWELVE.match(cell) for cell in distinct[:100]):
        return None
    cells = [_twenty_four(_KOREAN_WEEKDAY.sub("", cell)) for cell in distinct]
    return cells if cells != distinct else None


def digit_dates(column: Any, name: str, *, requested: bool = False) -> tuple[Any, str] | None:
    """Numbers such as 20200105 as timestamps and "digits"; with 202001 "digit-months", with 2020 "years".

    Eight digits must be a date in every row, three different ones at least. Six digits need a column name that says
    month, four need to be ``requested``. ``None`` otherwise.
    """
    numbers = column.drop_null().to_numpy().astype(np.float64, copy=False)
    if len(numbers) == 0:
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if 19000101 <= low and high <= 21001231:
        form, days = "digits", _calendar(numbers, 10000)
        if not requested and len(np.unique(numbers)) < 3:
            return None
    elif 190001 <= low and high <= 210012 and (requested or _is_named_month(name)):
        form, days = "digit-months", _calendar(numbers * 100 + 1, 10000)
    elif 1000 <= low and high <= 2999 and requested:
        form, days = "years", _calendar(numbers * 10000 + 101, 10000)
    else:
        return None
    if days is None:
        return None
    stamps = np.full(len(column), np.datetime64("NaT", "us"))
    stamps[column.is_valid().to_numpy()] = days
    return pa.chunked_array([pa.array(stamps, pa.timestamp("us"))]), form


def _calendar(numbers: np.ndarray, unit: int) -> np.ndarray | None:
    """Numbers of the form YYYYMMDD as datetime64; ``None`` if one of them is no date."""
    if not np.all(numbers == np.floor(numbers)):
        return None
    whole = numbers.astype(np.int64)
    year, month, day = whole // unit, whole // 100 % 100, whole % 100
    if not np.all((1 <= month) & (month <= 12) & (1 <= day)):
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + (day - 1)
    return dates.astype("datetime64[us]") if np.all(dates.astype("datetime64[M]") == months) else None


def _is_named_month(name: str) -> bool:
    folded = name.casefold()
    return any(word in folded for word in ("month", "yyyymm", "year_mon", "yearmon", "년월", "연월", "기준월"))


def _named(cell: str) -> str | None:
    match = next((match for pattern in _NAMED if (match := pattern.match(cell))), None)
    if match is None:
        return None
    clock = (match["clock"] or "").strip(" T,")
    date = f"{_year(match['year'])}-{_NUMBER[match['month'].lower()]:02}-{int(match['day']):02}"
    return f"{date} {clock}" if clock else date


def _month(cell: str) -> str | None:
    match = next((match for pattern in (_YEAR_MONTH, *_NAMED_MONTHS) if (match := pattern.match(cell))), None)
    if match is None:
        return None
    month = int(match["month"]) if match["month"].isdecimal() else _NUMBER[match["month"].lower()]
    return f"{match['year']}-{month:02}-01" if 1 <= month <= 12 else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) >= 69 else 2000)


def _are_seasons(distinct: list[str]) -> bool:
    """Whether each cell names a year and the next one, as 2009-10 does."""
    matches = [_YEAR_MONTH.match(cell) for cell in distinct]
    return all(match is not None and (int(match["year"]) + 1) % 100 == int(match["month"]) for match in matches)


def _twenty_four(cell: str) -> str:
    match = _TWELVE.match(cell)
    if match is None or not (match["first"] or match["second"]):
        return cell
    half, hour = (match["first"] or match["second"]).lower()[:2], int(match["hour"])
    after_noon = half in ("오후",) or half.startswith("p")
    return f"{match['date']} {hour % 12 + 12 * after_noon:02}:{match['rest']}" if hour <= 12 else cell


def replaced(text: Any, cells: list[str]) -> tuple[Any, Any]:
    """The column and its distinct cells, in the order of the column's own dictionary, with new text for each."""
    encoded = text.combine_chunks().dictionary_encode()
    distinct = pa.array(cells, pa.string())
    return pa.chunked_array([distinct.take(encoded.indices)]), distinct


def distinct_cells(text: Any) -> list[str]:
    """The different cells of a column, in the order of their first appearance, without the missing ones."""
    cells: list[str] = pc.unique(text.drop_null()).to_pylist()
    return cells
