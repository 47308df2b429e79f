"""`group_rows`: rows that are not independent: groups of a column, duplicates, rows in order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.notes import closest_name, join_names
from ..data.problem import MIN_ROWS
from ..errors import BadInput, DataError

RARE = 0.1  # equal rows are duplicates where they are ten times as frequent as chance would make them
SAME_TARGET = 0.9  # and, where the target has few values, where nearly all of them agree in the target too
FEW_TARGETS = 20


@dataclass(frozen=True, eq=False)
class Grouping:
    """A problem with the groups of its rows, (rows,) numbers, or their ``times``, (rows,), and notes on both."""

    problem: Problem
    groups: Array | None = None
    times: Array | None = None
    notes: tuple[Note, ...] = ()

    def take(self, rows: Array) -> Grouping:
        """Some of the rows."""
        groups, times = (None if a is None else a[rows] for a in (self.groups, self.times))
        renumbered = None if groups is None else np.unique(groups, return_inverse=True)[1]
        return replace(self, problem=self.problem.take(rows), groups=renumbered, times=times)


def group_rows(problem: Problem, group: str | None, time: str | None, drop: Iterable[str]) -> Grouping:
    """The problem without the columns ``drop``, its rows grouped by column ``group`` or ordered by column ``time``.

    Without both, duplicates are groups. The column of the groups is no input: rows to predict come from new groups.
    Raises ``BadInput`` where both are given, ``DataError`` for columns that cannot serve.
    """
    if group is not None and time is not None:
        raise BadInput("verdict.group_and_time", group=group, time=time)
    problem = drop_columns(problem, drop, "verdict.left_out_asked")
    if group is not None:
        return _by_column(problem, group)
    if time is not None:
        return _by_time(problem, time)
    duplicates = duplicate_groups(problem)
    if duplicates is None:
        return Grouping(problem)
    surplus = problem.rows - (int(duplicates.max()) + 1)
    return Grouping(problem, groups=duplicates, notes=(Note("verdict.copies", {"count": surplus}),))


def _by_column(problem: Problem, name: str) -> Grouping:
    problem = drop_columns(problem, [name], "verdict.left_out_group")
    groups, missing = column_groups(problem, name)
    notes = [Note("verdict.grouped", {"column": name, "count": int(groups.max()) + 1})]
    if missing:
        notes.append(Note("verdict.group_missing", {"column": name, "count": missing}))
    return Grouping(problem, groups=groups, notes=tuple(notes))


def _by_time(problem: Problem, name: str) -> Grouping:
    check_input(problem, name)
    times = column_times(problem, name)
    known, notes = np.flatnonzero(~np.isnan(times)), [Note("verdict.timed", {"column": name})]
    if len(known) < len(times):
        notes.append(Note("verdict.time_missing", {"column": name, "count": len(times) - len(known)}))
        if len(known) < MIN_ROWS:
            raise DataError("verdict.few_times", distinct=len(np.unique(times[known])))
    return Grouping(problem.take(known), times=times[known], notes=tuple(notes))


def check_input(problem: Problem, name: str) -> None:
    """Raises ``DataError`` where there is no such column beside the target."""
    known = [column for column in problem.table.column_names if column != problem.target]
    if name == problem.target:
        raise DataError("verdict.target_as_input", column=name)
    if name not in known:
        near = closest_name(name, known)
        key = "data.no_such_column" if near is None else "data.no_such_column_near"
        raise DataError(key, column=name, near=near, names=join_names(known))


def drop_columns(problem: Problem, names: Iterable[str], reason: str) -> Problem:
    """The problem without some of its columns, each with its ``reason``, a message's key.

    Raises ``DataError`` for a column that is not there, for the target, and where no column remains.
    """
    dropped = list(names)
    for name in dropped:
        check_input(problem, name)
    columns = tuple(
        replace(c, kind="left_out", why=Note(reason, {"column": c.name}), levels=()) if c.name in dropped else c
        for c in problem.columns
    )
    if all(column.kind == "left_out" for column in columns):
        reasons = [column.why.text() for column in columns if column.why is not None]
        raise DataError("data.nothing_left", count=len(columns), reasons=join_names(reasons, 3))
    notes = tuple(note for note in problem.notes if note.values.get("column") not in dropped)
    return replace(problem, columns=columns, notes=notes)


def column_groups(problem: Problem, name: str) -> tuple[Array, int]:
    """((rows,) numbers 0…k-1 of the groups of column ``name``, rows without a group).

    The latter are one group: they may belong together.
    """
    codes = problem.table[name].combine_chunks().dictionary_encode().indices
    missing = codes.null_count
    numbers = codes.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.unique(numbers, return_inverse=True)[1], missing


def column_times(problem: Problem, name: str) -> Array:
    """(rows,) numbers in order of time, NaN where missing. Raises ``DataError`` for a column of neither dates nor
    numbers."""  # fmt: skip
    import pyarrow.types as pt

    arrays, kind = problem.arrays, problem.table[name].type
    if pt.is_timestamp(kind):
        return arrays.days(name)
    if pt.is_floating(kind):
        return arrays.numbers(name)
    raise DataError("verdict.time_type", column=name, type=str(kind))


def duplicate_groups(problem: Problem) -> Array | None:
    """(rows,) numbers, the same for rows that are equal in every column in use and in the target.

    None where there are none. Equal rows are duplicates only where chance would hardly make them: not in a table of a
    few labels, where many rows are equal without being one observation counted twice.
    """
    values = [problem.arrays.values(column) for column in problem.inputs]
    inputs, _ = _distinct_rows(values)
    rows, first = _distinct_rows([*values, problem.y.astype(np.float64)])
    counts = np.bincount(rows)
    pairs = float((counts * (counts - 1) / 2).sum())
    if pairs == 0:
        return None
    chance = 1.0
    for column in (*values, problem.y):
        frequencies = np.unique(column[first], return_counts=True, equal_nan=True)[1] / len(first)
        chance *= float((frequencies**2).sum())
    if problem.rows**2 / 2 * chance > RARE * pairs:
        return None
    if len(np.unique(problem.y)) <= FEW_TARGETS:
        repeated = np.bincount(inputs)[inputs] > 1
        if np.mean(counts[rows][repeated] > 1) < SAME_TARGET:
            return None
    return rows


def _distinct_rows(values: list[Array]) -> tuple[Array, Array]:
    """((rows,) numbers of the distinct rows, the first row of each)."""
    number = np.zeros(len(values[0]), dtype=np.int64)
    for column in values:
        code = np.unique(column, return_inverse=True, equal_nan=True)[1]
        number = np.unique(number * (int(code.max()) + 1) + code, return_inverse=True)[1]
    return number, np.unique(number, return_index=True)[1]
