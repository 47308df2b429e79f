"""Groups that nobody named: a column of labels, or of whole numbers, whose rows have correlated errors."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..data import Note, Problem

SIGNIFICANCE = 1e-6  # for all columns together (Bonferroni)
LEAST_CORRELATION = 0.2  # of the errors within a group
LEAST_GROUPS, LEAST_NUMBERS = 8, 12  # labels; numbers, which may also bend
GROUP_ROWS = (3.0, 60.0)  # on average
_MEDIAN = 0.4549  # of chi-square with one degree of freedom


def group_hints(problem: Problem, x: Array, sources: tuple[str, ...]) -> tuple[Note, ...]:
    """A note on the column whose groups have the most correlated errors; () where there are none.

    The errors are those of a linear model of the features x (n, features), without those of the column itself where it
    holds labels (``sources`` names the column of each feature); their intraclass correlation within the column's groups
    comes from a one-way analysis of variance. Of numbers, only what differs between neighbouring values counts: a
    smooth dependence makes no groups. Targets of more than two classes are not looked at.
    """
    if len(problem.classes) > 2 or x.shape[1] > max(100, problem.rows // 4):
        return ()
    y = problem.y.astype(np.float64)
    candidates = _candidates(problem)
    found: tuple[float, str, int] | None = None
    for name, groups in candidates.items():
        ordered = any(column.name == name and column.kind == "number" for column in problem.inputs)
        own = np.array([source == name and not ordered for source in sources])
        design = np.c_[np.ones(len(y)), x[:, ~own] / np.maximum(np.abs(x[:, ~own]).max(axis=0), 1e-300)]
        errors = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        correlation, p = within_groups(errors, groups, ordered)
        if p * len(candidates) < SIGNIFICANCE and correlation > max(LEAST_CORRELATION, found[0] if found else 0.0):
            found = correlation, name, int(groups.max()) + 1
    if found is None:
        return ()
    correlation, name, count = found
    return (Note("verdict.group_hint", {"column": name, "correlation": f"{correlation:.2f}", "count": count}),)


def within_groups(errors: Array, groups: Array, ordered: bool) -> tuple[float, float]:
    """(intraclass correlation, p of none) of errors (n,) in groups (n,) numbered 0…k-1, by the F test of one way.

    With ``ordered`` the variance between groups is that of the second differences of neighbouring means, after a
    polynomial of the group's number: a smooth dependence hardly enters. The correlation is then that of their median
    square, with or without the polynomial, which a few kinks or steps leave small.
    """
    from scipy import special

    counts = np.bincount(groups)
    means = np.bincount(groups, errors) / counts
    rows, count = len(errors), len(counts)
    within = float(((errors - means[groups]) ** 2).sum()) / (rows - count)
    size = (rows - float((counts**2).sum()) / rows) / (count - 1)  # of a group, on average
    if within <= 0:
        return 0.0, 1.0
    if ordered:
        rest = _without_polynomial(means, counts, degree := min(6, count // 3))
        variances = within * (1 / counts[2:] + 4 / counts[1:-1] + 1 / counts[:-2])
        raw, squares = (np.diff(m, 2) ** 2 / variances for m in (means, rest))
        ratio, typical = float(squares.mean()), float(min(np.median(raw), np.median(squares))) / _MEDIAN
        degrees = 18 * (count - 2 - degree) / 35  # the differences share means: their squares are correlated
    else:
        ratio = typical = float((counts * (means - errors.mean()) ** 2).sum()) / (count - 1) / within
        degrees = count - 1
    return (typical - 1) / (typical - 1 + size), float(special.fdtrc(degrees, rows - count, ratio))


def _without_polynomial(means: Array, counts: Array, degree: int) -> Array:
    """The means of groups in order, without the polynomial of their number that fits them best."""
    powers = np.polynomial.chebyshev.chebvander(np.linspace(-1, 1, len(means)), degree)
    weights = np.sqrt(counts)
    found = np.linalg.lstsq(powers * weights[:, None], means * weights, rcond=None)[0]
    return np.asarray(means - powers @ found)


def _candidates(problem: Problem) -> dict[str, Array]:
    """The groups (rows,) of each column of labels or whole numbers with some rows for every value."""
    arrays, result = problem.arrays, {}
    for column in problem.inputs:
        if column.kind not in ("category", "number") or column.missing or column.calendar is not None:
            continue
        values = arrays.values(column)
        if column.kind == "number" and np.any(values != np.floor(values)):
            continue
        groups = np.unique(values, return_inverse=True)[1]
        size = problem.rows / (int(groups.max()) + 1)
        least = LEAST_NUMBERS if column.kind == "number" else LEAST_GROUPS
        if groups.max() + 1 >= least and GROUP_ROWS[0] <= size <= GROUP_ROWS[1]:
            result[column.name] = groups
    return result
