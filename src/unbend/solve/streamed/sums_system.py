"""`SumsSystem`: the normal equations of sums over rows in decimals, and which columns depend on others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from operator import mul

import numpy as np
from scipy import linalg

from ...arrays import Array
from ...network.scaling import Scaler
from ..linear_least_squares.normal_equations import Matrix, solve_gram
from ..linear_least_squares.solution import LinearSolution
from ..linear_model.blas_threads import one_blas_thread
from .exact_sums import ExactSums

MANY = 80  # columns: of more, decimals take long
_CLEAR = 1e-8  # of a squared length: columns whose Cholesky pivots are above are independent
_LEAST_RSS = Decimal(10) ** -80  # of the target's sum of squares: below, the residuals are rounding
_UNITS = 2.0  # of rounding, by which the numbers of a dependent column may be off on average


@dataclass(eq=False)
class SumsSystem:
    """Sums of products of [1 if there is an intercept, columns, target, 1], for `solve_gram`.

    The constant comes first, so that constant columns depend on it and not the other way round. To be used inside
    ``decimal_arithmetic.context()``.
    """

    gram: Matrix
    intercept: bool
    rounding: float  # relative error of the sums of products
    data_rounding: float  # unit roundoff of the numbers
    noise: Array  # lengths of the columns whose products were rounded
    lengths: Array  # lengths of the columns as they came
    scaler: Scaler  # of columns and target: the system is that of standardised ones

    @classmethod
    def of(
        cls, sums: ExactSums, reference: Scaler, intercept: bool, rounding: float, data_rounding: float
    ) -> SumsSystem:
        """From sums of products of columns and target, standardised by ``reference``, and 1."""
        gram, scale = _to_unit_lengths(to_decimals(sums), reference.scale)
        shift = [Decimal(float(c)) / Decimal(float(s)) for c, s in zip(reference.centre, scale, strict=True)]
        raw = _shifted(gram, shift)
        lengths, noise = _lengths(raw), _lengths(gram)
        centre = reference.centre
        if not intercept:
            centre = np.zeros_like(centre)
            noise[:-1] += np.abs([float(s) for s in shift]) * noise[-1]
            gram = raw
        order = [len(gram) - 1] * intercept + list(range(len(gram)))
        system = [[gram[i][j] for j in order] for i in order]
        return cls(system, intercept, rounding, data_rounding, noise[order], lengths[order], Scaler(centre, scale))

    def solve(self, penalty: float) -> LinearSolution:
        """In these standardised columns; the penalty is that of `LeastSquaresSums.solve`.

        In decimals, except for sums in doubles of many columns that are clearly independent: then in doubles, refined.
        """
        system = self._penalised(penalty)
        if self.rounding > 0 and len(system) > MANY:
            solution = self._in_doubles(system)
            if solution is not None:
                return solution
        return solve_gram(system, Decimal(1), self._dependence, self._rss)

    def is_decided(self, solution: LinearSolution) -> bool:
        """Whether columns are certainly dependent: exact sums say so, or such a column is zero."""
        return self.rounding == 0 or not any(self.noise[column] for column, _ in solution.dependencies)

    def error_bounds(self, solution: LinearSolution) -> Array:
        """By how much each coefficient may be off through the rounding of the sums, to first order."""
        inverse = np.abs(np.nan_to_num(solution.inverse_gram))
        noise, target = self.noise[:-2], self.noise[-2]
        return np.asarray(inverse @ noise * self.rounding * (noise @ np.abs(solution.coefficients) + target))

    def _in_doubles(self, system: Matrix) -> LinearSolution | None:
        """By Cholesky factors and one step of refinement; None where columns are nearly dependent."""
        k, target, ones = len(system) - 2, system[-2], system[-1]
        matrix = np.array([[float(v) for v in row[:k]] for row in system[:k]])
        lengths = np.sqrt(np.diag(matrix))
        if not lengths.all():
            return None
        with one_blas_thread():
            try:
                factor = linalg.cho_factor(matrix / np.outer(lengths, lengths), lower=True)
            except linalg.LinAlgError:
                return None
            if np.diag(factor[0]).min() ** 2 < _CLEAR:
                return None
            inverse = linalg.cho_solve(factor, np.eye(k)) / np.outer(lengths, lengths)
            b = inverse @ np.array([float(v) for v in target[:k]])
            decimals = [Decimal(v) for v in b.tolist()]
            rest = [float(m - sum(map(mul, row, decimals))) for m, row in zip(target, system[:k], strict=False)]
            b += inverse @ np.array(rest)
        scaled = np.abs(inverse) * np.outer(lengths, lengths)
        mean = ones[-2] ** 2 / ones[-1] if self.intercept else Decimal(0)
        return LinearSolution(
            coefficients=b,
            inverse_gram=inverse,
            rss=float(self._rss(list(range(k)), [Decimal(v) for v in b.tolist()])),
            tss=float(target[-2] - mean),
            rank=k,
            condition=math.sqrt(float(scaled.sum(axis=1).max()) * k),
            dependencies=[],
        )

    def _penalised(self, penalty: float) -> Matrix:
        if penalty == 0:
            return self.gram
        result, last = [row[:] for row in self.gram], len(self.gram) - 1
        for j in range(int(self.intercept), last - 1):
            mean = self.gram[last][j] ** 2 / self.gram[last][last] if self.intercept else Decimal(0)
            result[j][j] += Decimal(penalty) * (self.gram[j][j] - mean)
        return result

    def _dependence(self, column: int, factors: dict[int, Decimal]) -> dict[int, float] | None:
        """The factors if what others leave of a column is no more than rounding of the sums or of the numbers."""
        sizes = {column: 1.0, **{j: abs(float(f)) for j, f in factors.items()}}
        rest = float(
            self.gram[column][column] - sum((self.gram[column][j] * f for j, f in factors.items()), Decimal(0))
        )
        of_sums = self.rounding * sum(size * self.noise[j] for j, size in sizes.items()) ** 2
        of_numbers = (_UNITS * self.data_rounding * sum(size * self.lengths[j] for j, size in sizes.items())) ** 2
        return {j: float(f) for j, f in factors.items()} if rest <= max(of_sums, of_numbers) else None

    def _rss(self, order: list[int], solved: list[Decimal]) -> Decimal:
        target = len(self.gram) - 2
        total = self.gram[target][target]
        for i, b in zip(order, solved, strict=True):
            fitted = sum((self.gram[i][j] * c for j, c in zip(order, solved, strict=True)), Decimal(0))
            total += b * (fitted - 2 * self.gram[i][target])
        return total if total > self.gram[target][target] * _LEAST_RSS else Decimal(0)


def to_decimals(sums: ExactSums) -> Matrix:
    """The symmetric matrix whose upper part the sums are; inside ``decimal_arithmetic.context()``."""
    integers, exponent = sums.integers()
    unit, size = Decimal(2) ** exponent, sums.shape[1]
    values, every = [Decimal(i) * unit for i in integers], range(size)
    return [[values[min(i, j) * size + max(i, j)] for j in every] for i in every]


def _to_unit_lengths(gram: Matrix, scale: Array) -> tuple[Matrix, Array]:
    """Columns and target divided by powers of two near their lengths, so that none is out of the range of doubles."""
    exponents = [round(float(row[i].ln()) / math.log(4)) if row[i] > 0 else 0 for i, row in enumerate(gram[:-1])]
    factors = [*(Decimal(2) ** -e for e in exponents), Decimal(1)]
    every = range(len(gram))
    scaled = [[gram[i][j] * factors[i] * factors[j] for j in every] for i in every]
    return scaled, np.ldexp(scale, exponents)


def _lengths(gram: Matrix) -> Array:
    return np.array([float(max(row[i], Decimal(0)).sqrt()) for i, row in enumerate(gram)])


def _shifted(gram: Matrix, shift: list[Decimal]) -> Matrix:
    """The sums of products of columns + shift, the last column being 1."""
    ones, c, every = gram[-1], [*shift, Decimal(0)], range(len(gram))
    return [[gram[i][j] + c[i] * ones[j] + c[j] * ones[i] + c[i] * c[j] * ones[-1] for j in every] for i in every]
