"""Rows whose order matters: columns that drift along the table, and neighbouring rows that err alike."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.notes import join_names

SURE = 1e-4  # shared by all columns (Bonferroni)
LEAST_SHIFT = 0.2  # distance of the two halves' distribution functions that is worth a word
LEAST_KINSHIP = 0.2  # correlation of neighbouring errors that is
LEAST_ROWS = 50


def order_matters(problem: Problem, times: Array | None, errors: Array) -> tuple[Note, ...]:
    """What must be said about the order of the rows: neighbours that err alike, or else columns that drift.

    ``errors`` (rows,) are held out; in order of time they are not asked, for there the answer is about the future.
    """
    return (kinship(problem, errors) if times is None else ()) or drift(problem, times)


def drift(problem: Problem, times: Array | None) -> tuple[Note, ...]:
    """A note where columns, or the target, are not distributed alike in the earlier and the later half of the rows.

    Along ``times`` where given, else along the table (two-sample Kolmogorov-Smirnov). A table that is sorted by one of
    its columns drifts for that reason alone, and nothing is said.
    """
    from scipy import stats

    if problem.rows < LEAST_ROWS:
        return ()
    columns = _columns(problem)
    if times is None and any(_sorted(values) for values in columns.values()):
        return ()
    order = np.arange(problem.rows) if times is None else np.argsort(times, kind="stable")
    found = {}
    for name, values in columns.items():
        halves = [half[~np.isnan(half)] for half in np.array_split(values[order], 2)]
        if min(map(len, halves)) < LEAST_ROWS / 4 or (times is not None and _sorted(values[order])):
            continue
        test = stats.ks_2samp(*halves, method="asymp")
        if test.pvalue < SURE / len(columns) and test.statistic >= LEAST_SHIFT:
            found[name] = float(test.statistic)
    if not found:
        return ()
    names = join_names(sorted(found, key=lambda name: -found[name]), 5)
    return (
        Note(
            "verdict.drift_in_time" if times is not None else "verdict.drift",
            {"columns": names, "time": _date(problem)},
        ),
    )


def kinship(problem: Problem, errors: Array) -> tuple[Note, ...]:
    """A note where held-out errors (rows,) of neighbouring rows hang together; NaN where a row was not judged.

    Errors that folds drawn at random leave over should not know their neighbours. Where they do (lag-one correlation
    of the ranks, against its standard error 1/sqrt(n)), rows were not drawn one by one: time, or groups.
    """
    from scipy import stats

    known = ~np.isnan(errors[:-1]) & ~np.isnan(errors[1:])
    count = int(known.sum())
    if any(_sorted(values) for values in _columns(problem).values()):
        return ()
    if count < LEAST_ROWS or np.ptp(errors[:-1][known]) == 0 or np.ptp(errors[1:][known]) == 0:
        return ()
    together = float(stats.spearmanr(errors[:-1][known], errors[1:][known]).statistic)
    if together < LEAST_KINSHIP or stats.norm.sf(together * np.sqrt(count)) >= SURE:
        return ()
    return (Note("verdict.kinship", {"correlation": f"{together:.2f}", "time": _date(problem)}),)


def _columns(problem: Problem) -> dict[str, Array]:
    """The columns in use but dates, which run one way by nature, and the target, as numbers."""
    arrays = problem.arrays
    columns = {
        column.name: np.asarray(arrays.values(column), dtype=np.float64)
        for column in problem.inputs
        if column.kind != "date"
    }
    return columns | {problem.target: problem.y.astype(np.float64)}


def _date(problem: Problem) -> str:
    """The column of dates to name, or a word that stands for one."""
    dates = [column.name for column in problem.inputs if column.kind == "date"]
    return repr(dates[0]) if dates else "COLUMN"


def _sorted(values: Array) -> bool:
    """Whether the values run one way, in more than two steps."""
    known = np.diff(values[~np.isnan(values)])
    return bool(np.count_nonzero(known) >= 2 and (np.all(known >= 0) or np.all(known <= 0)))
