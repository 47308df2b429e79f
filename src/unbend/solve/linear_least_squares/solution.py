"""`LinearSolution`: the record of a solved linear least squares problem."""

from __future__ import annotations

from typing import NamedTuple

from ...arrays import Array


class LinearSolution(NamedTuple):
    """Coefficients b of X b = y with what inference needs; NaN where the data do not determine a coefficient.

    ``inverse_gram`` is (X'WX)^-1, (columns, columns); ``dependencies`` are (column, {other column: factor}) with
    column = sum of factor*other.
    """

    coefficients: Array
    inverse_gram: Array
    rss: float
    tss: float  # total sum of squares of the response about its mean, or about 0 without an intercept
    rank: int
    condition: float  # of the columns scaled to length 1
    dependencies: list[tuple[int, dict[int, float]]]
