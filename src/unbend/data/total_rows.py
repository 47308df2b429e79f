"""`without_totals`: rows of sums that a report has among its data are left out, with a note."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from .footnotes import is_empty
from .notes import Note
from .parsed_table import ParsedTable

_WORDS = (
    "total", "totals", "grand total", "subtotal", "sub total", "sum", "합계", "총합계", "총계", "소계", "누계", "계",
    "총 합계", "합 계", "소 계", "총 계",
)  # fmt: skip
_LABEL_COLUMNS = 3  # the label of such a row is in one of the first columns
_MOST_ROWS = 0.1  # of all rows; more are no totals but a category of that name
_LEAST_EMPTY = 0.3  # of the cells of such a row


def without_totals(parsed: ParsedTable) -> ParsedTable:
    """The table without rows that are labelled as totals and leave at least 30 % of their cells empty."""
    table = parsed.table
    rows = sorted({row for column in table.columns[:_LABEL_COLUMNS] for row in _labelled(column)})
    if not rows or len(rows) > _MOST_ROWS * table.num_rows:
        return parsed
    totals = [
        row
        for row in rows
        if sum(is_empty(column[row].as_py()) for column in table.columns) >= _LEAST_EMPTY * table.num_columns
    ]
    if not totals:
        return parsed
    others = np.setdiff1d(np.arange(table.num_rows), totals)
    label = next(
        str(cell.as_py()).strip()
        for cell in (column[totals[0]] for column in table.columns[:_LABEL_COLUMNS])
        if _is_total(cell.as_py())
    )
    note = Note("data.total_rows", {"count": len(totals), "first": label, "place": parsed.locate(totals[0])})
    return replace(
        parsed,
        table=table.take(pa.array(others)),
        notes=(*parsed.notes, note),
        locate=partial(_place, parsed.locate, others),
    )


def _labelled(column: Any) -> list[int]:
    """The numbers of the rows in which the column reads "total" or the like."""
    if not (pt.is_string(column.type) or pt.is_large_string(column.type)):
        return []
    text = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    found = pc.indices_nonzero(pc.fill_null(pc.is_in(text, value_set=pa.array(_WORDS, text.type)), False))
    rows: list[int] = found.to_pylist()
    return rows


def _is_total(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip().lower() in _WORDS


def _place(locate: Any, others: Any, row: int) -> str:
    return str(locate(int(others[row])))
