"""`straight_fold`: the straight model of a fold's training rows: n-grams and the other columns, all of it fitted there.

The scores of the training rows themselves come from models of the other parts of them: what is fitted on top of them,
the join with the other columns and the network, meets them as it will meet the scores of new rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...text.sparse_rows import beside, from_dense
from ..folds import Splitter
from ..scores import row_losses
from .joined_columns import Join, fit_join
from .linear_fit import LinearFit
from .selection import LAST_PASSES, PASSES, search_costs
from .text_blocks import TextBlocks, WeightedBlocks, products, row_mask
from .text_target import TextTarget

PARTS = 3  # of the training rows


@dataclass(frozen=True, eq=False)
class StraightFold:
    """``scores`` (n, texts, k) of every training and test row, by models that were not fitted to the row; the ``join``
    of them with the other columns; the ``cost`` that was chosen; ``output`` (n, k), their outputs."""  # fmt: skip

    scores: Array
    join: Join
    cost: float
    output: Array


def straight_fold(
    blocks: TextBlocks,
    target: TextTarget,
    x: Array,
    train: Array,
    test: Array,
    groups: Array | None,
    seed: int,
    deadline: float | None = None,
) -> StraightFold:
    """The straight model of the rows ``train``; x (n, p) are the other columns; equal ``groups`` (n,) stay together."""
    n, classes = len(target.y), len(target.classes)
    outputs = 1 if classes in (0, 2) else classes
    own = None if groups is None else np.unique(groups[train], return_inverse=True)[1]
    splitter = Splitter(len(train), target.y[train] if classes else None, own)
    parts = splitter.split(splitter.fold_count(PARTS), [seed, 5])
    scores = np.full((n, len(blocks.counts), outputs), np.nan)
    dense = scaled_columns(x, train)

    def fit(rows: Array, cost: float) -> _Part:
        part = _Part.begin(blocks, target, dense, rows, seed)
        part.fit.fit(cost, PASSES + LAST_PASSES, deadline)
        return part

    first_train, first_test = (train[rows] for rows in parts[0])
    first = _Part.begin(blocks, target, dense, first_train, seed)

    def attempt(cost: float, passes: int) -> tuple[float, tuple[float, Array]]:
        first.fit.fit(cost, passes, deadline)
        found = first.scores(first_test)
        join = fit_join(found.sum(axis=1), x[first_test], target.y[first_test], classes)
        output = join(found.sum(axis=1), x[first_test])
        return float(row_losses(output, target.y[first_test], classes).mean()), (cost, found)

    cost, scores[first_test] = search_costs(attempt, deadline)
    tasks = [*((train[a], train[b]) for a, b in parts[1:]), (train, test)]

    for rows, others in tasks:
        scores[others] = fit(rows, cost).scores(others)
    total = scores.sum(axis=1)
    join = fit_join(total[train], x[train], target.y[train], classes)
    return StraightFold(scores, join, cost, join(total, x))


@dataclass(frozen=True, eq=False)
class _Part:
    """A model of some rows, whose weights of n-grams make the scores."""

    weighted: WeightedBlocks
    fit: LinearFit

    @classmethod
    def begin(cls, blocks: TextBlocks, target: TextTarget, dense: Array, rows: Array, seed: int) -> _Part:
        """Before the first pass."""
        mask = row_mask(rows, len(target.y))
        weighted = blocks.weigh(target, mask)
        joined = beside([weighted.joint, from_dense(dense)]) if dense.shape[1] else weighted.joint
        return cls(weighted, LinearFit(joined, target.y, len(target.classes), mask, seed, dense.shape[1]))

    def scores(self, which: Array) -> Array:
        """(len(which), texts, k)."""
        return text_scores(self.weighted, self.fit, which)


def text_scores(weighted: WeightedBlocks, fit: LinearFit, which: Array) -> Array:
    """What each text adds to the outputs of some rows, (len(which), texts, k)."""
    matrices = weighted.split(fit.weights[0][: weighted.joint.width])
    pairs = zip(weighted.rows, matrices, strict=True)
    return np.stack([products(rows, W, which) for rows, W in pairs], axis=1)


def scaled_columns(x: Array, train: Array) -> Array:
    """The columns with mean 0 and variance 1/p in the training rows: together they are as large as a text's row."""
    spread = x[train].std(axis=0)
    scaled: Array = (x - x[train].mean(axis=0)) / np.where(spread > 0, spread, 1.0) / np.sqrt(max(1, x.shape[1]))
    return scaled
