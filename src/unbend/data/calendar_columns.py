"""`with_calendar`: the month, weekday and hour of dates as columns of a problem, where the target depends on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..words import say
from .calendar import PARTS, Calendar, part_numbers
from .notes import Note, join_names
from .problem import Problem
from .ranks import average_ranks

SIGNIFICANCE = 1e-5  # for all dates together (Bonferroni)
LEAST_FREEDOM = 10  # residual degrees of freedom
LEAST_AUTOCORRELATION = 0.1  # of the periods' means, from which on they may be those of a walk
LEAST_REPEATED = 2  # steps between the same two levels
_NUMBERED = {"month": tuple(f"{k:02d}" for k in range(1, 13)), "hour": tuple(f"{k:02d}" for k in range(24))}


def with_calendar(problem: Problem) -> Problem:
    """The problem with a column for each part of its dates along which the target changes, and a note.

    The means of the target's ranks, or of its classes one by one, are compared between months (weekdays, hours): do
    they differ alike every year (week, day)? A trend or a slow drift is no calendar.
    """
    dates = [column for column in problem.inputs if column.kind == "date"]
    table, columns = problem.table, list(problem.columns)
    added = []
    for date in dates:
        days = problem.arrays.days(date.name)
        for part in PARTS:
            name = say(f"data.calendar_{part}", column=date.name)
            if name in table.column_names or _p_value(problem, days, part) * len(dates) * len(PARTS) >= SIGNIFICANCE:
                continue
            calendar = Calendar(date.name, part, _NUMBERED.get(part) or tuple(say("data.weekdays").split()))
            labels = calendar.column(days)
            table = table.append_column(name, labels)
            levels = tuple(sorted(set(labels.drop_null().to_pylist())))
            after = columns.index(date) + 1
            columns.insert(after, replace(date, name=name, kind="category", levels=levels, distinct=len(levels),
                                          far=0, calendar=calendar))  # fmt: skip
            added.append(name)
    if not added:
        return problem
    note = Note("data.calendar", {"columns": join_names(added), "target": problem.target})
    return replace(problem, table=table, columns=tuple(columns), notes=(*problem.notes, note))


def _blocks(days: np.ndarray, part: str) -> np.ndarray:
    """(rows,) the years, weeks or days that the parts are of."""
    whole: np.ndarray = np.floor(days).astype(np.int64)
    if part == "month":
        whole = whole.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    elif part == "weekday":
        whole = (whole + 3) // 7
    return whole


def _p_value(problem: Problem, days: np.ndarray, part: str) -> float:
    """Of no dependence of the target on the part."""
    known = ~np.isnan(days)
    days = days[known]
    if len(days) == 0:
        return 1.0
    levels = {"month": 12, "weekday": 7, "hour": 24}[part]
    cell = levels * _blocks(days, part) + part_numbers(days, part)
    tests = [_f_test(values[known], days, cell, levels) for values in _responses(problem)]
    return min(1.0, min(tests) * len(tests))


def _responses(problem: Problem) -> list[np.ndarray]:
    """The ranks of values; of classes whether it is this one."""
    count = len(problem.classes)
    if count == 0:
        return [average_ranks(problem.y)]
    return [(problem.y == k).astype(np.float64) for k in range(1 if count == 2 else 0, count)]


def _f_test(y: np.ndarray, days: np.ndarray, cell: np.ndarray, levels: int) -> float:
    """The p-value of y not depending on the level; ``cell`` (rows,) numbers the periods in order of time.

    By the means of the periods, or by the steps between them where the means are autocorrelated: steps of a walk are
    independent, its levels are not.
    """
    periods, inverse, counts = np.unique(cell, return_inverse=True, return_counts=True)
    mean, time = (np.bincount(inverse, values) / counts for values in (y, days - days.min()))
    if len(periods) < LEAST_FREEDOM:
        return 1.0
    p, correlation = _of_levels(mean, time, periods // levels, periods % levels)
    return p if correlation < LEAST_AUTOCORRELATION else _of_steps(mean, time, periods % levels, levels)


def _of_levels(mean: np.ndarray, time: np.ndarray, block: np.ndarray, level: np.ndarray) -> tuple[float, float]:
    """The p-value of equal levels, beside a mean of every block and a trend, and the residuals' autocorrelation."""
    _, block, size = np.unique(block, return_inverse=True, return_counts=True)
    dummies = (level[:, None] == np.unique(level)).astype(np.float64)
    within = np.column_stack([mean, time, dummies])
    sums = np.column_stack([np.bincount(block, column) for column in within.T])
    within -= (sums / size[:, None])[block]
    y, trend, levels = within[:, 0], within[:, 1:2], within[:, 2:]
    freedom = len(mean) - len(size) - 1
    alone, both = (y - x @ np.linalg.lstsq(x, y, rcond=1e-9)[0] for x in (trend, np.hstack([trend, levels])))
    rank = int(np.linalg.matrix_rank(levels, tol=1e-9))
    left = float(both @ both)
    if left <= 1e-12 * float(y @ y):
        return 1.0, 1.0
    p = _p_of_ratio(float(alone @ alone) - left, rank, left, freedom - rank)
    return p, float(both[1:] @ both[:-1]) / left


def _of_steps(mean: np.ndarray, time: np.ndarray, level: np.ndarray, levels: int) -> float:
    """The p-value of equal mean steps between the same neighbouring levels; without what a steady trend adds."""
    step, gap = np.diff(mean), np.diff(time)
    step = step - gap * float(step @ gap) / float(gap @ gap)
    pair = level[:-1] * levels + level[1:]
    repeated = np.bincount(pair)[pair] >= LEAST_REPEATED
    step, pair = step[repeated], pair[repeated]
    group, members = np.unique(pair, return_inverse=True, return_counts=True)[1:]
    if len(members) < 2:
        return 1.0
    average = np.bincount(group, step) / members
    within = float(((step - average[group]) ** 2).sum())
    between = float(step @ step) - within - len(step) * float(step.mean()) ** 2
    return _p_of_ratio(between, len(members) - 1, within, len(step) - len(members))


def _p_of_ratio(explained: float, rank: int, left: float, freedom: int) -> float:
    """The p-value of an F ratio of sums of squares."""
    from scipy import special

    if freedom < LEAST_FREEDOM or rank < 1 or explained <= 1e-9 * (explained + left):
        return 1.0
    return float(special.fdtrc(rank, freedom, explained / rank / max(left / freedom, 1e-300)))
