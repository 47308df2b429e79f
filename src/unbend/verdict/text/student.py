"""`student_losses`: a straight model fitted to the network's corrections; what it keeps of a gain came from no bend."""

from __future__ import annotations

import time

import numpy as np

from ...arrays import Array
from ...text.sparse_rows import SparseRows, beside, from_dense
from ..scores import row_losses
from .compare_texts import TextComparison
from .linear_fit import LinearFit
from .selection import LAST_PASSES, PASSES, search_costs
from .straight_fold import scaled_columns
from .text_blocks import row_mask
from .text_fold import TextFold, TextTable

HELD_OUT = 0.2  # of the training rows choose the penalty
SHARES = np.linspace(0.0, 1.5, 31)  # of the student's correction: the other folds choose


def student_losses(table: TextTable, found: TextComparison, deadline: float | None = None) -> Array:
    """(folds,) held-out losses of the linear model plus the student's correction, in the target's unit.

    After the ``deadline`` (``time.monotonic()`` seconds) no further fold is begun, and one that had not ended is left
    out: a student that was cut short would keep too little.
    """
    target, classes = table.target, len(table.target.classes)
    tables = []
    for fold, number in zip(found.folds, found.rounds, strict=True):
        test = fold.rows[1]
        correction, base = _straight_correction(table, fold, number, deadline), fold.order.output[test]
        if deadline is not None and time.monotonic() > deadline:
            break
        tables.append([row_losses(base + share * correction, target.y[test], classes).mean() for share in SHARES])
    losses = np.array(tables)
    if len(losses) < 2:
        return np.empty(0)
    others = [int(np.delete(losses, k, axis=0).mean(axis=0).argmin()) for k in range(len(losses))]
    chosen: Array = losses[np.arange(len(losses)), others] * target.unit**2
    return chosen


def _straight_correction(table: TextTable, fold: TextFold, number: int, deadline: float | None) -> Array:
    """The network's corrections of the test rows (k outputs), as a straight model of the training rows has them."""
    train, test = fold.rows
    wanted = fold.training.corrections(train, fold.snapshots[number])
    mask = row_mask(train, len(table.x))
    blocks = table.order.weigh(table.target, mask).joint
    rows = beside([blocks, from_dense(scaled_columns(table.x, train))]) if table.x.shape[1] else blocks
    held_out = np.random.default_rng([table.seed, 6]).random(len(train)) < HELD_OUT
    fitted = [_fitted(rows, train, held_out, wanted[:, c], test, table, deadline) for c in range(wanted.shape[1])]
    return np.stack(fitted, axis=1)


def _fitted(
    rows: SparseRows,
    train: Array,
    held_out: Array,
    wanted: Array,
    test: Array,
    table: TextTable,
    deadline: float | None,
) -> Array:
    """Least squares of one output, the penalty chosen on the rows ``held_out`` (len(train),)."""
    centre, unit = float(wanted.mean()), float(wanted.std())
    if unit == 0 or (deadline is not None and time.monotonic() > deadline):
        return np.full(len(test), centre)
    y = np.zeros(len(table.x))
    y[train] = (wanted - centre) / unit
    n, dense = len(table.x), table.x.shape[1]
    part = LinearFit(rows, y, 0, row_mask(train[~held_out], n), table.seed, dense)
    outside = train[held_out]

    def attempt(cost: float, passes: int) -> tuple[float, float]:
        part.fit(cost, passes, deadline)
        return float(((part.outputs(outside)[:, 0] - y[outside]) ** 2).mean()), cost

    cost = search_costs(attempt, deadline)
    final = LinearFit(rows, y, 0, row_mask(train, n), table.seed, dense)
    final.fit(cost, PASSES + LAST_PASSES, deadline)
    output: Array = centre + unit * final.outputs(test)[:, 0]
    return output
