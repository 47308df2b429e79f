"""A table and the name of its target → a learning problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import DataError
from .columns import Column, infinite, survey
from .notes import Note, name_list, nearest
from .numerals import looks_like_number
from .reading import Reading
from .source import read
from .target import Task, read_target, refuse_senseless

MIN_ROWS = 10


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be learned from what.

    ``table``: the rows in use, every column (rows whose target is missing are dropped, and said); ``y``: (rows,)
    float64 values, or int64 class numbers into ``classes``; ``columns``: every input column, those left out too, each
    with its reason; ``notes``: what was done and must be said; ``rows_read``: rows before any were dropped.
    """

    table: Any
    target: str
    task: Task
    y: np.ndarray
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    rows_read: int

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns in use."""
        return tuple(column for column in self.columns if column.kind != "left_out")

    @property
    def rows(self) -> int:
        """The number of rows in use."""
        return len(self.y)

    def take(self, rows: np.ndarray) -> Problem:
        """The same problem on some of its rows; ``rows``: (k,) row numbers from 0."""
        return replace(self, table=self.table.take(pa.array(np.asarray(rows))), y=self.y[rows])


def pose(source: Any, target: str, task: str | None = None) -> Problem:
    """Read ``source`` (anything `read_table` takes) and pose the problem of predicting its column ``target``.

    ``task``: "regression" or "classification"; by default the target decides: text, booleans, two distinct values and
    class numbers (0…k-1 or 1…k, k ≤ 10) make a classification, other numbers a regression.

    Raises `DataError`, one line: no such column; one column only; fewer than 10 rows with a target; a target that is
    constant, all missing, not finite, a date, or has classes of one row; no column left to learn from.
    """
    reading = read(source)
    names = reading.table.column_names
    if target not in names:
        _refuse_name(target, names)
    if len(names) == 1:
        raise DataError("data.one_column", column=names[0])
    refuse_senseless(reading, target)
    table, notes = _with_target(reading, target)
    goal = read_target(table[target], target, task)
    columns, spared = survey(table, reading.table, [name for name in names if name != target])
    problem = Problem(table, target, goal.task, goal.y, goal.classes, columns, (), reading.table.num_rows)
    if not problem.inputs:
        reasons = [column.why.text() for column in columns if column.why is not None]
        raise DataError("data.nothing_left", count=len(columns), reasons=name_list(reasons, 3))
    return replace(problem, notes=reading.notes + notes + goal.notes + spared + _said(problem))


def _refuse_name(target: str, names: list[str]) -> None:
    near = nearest(str(target), names)
    if near is not None:
        raise DataError("data.no_such_column_near", column=target, near=near)
    known = name_list(names)
    if all(looks_like_number(pa.array(names)).to_pylist()):  # the first row of data stands where the names should
        raise DataError("data.no_header", column=target, names=known)
    raise DataError("data.no_such_column", column=target, names=known)


def _with_target(reading: Reading, target: str) -> tuple[Any, tuple[Note, ...]]:
    """The rows whose target is known, and how many were dropped."""
    table = reading.table
    missing = table[target].null_count
    rows = table.num_rows - missing
    if rows < MIN_ROWS:
        raise DataError("data.too_few_rows", rows=rows, target=target, least=MIN_ROWS)
    if missing:
        table = table.filter(table[target].is_valid())
    return table, (Note("data.rows_dropped", {"target": target, "count": missing}),) if missing else ()


def _said(problem: Problem) -> tuple[Note, ...]:
    """Missing and infinite cells in the columns in use, and an input that gives the answer away."""
    notes = []
    gaps = {column.name: column.missing for column in problem.inputs if column.missing}
    if gaps:
        cells = sum(gaps.values())
        notes.append(Note("data.missing_filled", {"columns": name_list(gaps), "count": cells}))
    endless = {column.name: infinite(problem.table, column.name) for column in problem.inputs}
    endless = {name: count for name, count in endless.items() if count}
    if endless:
        notes.append(Note("data.infinite", {"columns": name_list(endless), "count": sum(endless.values())}))
    answer = problem.table[problem.target]
    for column in problem.inputs:
        values = problem.table[column.name]
        if values.type == answer.type and values.equals(answer):
            notes.append(Note("data.equals_target", {"column": column.name, "target": problem.target}))
    return tuple(notes)
