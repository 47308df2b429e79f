"""`LinearFit`: one or several linear models of the same sparse rows, one class against the rest each."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...solve.sparse.dual import DualSolver
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.sparse_rows import SparseRows
from ...text.weighting import naive_bayes_scale
from ...threads import parallel_for


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
    """

    def __init__(self, rows: SparseRows, y: Array, classes: int, train: Array, seed: int) -> None:
        self._train = np.flatnonzero(train)
        if classes == 0:
            self._solvers = [DualSolver(rows, y, "squared", seed=seed)]
            return
        self._solvers = []
        for positive in [1] if classes == 2 else range(classes):
            freedom = naive_bayes_scale(rows, y == positive, train) ** 2 if classes == 2 else None
            signs = np.where(y == positive, 1.0, -1.0)
            self._solvers.append(DualSolver(rows, signs, "logistic", freedom, seed))

    def fit(self, cost: float, passes: int, deadline: float | None = None) -> None:
        """Fit at this cost, starting from the last one."""

        def fit_one(k: int) -> None:
            self._solvers[k].fit(self._train, cost, passes, deadline=deadline)

        parallel_for(fit_one, len(self._solvers), len(self._train) * 1000)

    @property
    def weights(self) -> tuple[Array, Array]:
        """(weights (columns, outputs), intercepts (outputs,))."""
        weights = np.stack([solver.weights for solver in self._solvers], axis=1)
        return weights[:-1], weights[-1]

    def outputs(self, which: Array, in_bytes: bool = False) -> Array:
        """The outputs (k, outputs) of some rows (k,), also those of the weights stored in one byte each."""
        W, b = self.weights
        if in_bytes:
            W = Int8Blocks.from_matrix(W).rows(np.arange(len(W)))
        return np.stack(
            [solver.outputs(which, np.append(W[:, k], b[k])) for k, solver in enumerate(self._solvers)], axis=1
        )
