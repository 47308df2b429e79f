"""What each input column is, and which columns are left out and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from .cells import label_text
from .notes import Note
from .prepared import PAIRS, Prepared, prepare

Kind = Literal["number", "boolean", "category", "date", "left_out"]
NEARLY_ALL = 0.9  # text with this share of distinct values tells the rows apart, it does not describe them
LONG_TEXT = 50  # characters on average: sentences, not labels
_ID_NAMES = ("id", "index", "idx", "no", "no.", "nr", "key", "uuid", "번호", "순번", "일련번호", "아이디")


@dataclass(frozen=True)
class Column:
    """One input column.

    ``why`` tells why it was left out (``kind == "left_out"``), worded as an entry of a list; ``missing`` counts empty
    cells (infinite numbers count as missing), ``distinct`` the different values. ``levels``: a category's labels,
    sorted; for a boolean the labels of false and true.
    """

    name: str
    kind: Kind
    why: Note | None = None
    missing: int = 0
    distinct: int = 0
    levels: tuple[str, ...] = ()


def survey(table: Any, whole: Any, names: list[str]) -> tuple[tuple[Column, ...], tuple[Note, ...]]:
    """Each column of ``names`` described from ``table`` (the rows in use) and ``whole`` (all rows read).

    Left out, each with its reason: all missing, constant, identifier-like (row numbers, text distinct in nearly every
    row, sentences), nested or binary, and exact copies of an earlier column. Where row numbers are all there
    is, they stay, and the notes say so.
    """
    prepared, everything = prepare(table), prepare(whole)
    columns = [describe(table[name], name, prepared) for name in names]
    columns = [_unless_identifier(column, table.num_rows, everything) for column in columns]
    columns = _unless_copied(columns, prepared)
    if all(column.kind == "left_out" for column in columns):
        for at, column in enumerate(columns):
            if column.why is not None and column.why.key == "data.left_out_row_number":
                columns[at] = replace(column, kind="number", why=None)
                return tuple(columns), (Note("data.row_number_used", {"column": column.name}),)
    return tuple(columns), ()


def describe(values: Any, name: str, prepared: Prepared) -> Column:
    """A column's kind and counts; left out where it is empty, constant, or of a type that holds no feature."""
    if pt.is_floating(values.type) or pt.is_timestamp(values.type):
        date = pt.is_timestamp(values.type)
        column = _numbers(prepared.days(name) if date else prepared.numbers(name), name, "date" if date else "number")
    elif pt.is_boolean(values.type):
        missing, distinct = values.null_count, pc.count_distinct(values).as_py()
        column = Column(name, "boolean", missing=missing, distinct=distinct, levels=("false", "true"))
    elif pt.is_string(values.type) or pt.is_dictionary(values.type):
        known, distinct = len(values) - values.null_count, pc.count_distinct(values.cast(pa.string())).as_py()
        if distinct > 1 and distinct >= NEARLY_ALL * known:  # asked first, because sorting that much text takes long
            column = Column(name, "category", missing=values.null_count, distinct=distinct)
            return _out(column, "all_distinct", distinct=distinct, rows=known)
        column = _labels(prepared.codes(name), name)
    else:
        return _out(Column(name, "left_out"), "nested", type=str(values.type))
    if column.distinct == 0:
        return _out(column, "empty")
    if column.distinct == 1 and column.missing == 0:
        return _out(column, "constant", value=label_text(values)[0].as_py())
    return column


def _out(column: Column, reason: str, **values: object) -> Column:
    why = Note(f"data.left_out_{reason}", {"column": column.name, **values})
    return replace(column, kind="left_out", why=why, levels=())


def _numbers(numbers: np.ndarray, name: str, kind: Kind) -> Column:
    known = np.sort(numbers[~np.isnan(numbers)])
    distinct = int(np.count_nonzero(np.diff(known))) + 1 if len(known) else 0
    return Column(name, kind, missing=len(numbers) - len(known), distinct=distinct)


def _labels(coded: tuple[np.ndarray, tuple[str, ...]], name: str) -> Column:
    codes, levels = coded
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)
    levels = tuple(level for level, count in zip(levels, counts[1:], strict=True) if count)
    column = Column(name, "category", missing=int(counts[0]), distinct=len(levels), levels=levels)
    pair = PAIRS.get(frozenset(level.lower() for level in levels))
    return replace(column, kind="boolean", levels=pair) if pair and len(levels) == 2 else column


def _unless_identifier(column: Column, rows: int, everything: Prepared) -> Column:
    if column.kind == "number":
        numbers = everything.numbers(column.name)
        if _all_distinct_wholes(numbers):
            low, high = int(numbers.min()), int(numbers.max())
            if low in (0, 1) and high - low + 1 == len(numbers):
                return _out(column, "row_number", low=low, high=high)
            if _named_like_id(column.name):
                return _out(column, "id_name", distinct=column.distinct)
    if column.kind == "category":
        length = np.mean([len(level) for level in column.levels])
        if length > LONG_TEXT and column.distinct > 0.2 * rows:
            return _out(column, "free_text", length=int(length))
    return column


def _all_distinct_wholes(numbers: np.ndarray) -> bool:
    if np.isnan(numbers).any() or (numbers != np.floor(numbers)).any():
        return False
    return bool(np.all(np.diff(np.sort(numbers))))


def _named_like_id(name: str) -> bool:
    folded = name.strip().casefold()
    return folded in _ID_NAMES or folded.endswith(("_id", " id", "-id"))


def _unless_copied(columns: list[Column], prepared: Prepared) -> list[Column]:
    """Columns equal, cell by cell, to an earlier one of the same kind are left out."""
    seen: dict[tuple[str, int], list[Column]] = {}
    kept = []
    for column in columns:
        if column.kind != "left_out":
            values = prepared.values(column)
            same = seen.setdefault((column.kind, hash(values.tobytes())), [])
            first = next((c for c in same if _equal(column, c, prepared)), None)
            if first is None:
                same.append(column)
            else:
                column = _out(column, "copy", other=first.name)
        kept.append(column)
    return kept


def _equal(one: Column, other: Column, prepared: Prepared) -> bool:
    values = prepared.values(one), prepared.values(other)
    return one.levels == other.levels and np.array_equal(*values, equal_nan=one.kind != "category")


def infinite(table: Any, name: str) -> int:
    """How many cells of a column of numbers are infinite."""
    if not pt.is_floating(table[name].type):
        return 0
    return int(pc.sum(pc.is_inf(table[name]).cast(pa.int64())).as_py() or 0)
