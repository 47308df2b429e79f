"""Linear algebra on fractions: row reduction, and what follows from it. Exact, for matrices a person would write."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


def reduced(rows: Sequence[Sequence[Fraction]]) -> tuple[list[Row], list[int]]:
    """The reduced row echelon form without its zero rows, and the column of each row's leading 1."""
    left = [list(r) for r in rows]
    done: list[Row] = []
    pivots: list[int] = []
    for column in range(len(left[0]) if left else 0):
        at = next((i for i, r in enumerate(left) if r[column]), None)
        if at is None:
            continue
        lead = left.pop(at)
        lead = [x / lead[column] for x in lead]
        left = [_without(r, lead, column) for r in left]
        done = [_without(r, lead, column) for r in done]
        done.append(lead)
        pivots.append(column)
    return done, pivots


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Row | None:
    """One solution of rows · x = right, its free unknowns 0; None where there is none."""
    size = len(rows[0]) if rows else 0
    echelon, pivots = reduced([[*r, b] for r, b in zip(rows, right, strict=True)])
    if size in pivots:
        return None
    solution = [Fraction(0)] * size
    for row, column in zip(echelon, pivots, strict=True):
        solution[column] = row[-1]
    return solution


def null_vector(rows: Sequence[Sequence[Fraction]]) -> Row | None:
    """A vector other than 0 with rows · x = 0, or None."""
    echelon, pivots = reduced(rows)
    size = len(rows[0])
    free = next((c for c in range(size) if c not in pivots), None)
    if free is None:
        return None
    found = [Fraction(0)] * size
    found[free] = Fraction(1)
    for row, column in zip(echelon, pivots, strict=True):
        found[column] = -row[free]
    return found


def _without(row: Row, lead: Row, column: int) -> Row:
    factor = row[column]
    return [x - factor * y for x, y in zip(row, lead, strict=True)] if factor else row
