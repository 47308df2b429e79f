"""`solve_sums`: least squares and ridge regression from sums of products, in decimals of 100 digits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...errors import DataError
from ...network.scaling import Scaler
from ..linear_least_squares.solution import LinearSolution
from ..precision import decimal_arithmetic
from .exact_sums import ExactSums
from .sums_system import SumsSystem

ALL_DIGITS = -math.log10(2.0**-53)  # those of a double


@dataclass(frozen=True)
class Dependence:
    """Column ``column`` is ``constant`` + sum of factor * other over ``factors``: not determined, so 0 is taken."""

    column: int
    factors: dict[int, float]
    constant: float


@dataclass(frozen=True, eq=False)
class SumsSolution:
    """A linear model from sums over rows.

    Attributes
    ----------
    coefficients, standard_errors : array (columns,)
        Standard errors are NaN without degrees of freedom, with a penalty, and where not determined.
    intercept, intercept_error : float
        0 and NaN without an intercept.
    rows, dof : int
        Rows with a weight, and degrees of freedom.
    rss, tss : float
        Residual and total sums of squares; the latter about the mean if there is an intercept.
    condition : float
        An upper bound of the condition number of the columns as they were summed, scaled to length 1.
    digits : float
        How many decimal digits of the worst coefficient and of the intercept are certain, against itself or, if that is
        larger, its chance spread: about 16 from exact sums. From sums in doubles a bound of their rounding errors; at
        0 doubles cannot tell whether columns depend on each other. The numbers themselves count as exact.
    undetermined : tuple of Dependence
        Columns that are combinations of others, exactly or up to the rounding of their numbers.
    penalty : float
    """

    coefficients: Array
    intercept: float
    standard_errors: Array
    intercept_error: float
    rows: int
    dof: int
    rss: float
    tss: float
    condition: float
    digits: float
    undetermined: tuple[Dependence, ...]
    penalty: float

    @property
    def r2(self) -> float:
        """The share of the total sum of squares that is explained; NaN for a constant target."""
        return 1 - self.rss / self.tss if self.tss > 0 else math.nan


def solve_sums(
    sums: ExactSums,
    rows: int,
    reference: Scaler,
    *,
    rounding: float,
    data_rounding: float,
    penalty: float,
    intercept: bool,
) -> SumsSolution:
    """The solution from the sums of products (k + 2, k + 2) of k columns, target and 1, standardised by ``reference``.

    ``rounding`` is the relative error of the sums, against sums of absolute values; ``data_rounding`` the unit roundoff
    of the columns' numbers. Raises ``DataError`` if there is no row.
    """
    if rows == 0:
        raise DataError("solve.no_rows")
    with decimal_arithmetic.context():
        system = SumsSystem.of(sums, reference, intercept, rounding, data_rounding)
        solution = system.solve(penalty)
    first = int(intercept)
    centre, scale = system.scaler.centre, system.scaler.scale
    ratio = centre[:-1] / scale[:-1]
    to_raw = np.eye(len(ratio) + first)  # the intercept on raw columns, from coefficients of standardised ones
    to_raw[:first, first:] = -ratio
    units = scale[-1] / np.concatenate([np.ones(first), scale[:-1]])
    b = to_raw @ solution.coefficients * units
    if first:
        b[0] = math.fsum([scale[-1] * solution.coefficients[0], centre[-1], *(-centre[:-1] * b[1:])])
    dof, independent = rows - solution.rank, ~np.isnan(np.diag(solution.inverse_gram))
    variance = solution.rss / dof if dof > 0 else math.nan
    inverse = np.where(np.outer(independent, independent), solution.inverse_gram, 0.0)
    errors = np.sqrt(np.maximum(np.diagonal(to_raw @ inverse @ to_raw.T), 0.0) * variance) * units
    bounds = np.abs(to_raw) @ system.error_bounds(solution) * units
    if first and rounding > 0:
        bounds[0] += 2.0**-53 * (np.abs(centre) @ np.abs([*b[1:], 1.0]))
    certain = _digits(bounds[independent], np.fmax(np.abs(b), errors)[independent])
    if penalty > 0:
        errors[:] = math.nan  # a penalised coefficient is biased: this is its spread, not its error
    for column, factors in solution.dependencies:
        errors[[column, *(j for j in factors if j >= first)]] = math.nan
    return SumsSolution(
        coefficients=b[first:],
        intercept=float(b[0]) if first else 0.0,
        standard_errors=errors[first:],
        intercept_error=float(errors[0]) if first else math.nan,
        rows=rows,
        dof=dof,
        rss=solution.rss * scale[-1] * scale[-1],
        tss=solution.tss * scale[-1] * scale[-1],
        condition=solution.condition,
        digits=certain if system.is_decided(solution) else 0.0,
        undetermined=_in_raw_columns(solution, system),
        penalty=penalty,
    )


def _digits(bounds: Array, sizes: Array) -> float:
    """How many digits all numbers of such sizes have, with errors within these bounds."""
    lost = [bound / size if size > 0 else 1.0 for bound, size in zip(bounds, sizes, strict=True) if bound > 0]
    return min(max(-math.log10(max(lost)), 0.0), ALL_DIGITS) if lost else ALL_DIGITS


def _in_raw_columns(solution: LinearSolution, system: SumsSystem) -> tuple[Dependence, ...]:
    found, first = [], int(system.intercept)
    centre, scale = system.scaler.centre, system.scaler.scale
    for column, factors in solution.dependencies:
        j = column - first
        others = {i - first: f * float(scale[j] / scale[i - first]) for i, f in factors.items() if i >= first}
        constant = float(scale[j]) * factors.get(0, 0.0) if first else 0.0
        middle = math.fsum([float(centre[j]), *(-f * float(centre[i]) for i, f in others.items())])
        found.append(Dependence(j, others, constant + middle))
    return tuple(found)
