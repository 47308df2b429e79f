"""Exact linear algebra on fractions by row reduction, for small matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


def row_echelon(rows: Sequence[Sequence[Fraction]]) -> tuple[list[Row], list[int]]:
    """The reduced row echelon form without its zero rows, and the column of each row's leading 1."""
    remaining = [list(r) for r in rows]
    echelon: list[Row] = []
    pivots: list[int] = []
    for column in range(len(remaining[0]) if remaining else 0):
        pivot = next((i for i, r in enumerate(remaining) if r[column]), None)
        if pivot is None:
            continue
        lead = remaining.pop(pivot)
        lead = [x / lead[column] for x in lead]
        remaining = [_eliminated(r, lead, column) for r in remaining]
        echelon = [_eliminated(r, lead, column) for r in echelon]
        echelon.append(lead)
        pivots.append(column)
    return echelon, pivots


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Row | None:
    """One solution of rows · x = right, its free unknowns 0; None where there is none."""
    size = len(rows[0]) if rows else 0
    echelon, pivots = row_echelon([[*r, b] for r, b in zip(rows, right, strict=True)])
    if size in pivots:
        return None
    solution = [Fraction(0)] * size
    for row, column in zip(echelon, pivots, strict=True):
        solution[column] = row[-1]
    return solution


def null_vector(rows: Sequence[Sequence[Fraction]]) -> Row | None:
    """A vector other than 0 with rows · x = 0, or None."""
    echelon, pivots = row_echelon(rows)
    size = len(rows[0])
    free = next((c for c in range(size) if c not in pivots), None)
    if free is None:
        return None
    solution = [Fraction(0)] * size
    solution[free] = Fraction(1)
    for row, column in zip(echelon, pivots, strict=True):
        solution[column] = -row[free]
    return solution


def _eliminated(row: Row, lead: Row, column: int) -> Row:
    factor = row[column]
    return [x - factor * y for x, y in zip(row, lead, strict=True)] if factor else row
