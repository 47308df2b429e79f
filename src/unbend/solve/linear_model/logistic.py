"""`logistic`: logistic regression for two or more classes, its penalty chosen by k-fold cross-validation."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...arrays import Array
from ...network.scaling import Scaler
from .kfold import assign_folds
from .log_loss import EIGEN, NEWTON, LogLoss
from .ridge import LinearModel
from .row_blocks import StandardisedRows, scaler_of_rows
from .singular_vectors import gram_matrix, right_singular_vectors

PENALTIES = np.logspace(1, -6, 15)  # per row and per standardised column, strong to weak
FOLDS, FEW_FOLDS = 8, 3  # the latter where a part of the rows is enough to tell penalties apart
MANY_ROWS = 1000
PATH_ROWS = 5000  # rows by which the penalty is chosen, at most …
PATH_CELLS = 20_000_000  # … and fewer where these times columns and classes would be more, but at least …
LEAST_PATH_ROWS = 1000
PATH_TOLERANCE = 1e-4  # of the gradient, for choosing among penalties
TOLERANCE, TOLERANCE_OF_MANY = 1e-7, 1e-5  # of the gradient; the latter for so many rows that a pass takes long
PASS_CELLS = 2_000_000  # rows times outputs
OVERFIT = 1.02  # times the least held-out loss: weaker penalties overfit more


def logistic(
    x: Array,
    classes: Array,
    count: int,
    seed: int = 0,
    penalties: Array = PENALTIES,
    *,
    deadline: float | None = None,
) -> LinearModel:
    """Logistic regression, its penalty chosen by cross-validation over stratified folds, ``FOLDS`` or
    from ``MANY_ROWS`` rows on ``FEW_FOLDS``.

    Minimises mean log loss + penalty/2 * |W|² on standardised columns, by Newton's method or, for many weights,
    preconditioned L-BFGS; intercepts are not penalised. The path runs from strong to weak penalties, each warm-started
    at the solution of the one before, on ``PATH_ROWS`` rows at most, a stratified sample. Of the penalty that is best
    for m rows the fraction m/n is taken for all n: the same prior, in a mean over more rows.

    Parameters
    ----------
    x : array (n, columns)
    classes : array of int (n,)
        Class numbers 0…count-1.
    count : int
        The number of classes.
    seed : int, default 0
        For the random sample and the assignment of its rows to folds.
    penalties : array, default ``PENALTIES``
        Candidates, from strong to weak. A single one is used as it is.
    deadline : float, optional
        ``time.monotonic()`` seconds; then the penalty is the best so far, and the last search ends where it is.

    Returns
    -------
    LinearModel
        In raw columns. Two classes have one output, the log odds of class 1; more have one output each (softmax).
        ``held_out_loss`` is the mean log loss of held-out rows of the sample, NaN for a single penalty.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.solve.linear_model.logistic import logistic
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> model = logistic(x, (x[:, 0] > 0).astype(int), 2)
    >>> model.W.shape, bool(model.W[0, 0] > 0)
    ((1, 1), True)
    """
    return _fit(x, classes, count, np.arange(len(x)), seed, penalties, deadline)


def logistic_folds(
    x: Array,
    classes: Array,
    count: int,
    folds: Array,
    seed: int = 0,
    penalties: Array = PENALTIES,
    *,
    deadline: float | None = None,
) -> list[LinearModel]:
    """For each fold `logistic` of all rows outside of it, as ``logistic(x[folds != k], classes[folds != k], …)``.

    ``folds`` (n,) is the fold of each row, from 0; rows with a negative one are training rows of all folds. The other
    arguments are those of `logistic`; the time up to the ``deadline`` is shared evenly among the folds that are left.
    """
    models: list[LinearModel] = []
    number = int(folds.max()) + 1
    for k in range(number):
        now = time.monotonic()
        latest = None if deadline is None else now + (deadline - now) / (number - k)
        models.append(_fit(x, classes, count, np.flatnonzero(folds != k), seed, penalties, latest))
    return models


def _fit(
    x: Array, classes: Array, count: int, rows: Array, seed: int, penalties: Array, deadline: float | None
) -> LinearModel:
    outputs = 1 if count == 2 else count
    table = _Coordinates.of(x, rows, outputs)
    w = np.zeros((1 + table.columns.shape[1], outputs))
    w[0] = constant_output(classes[rows], count)
    penalty, loss = float(penalties[0]), np.nan
    if len(penalties) > 1:
        sample, fold = sampled_folds(classes[rows], outputs * x.shape[1], seed)
        penalty, loss, w = _choose(table, rows[sample], fold, classes, w, penalties, deadline)
        penalty *= len(sample) / len(rows)
    tolerance = TOLERANCE if len(rows) * outputs < PASS_CELLS else TOLERANCE_OF_MANY
    w = table.log_loss(table.rows(rows), classes[rows]).minimum(penalty, w, tolerance, deadline)
    W, b = table.in_raw_columns(w)
    return LinearModel(W=W, b=b, penalty=penalty, held_out_loss=loss)


def _choose(
    table: _Coordinates,
    rows: Array,
    fold: Array,
    classes: Array,
    first: Array,
    penalties: Array,
    deadline: float | None,
) -> tuple[float, float, Array]:
    """The best penalty, its held-out loss, and the mean of the weights of all folds' training rows with it."""
    folds = int(fold.max()) + 1
    order = np.argsort(fold, kind="stable")  # so that the training rows of a fold are two parts of one matrix
    design, own = np.concatenate(list(table.rows(rows[order]))), classes[rows[order]]
    ends = np.searchsorted(fold[order], np.arange(folds + 1))
    parts = [table.log_loss([design[a:b]], own[a:b]) for a, b in pairwise(ends)]
    training = [table.log_loss([design[:a], design[b:]], np.delete(own, np.s_[a:b])) for a, b in pairwise(ends)]
    weights = [first] * folds
    best, least, of_best = float(penalties[0]), np.inf, first
    for penalty in penalties:
        weights = [
            part.minimum(penalty, w, PATH_TOLERANCE, deadline) for part, w in zip(training, weights, strict=True)
        ]
        losses = [part.value_and_gradient(w, 0.0)[0] for part, w in zip(parts, weights, strict=True)]
        loss = float(np.average(losses, weights=[len(part.classes) for part in parts]))
        if loss < least:
            best, least, of_best = float(penalty), loss, np.mean(weights, axis=0)
        if loss > OVERFIT * least or (deadline is not None and time.monotonic() > deadline):
            break
    return best, least, of_best


