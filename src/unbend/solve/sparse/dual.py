"""`DualSolver`: logistic or squared loss on sparse rows, by dual coordinate descent, for one cost after another."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from ...arrays import Array
from ...kernels.sources import load_kernels
from ...text.sparse_rows import SparseRows

KERNEL = "unbend.solve.sparse.dual_kernel"
START = 1e-8  # of the cost: a dual variable at the start, or that of a row that was not fitted before, at least
Loss = Literal["logistic", "squared"]


class DualSolver:
    """Minimises sum w²/2 + cost * sum of losses over some rows; the last of ``weights``, float32, is the intercept.

    The intercept's penalty is ten times that of a weight, for as a rule it is larger.

    Parameters
    ----------
    rows : SparseRows
        (n, m), with a constant column that is not stored.
    target : ndarray of float64, (n,)
        -1 and 1 for the logistic loss, numbers for the squared loss (half of the squared residual).
    loss : "logistic" or "squared"
    smoothing : float, default 0
        Of the labels of the logistic loss: so large a share of each row's loss is that of the other label.
    seed : int, default 0
        For the order of the rows, another in each pass: the same seed gives the same bits.
    shape : tuple of int, default ()
        Of what there is for each row and each column: that of one model, or of several side by side.
    kernel : str
        The module of the compiled functions.

    References
    ----------
    Hsieh et al. (2008), A dual coordinate descent method for large-scale linear SVM; Yu, Huang & Lin (2011), Dual
    coordinate descent methods for logistic regression and maximum entropy models; Szegedy et al. (2016), Rethinking the
    Inception architecture (label smoothing).

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> rows = SparseRows(np.arange(5), np.zeros(4, np.int32), np.array([0, 1, 2, 3], np.float32), 1)
    >>> solver = DualSolver(rows, np.array([1.0, 3, 5, 7]), "squared")
    >>> solver.fit(np.arange(4), cost=1e6, passes=2000, tolerance=1e-9)
    >>> solver.weights.round(3).tolist()
    [2.0, 1.0]
    """

    def __init__(
        self,
        rows: SparseRows,
        target: Array,
        loss: Loss,
        seed: int = 0,
        smoothing: float = 0.0,
        *,
        shape: tuple[int, ...] = (),
        kernel: str = KERNEL,
    ) -> None:
        self.target, self.loss = np.ascontiguousarray(target, np.float64), loss
        self._kernels = load_kernels(kernel)
        self._smoothing, self._shape = smoothing, shape
        self._rng = np.random.default_rng(seed)
        self._alpha = np.zeros((len(rows), *shape))
        self._fitted = np.zeros(len(rows), bool)
        self._cost = 0.0
        self.replace_rows(rows)

    def replace_rows(self, rows: SparseRows) -> None:
        """Take other values for the columns of the same rows; the next fit starts from the dual variables as before."""
        self.rows = rows
        self.weights = np.zeros((rows.width + 1, *self._shape), np.float32)
        self._norms = np.empty(len(rows))
        load_kernels(KERNEL).squared_norms(rows.row_starts, rows.values, self._norms)
        self._add(np.flatnonzero(self._fitted))

    def fit(
        self, which: Array, cost: float, passes: int, tolerance: float = 0.01, deadline: float | None = None
    ) -> None:
        """Fit some rows (k,), starting from the last fit, in at most so many passes.

        It ends early where no gradient is larger than ``tolerance``, and after the first pass that ends past the
        ``deadline`` (of ``time.monotonic``).
        """
        which = np.ascontiguousarray(which, np.int64)
        self._start(which, cost)
        for _ in range(passes):
            worst = self._pass(cost, self._rng.permutation(which))
            if worst < tolerance or (deadline is not None and time.monotonic() > deadline):
                break

    def outputs(self, which: Array, weights: Array | None = None) -> Array:
        """w·x of some rows (k,), of the fitted weights or of others (m + 1,)."""
        out = np.empty(len(which))
        w = self.weights if weights is None else np.asarray(weights, np.float32)
        self._kernels.outputs(*self._csr, w, np.ascontiguousarray(which, np.int64), out)
        return out

    @property
    def _csr(self) -> tuple[Array, Array, Array]:
        return self.rows.row_starts, self.rows.columns, self.rows.values

    def _pass(self, cost: float, order: Array) -> float:
        """One pass over rows in this order; the largest gradient met."""
        step = self._kernels.logistic_pass if self.loss == "logistic" else self._kernels.squared_pass
        return float(step(*self._csr, self._norms, self.target, cost, order, self._alpha, self.weights))

    def _start(self, which: Array, cost: float) -> None:
        """Dual variables for this cost: those of the last one in proportion, small ones for rows that are new."""
        if self._cost > 0:
            self._alpha *= cost / self._cost
            self.weights *= np.float32(cost / self._cost)
        self._cost = cost
        new = which[~self._fitted[which]]
        if len(new) and self.loss == "logistic":
            self._alpha[new] = max(START, self._smoothing) * cost
            self._add(new)
        self._fitted[new] = True

    def _add(self, which: Array) -> None:
        """Add some rows (k,), each times its dual variable, to the weights.

        The dual variables of smoothed labels are those of plain ones, which are stored, less a constant.
        """
        logistic = self.loss == "logistic"
        factors = (self._alpha - self._smoothing * self._cost) * self.target if logistic else self._alpha
        self._kernels.add_rows(*self._csr, factors, which, self.weights)
