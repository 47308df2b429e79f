"""`ClassesSolver`: logistic loss of several classes, each against the rest, fitted side by side."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...text.sparse_rows import SparseRows
from .dual import DualSolver

KERNEL = "unbend.solve.sparse.classes_kernel"


class ClassesSolver(DualSolver):
    """A `DualSolver` for each of some classes, whose ``weights`` are (m + 1, width).

    Parameters
    ----------
    rows : SparseRows
        (n, m), with a constant column that is not stored.
    classes : ndarray of int64, (n,)
        Numbers; those of classes that are not among these are outside of 0 to ``width - 1``.
    width : int
        The number of these classes.
    seed : int, default 0
        As for one class.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> rows = SparseRows(np.arange(4), np.arange(3, dtype=np.int32), np.ones(3, np.float32), 3)
    >>> solver = ClassesSolver(rows, np.arange(3), 3)
    >>> solver.fit(np.arange(3), cost=10, passes=50)
    >>> solver.outputs(np.arange(3)).argmax(axis=1).tolist()
    [0, 1, 2]
    """

    def __init__(self, rows: SparseRows, classes: Array, width: int, seed: int = 0) -> None:
        self._classes = np.ascontiguousarray(classes, np.int64)
        super().__init__(rows, np.zeros(0), "logistic", seed, shape=(width,), kernel=KERNEL)

    def outputs(self, which: Array, weights: Array | None = None) -> Array:
        """The outputs (k, width) of some rows (k,)."""
        w = np.ascontiguousarray(self.weights if weights is None else weights, np.float32)
        out = np.empty((len(which), w.shape[1]))
        which = np.ascontiguousarray(which, np.int64)
        self._kernels.outputs(*self._csr, w.reshape(-1), w.shape[1], which, out.reshape(-1))
        return out

    def _pass(self, cost: float, order: Array) -> float:
        width = self.weights.shape[1]
        flat = self._alpha.reshape(-1), self.weights.reshape(-1)
        return float(self._kernels.logistic_pass(*self._csr, self._norms, self._classes, width, cost, order, *flat))

    def _add(self, which: Array) -> None:
        width = self.weights.shape[1]
        signs = np.where(self._classes[:, None] == np.arange(width), 1.0, -1.0)
        factors = (self._alpha * signs).reshape(-1)
        self._kernels.add_rows(*self._csr, factors, which, width, self.weights.reshape(-1))
