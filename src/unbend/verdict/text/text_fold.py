"""`TextFold`: everything that is fitted to one fold's training rows: two straight models, and the network on one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array
from ..folds import Fold
from ..scores import row_losses
from .bend_network import BendSettings, BendTraining, Parameters
from .straight_fold import StraightFold, straight_fold
from .text_blocks import TextBlocks, WeightedBlocks, row_mask
from .text_target import TextTarget


@dataclass(frozen=True, eq=False)
class TextTable:
    """What the folds share: n-grams with the order of the words, without it, and inside them; the other columns.

    ``x`` (n, p) are the encoded other columns, each made from the column that ``sources`` names; rows of one number in
    ``groups`` (n,) are held out together.
    """

    order: TextBlocks
    bag: TextBlocks
    inside: TextBlocks
    x: Array
    target: TextTarget
    groups: Array | None
    seed: int
    sources: tuple[str, ...] = ()


@dataclass(eq=False)
class TextFold:
    """One fold: ``bag`` and ``order``, its straight models, and the network in training, standing on ``order``.

    After each round the training loss, the loss of the test rows and the parameters are kept; ``corrections[r]``
    (test rows, k) is what the network of round r adds to the outputs of the test rows.
    """

    rows: Fold
    bag: StraightFold
    order: StraightFold
    weighted: WeightedBlocks
    training: BendTraining
    losses: list[float] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)
    corrections: list[Array] = field(default_factory=list)
    snapshots: list[Parameters] = field(default_factory=list)

    @classmethod
    def fit(cls, table: TextTable, rows: Fold, settings: BendSettings, seed: int, deadline: float | None) -> TextFold:
        """Fit everything; near the ``deadline`` fewer passes are made."""
        train, test = rows
        bag, order = (
            straight_fold(blocks, table.target, table.x, train, test, table.groups, table.seed, deadline)
            for blocks in (table.bag, table.order)
        )
        weighted = table.inside.weigh(table.target, row_mask(train, len(table.x)), settings.most)
        found = cls(
            rows=rows,
            bag=bag,
            order=order,
            weighted=weighted,
            training=BendTraining(
                weighted.joint,
                standard_columns(table.x, train)[0],
                order.output,
                table.target.y,
                len(table.target.classes),
                seed,
                settings,
            ),
        )
        for _ in range(settings.rounds):
            found._advance(table, deadline)
            if deadline is not None and time.monotonic() > deadline:
                break
        return found

    def _advance(self, table: TextTable, deadline: float | None) -> None:
        train, test = self.rows
        self.losses.append(self.training.advance(train, deadline))
        correction = self.training.corrections(test)
        y, classes = table.target.y[test], len(table.target.classes)
        self.corrections.append(correction)
        self.held_out.append(float(row_losses(self.order.output[test] + correction, y, classes).mean()))
        self.snapshots.append(self.training.snapshot())


def standard_columns(x: Array, train: Array) -> tuple[Array, Array, Array]:
    """((x - mean)/spread, mean, spread) of the columns (n, p), by their training rows."""
    mean, spread = x[train].mean(axis=0), x[train].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return (x - mean) / spread, mean, spread
