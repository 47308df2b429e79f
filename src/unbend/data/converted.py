"""A converted column, with what its text was found to mean and remarks for the notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from ..errors import DataError
from .amounts import PERCENT, Amounts, looks_like_amount
from .column_reading import AS_WRITTEN, Reading
from .missing_values import missing_words
from .notes import join_names
from .number_parser import looks_like_number
from .parsed_table import ParsedTable


@dataclass(frozen=True)
class Converted:
    """A column with the meaning of its text, and remarks: keys of notes and a detail for each, "" for none.

    ``unreadable`` (rows,) are the cells that are no numbers, in a column in which a model expects them; None without
    any.
    """

    values: Any
    reading: Reading = AS_WRITTEN
    remarks: tuple[tuple[str, str], ...] = ()
    unreadable: Any = None


def convert_dates(dates: tuple[Any, str, str], text: Any, bare: Any) -> Converted:
    values, form, assumed = dates
    remarks = (((assumed.replace("-", "_"), ""),) if assumed else ()) + word_remarks(text, bare)
    return Converted(values, Reading(date=form), remarks)


def word_remarks(text: Any, bare: Any) -> tuple[tuple[str, str], ...]:
    """What to say where words among the numbers or dates count as missing."""
    return (("words", missing_words(text, bare)),) if bare.null_count > text.null_count else ()


def convert_amounts(amounts: Amounts, name: str, parsed: ParsedTable, text: Any, bare: Any) -> Converted:
    """Amounts of one unit. Raises `DataError` where some have another one, or only some a percent sign."""
    unit = _one_unit(amounts, name, parsed, bare)
    remarks: list[tuple[str, str]] = []
    if unit:
        remarks.append(("percent", "") if unit == PERCENT else ("currency", unit))
    if amounts.negative:
        remarks.append(("accounting", ""))
    if amounts.gaps:
        remarks.append(("gaps", ""))
    if amounts.comma:
        remarks.append((amounts.comma, ""))
    reading = Reading(comma=amounts.comma, unit=unit)
    return Converted(amounts.values, reading, (*remarks, *word_remarks(text, bare)))


def _one_unit(amounts: Amounts, name: str, parsed: ParsedTable, bare: Any) -> str:
    units = [unit for unit in pc.unique(amounts.units).to_pylist() if unit is not None]
    named = [unit for unit in units if unit]
    if len(named) > 1:
        row = pc.index(amounts.units, named[1]).as_py()
        raise DataError(
            "data.mixed_units", column=name, units=join_names(named), place=parsed.locate(row), value=bare[row].as_py()
        )
    if named == [PERCENT] and "" in units:
        plain = pc.and_(pc.equal(amounts.units, ""), pc.not_equal(amounts.values.combine_chunks(), 0.0))
        row = pc.index(plain, True).as_py()
        if row >= 0:
            raise DataError("data.mixed_percent", column=name, place=parsed.locate(row), value=bare[row].as_py())
    return named[0] if named else ""


def raise_for_text(text: Any, name: str, parsed: ParsedTable) -> None:
    """Raise `DataError` for the first cell that is no number."""
    fits = pc.or_(pc.fill_null(looks_like_number(text), True), pc.fill_null(looks_like_amount(text), True))
    row = pc.index(fits, False).as_py()
    if row >= 0:
        raise DataError("data.text_for_number", column=name, place=parsed.locate(row), value=text[row].as_py())
