"""`LeastSquaresSums`: what least squares needs to know of rows, summed up block by block; sums of shards merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import BadInput
from ...network.scaling import Scaler
from .block_sums import ROUNDING, ROWS, add_exactly, add_in_doubles
from .blocks import BlockCutter
from .exact_products import ROWS as EXACT_ROWS
from .exact_sums import ExactSums
from .row_check import checked_rows, refuse_bad_folds, refuse_bad_weights, refuse_not_finite
from .sums_solution import SumsSolution, solve_sums


class LeastSquaresSums:
    """The sums of products of columns, target and 1, of which one pass over the rows is enough for least squares.

    Two ways to sum. **In doubles**: blocks of 65,536 rows, counted from a shard's first, each by one kernel call, and
    the blocks' sums without any rounding. **Exact**: every product and every sum without rounding, each double read as
    the decimal that it stands for (0.1 is one tenth), some thirty times slower. Either way the bits depend neither on
    the sizes of batches nor on the order in which shards are merged nor on the number of threads. `solve` says how many
    digits are certain; where those of the sums in doubles are too few, sum again with ``exact``.

    A pickle is small, some hundred bytes for each pair of columns: sums travel between processes, rows need not.

    Parameters
    ----------
    columns : int or sequence of str
        How many columns there are, or their names, for messages.
    reference : Scaler, optional
        About the means and deviations of columns and target, (columns + 1,), from `reference_scaler`; the same for all
        sums that are to be merged. Sums in doubles have more digits with it; exact ones need none.
    folds : int, default 1
        For held-out losses: the sums of so many folds are held separately, 256 at most.
    exact : bool, default False
        Whether to sum without rounding.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.streamed.least_squares_sums import LeastSquaresSums
    >>> sums, other = LeastSquaresSums(1, exact=True), LeastSquaresSums(1, exact=True)
    >>> sums.add(np.array([[0.1], [0.2]]), np.array([1.2, 1.4]))
    >>> other.add(np.array([[0.3], [0.4]]), np.array([1.6, 1.8]))
    >>> sums.merge(other)
    >>> solution = sums.solve()
    >>> solution.coefficients.tolist(), solution.intercept, solution.rows
    ([2.0], 1.0, 4)
    """

    def __init__(
        self,
        columns: int | Sequence[str],
        *,
        reference: Scaler | None = None,
        folds: int = 1,
        exact: bool = False,
    ) -> None:
        self.names = [f"x{i + 1}" for i in range(columns)] if isinstance(columns, int) else [*columns]
        self.columns, self.folds, self.exact = len(self.names), folds, exact
        size = self.columns + 2  # columns, target, 1
        self.reference = Scaler.none(size - 1) if reference is None or exact else reference
        self.sums = [ExactSums((size, size)) for _ in range(folds)]
        self.rows = np.zeros(folds, np.int64)  # with a weight above 0
        self.single = True  # whether all columns came in single precision
        self._blocks = BlockCutter(EXACT_ROWS if exact else ROWS)
        self._next = 0  # the number of the next block's first row in the shard

    def add(
        self,
        x: Array,
        y: Array,
        weights: Array | None = None,
        *,
        fold: Array | None = None,
        low: Array | None = None,
    ) -> None:
        """Add rows of the shard, in their order.

        Parameters
        ----------
        x : array of float32 or float64 (rows, columns)
            In rows or in columns; other types are converted to float64.
        y : array (rows,)
            The target.
        weights : array (rows,), optional
            Not negative; 1 without. All batches have weights or none has.
        fold : array of int (rows,), optional
            The fold of each row, from 0; all are in the first one without. All batches have folds or none has.
            Neighbouring rows of one fold are added up faster.
        low : array (rows, columns), optional
            What columns have beyond ``x``, for exact sums of columns with up to 32 digits, such as powers; then ``x``
            is read as it is, not as decimals.

        Raises
        ------
        ShapeError
            If the shapes do not fit.
        DataError
            For a number that is not finite or a negative weight; the message names the row of the shard, from 1.
        """
        x, y, w = checked_rows(x, y, weights, self.columns)
        if fold is not None:
            refuse_bad_folds(np.asarray(fold), len(y), self.folds)
        given = {"weights": None if weights is None else w, "fold": fold, "low": low}
        self._parts = [name for name, part in given.items() if part is not None]
        self.single = self.single and x.dtype == np.float32
        for block in self._blocks.cut(x, y, *(np.asarray(given[name]) for name in self._parts)):
            self._add_block(*block)

    def merge(self, other: LeastSquaresSums) -> None:
        """Add the sums of another shard; this one's shard ends here. Raises ``BadInput`` if made in another way."""
        mine, theirs = ((s.names, s.folds, s.exact, s.reference) for s in (self, other))
        same = mine[:3] == theirs[:3] and all(
            np.array_equal(getattr(mine[3], part), getattr(theirs[3], part)) for part in ("centre", "scale")
        )
        if not same:
            raise BadInput("solve.sums_differ")
        self._end_shard()
        other._end_shard()
        for own, sums in zip(self.sums, other.sums, strict=True):
            own.merge(sums)
        self.rows = self.rows + other.rows
        self.single = self.single and other.single

    def total(self) -> ExactSums:
        """The sums of all folds: products of standardised columns, target and 1, on and above the diagonal."""
        self._end_shard()
        total = ExactSums(self.sums[0].shape)
        for sums in self.sums:
            total.merge(sums)
        return total

    def solve(self, penalty: float = 0.0, intercept: bool = True) -> SumsSolution:
        """The least squares solution of all rows; this shard ends here.

        Parameters
        ----------
        penalty : float, default 0
            Of the sum of squared coefficients of standardised columns, in units of the mean squared residual (ridge
            regression, as ``linear_model.ridge``); the intercept is not penalised.
        intercept : bool, default True
            Whether there is a constant.

        Returns
        -------
        SumsSolution

        Raises
        ------
        DataError
            If there is no row, or none with a weight above 0.
        """
        self._end_shard()
        return solve_sums(
            self.total(),
            int(self.rows.sum()),
            self.reference,
            rounding=0.0 if self.exact else ROUNDING,
            data_rounding=2.0**-24 if self.single else 2.0**-53,
            penalty=penalty,
            intercept=intercept,
        )

    def __getstate__(self) -> dict[str, Any]:
        self._end_shard()
        return self.__dict__

    def _end_shard(self) -> None:
        for block in self._blocks.remainder():
            self._add_block(*block)
        self._next = 0

    def _add_block(self, x: Array, y: Array, *parts: Array) -> None:
        given = dict(zip(self._parts, parts, strict=True))
        weights, fold = given.get("weights", np.empty(0)), given.get("fold", np.empty(0)).astype(np.uint8)
        refuse_bad_weights(weights, self._next + 1)
        if self.exact:
            refuse_not_finite(x, y, self._next + 1, [*self.names, "y"])
            add_exactly(self.sums, x, y, weights, fold, given.get("low"))
        elif not add_in_doubles(self.sums, x, y, weights, fold, self.reference):
            refuse_not_finite(x, y, self._next + 1, [*self.names, "y"])
            z = self.reference(np.column_stack([x, y]))
            refuse_not_finite(z[:, :-1], z[:, -1], self._next + 1, [*self.names, "y"])  # far from all it was made of
            add_exactly(self.sums, z[:, :-1], z[:, -1], weights, fold, np.zeros(x.shape))
        used = weights > 0 if len(weights) else np.ones(len(y), bool)
        self.rows += np.bincount(fold[used] if len(fold) else np.zeros(used.sum(), int), minlength=self.folds)
        self._next += len(y)
