"""`LinearFit`: one or several linear models of the same sparse rows, one class against the rest each."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...solve.sparse.dual import DualSolver
from ...text.sparse_rows import SparseRows
from ...text.weighting import naive_bayes_scale
from ...threads import parallel_for


class LinearFit:
    """Weights of sparse rows for a target: numbers, or classes, of which two have one output and more one each.

    A column's freedom is the naive Bayes ratio of the rows given, so these must be training rows alone.

    Parameters
    ----------
    rows : SparseRows
        (n, columns).
    y : ndarray of shape (n,)
        Numbers about as large as 1, or class numbers.
    classes : int
        0 for numbers.
    naive_bayes : bool
        Whether columns are weighted by the ratio; otherwise all have the same freedom.
    seed : int
    """

    def __init__(self, rows: SparseRows, y: Array, classes: int, naive_bayes: bool, seed: int) -> None:
        self._rows = np.arange(len(rows))
        self._solvers = []
        positives = [1] if classes == 2 else list(range(classes))
        for positive in positives or [None]:
            if positive is None:
                self._solvers.append(DualSolver(rows, y, "squared", seed=seed))
            else:
                freedom = naive_bayes_scale(rows, y == positive).astype(np.float64) ** 2 if naive_bayes else None
                signs = np.where(y == positive, 1.0, -1.0)
                self._solvers.append(DualSolver(rows, signs, "logistic", freedom, seed))

    def fit(self, cost: float, passes: int, deadline: float | None = None) -> tuple[Array, Array]:
        """(weights (columns, outputs), intercepts (outputs,)) at this cost, starting from the last one."""

        def fit_one(k: int) -> None:
            self._solvers[k].fit(self._rows, cost, passes, deadline=deadline)

        parallel_for(fit_one, len(self._solvers), len(self._rows) * 1000)
        weights = np.stack([solver.weights for solver in self._solvers], axis=1)
        return weights[:-1], weights[-1]
