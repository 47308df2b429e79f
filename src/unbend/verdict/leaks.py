"""`leaks`: notes on columns that determine the target, as copies in another unit, spelling or order, or nearly so."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..data import Note, Problem
from ..data.ranks import ranks_of_levels

NEARLY = 0.999  # correlation of ranks, or fraction of rows whose class a column determines
LEAST_ROWS = 20
MAX_ROWS = 50_000  # more, drawn at random, would not change what NEARLY all rows show


def leaks(problem: Problem) -> tuple[Note, ...]:
    """A note for each column in use that alone determines the target, or whose missing cells do.

    Numbers: the ranks of column and target correlate by ``NEARLY`` or more (a monotone copy, with hardly any noise), or
    each value of the one goes with one value of the other. Classes: the column's labels, or intervals of its values,
    each contain rows of one class, for ``NEARLY`` of the rows. A column equal to the target cell by cell has a note
    from reading the table already.
    """
    if problem.rows < LEAST_ROWS:
        return ()
    arrays, notes, y = problem.arrays, [], problem.y
    rows = np.arange(problem.rows)
    if problem.rows > MAX_ROWS:
        rows = np.random.default_rng(0).permutation(problem.rows)[:MAX_ROWS]
        y = y[rows]
    levels = _levels(y)
    equal = {note.values["column"] for note in problem.notes if note.key == "data.equals_target"}
    for column in problem.inputs:
        if column.name in equal:
            continue
        values = np.asarray(arrays.values(column), dtype=np.float64)[rows]
        ordered = column.kind not in ("category", "text")
        missing = np.isnan(values) if ordered else values < 0
        names = {"column": column.name, "target": problem.target}
        if problem.classes:
            if _determines_class(values[~missing], y[~missing], ordered) and _all_classes(
                y[~missing], len(problem.classes)
            ):
                notes.append(Note("verdict.leak_class", names))
            elif missing.any() and _determines_class(missing.astype(np.float64), y, ordered=True):
                notes.append(Note("verdict.leak_gaps", names))
        elif (~missing).sum() >= LEAST_ROWS and _determines_number(
            values[~missing], _levels(y[~missing]) if missing.any() else levels, ordered
        ):
            notes.append(Note("verdict.leak_number", names))
    return tuple(notes)


def _all_classes(y: Array, classes: int) -> bool:
    """Whether there are enough of these rows, of all classes: a single class is determined by anything."""
    return len(y) >= LEAST_ROWS and len(np.unique(y)) == classes


def _levels(values: Array) -> tuple[Array, Array]:
    """(n,) the position of each value among the distinct ones, and how often each of these is there."""
    _, positions, counts = np.unique(values, return_inverse=True, return_counts=True)
    return positions, counts


def _determines_number(values: Array, target: tuple[Array, Array], ordered: bool) -> bool:
    """Whether the column is a monotone copy of the ``target``, given by its levels, or a renaming of its values."""
    (level, own), (target_level, targets) = _levels(values), target
    if ordered and min(len(own), len(targets)) > 2:
        correlation = np.corrcoef(ranks_of_levels(level, own), ranks_of_levels(target_level, targets))[0, 1]
        if abs(float(correlation)) >= NEARLY:
            return True
    # one to one, with several rows per value: where all rows differ, everything is one to one
    if not len(own) == len(targets) > 2 or len(values) < 3 * len(own):
        return False
    return len(np.unique(level * len(own) + target_level)) == len(own)


def _determines_class(values: Array, y: Array, ordered: bool) -> bool:
    """Whether nearly all rows of one value, and of neighbouring values, are of one class."""
    if len(values) == 0:
        return False
    level = np.unique(values, return_inverse=True)[1]
    table = np.zeros((int(level.max()) + 1, int(y.max()) + 1))
    np.add.at(table, (level, y), 1)
    if table.max(axis=1).sum() < NEARLY * len(y):
        return False
    classes = len(np.unique(y))
    if len(table) <= 2 * classes:  # few labels: each is a name of its class
        return True
    if not ordered:
        return len(y) >= 10 * len(table)
    runs = 1 + int(np.count_nonzero(np.diff(table.argmax(axis=1))))
    return runs <= classes + (1 - NEARLY) * len(y)
