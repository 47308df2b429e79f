"""`profile_columns`: the type and counts of each input column, and which columns are left out and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from .column import BOOLEAN_PAIRS, Column, Kind
from .column_arrays import ColumnArrays
from .column_types import as_labels
from .notes import Note
from .ranks import average_ranks
from .sentences import carries_words

NEARLY_ALL = 0.9  # text with this share of distinct values identifies the rows, it does not describe them
LONG_TEXT = 50  # characters on average: sentences, not labels
GAPS = 1.2  # numbers of the rows may leave out a sixth
TREND = 1e-4
MAX_SLOPES = 50  # columns whose relation to the target may change along the rows
FEW_VALUES = 20
_ROW_NAMES = (
    "rowname",
    "rownames",
    "row",
    "rownumber",
    "rownum",
    "rowno",
    "obs",
    "observation",
    "unnamed:0",
    "1",
    "행번호",
)
_ID_NAMES = ("id", "index", "idx", "no", "no.", "nr", "key", "uuid", "번호", "순번", "일련번호", "아이디")


def profile_columns(
    used: ColumnArrays,
    full: ColumnArrays,
    names: list[str],
    forced: Collection[str] = (),
    y: np.ndarray | None = None,
    texts: Mapping[str, bool] | None = None,
) -> tuple[tuple[Column, ...], tuple[Note, ...]]:
    """Each column of ``names`` described from ``used`` (the rows in use) and ``full`` (all rows read).

    Left out, each with its reason: all missing, constant, identifier-like (row numbers, text distinct in nearly every
    row that is no sentences), nested or binary, and exact copies of an earlier column. ``texts`` says of columns that
    they are to be read as text, or are not. If row numbers are the only column that remains, they are used, and a note
    says so. So are row numbers along which the target ``y`` (rows,) changes, a trend, or its relation to another column
    does. ``forced`` are columns that are used all the same; empty and nested ones cannot be.
    """
    texts = texts or {}
    columns = [
        profile_column(used.table[name], name, used, forced=name in forced, text=texts.get(name)) for name in names
    ]
    rows = used.table.num_rows
    columns = [c if c.name in forced else _without_identifier(c, rows, full) for c in columns]
    columns, counters = _with_trends(columns, used, y)
    columns = _without_copies(columns, used, forced)
    if all(column.kind == "left_out" for column in columns):
        for position, column in enumerate(columns):
            if column.why is not None and column.why.key == "data.left_out_row_number":
                columns[position] = replace(column, kind="number", why=None)
                return tuple(columns), (Note("data.row_number_used", {"column": column.name}),)
    return tuple(columns), counters


def profile_column(
    values: Any, name: str, arrays: ColumnArrays, *, forced: bool = False, text: bool | None = None
) -> Column:
    """A column's kind and counts; left out if it is empty or of a type that is no feature.

    Unless it is ``forced``, also if it is constant, or different in nearly every row without being sentences. ``text``
    says whether it is to be read as text; None leaves that to `carries_words`.
    """
    if text or (text is None and not forced and pt.is_string(values.type) and carries_words(values)):
        distinct = pc.count_distinct(values.cast(pa.string())).as_py()
        column = Column(name, "text", missing=values.null_count, distinct=distinct)
        return _left_out(column, "empty") if distinct == 0 else column
    if pt.is_floating(values.type) or pt.is_timestamp(values.type):
        date = pt.is_timestamp(values.type)
        column = _profile_numbers(
            arrays.days(name) if date else arrays.numbers(name), name, "date" if date else "number"
        )
    elif pt.is_boolean(values.type):
        missing, distinct = values.null_count, pc.count_distinct(values).as_py()
        column = Column(name, "boolean", missing=missing, distinct=distinct, levels=("false", "true"))
    elif pt.is_string(values.type) or pt.is_dictionary(values.type):
        known, distinct = len(values) - values.null_count, pc.count_distinct(values.cast(pa.string())).as_py()
        if (
            not forced and distinct > 1 and distinct >= NEARLY_ALL * known
        ):  # checked first, because sorting that much text takes long
            column = Column(name, "category", missing=values.null_count, distinct=distinct)
            return _left_out(column, "all_distinct", distinct=distinct, rows=known)
        column = _profile_labels(arrays.codes(name), name)
    else:
        return _left_out(Column(name, "left_out"), "nested", type=str(values.type))
    if column.distinct == 0:
        return _left_out(column, "empty")
    if column.distinct == 1 and column.missing == 0 and not forced:
        return _left_out(column, "constant", value=as_labels(values)[0].as_py())
    return column


def _left_out(column: Column, reason: str, **values: object) -> Column:
    why = Note(f"data.left_out_{reason}", {"column": column.name, **values})
    return replace(column, kind="left_out", why=why, levels=())


def _profile_numbers(numbers: np.ndarray, name: str, kind: Kind) -> Column:
    known = np.sort(numbers[~np.isnan(numbers)])
    distinct = int(np.count_nonzero(np.diff(known))) + 1 if len(known) else 0
    return Column(name, kind, missing=len(numbers) - len(known), distinct=distinct)


def _profile_labels(coded: tuple[np.ndarray, tuple[str, ...]], name: str) -> Column:
    codes, levels = coded
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)
    levels = tuple(level for level, count in zip(levels, counts[1:], strict=True) if count)
    column = Column(name, "category", missing=int(counts[0]), distinct=len(levels), levels=levels)
    pair = BOOLEAN_PAIRS.get(frozenset(level.lower() for level in levels))
    return replace(column, kind="boolean", levels=pair) if pair and len(levels) == 2 else column


def _without_identifier(column: Column, rows: int, full: ColumnArrays) -> Column:
    """The column, left out if it numbers the rows, is named like an identifier, or holds sentences."""
    if column.kind == "number":
        numbers = full.numbers(column.name)
        if _are_distinct_integers(numbers):
            low, high = int(numbers.min()), int(numbers.max())
            if low in (0, 1) and _numbers_rows(numbers, column.name):
                return _left_out(column, "row_number", low=low, high=high)
            if _is_named_like_id(column.name):
                return _left_out(column, "id_name", distinct=column.distinct)
    if column.kind == "category":
        length = np.mean([len(level) for level in column.levels])
        if length > LONG_TEXT and column.distinct > 0.2 * rows:
            return _left_out(column, "free_text", length=int(length))
    return column


def _numbers_rows(numbers: np.ndarray, name: str) -> bool:
    """Whether distinct whole numbers from 0 or 1 on count the rows: all of them, or in ascending order with few gaps,
    where rows were taken out; of a column named so, any."""  # fmt: skip
    span = numbers.max() - numbers.min() + 1
    ascending = bool(np.all(np.diff(numbers) > 0))
    return span == len(numbers) or (ascending and span <= GAPS * len(numbers)) or _is_named_like_row(name)


def _with_trends(
    columns: list[Column], arrays: ColumnArrays, y: np.ndarray | None
) -> tuple[list[Column], tuple[Note, ...]]:
    """Row numbers along which the target, or its relation to a column, changes are inputs, unless they are named like
    an identifier or row."""  # fmt: skip
    notes: list[Note] = []
    for position, column in enumerate(columns):
        if y is None or column.why is None or column.why.key != "data.left_out_row_number":
            continue
        if _is_named_like_id(column.name) or _is_named_like_row(column.name):
            continue
        numbers = arrays.numbers(column.name)
        other = "" if _changes_along(numbers, y) else _slope_along(numbers, y, columns, arrays)
        if other is not None:
            columns[position] = replace(column, kind="number", why=None)
            key = "data.row_number_slope" if other else "data.row_number_trend"
            notes.append(Note(key, {"column": column.name, "other": other}))
    return columns, tuple(notes)


def _slope_along(numbers: np.ndarray, y: np.ndarray, columns: list[Column], arrays: ColumnArrays) -> str | None:
    """The column whose relation to y changes along ``numbers``: the products of their ranks do. None without one."""
    others = [c for c in columns if c.kind == "number" and c.missing == 0][:MAX_SLOPES]
    centred = average_ranks(y) - (len(y) + 1) / 2
    for other in others:
        products = centred * (average_ranks(arrays.numbers(other.name)) - (len(y) + 1) / 2)
        if _changes_along(numbers, products, TREND / len(others)):
            return other.name
    return None


def _changes_along(numbers: np.ndarray, y: np.ndarray, significance: float = TREND) -> bool:
    """Whether neighbouring rows, in the order of ``numbers``, have similar values of y: serial correlation of the
    ranks (von Neumann's ratio; Bartels 1982)."""  # fmt: skip
    from scipy import special

    ordered = y[np.argsort(numbers, kind="stable")]
    values = len(np.unique(ordered))
    if values <= FEW_VALUES and np.count_nonzero(np.diff(ordered)) < 3 * values:  # a file sorted by its classes
        return False
    ranks = average_ranks(ordered)
    spread = float(((ranks - ranks.mean()) ** 2).sum())
    if len(ranks) < 10 or spread == 0:
        return False
    ratio = float((np.diff(ranks) ** 2).sum()) / spread  # 2 without serial correlation, variance 4/n
    return float(special.ndtr((ratio - 2) / np.sqrt(4 / len(ranks)))) < significance


def _is_named_like_row(name: str) -> bool:
    folded = name.strip().casefold().replace(" ", "").replace("_", "").replace(".", "")
    return folded in _ROW_NAMES


def _are_distinct_integers(numbers: np.ndarray) -> bool:
    if np.isnan(numbers).any() or (numbers != np.floor(numbers)).any():
        return False
    return bool(np.all(np.diff(np.sort(numbers))))


def _is_named_like_id(name: str) -> bool:
    folded = name.strip().casefold()
    return folded in _ID_NAMES or folded.endswith(("_id", " id", "-id"))


def _without_copies(columns: list[Column], arrays: ColumnArrays, forced: Collection[str]) -> list[Column]:
    """The columns; those equal, cell by cell, to an earlier one of the same kind are left out, unless ``forced``."""
    by_hash: dict[tuple[str, int], list[Column]] = {}
    result = []
    for column in columns:
        if column.kind != "left_out":
            values = arrays.values(column)
            candidates = by_hash.setdefault((column.kind, hash(values.tobytes())), [])
            original = next((c for c in candidates if _are_equal(column, c, arrays)), None)
            if original is None or column.name in forced:
                candidates.append(column)
            else:
                column = _left_out(column, "copy", other=original.name)
        result.append(column)
    return result


def _are_equal(one: Column, other: Column, arrays: ColumnArrays) -> bool:
    values = arrays.values(one), arrays.values(other)
    return one.levels == other.levels and np.array_equal(*values, equal_nan=values[0].dtype.kind == "f")


def count_infinite(column: Any) -> int:
    """How many cells of an Arrow column are infinite numbers."""
    if not pt.is_floating(column.type):
        return 0
    return int(pc.sum(pc.is_inf(column).cast(pa.int64())).as_py() or 0)