@dataclass(frozen=True, eq=False)
class _Coordinates:
    """What is solved for: weights of the standardised columns, or of the rows' principal components where these are
    fewer, ``columns`` (n, …) scaled by ``scaler``; ``loadings`` lead back from principal components to raw columns.

    ``axes`` and ``variances`` precondition L-BFGS, as `LogLoss` takes them.
    """

    columns: Array
    scaler: Scaler
    axes: Array | None = None
    variances: Array | None = None
    loadings: tuple[Array, Array] | None = None

    @classmethod
    def of(cls, x: Array, rows: Array, outputs: int) -> _Coordinates:
        """Those of these rows of x (n, columns)."""
        scaler, (n, p) = scaler_of_rows(x, rows), (len(rows), x.shape[1])
        if p > n and n <= EIGEN:
            z = StandardisedRows(x, scaler, rows)
            s, u, _ = right_singular_vectors(gram_matrix(z.transposed, n), z.transposed, p)
            components = np.zeros((len(x), len(s)))
            components[rows] = u * s
            W = np.concatenate([part @ u for part in z.transposed()]) / s / scaler.scale[:, None]
            return cls(components, Scaler.none(len(s)), None, s**2 / n, (W, -scaler.centre @ W))
        if (1 + p) * outputs <= NEWTON or p > EIGEN:
            return cls(x, scaler)
        some = rows[:: max(1, n // max(PATH_ROWS, 2 * p))]  # a preconditioner need not be exact
        z = StandardisedRows(x, scaler, some)
        variances, axes = np.linalg.eigh(gram_matrix(z.__iter__, p) / len(some))
        return cls(x, scaler, axes, np.maximum(variances, 0.0))

    def rows(self, rows: Array) -> StandardisedRows:
        """Some rows in these coordinates, behind a column of ones."""
        return StandardisedRows(self.columns, self.scaler, rows, intercept=True)

    def log_loss(self, blocks: Iterable[Array], classes: Array) -> LogLoss:
        """The loss of rows in these coordinates."""
        return LogLoss(blocks, classes, self.axes, self.variances)

    def in_raw_columns(self, w: Array) -> tuple[Array, Array]:
        """W (columns, outputs) and b (outputs,) of weights (1 + …, outputs), intercepts first."""
        if self.loadings is not None:
            W, b = self.loadings
            return W @ w[1:], w[0] + b @ w[1:]
        W = w[1:] / self.scaler.scale[:, None]
        return W, w[0] - self.scaler.centre @ W


def constant_output(classes: Array, count: int) -> Array:
    """(outputs,) log odds or log frequencies, each count plus one: the outputs without any column."""
    logs = np.log((np.bincount(classes, minlength=count) + 1) / (len(classes) + count))
    return np.array([logs[1] - logs[0]]) if count == 2 else logs


def sampled_folds(classes: Array, width: int, seed: int) -> tuple[Array, Array]:
    """Positions of a stratified sample of the rows with these ``classes`` (n,), sorted, and the fold of each.

    All rows up to ``PATH_ROWS``, or fewer where ``width``, columns times outputs, is large.
    """
    rng, sample = np.random.default_rng(seed), np.arange(len(classes))
    size = min(PATH_ROWS, max(LEAST_PATH_ROWS, PATH_CELLS // max(1, width)))
    if len(classes) > size:
        order = rng.permutation(len(classes))
        order = order[np.argsort(classes[order], kind="stable")]
        sample = np.sort(order[np.arange(size) * len(classes) // size])
    folds = FOLDS if len(sample) < MANY_ROWS else FEW_FOLDS
    return sample, assign_folds(len(sample), folds, rng, classes[sample])
