"""Linear combinations and matrix products of vectors given by numbers, exact for integers and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ...errors import ShapeError

Vector = Any  # a sequence of numbers
Numbers = tuple[Any, ...]  # Fractions, or floats where a float came in


def combine(vectors: Sequence[Vector], coefficients: Sequence[Any]) -> Numbers:
    """The linear combination of vectors: the sum of coefficient times vector.

    Parameters
    ----------
    vectors : sequence of m sequences of numbers (n,)
    coefficients : sequence of m numbers

    Returns
    -------
    tuple (n,)
        Fractions where all numbers are integers or fractions, else floats.

    Raises
    ------
    ShapeError
        Where the numbers of vectors and coefficients differ, or the vectors' lengths do.

    Examples
    --------
    >>> import unbend as ub
    >>> [int(x) for x in ub.combine([[1, 0], [1, 2]], [3, -1])]
    [2, -2]
    """
    rows, _ = number_rows(vectors)
    if len(rows) != len(coefficients):
        raise ShapeError("spaces.coefficient_count", vectors=len(rows), got=len(coefficients))
    numbers = [_number(c) for c in coefficients]
    return tuple(sum((c * r[i] for c, r in zip(numbers, rows, strict=True)), Fraction(0)) for i in range(len(rows[0])))


def product(A: Sequence[Vector], B: Sequence[Vector]) -> list[Numbers]:
    """The matrix product of A (n, m) and B (m, k) as n rows: each a linear combination of B's rows.

    Raises ``ShapeError`` where A does not have as many columns as B has rows.
    """
    left, right = number_rows(A)[0], number_rows(B)[0]
    if len(left[0]) != len(right):
        raise ShapeError("spaces.product_shape", columns=len(left[0]), rows=len(right))
    return [combine(right, row) for row in left]


def number_rows(vectors: Sequence[Vector]) -> tuple[list[list[Any]], bool]:
    """The vectors as rows of numbers, and whether all are exact."""
    rows = [[_number(x) for x in np.asarray(v, dtype=object).ravel()] for v in vectors]
    lengths = {len(r) for r in rows}
    if len(lengths) != 1 or 0 in lengths:
        raise ShapeError("spaces.vector_lengths", got=", ".join(str(len(r)) for r in rows) or "0")
    return rows, all(isinstance(x, Fraction) for r in rows for x in r)


def _number(x: Any) -> Any:
    if isinstance(x, Fraction):
        return x
    if isinstance(x, bool | np.bool_ | int | np.integer):
        return Fraction(int(x))
    if isinstance(x, float | np.floating) and np.isfinite(x):
        return float(x)
    raise ShapeError("spaces.not_a_number", got=x)
