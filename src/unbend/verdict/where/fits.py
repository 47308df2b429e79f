"""One design on every fold: fitted on training rows, judged on held-out ones; further columns tried in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from ...arrays import Array
from ...network.losses import losses as loss_records
from ...solve.linear_model.logistic import minimise_log_loss
from ..folds import Fold
from ..scores import row_losses

Block = tuple[Array, float]  # (n, k) columns and the penalty of each


@dataclass(frozen=True, eq=False)
class Task:
    """What is learned: y (n,), the number of classes (0 for values), and the folds that judge."""

    y: Array
    classes: int
    folds: Sequence[Fold]

    @property
    def outputs(self) -> int:
        """Numbers answered for a row."""
        return 1 if self.classes in (0, 2) else self.classes

    @property
    def curvature(self) -> float:
        """Most the loss can bend in an output: the steps made with it never overshoot (Böhning 1992)."""
        return 1.0 if self.classes == 0 else 0.25 if self.classes == 2 else 0.5

    def downhill(self, output: Array, y: Array) -> Array:
        """(n, outputs) minus the slope of the loss (half the squared error for values)."""
        if self.classes == 0:
            return np.asarray(y[:, None] - output)
        name, targets = ("logistic", y[:, None]) if self.classes == 2 else ("cross_entropy", y)
        return -loss_records[name].per_row(output, targets)[1]


@dataclass(frozen=True, eq=False)
class Fits:
    """A design (n, columns), constant first, with its penalties, fitted on each fold.

    ``weights[k]`` (columns, outputs); ``losses`` (folds,) mean held-out losses; ``rest`` (n, outputs) what is left to
    explain in held-out rows, 0 in rows that no fold holds out.
    """

    task: Task
    design: Array
    penalties: Array
    weights: list[Array] = field(repr=False)
    losses: Array
    rest: Array = field(repr=False)

    @classmethod
    def of(cls, task: Task, x: Array, penalty: float) -> Fits:
        """The straight model of standardised columns x (n, k)."""
        design = np.column_stack([np.ones(len(x)), x])
        penalties = np.concatenate([[0.0], np.full(x.shape[1], penalty)])
        return _fitted(task, design, penalties, [np.zeros((design.shape[1], task.outputs))] * len(task.folds))

    def grown(self, blocks: Sequence[Block]) -> Fits:
        """The same with more columns."""
        design = np.column_stack([self.design, *(columns for columns, _ in blocks)])
        penalties = np.concatenate([self.penalties, *(np.full(c.shape[1], p) for c, p in blocks)])
        more = design.shape[1] - self.design.shape[1]
        return _fitted(self.task, design, penalties, [np.pad(w, ((0, more), (0, 0))) for w in self.weights])

    def tried(self, blocks: Sequence[Block]) -> Array:
        """(blocks, folds): the held-out loss with each block alone put in, after one step from here.

        For values the step is exact; for classes it falls a little short.
        """
        found = np.empty((len(blocks), len(self.task.folds)))
        if not blocks:
            return found
        whole = np.column_stack([columns for columns, _ in blocks])
        ends = np.cumsum([columns.shape[1] for columns, _ in blocks])
        h = self.task.curvature
        for k, (train, test) in enumerate(self.task.folds):
            a, b = self.design[train], whole[train]
            downhill = self.task.downhill(a @ self.weights[k], self.task.y[train])
            factor = cho_factor(_normal(a, h, self.penalties))
            through = cho_solve(factor, h * (a.T @ b) / len(train))
            over = b - a @ through
            slope = over.T @ downhill / len(train)  # a's own slope is balanced by its penalty, up to rounding
            seen = whole[test] - self.design[test] @ through
            output = self.design[test] @ self.weights[k]
            start = 0
            for j, ((_, penalty), end) in enumerate(zip(blocks, ends, strict=True)):
                own = slice(start, end)
                square = h * (over[:, own].T @ b[:, own]) / len(train)
                square[np.diag_indices(end - start)] += penalty + 1e-10
                step = np.linalg.solve(square, slope[own])
                moved = output + seen[:, own] @ step
                found[j, k] = row_losses(moved, self.task.y[test], self.task.classes).mean()
                start = end
        return found


def _fitted(task: Task, design: Array, penalties: Array, starts: list[Array]) -> Fits:
    weights, losses = [], np.empty(len(task.folds))
    rest = np.zeros((len(design), task.outputs))
    for k, (train, test) in enumerate(task.folds):
        a, y = design[train], task.y[train]
        if task.classes == 0:
            w = cho_solve(cho_factor(_normal(a, 1.0, penalties)), a.T @ y / len(y))[:, None]
        else:
            w = minimise_log_loss(a[:, 1:], y, penalties[1:, None], starts[k], 1e-5)
        output = design[test] @ w
        weights.append(w)
        losses[k] = row_losses(output, task.y[test], task.classes).mean()
        rest[test] = task.downhill(output, task.y[test])
    return Fits(task, design, penalties, weights, losses, rest)


def _normal(a: Array, h: float, penalties: Array) -> Array:
    square = h * (a.T @ a) / len(a)
    square[np.diag_indices(len(square))] += penalties + 1e-10  # exactly dependent columns share, they do not break it
    return np.asarray(square)
