"""Rows that belong together: copies of one another, or a column's groups; rows in order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.notes import closest_name, join_names
from ..data.problem import MIN_ROWS
from ..errors import BadInput, DataError

RARE = 0.1  # copies are those ten times as frequent as chance would make them
ALIKE = 0.9  # and, where answers are few, those that nearly always agree in the answer too
FEW_ANSWERS = 20


@dataclass(frozen=True, eq=False)
class Arranged:
    """A problem whose rows may belong together (``together``, (rows,) numbers) or stand in time (``times``, (rows,)),
    and what must be said about that."""  # fmt: skip

    problem: Problem
    together: Array | None = None
    times: Array | None = None
    notes: tuple[Note, ...] = ()

    def take(self, rows: Array) -> Arranged:
        """Some of the rows."""
        together, times = (None if a is None else a[rows] for a in (self.together, self.times))
        again = None if together is None else np.unique(together, return_inverse=True)[1]
        return replace(self, problem=self.problem.take(rows), together=again, times=times)


def arrange(problem: Problem, group: str | None, time: str | None, drop: Iterable[str]) -> Arranged:
    """The problem without the columns ``drop``, its rows grouped by column ``group`` or ordered by column ``time``.

    The column of the groups is no input: a group to be predicted is a new one. Raises ``BadInput`` where both are
    given, ``DataError`` for columns that cannot serve.
    """
    if group is not None and time is not None:
        raise BadInput("verdict.group_and_time", group=group, time=time)
    problem = leave_out(problem, drop, "verdict.left_out_asked")
    if group is not None:
        problem = leave_out(problem, [group], "verdict.left_out_group")
        together, missing = groups(problem, group)
        notes = [Note("verdict.grouped", {"column": group, "count": int(together.max()) + 1})]
        if missing:
            notes.append(Note("verdict.group_missing", {"column": group, "count": missing}))
        return Arranged(problem, together, notes=tuple(notes))
    if time is not None:
        check_input(problem, time)
        when = times(problem, time)
        known, said = np.flatnonzero(~np.isnan(when)), [Note("verdict.timed", {"column": time})]
        if len(known) < len(when):
            said.append(Note("verdict.time_missing", {"column": time, "count": len(when) - len(known)}))
            if len(known) < MIN_ROWS:
                raise DataError("verdict.few_times", distinct=len(np.unique(when[known])))
        return Arranged(problem.take(known), times=when[known], notes=tuple(said))
    same = copies(problem)
    if same is None:
        return Arranged(problem)
    again = problem.rows - (int(same.max()) + 1)
    return Arranged(problem, same, notes=(Note("verdict.copies", {"count": again}),))


def check_input(problem: Problem, name: str) -> None:
    """Raises ``DataError`` where there is no such column beside the target."""
    known = [column for column in problem.table.column_names if column != problem.target]
    if name == problem.target:
        raise DataError("verdict.target_as_input", column=name)
    if name not in known:
        near = closest_name(name, known)
        key = "data.no_such_column" if near is None else "data.no_such_column_near"
        raise DataError(key, column=name, near=near, names=join_names(known))


def leave_out(problem: Problem, names: Iterable[str], reason: str) -> Problem:
    """The problem without some of its columns, each with its ``reason``, a message's key.

    Raises ``DataError`` for a column that is not there, for the target, and where no column is left.
    """
    wanted = list(names)
    for name in wanted:
        check_input(problem, name)
    columns = tuple(
        replace(c, kind="left_out", why=Note(reason, {"column": c.name}), levels=()) if c.name in wanted else c
        for c in problem.columns
    )
    if all(column.kind == "left_out" for column in columns):
        reasons = [column.why.text() for column in columns if column.why is not None]
        raise DataError("data.nothing_left", count=len(columns), reasons=join_names(reasons, 3))
    notes = tuple(note for note in problem.notes if note.values.get("column") not in wanted)
    return replace(problem, columns=columns, notes=notes)


def groups(problem: Problem, name: str) -> tuple[Array, int]:
    """((rows,) numbers 0…k-1 of the groups that column ``name`` makes, rows without one).

    The latter make one group of their own: nothing says that they are apart.
    """
    codes = problem.table[name].combine_chunks().dictionary_encode().indices
    missing = codes.null_count
    numbers = codes.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.unique(numbers, return_inverse=True)[1], missing


def times(problem: Problem, name: str) -> Array:
    """(rows,) numbers in order of time, NaN where missing. Raises ``DataError`` for a column of neither dates nor
    numbers."""  # fmt: skip
    import pyarrow.types as pt

    arrays, kind = problem.arrays, problem.table[name].type
    if pt.is_timestamp(kind):
        return arrays.days(name)
    if pt.is_floating(kind):
        return arrays.numbers(name)
    raise DataError("verdict.time_type", column=name, type=str(kind))


def copies(problem: Problem) -> Array | None:
    """(rows,) numbers, the same for rows that are copies of one another in every column in use and in the target.

    None where there are none. Rows that coincide are copies only where chance would hardly make them: not in a table of
    a few labels, where many rows are alike without being the same thing counted twice.
    """
    values = [problem.arrays.values(column) for column in problem.inputs]
    inputs, _ = _alike(values)
    whole, first = _alike([*values, problem.y.astype(np.float64)])
    counts = np.bincount(whole)
    pairs = float((counts * (counts - 1) / 2).sum())
    if pairs == 0:
        return None
    chance = 1.0
    for column in (*values, problem.y):
        share = np.unique(column[first], return_counts=True, equal_nan=True)[1] / len(first)
        chance *= float((share**2).sum())
    if problem.rows**2 / 2 * chance > RARE * pairs:
        return None
    if len(np.unique(problem.y)) <= FEW_ANSWERS:
        repeated = np.bincount(inputs)[inputs] > 1
        if np.mean(counts[whole][repeated] > 1) < ALIKE:
            return None
    return whole


def _alike(values: list[Array]) -> tuple[Array, Array]:
    """((rows,) numbers of the distinct rows, the first row of each)."""
    number = np.zeros(len(values[0]), dtype=np.int64)
    for column in values:
        code = np.unique(column, return_inverse=True, equal_nan=True)[1]
        number = np.unique(number * (int(code.max()) + 1) + code, return_inverse=True)[1]
    return number, np.unique(number, return_index=True)[1]
