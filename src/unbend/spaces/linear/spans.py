"""Spans, independence, basis and rank of vectors given by numbers.

Integers and fractions are computed with exactly. Floats are computed with in float64: a singular value counts as 0
when it is below max(shape) * 2**-52 times the largest (the rule of MATLAB's and NumPy's ``rank``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...display import Displayed
from ...words import say
from ..result import format_value
from .combinations import Numbers, Vector, number_rows
from .row_reduction import null_vector, row_echelon, solve


@dataclass(frozen=True)
class InSpan(Displayed):
    """The result of `in_span`; true in a condition when the vector lies in the span.

    Attributes
    ----------
    coefficients : tuple or None
        Of a linear combination that gives the vector.
    witness : tuple or None
        Else a vector w with w·v = 0 for every spanning vector and w·vector = 1, which proves that there is none.
    exact : bool
        Whether the arithmetic was exact.
    reason : str
        In the language in use.
    """

    coefficients: Numbers | None
    witness: Numbers | None
    exact: bool

    def __bool__(self) -> bool:
        return self.coefficients is not None

    @property
    def reason(self) -> str:
        """The result with its evidence, in the language in use."""
        if self.coefficients is not None:
            return say("spaces.in_span", coefficients=_written(self.coefficients))
        return say("spaces.not_in_span", witness=_written(self.witness or ()))

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Independence(Displayed):
    """The result of `independent`; true in a condition when the vectors are linearly independent.

    Attributes
    ----------
    dependence : tuple or None
        Else coefficients, not all 0, of a linear combination that gives 0.
    exact : bool
        Whether the arithmetic was exact.
    reason : str
        In the language in use.
    """

    dependence: Numbers | None
    exact: bool

    def __bool__(self) -> bool:
        return self.dependence is None

    @property
    def reason(self) -> str:
        """The result with its evidence, in the language in use."""
        if self.dependence is None:
            return say("spaces.independent")
        return say("spaces.dependent", coefficients=_written(self.dependence))

    def __str__(self) -> str:
        return self.reason


def in_span(vector: Vector, vectors: Sequence[Vector]) -> InSpan:
    """Whether a vector is a linear combination of others.

    Parameters
    ----------
    vector : sequence of numbers (n,)
    vectors : sequence of sequences of numbers (n,)

    Returns
    -------
    InSpan
        True in a condition when it is; with ``coefficients``, or a ``witness`` that there are none.

    Raises
    ------
    ShapeError
        Where the lengths differ, or something is not a finite number.

    Examples
    --------
    >>> import unbend as ub
    >>> bool(ub.in_span([1, 2], [[1, 0], [0, 1]])), bool(ub.in_span([1, 2], [[1, 1]]))
    (True, False)
    """
    rows, exact = number_rows([vector, *vectors])
    target, given = rows[0], rows[1:]
    columns = [list(c) for c in zip(*given, strict=True)]
    if not exact:
        return _in_span_of_floats(np.array(target, float), np.array(given, float))
    coefficients = solve(columns, target)
    if coefficients is not None:
        return InSpan(tuple(coefficients), None, True)
    witness = solve([*given, target], [*(Fraction(0) for _ in given), Fraction(1)])
    return InSpan(None, tuple(witness or ()), True)


def independent(vectors: Sequence[Vector]) -> Independence:
    """Whether vectors are linearly independent.

    Parameters
    ----------
    vectors : sequence of sequences of numbers (n,)

    Returns
    -------
    Independence
        True in a condition when they are; else with a ``dependence``.

    Raises
    ------
    ShapeError
        Where the lengths differ, or something is not a finite number.

    Examples
    --------
    >>> import unbend as ub
    >>> result = ub.independent([[1, 2], [2, 4]])
    >>> bool(result), [int(c) for c in result.dependence]
    (False, [-2, 1])
    """
    rows, exact = number_rows(vectors)
    if exact:
        dependence = null_vector([list(c) for c in zip(*rows, strict=True)])
        return Independence(None if dependence is None else tuple(dependence), True)
    matrix = np.array(rows, float)
    left, singular, _ = np.linalg.svd(matrix)
    if int(np.sum(singular > _tolerance(matrix, singular))) == len(rows):
        return Independence(None, False)
    last = left[:, -1] / left[np.argmax(np.abs(left[:, -1])), -1]
    return Independence(tuple(float(c) for c in last), False)


def basis(vectors: Sequence[Vector]) -> list[Numbers]:
    """A basis of the span: the first of the given vectors that are independent and span the same space.

    Parameters
    ----------
    vectors : sequence of sequences of numbers (n,)

    Returns
    -------
    list of tuple (n,)

    Raises
    ------
    ShapeError
        Where the lengths differ, or something is not a finite number.

    Examples
    --------
    >>> import unbend as ub
    >>> [tuple(map(int, v)) for v in ub.basis([[1, 2], [2, 4], [0, 1]])]
    [(1, 2), (0, 1)]
    """
    rows, exact = number_rows(vectors)
    if exact:
        _, pivots = row_echelon([list(c) for c in zip(*rows, strict=True)])
        return [tuple(rows[i]) for i in pivots]
    chosen: list[int] = []
    for i in range(len(rows)):
        if rank([rows[k] for k in (*chosen, i)]) > len(chosen):
            chosen.append(i)
    return [tuple(float(x) for x in rows[i]) for i in chosen]


def rank(vectors: Sequence[Vector]) -> int:
    """The rank of vectors: the dimension of their span.

    Parameters
    ----------
    vectors : sequence of sequences of numbers (n,)

    Returns
    -------
    int

    Raises
    ------
    ShapeError
        Where the lengths differ, or something is not a finite number.

    Examples
    --------
    >>> import unbend as ub
    >>> ub.rank([[1, 2], [2, 4]])
    1
    """
    rows, exact = number_rows(vectors)
    if exact:
        return len(row_echelon(rows)[1])
    matrix = np.array(rows, float)
    singular = np.linalg.svd(matrix, compute_uv=False)
    return int(np.sum(singular > _tolerance(matrix, singular)))


def _in_span_of_floats(target: Any, given: Any) -> InSpan:
    coefficients = np.linalg.lstsq(given.T, target, rcond=None)[0]
    residual = target - given.T @ coefficients
    size = float(np.abs(given.T) @ np.abs(coefficients) @ np.ones(len(target)) + np.abs(target).sum())
    if float(np.abs(residual).max()) <= max(given.shape) * np.finfo(float).eps * size * 4:
        return InSpan(tuple(float(c) for c in coefficients), None, False)
    return InSpan(None, tuple(float(w) for w in residual / (residual @ target)), False)


def _tolerance(matrix: Any, singular: Any) -> float:
    return float(max(matrix.shape) * np.finfo(float).eps * (singular[0] if len(singular) else 0.0))


def _written(numbers: Numbers) -> str:
    return f"({', '.join(f'{x:.6g}' if isinstance(x, float) else format_value(x) for x in numbers)})"
