"""Linear dependence between columns within the precision of the data they are computed from.

A column of data that was computed from others in floating point, such as Fahrenheit from Celsius, differs from the
exact linear combination by a few rounding errors in every row. Columns depend on each other at the precision of the
data where a combination of them, g, is in every row within a few units of

    sum over the data columns v of  u_v * |v| * |dg/dv|,

the first-order effect of rounding every number of the data; u_v is the unit roundoff of the column. Columns of a
polynomial may be far closer to dependence than that in norm: they are exact functions of one data column, so rounding
changes g by no more than g itself is, and they count as independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from ...formula.evaluate.derivative import derivative
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ...formula.language.build import ZERO
from ...formula.language.tree import Node
from . import decimal_arithmetic
from .extended_precision import to_extended

_UNITS = 8.0  # rounding errors a number may be off by: a computed column has gone through several operations
_DOUBLE, _SINGLE = 2.0**-53, 2.0**-24  # unit roundoffs
_NEAR = 2.0**20  # units of roundoff below which a relative residual is examined at all
_SMALLEST_TOLERANCE = 1e-8  # of the largest row's: keeps the weights of the rows within what doubles can solve
_SMALLEST_SINGULAR_VALUE = 1e-12


class DataRounding:
    """The effect of the data's rounding errors on combinations of columns.

    ``columns`` are trees; ``values`` holds the arrays (rows,) of the data and the numbers of all other names. Only the
    names in ``data`` carry rounding errors.
    """

    def __init__(self, columns: Sequence[Node], values: Mapping[str, Any], data: Sequence[str]) -> None:
        self.columns = columns
        self.values = values
        self.data = data

    @cached_property
    def unit_roundoffs(self) -> dict[str, float]:
        """{data column: unit roundoff}: of single precision if the numbers have it and use all of its digits."""
        single = {name: _is_single(self.values[name]) for name in self.data}
        full = any(single[name] and _fills_single(self.values[name]) for name in self.data)
        return {name: _SINGLE if full and single[name] else _DOUBLE for name in self.data}

    @property
    def is_single(self) -> bool:
        """Whether data are in single precision."""
        return _SINGLE in self.unit_roundoffs.values()

    @cached_property
    def near(self) -> float:
        """The relative residual of a column, in norm, above which it is no candidate for a dependence."""
        return _NEAR * max(self.unit_roundoffs.values(), default=_DOUBLE)

    def of(self, factors: Mapping[int, Any]) -> Array:
        """The effect on sum of factor*column, (rows,), of rounding every number of the data once.

        The slopes of the columns may cancel as much as the columns do, so they are added in the type of the factors:
        Decimals (inside their context) or ``longdouble``.
        """
        exact = any(isinstance(factor, Decimal) for factor in factors.values())
        total = 0.0
        for name in self.data:
            terms = [slope * factors[j] for j, slope in self._slopes(name, exact).items() if j in factors]
            if terms:
                inside = np.abs(np.asarray(sum(terms[1:], terms[0]), dtype=float))
                inside = np.where(np.isfinite(inside), inside, 0.0)
                total = total + inside * np.abs(self.values[name]) * self.unit_roundoffs[name]
        return np.asarray(total, dtype=float)

    def _slopes(self, name: str, exact: bool) -> dict[int, Any]:
        """{number of a column: its slope in one data column, a number or (rows,)}, where that is not 0."""
        if (name, exact) not in self._computed:
            trees = {j: derivative(column, name) for j, column in enumerate(self.columns)}
            trees = {j: slope for j, slope in trees.items() if slope != ZERO}
            self._computed[name, exact] = dict(zip(trees, self._run(list(trees.values()), exact), strict=True))
        return self._computed[name, exact]

    def _run(self, trees: list[Node], exact: bool) -> list[Any]:
        tape = Tape[Any](trees)
        used = {n: v for n, v in self.values.items() if n in tape.names}
        if exact:
            try:
                decimals = {n: decimal_arithmetic.to_decimals(np.atleast_1d(v)) for n, v in used.items()}
                return tape.run(decimals, decimal_arithmetic.Decimals())
            except decimal_arithmetic.NoValue:  # such as the slope of sqrt at 0
                floats = self._run(trees, exact=False)
                return [
                    decimal_arithmetic.to_decimals(np.where(np.isfinite(v), v, 0)) for v in map(np.atleast_1d, floats)
                ]
        with np.errstate(all="ignore"):
            return tape.run({n: to_extended(np.atleast_1d(v)) for n, v in used.items()}, Floats(np.longdouble))

    @cached_property
    def _computed(self) -> dict[tuple[str, bool], dict[int, Any]]:
        return {}

    def dependence(
        self, column: int, factors: Mapping[int, Any], residuals: Array, columns: Array, noise: Array | float = 0.0
    ) -> dict[int, float] | None:
        """The factors of a dependence at the precision of the data, without negligible terms; None if there is none.

        ``residuals`` (rows,) are those of ``column`` = sum of factor*other, computed with more digits than doubles
        have, up to an error of ``noise``; ``columns`` (rows, len(factors)) are the values of the others.
        """
        tolerance = self.of({column: type(next(iter(factors.values()), 1.0))(1), **{j: -f for j, f in factors.items()}})
        tolerance = np.broadcast_to(tolerance + noise, residuals.shape)
        largest = float(tolerance.max(initial=0.0))
        others, floats = list(factors), {j: float(f) for j, f in factors.items()}
        if not largest > 0:
            return None if residuals.any() else floats
        tolerance = np.maximum(tolerance, _SMALLEST_TOLERANCE * largest)[:, None]
        scaled, target = columns / tolerance, residuals / tolerance[:, 0]
        found = _corrections(scaled, target)
        if found is None:
            return None
        places = list(range(len(others)))
        for i in sorted(places, key=lambda i: abs(floats[others[i]]) * float(np.max(np.abs(columns[:, i])))):
            remaining = [p for p in places if p != i]
            with_own = target + scaled[:, i] * floats[others[i]]
            shorter = _corrections(scaled[:, remaining], with_own)
            if shorter is not None:
                places, found, target = remaining, shorter, with_own
        return {others[i]: floats[others[i]] + float(c) for i, c in zip(places, found, strict=True)}


def _corrections(scaled: Array, target: Array) -> Array | None:
    """The corrections of the factors that leave at most a few tolerances in every row; None where none do."""
    norms = np.linalg.norm(scaled, axis=0)
    norms = np.where(norms > 0, norms, 1.0)
    corrections = np.linalg.lstsq(scaled / norms, target, rcond=_SMALLEST_SINGULAR_VALUE)[0] / norms
    return corrections if np.max(np.abs(target - scaled @ corrections), initial=0.0) <= _UNITS else None


def _is_single(values: Array) -> bool:
    with np.errstate(over="ignore"):
        return bool((values.astype(np.float32) == values).all())


def _fills_single(values: Array) -> bool:
    """Whether single-precision numbers use their last bits, as results of a computation do and counts do not."""
    if (np.abs(values) < 2.0**24).all() and (values == np.rint(values)).all():
        return False
    integers = np.abs(np.frexp(values[values != 0])[0] * 2.0**24).astype(np.int64)
    return bool(np.mean(integers % 8 != 0) > 0.25)
