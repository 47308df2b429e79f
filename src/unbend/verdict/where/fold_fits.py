"""`FoldFits`: a penalised linear or logistic model fitted on each fold's training rows, with its held-out losses.

Further columns can be tried in one Newton step, without a new fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...arrays import Array
from ...network.losses import losses as loss_records
from ...solve.linear_model.log_loss import minimise_log_loss
from ..folds import Fold
from ..scores import row_losses

TRIAL_CELLS = 2**20  # outputs that are judged at once
Block = tuple[Array, float]  # (n, k) columns and the penalty of each


@dataclass(frozen=True, eq=False)
class Task:
    """What is predicted: y (n,), the number of classes (0 for values), and the folds of the cross-validation."""

    y: Array
    classes: int
    folds: Sequence[Fold]

    @property
    def outputs(self) -> int:
        """Outputs per row."""
        return 1 if self.classes in (0, 2) else self.classes

    @property
    def curvature(self) -> float:
        """An upper bound of the loss's second derivative in an output: steps with it never overshoot (Böhning 1992)."""
        return 1.0 if self.classes == 0 else 0.25 if self.classes == 2 else 0.5

    def negative_gradient(self, output: Array, y: Array) -> Array:
        """(n, outputs) minus the gradient of the loss (half the squared error for values)."""
        if self.classes == 0:
            return np.asarray(y[:, None] - output)
        name, targets = ("logistic", y[:, None]) if self.classes == 2 else ("cross_entropy", y)
        return -loss_records[name].per_row(output, targets)[1]


