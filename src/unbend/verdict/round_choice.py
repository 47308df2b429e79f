"""`RoundTable`: which rounds of the two kinds of networks are best together, judged on the held-out rows of folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from .kind_training import FoldData, KindTraining
from .scores import row_losses

CANDIDATES = 20  # rounds of a kind
ROWS = 4000  # of all folds together, more would cost time


@dataclass(frozen=True, eq=False)
class RoundTable:
    """``losses`` (folds, candidates of each kind …) of the mean output of both kinds; ``rounds`` are the candidates."""

    losses: Array
    rounds: tuple[Array, ...]

    @classmethod
    def of(cls, data: FoldData, kinds: Sequence[KindTraining]) -> RoundTable:
        """The table of one or two kinds."""
        rounds = tuple(_candidates(kind) for kind in kinds)
        losses = np.zeros((len(data.folds), *(len(own) for own in rounds)))
        for k, (_, test) in enumerate(data.folds):
            count = min(len(test), max(1, ROWS // len(data.folds)))
            chosen = np.linspace(0, len(test) - 1, count).astype(int)
            y, base = data.y[test[chosen]], data.base[k][chosen]
            corrections = [
                np.stack([data.correction(k, kind.outputs[r][k, chosen], chosen) for r in own])
                for kind, own in zip(kinds, rounds, strict=True)
            ]
            for index in np.ndindex(losses.shape[1:]):
                mean = sum(own[i] for own, i in zip(corrections, index, strict=True)) / len(kinds)
                losses[(k, *index)] = row_losses(base + mean, y, data.classes).mean()
        return cls(losses, rounds)

    def best(self, without: int | None = None) -> tuple[int, ...]:
        """The round of each kind with the least loss in all folds, or in all but one."""
        folds = [k for k in range(len(self.losses)) if k != without]
        total = self.losses[folds].mean(axis=0)
        index = np.unravel_index(int(total.argmin()), total.shape)
        return tuple(int(own[i]) for own, i in zip(self.rounds, index, strict=True))


def _candidates(kind: KindTraining) -> Array:
    """At most so many rounds, the best by itself among them; the others evenly spaced."""
    count = len(kind.losses)
    even = np.linspace(0, count - 1, min(count, CANDIDATES)).round().astype(int)
    return np.union1d(even, [kind.best])
