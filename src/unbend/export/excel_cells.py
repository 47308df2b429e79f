"""What Excel formulas say of single cells: numbers, texts, missing values, labels of categories and booleans."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..arrays import Array
from ..data.calendar import Calendar
from .raw_columns import RawColumn, table_columns

EPOCH = 25569  # 1970-01-01 as Excel counts days


def letters(k: int) -> str:
    """The letters of column ``k``, from 0: A … Z, AA, …"""
    text = ""
    while k >= 0:
        text = chr(ord("A") + k % 26) + text
        k = k // 26 - 1
    return text


def places_of(columns: Sequence[RawColumn], row: int, sheet: str = "") -> list[str]:
    """The cell of each column in ``row``; for a part of dates, the formula of its label from the date's cell."""
    own = table_columns(columns)
    cells = {column.encoder.name: f"{sheet}{letters(k)}{row}" for k, column in enumerate(own)}
    return [
        cells[column.encoder.name]
        if column.encoder.calendar is None
        else _calendar_label(column.encoder.calendar, cells[column.encoder.calendar.source])
        for column in columns
    ]


def _calendar_label(calendar: Calendar, place: str) -> str:
    """The label as a text, "" where the cell is no date."""
    if calendar.part == "weekday":
        label = f"CHOOSE(WEEKDAY({place},2),{','.join(map(quoted, calendar.labels))})"
    else:
        label = f'TEXT({calendar.part.upper()}({place}),"00")'
    return f'IF(ISNUMBER({place}),{label},"")'


def product(weight: float, value: str) -> str:
    """The product with its sign in front, as a term of a sum."""
    return f"{'-' if weight < 0 else '+'}{number(abs(weight))}*{value}"


def number(value: float) -> str:
    """A number with the 15 digits that Excel keeps."""
    return f"{value:.15g}".upper()


def terms_of(column: RawColumn, weights: Array, value: str, place: str) -> list[str]:
    """What a column adds to a sum, each term with its sign; ``place`` is its cell, ``value`` its value."""
    if column.is_category:
        return _category_terms(column, weights, place)
    terms = []
    if column.value is not None and weights[column.value]:
        terms.append(product(float(weights[column.value]), value))
    if column.missing is not None and (w := float(weights[column.missing])):
        terms.append(f"+IF({is_known(column, place)},0,{number(w)})")
    return terms


def _category_terms(column: RawColumn, weights: Array, place: str) -> list[str]:
    own, other, missing = column.level_weights(weights)
    cases = "".join(product(w - other, f"EXACT(TRIM({place}),{quoted(label)})") for label, w in own if w != other)
    if other != missing:
        return [f'+IF(TRIM({place})="",{number(missing)},{number(other)}{cases})']
    return [f"{f'+{number(other)}' if other > 0 else number(other) if other else ''}{cases}"]


def features_of(column: RawColumn, place: str) -> list[str]:
    """The formula of each input of the network that comes from this column, in the encoder's order."""
    if not column.is_category:
        missing = [] if column.missing is None else [f"IF({is_known(column, place)},0,1)"]
        return [cell_value(column, place)] * (column.value is not None) + missing
    tests = [f"EXACT(TRIM({place}),{quoted(label)})" for label in column.encoder.levels]
    features = [f"IF({test},1,0)" for test in tests]
    blank = f'TRIM({place})=""'
    if column.other is not None:
        features.append(f"IF(OR({','.join([blank, *tests])}),0,1)")
    return [*features, f"IF({blank},1,0)"] if column.missing is not None else features


def cell_value(column: RawColumn, place: str) -> str:
    """The column's number, missing values filled; the cell itself for a bare network's input and a category."""
    encoder = column.encoder
    if column.is_category or math.isnan(encoder.fill_value):
        return place
    if encoder.kind == "boolean":
        return f"IF({_is_yes(column, place)},1,IF({_is_no(column, place)},0,{number(encoder.fill_value)}))"
    value = f"{place}-{EPOCH}" if encoder.kind == "date" else place
    return f"IF({is_known(column, place)},{value},{number(encoder.fill_value)})"


def is_known(column: RawColumn, place: str) -> str:
    """Whether the cell has a value that is not missing."""
    if column.encoder.kind == "boolean":
        return f"OR({_is_yes(column, place)},{_is_no(column, place)})"
    if not column.encoder.limits:
        return f"ISNUMBER({place})"
    value = f"{place}-{EPOCH}" if column.encoder.kind == "date" else place
    low, high = map(number, column.encoder.limits)
    return f"IF(ISNUMBER({place}),AND({value}>={low},{value}<={high}),FALSE)"


def _is_yes(column: RawColumn, place: str) -> str:
    return _is_word(place, (column.encoder.levels[1], "1", "true"))


def _is_no(column: RawColumn, place: str) -> str:
    return _is_word(place, (column.encoder.levels[0], "0", "false"))


def _is_word(place: str, words: Sequence[str]) -> str:
    tests = [f"EXACT(LOWER(TRIM({place})),{quoted(word)})" for word in dict.fromkeys(words)]
    return f"OR({','.join(tests)})"


def quoted(text: str) -> str:
    """A text in a formula."""
    return '"' + "".join(c if c.isprintable() else " " for c in text).replace('"', '""') + '"'