@dataclass(frozen=True, eq=False)
class FoldFits:
    """A design (n, columns), constant first, with its penalties, fitted on each fold.

    ``weights[k]`` (columns, outputs); ``losses`` (folds,) mean held-out losses; ``residuals`` (n, outputs) minus the
    loss's gradient in held-out rows (for values the residuals), 0 in rows that no fold holds out.
    """

    task: Task
    design: Array
    penalties: Array
    weights: list[Array] = field(repr=False)
    losses: Array
    residuals: Array = field(repr=False)

    @classmethod
    def of(cls, task: Task, x: Array, penalty: float) -> FoldFits:
        """The linear model of standardised columns x (n, k)."""
        design = np.column_stack([np.ones(len(x)), x])
        penalties = np.concatenate([[0.0], np.full(x.shape[1], penalty)])
        return _fitted(task, design, penalties, [np.zeros((design.shape[1], task.outputs))] * len(task.folds))

    def with_blocks(self, blocks: Sequence[Block]) -> FoldFits:
        """The model with more columns, fitted."""
        design = np.column_stack([self.design, *(columns for columns, _ in blocks)])
        penalties = np.concatenate([self.penalties, *(np.full(c.shape[1], p) for c, p in blocks)])
        more = design.shape[1] - self.design.shape[1]
        return _fitted(self.task, design, penalties, [np.pad(w, ((0, more), (0, 0))) for w in self.weights])

    def trial_losses(self, blocks: Sequence[Block]) -> Array:
        """(blocks, folds): the held-out loss with each block alone added, after one Newton step from here.

        For values the step is exact; for classes it falls a little short.
        """
        losses = np.empty((len(blocks), len(self.task.folds)))
        if not blocks:
            return losses
        # the same columns with several penalties are multiplied once
        distinct = list({id(columns): columns for columns, _ in blocks}.values())
        added = np.column_stack(distinct)
        ends = np.cumsum([columns.shape[1] for columns in distinct])
        own = {id(c): slice(end - c.shape[1], end) for c, end in zip(distinct, ends, strict=True)}
        folds, h = self.task.folds, self.task.curvature
        single = [j for j, (columns, _) in enumerate(blocks) if columns.shape[1] == 1]
        single_at = np.array([own[id(blocks[j][0])].start for j in single], np.int64)
        single_penalties = np.array([blocks[j][1] for j in single])
        wide = {id(c): own[id(c)] for c, _ in blocks if c.shape[1] != 1}
        squares = {key: _products(added[:, at], added[:, at], folds) for key, at in wide.items()}
        crossed = _products(self.design, added, folds)
        gradients = [self._gradients(added, k) for k in range(len(folds))]
        for k, (train, test) in enumerate(folds):
            normal = _normal_matrix(self.products[k], len(train), h, self.penalties)
            coefficients = np.linalg.solve(normal, h * crossed[k] / len(train))
            of_design, of_added = gradients[k]
            gradient = of_added - coefficients.T @ of_design  # the design's own is balanced by its penalty
            output = self.design[test] @ self.weights[k]
            along = added[test] - self.design[test] @ coefficients  # what a step in a column changes
            if single:
                fitted = added[train]
                own_squares = np.einsum("ij,ij->j", fitted, fitted)[single_at]
                explained = np.einsum("ij,ij->j", coefficients, crossed[k])[single_at]
                hessians = h * (own_squares - explained) / len(train) + single_penalties + 1e-10
                steps = gradient[single_at] / hessians[:, None]
                losses[single, k] = self._losses_after(output, along, single_at, steps, self.task.y[test])
            for j, (columns, penalty) in enumerate(blocks):
                at = wide.get(id(columns))
                if at is None:
                    continue
                hessian = h * (squares[id(columns)][k] - coefficients[:, at].T @ crossed[k][:, at]) / len(train)
                hessian[np.diag_indices(len(hessian))] += penalty + 1e-10
                stepped = output + along[:, at] @ np.linalg.solve(hessian, gradient[at])
                losses[j, k] = row_losses(stepped, self.task.y[test], self.task.classes).mean()
        return losses

    def _losses_after(self, output: Array, along: Array, columns: Array, steps: Array, y: Array) -> Array:
        """The mean loss of ``output`` (n, outputs) after each step (m, outputs) in one of the columns of ``along``."""
        rows, outputs = output.shape
        means = []
        at_once = max(1, TRIAL_CELLS // (rows * outputs))
        for first in range(0, len(columns), at_once):
            part = np.s_[first : first + at_once]
            stepped = output + along[:, columns[part]].T[:, :, None] * steps[part, None, :]
            found = row_losses(stepped.reshape(-1, outputs), np.tile(y, len(stepped)), self.task.classes)
            means.append(found.reshape(len(stepped), rows).mean(axis=1))
        return np.concatenate(means)

    @cached_property
    def products(self) -> list[Array]:
        """(columns, columns) of each fold: the products of the design's columns, summed over its training rows."""
        return _products(self.design, self.design, self.task.folds)

    def _gradients(self, added: Array, k: int) -> tuple[Array, Array]:
        """Minus the gradient of fold k's mean training loss in the weights of the design's and the added columns."""
        train = self.task.folds[k][0]
        descent = np.zeros((len(added), self.task.outputs))  # 0 in other rows, so that no rows are copied
        output = self.design[train] @ self.weights[k]
        descent[train] = self.task.negative_gradient(output, self.task.y[train]) / len(train)
        return self.design.T @ descent, added.T @ descent


def _fitted(task: Task, design: Array, penalties: Array, starts: list[Array]) -> FoldFits:
    weights, losses = [], np.empty(len(task.folds))
    residuals = np.zeros((len(design), task.outputs))
    products = _products(design, design, task.folds) if task.classes == 0 else []
    for k, (train, test) in enumerate(task.folds):
        a, y = design[train], task.y[train]
        if task.classes == 0:
            w = np.linalg.solve(_normal_matrix(products[k], len(y), 1.0, penalties), a.T @ y / len(y))[:, None]
        else:
            w = minimise_log_loss(a[:, 1:], y, penalties[1:, None], starts[k], 1e-5)
        output = design[test] @ w
        weights.append(w)
        losses[k] = row_losses(output, task.y[test], task.classes).mean()
        residuals[test] = task.negative_gradient(output, task.y[test])
    return FoldFits(task=task, design=design, penalties=penalties, weights=weights, losses=losses, residuals=residuals)


def _products(left: Array, right: Array, folds: Sequence[Fold]) -> list[Array]:
    """leftᵀ right summed over each fold's training rows: over all rows, less the held-out ones where there are no
    others."""  # fmt: skip
    total = left.T @ right
    products = []
    for train, test in folds:
        if len(train) + len(test) == len(left):
            products.append(total - left[test].T @ right[test])
        else:
            products.append(left[train].T @ right[train])
    return products


def _normal_matrix(products: Array, rows: int, h: float, penalties: Array) -> Array:
    matrix = h * products / rows
    matrix[np.diag_indices(len(matrix))] += penalties + 1e-10  # keeps it definite where columns are exactly dependent
    return np.asarray(matrix)
