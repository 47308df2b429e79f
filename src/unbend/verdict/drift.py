"""Whether the order of the rows matters: columns that drift along the table, and autocorrelated errors."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.notes import join_names
from ..data.ranks import rank_correlation

SIGNIFICANCE = 1e-4  # for all columns together (Bonferroni)
LEAST_SHIFT = 0.2  # distance of the two halves' distribution functions that is worth a note
LEAST_AUTOCORRELATION = 0.2  # of the errors, that is
LEAST_ROWS = 50


def order_notes(problem: Problem, times: Array | None, errors: Array) -> tuple[Note, ...]:
    """Notes on the order of the rows: autocorrelated errors, or else columns that drift.

    ``errors`` (rows,) are those of held-out rows; with ``times`` they are not tested, for there the verdict is about
    the future.
    """
    return (error_autocorrelation(problem, errors) if times is None else ()) or drift(problem, times)


def drift(problem: Problem, times: Array | None) -> tuple[Note, ...]:
    """A note where columns, or the target, are distributed differently in the earlier and the later half of the rows.

    In the order of ``times`` where given, else in the table's (two-sample Kolmogorov-Smirnov). A table that is sorted
    by one of its columns drifts for that reason alone, and there is no note.
    """
    if problem.rows < LEAST_ROWS:
        return ()
    columns = _columns(problem)
    if times is None and any(_is_sorted(values) for values in columns.values()):
        return ()
    order = np.arange(problem.rows) if times is None else np.argsort(times, kind="stable")
    shifts = {}
    for name, values in columns.items():
        halves = [half[~np.isnan(half)] for half in np.array_split(values[order], 2)]
        if min(map(len, halves)) < LEAST_ROWS / 4 or (times is not None and _is_sorted(values[order])):
            continue
        distance, p_value = _kolmogorov_smirnov(*halves)
        if p_value < SIGNIFICANCE / len(columns) and distance >= LEAST_SHIFT:
            shifts[name] = distance
    if not shifts:
        return ()
    names = join_names(sorted(shifts, key=lambda name: -shifts[name]), 5)
    key = "verdict.drift_in_time" if times is not None else "verdict.drift"
    return (Note(key, {"columns": names, "time": _date_column(problem)}),)


def error_autocorrelation(problem: Problem, errors: Array) -> tuple[Note, ...]:
    """A note where held-out errors (rows,) of neighbouring rows are correlated; NaN where a row was not held out.

    The errors of random folds should be independent of their neighbours'. Where they are not (lag-one correlation of
    the ranks, against its standard error 1/sqrt(n)), rows were not drawn independently: time, or groups.
    """
    from scipy import special

    known = ~np.isnan(errors[:-1]) & ~np.isnan(errors[1:])
    count = int(known.sum())
    if count < LEAST_ROWS or np.ptp(errors[:-1][known]) == 0 or np.ptp(errors[1:][known]) == 0:
        return ()
    correlation = rank_correlation(errors[:-1][known], errors[1:][known])
    if correlation < LEAST_AUTOCORRELATION or special.ndtr(-correlation * np.sqrt(count)) >= SIGNIFICANCE:
        return ()
    if any(_is_sorted(values) for values in _columns(problem).values()):
        return ()
    return (Note("verdict.kinship", {"correlation": f"{correlation:.2f}", "time": _date_column(problem)}),)


def _kolmogorov_smirnov(first: Array, second: Array) -> tuple[float, float]:
    """The largest distance of two samples' distribution functions, and its p-value (Stephens 1970)."""
    from scipy import special

    values = np.concatenate([first, second])
    shares = [np.searchsorted(np.sort(part), values, side="right") / len(part) for part in (first, second)]
    distance = float(np.abs(shares[0] - shares[1]).max())
    root = np.sqrt(len(first) * len(second) / len(values))
    return distance, float(special.kolmogorov((root + 0.12 + 0.11 / root) * distance))


def _columns(problem: Problem) -> dict[str, Array]:
    """The columns in use, without dates, which are sorted by nature, and parts of them, and the target, as numbers."""
    arrays = problem.arrays
    columns = {
        column.name: np.asarray(arrays.values(column), dtype=np.float64)
        for column in problem.inputs
        if column.kind not in ("date", "text") and column.calendar is None
    }
    return columns | {problem.target: problem.y.astype(np.float64)}


def _date_column(problem: Problem) -> str | Note:
    """The column of dates to suggest, or a word that stands for one."""
    dates = [column.name for column in problem.inputs if column.kind == "date"]
    return repr(dates[0]) if dates else Note("verdict.some_column")


def _is_sorted(values: Array) -> bool:
    """Whether the values are monotone, with at least two steps."""
    steps = np.diff(values[~np.isnan(values)])
    return bool(np.count_nonzero(steps) >= 2 and (np.all(steps >= 0) or np.all(steps <= 0)))
