"""Linear combinations, spans, independence, basis and rank of vectors given by numbers.

Whole numbers and fractions are reckoned exactly. Floats are reckoned in float64: a singular value counts as 0 when
it is below max(shape) * 2**-52 times the largest (the rule of MATLAB's and NumPy's ``rank``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import ShapeError
from .rational import null_vector, reduced, solve

Vector = Any  # a sequence of numbers
Numbers = tuple[Any, ...]  # Fractions, or floats where a float came in


@dataclass(frozen=True)
class InSpan:
    """Whether a vector lies in the span: ``coefficients`` that reach it, or a ``witness``.

    The witness w has w·v = 0 for every spanning vector and w·vector = 1, which no combination could have.
    """

    coefficients: Numbers | None
    witness: Numbers | None
    exact: bool

    def __bool__(self) -> bool:
        return self.coefficients is not None


@dataclass(frozen=True)
class Independence:
    """Whether vectors are independent; if not, ``dependence`` holds coefficients, not all 0, that combine them to 0."""

    dependence: Numbers | None
    exact: bool

    def __bool__(self) -> bool:
        return self.dependence is None


def combine(vectors: Sequence[Vector], coefficients: Sequence[Any]) -> Numbers:
    """The linear combination: the sum of coefficient times vector, n numbers from vectors (n,).

    Raises ``ShapeError`` where the numbers of vectors and coefficients differ, or the vectors' lengths do.
    """
    rows, _ = _rows(vectors)
    if len(rows) != len(coefficients):
        raise ShapeError("spaces.coefficient_count", vectors=len(rows), got=len(coefficients))
    numbers = [_number(c) for c in coefficients]
    return tuple(sum((c * r[i] for c, r in zip(numbers, rows, strict=True)), Fraction(0)) for i in range(len(rows[0])))


def product(A: Sequence[Vector], B: Sequence[Vector]) -> list[Numbers]:
    """The matrix product of A (n, m) and B (m, k), row by row: each row a linear combination of B's rows.

    Raises ``ShapeError`` where A's columns are not as many as B's rows.
    """
    left, right = _rows(A)[0], _rows(B)[0]
    if len(left[0]) != len(right):
        raise ShapeError("spaces.product_shape", columns=len(left[0]), rows=len(right))
    return [combine(right, row) for row in left]


def in_span(vector: Vector, vectors: Sequence[Vector]) -> InSpan:
    """Whether the vector (n,) is a linear combination of the others, with the coefficients or a witness."""
    rows, exact = _rows([vector, *vectors])
    target, given = rows[0], rows[1:]
    columns = [list(c) for c in zip(*given, strict=True)]
    if not exact:
        return _in_span_of_floats(np.array(target, float), np.array(given, float))
    found = solve(columns, target)
    if found is not None:
        return InSpan(tuple(found), None, True)
    witness = solve([*given, target], [*(Fraction(0) for _ in given), Fraction(1)])
    return InSpan(None, tuple(witness or ()), True)


def independent(vectors: Sequence[Vector]) -> Independence:
    """Whether the vectors are linearly independent, with a dependence where they are not."""
    rows, exact = _rows(vectors)
    if exact:
        found = null_vector([list(c) for c in zip(*rows, strict=True)])
        return Independence(None if found is None else tuple(found), True)
    matrix = np.array(rows, float)
    left, sizes, _ = np.linalg.svd(matrix)
    kept = int(np.sum(sizes > _tolerance(matrix, sizes)))
    if kept == len(rows):
        return Independence(None, False)
    last = left[:, -1] / left[np.argmax(np.abs(left[:, -1])), -1]
    return Independence(tuple(float(c) for c in last), False)


def basis(vectors: Sequence[Vector]) -> list[Numbers]:
    """The first of the given vectors that are independent and span what all of them span."""
    rows, exact = _rows(vectors)
    if exact:
        _, pivots = reduced([list(c) for c in zip(*rows, strict=True)])
        return [tuple(rows[i]) for i in pivots]
    chosen: list[int] = []
    for i in range(len(rows)):
        if rank([rows[k] for k in (*chosen, i)]) > len(chosen):
            chosen.append(i)
    return [tuple(float(x) for x in rows[i]) for i in chosen]


def rank(vectors: Sequence[Vector]) -> int:
    """How many of the vectors are independent: the dimension of their span."""
    rows, exact = _rows(vectors)
    if exact:
        return len(reduced(rows)[1])
    matrix = np.array(rows, float)
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return int(np.sum(sizes > _tolerance(matrix, sizes)))


def _in_span_of_floats(target: Any, given: Any) -> InSpan:
    coefficients = np.linalg.lstsq(given.T, target, rcond=None)[0]
    rest = target - given.T @ coefficients
    size = float(np.abs(given.T) @ np.abs(coefficients) @ np.ones(len(target)) + np.abs(target).sum())
    if float(np.abs(rest).max()) <= max(given.shape) * np.finfo(float).eps * size * 4:
        return InSpan(tuple(float(c) for c in coefficients), None, False)
    return InSpan(None, tuple(float(w) for w in rest / (rest @ target)), False)


def _tolerance(matrix: Any, sizes: Any) -> float:
    return float(max(matrix.shape) * np.finfo(float).eps * (sizes[0] if len(sizes) else 0.0))


def _rows(vectors: Sequence[Vector]) -> tuple[list[list[Any]], bool]:
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
