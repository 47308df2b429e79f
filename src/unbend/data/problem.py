"""`pose_problem`: a table and the name of its target → a `Problem` (table, target, input columns, notes)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from ..errors import DataError
from .column import Column
from .column_arrays import ColumnArrays
from .column_reading import Reading, Types, check_column
from .far_values import far_rows, mark_far
from .notes import Note, closest_name, join_names
from .parsed_table import ParsedTable, holds_values
from .profiling import count_infinite, profile_columns
from .read_options import ReadOptions
from .reader import parse_table
from .target import Task, check_target, infer_target

MIN_ROWS = 10


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be predicted from what.

    ``table``: the rows in use, every column (rows whose target is missing are dropped, with a note); ``y``: (rows,)
    float64 values, or int64 class numbers into ``classes``; ``columns``: every input column, those left out too, each
    with its reason; ``notes``: what was done to the data; ``rows_read``: rows before any were dropped; ``arrays``: the
    table's columns as NumPy arrays, made from the table unless they are given; ``source_rows``: (rows,) their
    numbers in the table that was read, from 0.
    """

    table: Any
    target: str
    task: Task
    y: np.ndarray
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    rows_read: int
    arrays: ColumnArrays = field(default_factory=lambda: ColumnArrays(None), repr=False)

    source_rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64), repr=False)

    def __post_init__(self) -> None:
        if len(self.source_rows) != len(self.y):
            object.__setattr__(self, "source_rows", np.arange(len(self.y)))
        if self.arrays.table is not self.table:  # also after `dataclasses.replace` with another table
            object.__setattr__(self, "arrays", ColumnArrays(self.table))

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns in use."""
        return tuple(column for column in self.columns if column.kind != "left_out")

    @property
    def texts(self) -> tuple[Column, ...]:
        """Those of them that are text."""
        return tuple(column for column in self.columns if column.kind == "text")

    @property
    def rows(self) -> int:
        """The number of rows in use."""
        return len(self.y)

    def take(self, rows: np.ndarray) -> Problem:
        """The same problem on some of its rows; ``rows``: (k,) row numbers from 0."""
        taken = self.table.take(pa.array(np.asarray(rows)))
        return replace(self, table=taken, y=self.y[rows], source_rows=self.source_rows[rows])


def pose_problem(
    source: Any,
    target: str,
    task: str | None = None,
    *,
    types: Types | None = None,
    keep: Collection[str] = (),
    texts: Mapping[str, bool] | None = None,
    options: ReadOptions | None = None,
) -> Problem:
    """Read a table and pose the problem of predicting one of its columns from the others.

    Parameters
    ----------
    source : path or table
        Anything `read_table` takes.
    target : str
        The name of the column to predict.
    task : {"regression", "classification"}, optional
        By default the target decides: text, booleans, two distinct values and class numbers (0…k-1 or 1…k, k ≤ 10)
        make a classification, other numbers a regression.
    types : mapping of str to str, optional
        The type of columns whose type is not inferred: "number", "category", "date", "boolean" or "text", by name.
    keep : collection of str, default ()
        Columns to use even if they look like identifiers, number the rows, are constant or copies.
    texts : mapping of str to bool, optional
        Columns that are read as text, word by word, or are not. By default those that hold sentences.
    options : ReadOptions, optional
        Which sheet or table of a file is read.

    Returns
    -------
    Problem

    Raises
    ------
    DataError
        With one line: no such column; one column only; fewer than 10 rows with a target; a target that is constant,
        all missing, not finite, a date, or has classes of one row; no column to learn from.

    Examples
    --------
    >>> from unbend.data import pose_problem
    >>> problem = pose_problem({"x": [k**0.5 for k in range(12)], "y": [k * 1.5 for k in range(12)]}, "y")
    >>> problem.task, [column.kind for column in problem.inputs]
    ('regression', ['number'])
    """
    texts = dict(texts or {})
    read_as_text = {name: "text" for name, is_text in texts.items() if is_text}
    parsed = parse_table(source, types={**read_as_text, **(types or {})}, options=options)
    names = parsed.table.column_names
    if target not in names:
        _raise_for_name(target, names)
    if len(names) == 1:
        raise DataError("data.one_column", column=names[0])
    check_target(parsed, target)
    table, dropped = _with_target(parsed, target)
    goal = infer_target(table[target], target, task)
    arrays = ColumnArrays(table)
    full = arrays if table is parsed.table else ColumnArrays(parsed.table)
    inputs = [name for name in names if name != target]
    for name in (*keep, *texts):
        check_column(name, inputs)
    forced = {*keep, *(name for name, kind in (types or {}).items() if kind == "category")}
    profiles, profile_notes = profile_columns(arrays, full, inputs, forced, goal.y, texts)
    columns = tuple(replace(column, reading=parsed.readings.get(column.name, Reading())) for column in profiles)
    for column in columns:
        if column.name in keep and column.why is not None:
            raise DataError("data.cannot_keep", column=column.name, reason=column.why.text())
    columns, far = mark_far(columns, arrays, goal.y if goal.task == "regression" else None)
    used = [column for column in columns if column.kind != "left_out"]
    if not used:
        reasons = [column.why.text() for column in columns if column.why is not None]
        raise DataError("data.nothing_left", count=len(columns), reasons=join_names(reasons, 3))
    return Problem(
        table=table,
        target=target,
        task=goal.task,
        y=goal.y,
        classes=goal.classes,
        columns=columns,
        notes=parsed.notes
        + dropped
        + goal.notes
        + profile_notes
        + _input_notes(table, target, used)
        + _far_notes(parsed, arrays, columns, far, target, goal.y if goal.task == "regression" else None),
        rows_read=parsed.table.num_rows,
        arrays=arrays,
        source_rows=np.flatnonzero(parsed.table[target].is_valid().to_numpy()),
    )


def _far_notes(
    parsed: ParsedTable,
    arrays: ColumnArrays,
    columns: Sequence[Column],
    far: Mapping[str, np.ndarray],
    target: str,
    y: np.ndarray | None,
) -> tuple[Note, ...]:
    """Notes on values far outside all others, with their places, and on such values of a target ``y`` of numbers."""
    read = np.flatnonzero(parsed.table[target].is_valid().to_numpy())
    notes = []
    for column in columns:
        if column.name in far:
            rows, values = far[column.name], np.asarray(arrays.values(column))[far[column.name]]
            texts = [str(np.datetime64(int(v), "D")) if column.kind == "date" else f"{v:g}" for v in values]
            notes.append(Note("data.far_values", {"column": column.name, **_far_cells(parsed, read[rows], texts)}))
    rows = read[:0] if y is None else far_rows(y)
    if y is not None and len(rows):
        texts = [f"{v:g}" for v in y[rows]]
        notes.append(Note("data.far_target", {"column": target, **_far_cells(parsed, read[rows], texts)}))
    return tuple(notes)


def _far_cells(parsed: ParsedTable, rows: np.ndarray, texts: list[str]) -> dict[str, Any]:
    """How many there are, with the first few: "-999 (line 12), …"."""
    cells = [f"{text} ({parsed.locate(int(row))})" for row, text in zip(rows, texts, strict=True)]
    return {"count": len(cells), "cells": join_names(cells, 5)}


def _raise_for_name(target: str, names: list[str]) -> None:
    near = closest_name(str(target), names)
    if near is not None:
        raise DataError("data.no_such_column_near", column=target, near=near)
    known = join_names(names)
    if holds_values(names):  # the first row of data stands where the names should
        raise DataError("data.no_header", column=target, names=known)
    raise DataError("data.no_such_column", column=target, names=known)


def _with_target(parsed: ParsedTable, target: str) -> tuple[Any, tuple[Note, ...]]:
    """The rows whose target is known, and how many were dropped."""
    table = parsed.table
    missing = table[target].null_count
    rows = table.num_rows - missing
    if rows < MIN_ROWS:
        raise DataError("data.too_few_rows", rows=rows, target=target, least=MIN_ROWS)
    if missing:
        table = table.filter(table[target].is_valid())
    return table, (Note("data.rows_dropped", {"target": target, "count": missing}),) if missing else ()


def _input_notes(table: Any, target: str, inputs: list[Column]) -> tuple[Note, ...]:
    """Notes on missing and infinite cells of the columns in use, and on an input that equals the target."""
    notes = []
    missing = {column.name: column.missing for column in inputs if column.missing and column.kind != "text"}
    if missing:
        labels = {column.kind == "category" for column in inputs if column.name in missing}
        key = "missing_filled" if len(labels) == 2 else "missing_labels" if True in labels else "missing_numbers"
        notes.append(Note(f"data.{key}", {"columns": join_names(missing), "count": sum(missing.values())}))
    infinite = {column.name: count_infinite(table[column.name]) for column in inputs}
    infinite = {name: count for name, count in infinite.items() if count}
    if infinite:
        notes.append(Note("data.infinite", {"columns": join_names(infinite), "count": sum(infinite.values())}))
    response = table[target]
    for column in inputs:
        values = table[column.name]
        if values.type != response.type and pt.is_floating(values.type) and pt.is_floating(response.type):
            values, response = values.cast(pa.float64()), response.cast(pa.float64())
        if values.type == response.type and values.equals(response):
            notes.append(Note("data.equals_target", {"column": column.name, "target": target}))
    return tuple(notes)
