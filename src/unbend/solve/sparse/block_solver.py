"""`BlockSolver`: logistic or squared loss by dual coordinate descent on rows that come in blocks, one after another."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...kernels.sources import load_kernels
from ...text.sparse_rows import SparseRows
from .dual import KERNEL, START, Loss


class BlockSolver:
    """Minimises what `DualSolver` does, for one cost, with one block of the rows in memory at a time.

    Every block is visited several times; between visits the caller keeps its dual variables.

    Parameters
    ----------
    width : int
        The number of columns; the last of ``weights``, float32 (width + 1,), is the intercept.
    loss : "logistic" or "squared"
    cost : float
        Of the losses against the penalty.
    smoothing : float, default 0
        Of the labels of the logistic loss.

    References
    ----------
    Yu, Hsieh, Chang & Lin (2012), Large linear classification when data cannot fit in memory.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> rows = SparseRows(np.arange(5), np.zeros(4, np.int32), np.array([0, 1, 2, 3], np.float32), 1)
    >>> target, solver, rng = np.array([1.0, 3, 5, 7]), BlockSolver(1, "squared", 1e6), np.random.default_rng(0)
    >>> blocks = [(rows.take(half), target[half], np.zeros(2)) for half in (np.array([0, 2]), np.array([1, 3]))]
    >>> for visit in range(2000):
    ...     for block in blocks:
    ...         solver.fit_block(*block, rng)
    >>> solver.weights.round(3).tolist()
    [2.0, 1.0]
    """

    def __init__(self, width: int, loss: Loss, cost: float, smoothing: float = 0.0) -> None:
        self.weights = np.zeros(width + 1, np.float32)
        self._loss, self._cost, self._smoothing = loss, cost, smoothing
        self._kernels = load_kernels(KERNEL)

    def fit_block(self, rows: SparseRows, target: Array, alpha: Array, rng: np.random.Generator) -> None:
        """One pass over a block, in a new order.

        Parameters
        ----------
        rows : SparseRows
            (n, width).
        target : ndarray of float64, (n,)
            As in `DualSolver`.
        alpha : ndarray of float64, (n,)
            The dual variables, all 0 at the first visit; updated in place.
        rng : numpy.random.Generator
        """
        csr, order = (rows.row_starts, rows.columns, rows.values), rng.permutation(len(rows))
        norms = np.empty(len(rows))
        self._kernels.squared_norms(rows.row_starts, rows.values, norms)
        if self._loss == "logistic" and not alpha.any():
            alpha[:] = max(START, self._smoothing) * self._cost
            factors = (alpha - self._smoothing * self._cost) * target
            self._kernels.add_rows(*csr, factors, order, self.weights)
        step = self._kernels.logistic_pass if self._loss == "logistic" else self._kernels.squared_pass
        step(*csr, norms, target, self._cost, order, alpha, self.weights)
