"""`LinearFit`: one or several linear models of the same sparse rows, one class against the rest each."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...solve.sparse.classes import ClassesSolver
from ...solve.sparse.dual import DualSolver
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.sparse_rows import SparseRows
from ...text.weighting import count_rows, naive_bayes_scale, scale_columns
from ...threads import parallel_for

SIDE_BY_SIDE = 40  # classes that are fitted in one reading of the rows
SMOOTHING = 0.05  # of two classes' labels: some are wrong, and some texts say too little


class LinearFit:
    """Weights of sparse rows for a target: numbers, or classes, of which two have one output and more one each.

    Of two classes, a column is the freer the better it tells them apart (the naive Bayes ratio). With many classes,
    where each has few rows, that ratio is mostly noise and made held-out rows worse: there all columns are as free.

    Parameters
    ----------
    rows : SparseRows
        (n, columns).
    y : ndarray of shape (n,)
        Numbers about as large as 1, or class numbers.
    classes : int
        0 for numbers.
    train : ndarray of bool, (n,)
        The rows that are fitted to; nothing is computed from the others.
    seed : int
    dense : int, default 0
        So many of the columns, the last ones, have a value in every row: all of them are as free.
    in_place : bool, default False
        Whether the values of ``rows`` may be overwritten, which saves as much memory again.
    """

    def __init__(
        self,
        rows: SparseRows,
        y: Array,
        classes: int,
        train: Array,
        seed: int,
        dense: int = 0,
        *,
        in_place: bool = False,
    ) -> None:
        self._y, self._classes, self._dense, self._train = y, classes, dense, np.flatnonzero(train)
        self._scale: Array | None = None
        scaled = self._scaled(rows, train, in_place)
        self._solvers: list[DualSolver]
        if classes > 2:
            blocks = [(at, min(at + SIDE_BY_SIDE, classes)) for at in range(0, classes, SIDE_BY_SIDE)]
            self._solvers = [ClassesSolver(scaled, y - first, end - first, seed) for first, end in blocks]
        elif classes:
            self._solvers = [DualSolver(scaled, np.where(y == 1, 1.0, -1.0), "logistic", seed, SMOOTHING)]
        else:
            self._solvers = [DualSolver(scaled, y, "squared", seed)]

    def extend(self, rows: SparseRows, train: Array) -> None:
        """Take rows (n,) to be fitted to, among them those so far, with other values, which are overwritten.

        The next fit starts from the last one.
        """
        self._train = np.flatnonzero(train)
        scaled = self._scaled(rows, train, in_place=True)
        for solver in self._solvers:
            solver.replace_rows(scaled)

    def _scaled(self, rows: SparseRows, train: Array, in_place: bool) -> SparseRows:
        """Rows times the naive Bayes scale of their columns, if there are two classes."""
        positive = int(self._y[self._train].sum())
        if self._classes != 2 or positive in (0, len(self._train)):
            return rows
        rows_with = count_rows(rows, np.where(train, self._y, -1), 2)
        self._scale = naive_bayes_scale(rows_with, (len(self._train) - positive, positive))
        if self._dense:
            self._scale[-self._dense :] = 1
        return scale_columns(rows, self._scale, rows.values if in_place else None)

    def fit(self, cost: float, passes: int, deadline: float | None = None) -> None:
        """Fit at this cost, starting from the last one."""

        def fit_one(k: int) -> None:
            self._solvers[k].fit(self._train, cost, passes, deadline=deadline)

        parallel_for(fit_one, len(self._solvers), len(self._train) * 1000)

    @property
    def weights(self) -> tuple[Array, Array]:
        """(weights (columns, outputs), float32, intercepts (outputs,), float64)."""
        weights = self._beside([solver.weights for solver in self._solvers])
        scaled = weights[:-1] if self._scale is None else weights[:-1] * self._scale[:, None]
        return scaled, weights[-1].astype(np.float64)

    def outputs(self, which: Array) -> Array:
        """The outputs (k, outputs) of some rows (k,)."""
        return self._beside([solver.outputs(which) for solver in self._solvers])

    def outputs_in_bytes(self, which: Array) -> Array:
        """As `outputs`, of the weights stored in one byte each."""
        W, b = self.weights
        W = Int8Blocks.from_matrix(W).rows(np.arange(len(W)))
        if self._scale is not None:
            W /= np.where(self._scale > 0, self._scale, 1)[:, None]
        stored = np.vstack([W, b])
        outputs, at = [], 0
        for solver in self._solvers:
            own = stored[:, at : at + solver.weights[-1].size]
            outputs.append(solver.outputs(which, own.reshape(solver.weights.shape)))
            at += solver.weights[-1].size
        return self._beside(outputs)

    def _beside(self, parts: list[Array]) -> Array:
        """What the solvers have for each column or row, one beside the other, (k, outputs)."""
        return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)
