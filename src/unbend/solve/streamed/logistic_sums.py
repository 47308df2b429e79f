"""`LogisticSums`: loss, gradient and Hessian of logistic regression, summed up over rows; sums of shards merge."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import BadInput, DataError
from ...kernels.sources import load_kernels
from ...network.scaling import Scaler
from .blocks import BlockCutter
from .exact_sums import ExactSums
from .row_check import checked_rows, flat_cells, refuse_bad_classes, refuse_bad_weights, refuse_not_finite

KERNEL = "unbend.solve.streamed.logistic_kernel"
ROWS = 1 << 13  # of a block
HEADER, TILE = 8, 4  # those of the kernel


class LogisticTotals(NamedTuple):
    """Sums over the rows: loss, gradient (1 + columns, outputs), Hessian (outputs * (1 + columns), likewise), weight.

    The Hessian's order is that of the transposed gradient, raveled. ``variances`` (columns,) are those of the
    standardised columns.
    """

    loss: float
    gradient: Array
    hessian: Array
    weight: float
    variances: Array


class LogisticSums:
    """What a Newton step of logistic regression needs to know of rows: one pass for each step.

    Blocks of 8,192 rows, counted from a shard's first, each by one kernel call, and the blocks' sums without any
    rounding: the bits depend neither on the sizes of batches nor on the order in which shards are merged nor on the
    number of threads. (The exponentials are the machine's own, so that another kind of processor may differ.)

    Parameters
    ----------
    coefficients : array (1 + columns, outputs)
        Those at which the sums are taken, of standardised columns, intercepts first. Two classes have one output, the
        log odds of class 1; more have one each (softmax).
    reference : Scaler, optional
        By which columns are standardised, (columns,).

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.streamed.logistic_sums import LogisticSums
    >>> sums = LogisticSums(np.zeros((2, 1)))
    >>> sums.add(np.array([[-1.0], [1.0]]), np.array([0, 1]))
    >>> totals = sums.totals()
    >>> round(totals.loss / totals.weight, 6), totals.gradient.tolist(), totals.hessian.tolist()
    (0.693147, [[0.0], [-1.0]], [[0.5, 0.0], [0.0, 0.5]])
    """

    def __init__(self, coefficients: Array, reference: Scaler | None = None) -> None:
        self.coefficients = np.array(coefficients, dtype=np.float64)
        self.columns, self.outputs = len(coefficients) - 1, coefficients.shape[1]
        self.reference = Scaler.none(self.columns) if reference is None else reference
        self._width = (self.columns + TILE) // TILE * TILE
        pairs = self.outputs * (self.outputs + 1) // 2
        self._sums = ExactSums((HEADER + (2 + self.outputs) * self._width + pairs * self._width**2,))
        self.rows = 0  # with a weight above 0
        self._blocks = BlockCutter(ROWS)
        self._next, self._weighted = 0, False

    def add(self, x: Array, classes: Array, weights: Array | None = None) -> None:
        """Add rows of the shard, in their order: x (rows, columns), class numbers and weights (rows,).

        Raises ``ShapeError`` if the shapes do not fit, ``DataError`` for a number that is not finite, a class that
        there is not and a negative weight; the message names the row of the shard, from 1.
        """
        x, classes, w = checked_rows(x, classes, weights, self.columns)
        self._weighted = weights is not None
        for block in self._blocks.cut(x, classes, *([w] if self._weighted else [])):
            self._add_block(*block)

    def merge(self, other: LogisticSums) -> None:
        """Add the sums of another shard; this one's shard ends here. Raises ``BadInput`` for other coefficients."""
        mine, theirs = ((s.coefficients, s.reference.centre, s.reference.scale) for s in (self, other))
        if not all(map(np.array_equal, mine, theirs)):
            raise BadInput("solve.sums_differ")
        self._end_shard()
        other._end_shard()
        self._sums.merge(other._sums)
        self.rows += other.rows

    def totals(self) -> LogisticTotals:
        """The sums in doubles, each rounded once; this shard ends here."""
        self._end_shard()
        values, width, k, d = self._sums.doubles(), self._width, self.outputs, self.columns + 1
        order = np.r_[d - 1, : d - 1]  # the kernel's columns end with the intercept
        rows = values[HEADER : HEADER + (2 + k) * width].reshape(-1, width)[:, order]
        moments, gradient = rows[:2], rows[2:]
        blocks = values[HEADER + (2 + k) * width :].reshape(-1, width, width)
        hessian = np.empty((k, d, k, d))
        for block, i, j in zip(blocks, *np.tril_indices(k), strict=True):
            upper = np.triu(block)
            own = (upper + np.triu(upper, 1).T)[np.ix_(order, order)]
            hessian[i, :, j], hessian[j, :, i] = own, own
        weight = float(moments[0, 0])
        mean = moments[0, 1:] / weight if weight > 0 else moments[0, 1:]
        variances = np.maximum(moments[1, 1:] / weight - mean**2, 0.0) if weight > 0 else moments[1, 1:]
        return LogisticTotals(float(values[0]), gradient.T, hessian.reshape(k * d, k * d), weight, variances)

    def __getstate__(self) -> dict[str, Any]:
        self._end_shard()
        return self.__dict__

    def _end_shard(self) -> None:
        for block in self._blocks.remainder():
            self._add_block(*block)
        self._next = 0

    def _add_block(self, x: Array, classes: Array, weights: Array | None = None) -> None:
        w = np.empty(0) if weights is None else np.ascontiguousarray(weights)
        refuse_bad_weights(w, self._next + 1)
        labels = classes.astype(np.int64)
        refuse_bad_classes(labels, classes, max(2, self.outputs), self._next + 1)
        high, low = np.zeros((2, *self._sums.shape))
        kernels = load_kernels(KERNEL)
        kernel = kernels.add_float32_rows if x.dtype == np.float32 else kernels.add_float64_rows
        own = np.zeros((self.outputs, self._width))
        own[:, : self.columns + 1] = np.roll(self.coefficients, -1, axis=0).T
        centre, factor = self.reference.centre, 1 / self.reference.scale
        kernel(*flat_cells(x), self.columns, labels, w, own.ravel(), centre, factor, high, low)
        if not np.isfinite(high).all():
            refuse_not_finite(x, classes, self._next + 1, [f"x{i + 1}" for i in range(self.columns + 1)])
            raise DataError("solve.logistic_overflow", row=self._next + 1)
        self._sums.add(high)
        self._sums.add(low)
        self.rows += len(x) if weights is None else int((weights > 0).sum())
        self._next += len(x)
