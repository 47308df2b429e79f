"""`group_rows`: rows that are not independent: groups of a column, duplicates, rows in order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.notes import closest_name, join_names
from ..data.problem import MIN_ROWS
from ..errors import BadInput, DataError
from .text.near_copies import text_groups_of

RARE = 0.1  # equal rows are duplicates where they are ten times as frequent as chance would make them
SAME_TARGET = 0.9  # and, where the target has few values, where nearly all of them agree in the target too
FEW_TARGETS = 20
FINE = 0.5  # distinct values of one column, as a fraction of the distinct rows, that tell rows apart
CONTINUOUS = 0.95  # the same of a column whose values hardly repeat by chance
MOSTLY = 0.5  # of the rows that agree in all columns but one, those that agree in that one too
LEAST_DISTINCT = 30


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
    if problem.texts:
        return _by_text(problem)
    duplicates = duplicate_groups(problem)
    if duplicates is None:
        return Grouping(problem)
    surplus = problem.rows - (int(duplicates.max()) + 1)
    return Grouping(problem, groups=duplicates, notes=(Note("verdict.copies", {"count": surplus}),))


def _by_text(problem: Problem) -> Grouping:
    """Rows of equal and nearly equal texts are groups."""
    groups = text_groups_of(problem)
    if groups is None:
        return Grouping(problem)
    count = problem.rows - (int(groups.max()) + 1)
    return Grouping(problem, groups=groups, notes=(Note("verdict.text_copies", {"count": count}),))


def _by_column(problem: Problem, name: str) -> Grouping:
    problem = drop_columns(problem, [name], "verdict.left_out_group")
    groups, missing = column_groups(problem, name)
    notes = [Note("verdict.grouped", {"column": name, "count": int(groups.max()) + 1})]
    if missing:
        notes.append(Note("verdict.group_missing", {"column": name, "count": missing}))
    return Grouping(problem, groups=groups, notes=tuple(notes))


def _by_time(problem: Problem, name: str) -> Grouping:
    check_input(problem, name)
    columns = tuple(
        replace(c, kind="number", why=None)
        if c.name == name and c.why is not None and c.why.key in ("data.left_out_row_number", "data.left_out_id_name")
        else c
        for c in problem.columns
    )
    problem = replace(problem, columns=columns)  # a counter of time is an input, not a number of the rows
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

    None where there are none. Equal rows are duplicates only where chance would hardly make them: not in a table of
    coarse columns, where many rows are equal without being one observation counted twice, and where grouping them would
    take just the answers that agree out of the training rows. Where every row occurs twice (or k times), copies are
    dealt into groups of two (k) each.
    """
    target = problem.y.astype(np.float64)
    rows, first = distinct_rows(chain((problem.arrays.values(column) for column in problem.inputs), [target]))
    counts = np.bincount(rows)
    pairs = _pairs(counts)
    if pairs == 0:
        return None
    values = [problem.arrays.values(column) for column in problem.inputs]
    columns = [*values, target]
    times = int(np.gcd.reduce(counts))
    if times > 1 and len(first) >= LEAST_DISTINCT:  # the table itself is there several times
        return _repeated_table(rows, counts, times)
    inputs, _ = distinct_rows(values)
    chance, finest = 1.0, 0
    for column in columns:
        frequencies = np.unique(column[first], return_counts=True, equal_nan=True)[1] / len(first)
        chance *= float((frequencies**2).sum())
        finest = max(finest, len(frequencies)) if column is not columns[-1] else finest
    if problem.rows**2 / 2 * chance > RARE * pairs and finest < CONTINUOUS * len(first):
        return None
    repeated = np.bincount(inputs)[inputs] > 1
    if len(np.unique(problem.y)) <= FEW_TARGETS and np.mean(counts[rows][repeated] > 1) < SAME_TARGET:
        return None
    input_pairs = _pairs(np.bincount(inputs))
    if pairs >= SAME_TARGET * input_pairs:  # the target follows from the columns, and tells nothing beside them
        return rows if _identifies(values, first, input_pairs) else None
    return rows if _identifies(columns, first, pairs) else None


def _repeated_table(rows: Array, counts: Array, times: int) -> Array:
    """Groups of ``times`` equal rows; ``counts`` says how often each distinct row occurs."""
    order = np.argsort(rows, kind="stable")
    position = np.empty(len(rows), dtype=np.int64)
    position[order] = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    within = position % (counts[rows] // times)
    return np.unique(rows * (int(counts.max()) + 1) + within, return_inverse=True)[1]


def _identifies(columns: list[Array], first: Array, pairs: float) -> bool:
    """Whether a row is known by its values, so that equal rows are one observation: independence of the columns, which
    would make few equal rows, is not taken for granted.

    Either one column alone has a value for (nearly) every distinct row, or whatever column is left out, rows that agree
    in all others mostly agree in it too: ordinary repeats of coarse columns have many neighbours that differ in one.
    """
    codes = [np.unique(column, return_inverse=True, equal_nan=True)[1] for column in columns]
    distinct = [len(np.unique(code[first])) for code in codes]
    if max(distinct) >= FINE * len(first):
        return True
    rng = np.random.default_rng(0)
    hashes = [rng.integers(0, 2**63, count, dtype=np.uint64)[code] for count, code in zip(distinct, codes, strict=True)]
    total = np.sum(hashes, axis=0, dtype=np.uint64)  # of a row: equal rows have equal sums
    for values in hashes:
        if pairs < MOSTLY * _pairs(np.unique(total - values, return_counts=True)[1]):
            return False
    return True


def _pairs(counts: Array) -> float:
    """How many pairs of equal rows there are, from how often each occurs."""
    return float((counts * (counts - 1) / 2).sum())


def distinct_rows(values: Iterable[Array]) -> tuple[Array, Array]:
    """((rows,) numbers of the distinct rows, the first row of each). Ends at the column that tells all rows apart."""
    number = np.zeros(1, dtype=np.int64)
    for column in values:
        code = np.unique(column, return_inverse=True, equal_nan=True)[1]
        number = np.unique(number * (int(code.max()) + 1) + code, return_inverse=True)[1]
        if int(number.max()) + 1 == len(number):
            break
    return number, np.unique(number, return_index=True)[1]
