"""`TrainingMemory`: how much memory the training of the networks may take, and how many rows fit into it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..memory import size_text, used_memory
from .folds import Fold
from .piecewise_encoding import bins_per_column

SMALL = 2**25  # bytes of a table as float32, up to which all rows are trained on and all rounds kept
ROW_SHARE = 2.0  # of a large table's bytes as float32, for the rows in training
ROUND_BYTES = 2**28  # of the weights and outputs of all rounds, at most
ROUND_SHARE = 0.4  # the same for the rounds
LIBRARY_BYTES = 250_000_000  # of libraries, compiled kernels and the buffers of a fit, before the first one
LOADED_BYTES = 100_000_000  # the same after it
LEAST_ROUND_BYTES = 2**24
FOLDS = 10
JUDGED = 20_000  # held-out rows, at most, where not all rows are trained on


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes for the training ``rows``, and for the weights and held-out outputs of all ``rounds``.

    Those of a large table, which is in memory as float32, are so few that three times its size is enough for all.
    """

    rows: float = np.inf
    rounds: int = ROUND_BYTES

    @classmethod
    def of(cls, rows: int, columns: int, limit: int | None = None) -> TrainingMemory:
        """For a table of so many rows and columns of features that is in memory, its features not yet.

        With a ``limit`` of the process's bytes no more than what will be left of it. Raises ``BadInput`` where that
        would be too little.
        """
        table = 4 * rows * columns
        own = cls() if table <= SMALL else cls(ROW_SHARE * table, int(min(ROUND_BYTES, ROUND_SHARE * table)))
        if limit is None:
            return own
        fixed = used_memory() + (LOADED_BYTES if "numba" in sys.modules else LIBRARY_BYTES) + 2 * table + 32 * rows
        least = 2 * min(rows, JUDGED) * row_bytes(columns, FOLDS) + LEAST_ROUND_BYTES
        if fixed + least > limit:
            needed = {"needed": size_text(fixed + least), "allowed": size_text(limit)}
            raise BadInput("memory.too_little", rows=rows, columns=columns, **needed)
        left = limit - fixed
        return cls(min(own.rows, left - left // 3), int(min(own.rounds, left // 3)))

    def most_rows(self, columns: int, folds: int) -> float:
        """So many rows of so many columns can be trained on."""
        return self.rows / row_bytes(columns, folds)


def row_bytes(columns: int, folds: int) -> int:
    """What a training row takes (`BinnedRows`, its target, its number and residual in each fold), if every column has
    bins."""  # fmt: skip
    return 4 * (columns * (3 if bins_per_column(columns) else 1) + 2 * folds) + 8


def training_rows(folds: Sequence[Fold], count: int, most: float, seed: int) -> Array | None:
    """The numbers of ``most`` of ``count`` rows: those that are judged, and others at random; None for all."""
    if count <= most:
        return None
    judged = np.concatenate([test for _, test in folds])
    others = np.setdiff1d(np.arange(count, dtype=judged.dtype), judged)
    chosen = np.random.default_rng([seed, 2]).permutation(others)[: max(0, int(most) - len(judged))]
    rows: Array = np.sort(np.concatenate([judged, chosen]))
    return rows


def fewer_judged(folds: Sequence[Fold], seed: int) -> list[Fold]:
    """The folds with ``JUDGED`` of their held-out rows, at random."""
    rng = np.random.default_rng([seed, 3])
    share = min(1.0, JUDGED / max(1, sum(len(test) for _, test in folds)))
    return [(train, np.sort(rng.permutation(test)[: max(1, round(share * len(test)))])) for train, test in folds]
