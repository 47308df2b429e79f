"""Cells far outside all others of their column: sentinels such as -999, typing errors, another unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .column import Column
from .column_arrays import ColumnArrays

LEAST = 50  # values
ALONE = 1000  # one value in so many may lie far out and be no part of the tail
TAIL = 0.1  # the fraction of the values that is the tail, at least ``TAIL_VALUES``
TAIL_VALUES = 5
FAR = 7.0  # times the tail's mean excess beyond its end: an exponential tail reaches as far once in a thousand
LEAST_DISTANCE = 0.7
MOST = 0.3  # of the values: a sentinel in more of them is a value


def far_limits(values: np.ndarray, alone: int = 0) -> tuple[float, float] | None:
    """The limits (low, high) outside of which a value is no part of the distribution of ``values`` (n,), without NaN.

    The scale asinh((x - median)/scale) is linear within and logarithmic beyond. There each tail, a tenth of the values
    without the outermost thousandth, has a mean excess over its beginning, and the limit lies about ``FAR`` times as
    far beyond its end. Heavy tails (log-normal, t with 3 degrees of freedom) have large excesses and hence wide limits.
    ``alone`` is how many of the outermost values may at least be no part of a tail: in a part of a table there may be
    as many as in all of it. None where too few values, or too few different ones, show no tail.
    """
    if len(values) < LEAST:
        return None
    ordered = np.sort(values)
    centre = float(np.median(ordered))
    for share in (0.25, 0.1, 0.05):
        scale = float(np.diff(np.quantile(ordered, [share, 1 - share]))[0]) / 2
        if scale > 0:
            break
    else:
        return None
    t = np.arcsinh((ordered - centre) / scale)
    high = centre + scale * np.sinh(min(_end_of_tail(t, alone), 600.0))
    low = centre - scale * np.sinh(min(_end_of_tail(-t[::-1], alone), 600.0))
    return float(low), float(high)


def _end_of_tail(t: np.ndarray, alone: int) -> float:
    """The upper limit of sorted t (n,).

    ``FAR`` is for an exponential tail (heavy ones are, on this scale); a thinner one ends sooner than its mean excess
    lets expect, and its limit lies nearer by the square of that.
    """
    alone = max(1, len(t) // ALONE, min(alone, -(-2 * len(t) // ALONE)))
    rest = t[: len(t) - alone]
    count = max(TAIL_VALUES, int(TAIL * len(rest)))
    begin, end = rest[-count - 1], rest[-1]
    excess = max(float(np.mean(rest[-count:] - begin)), 1e-12)
    expected = np.log((count + alone + 0.5) / (alone + 0.5))  # end of an exponential tail, in mean excesses
    thinness = min(1.0, float(end - begin) / excess / expected)
    beyond = FAR * thinness**2 + sum(1 / k for k in range(2, alone + 1))
    return float(end + max(beyond * excess, LEAST_DISTANCE))


def is_far(values: np.ndarray, limits: tuple[float, ...]) -> np.ndarray:
    """(n,) whether a value lies outside ``limits``; NaN does not, nor does anything where there are none."""
    if not limits:
        return np.zeros(len(values), dtype=bool)
    return np.asarray((values < limits[0]) | (values > limits[1]))


def without_sentinels(values: np.ndarray) -> np.ndarray:
    """The values without an outermost one that is written with nines alone (-99, 999, 9999) and is there repeatedly."""
    for extreme in (values.min(), values.max()) if len(values) else ():
        digits = f"{abs(extreme):.0f}"
        if abs(extreme) == float(digits) and len(digits) > 1 and set(digits) == {"9"}:
            values = values[values != extreme]
    return values


def far_rows(values: np.ndarray) -> np.ndarray:
    """The rows (k,) of the values (n,) that lie far outside all others; NaN is missing."""
    known = values[~np.isnan(values)]
    limits = far_limits(without_sentinels(known))
    rows = np.flatnonzero(is_far(values, limits or ()))
    return rows if len(rows) <= MOST * len(known) else rows[:0]


def mark_far(
    columns: tuple[Column, ...], arrays: ColumnArrays, y: np.ndarray | None
) -> tuple[tuple[Column, ...], dict[str, np.ndarray]]:
    """The columns with the counts of their far values, and the rows of these by column.

    Not of a column that ascends or descends with the rows, whose end may run ahead, and not where a row's target ``y``
    (rows,) of numbers lies far out as well: it bears the value out.
    """
    far_y = set() if y is None else set(far_rows(y).tolist())
    marked, rows_of = [], {}
    for column in columns:
        if column.kind in ("number", "date"):
            values = np.asarray(arrays.values(column), dtype=np.float64)
            steps = np.diff(values)
            rows = far_rows(values)
            if len(rows) and not (far_y & set(rows.tolist()) or np.all(steps >= 0) or np.all(steps <= 0)):
                rows_of[column.name] = rows
                column = replace(column, far=len(rows))
        marked.append(column)
    return tuple(marked), rows_of
