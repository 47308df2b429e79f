"""`FoldModels`: the linear models and networks of a comparison's folds, each with the rows that it never saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array
from ..data import Encoder, Problem
from ..network import Network
from .compare import with_a_column
from .folds import Splitter
from .network_model import NetworkModel


@dataclass(frozen=True, eq=False)
class FoldModels:
    """The models of the first repeat's folds.

    ``splitter`` splits the rows of ``problem``, which ``encoder`` was fitted to, into ``folds`` by ``seed``; the
    models of ``training`` (one of each kind per fold, on raw features) were compared on the ``rows`` of it. ``x``
    are the features of these rows where each fold has an encoder of its own: those of the fold that held the row out.
    """

    problem: Problem
    encoder: Encoder
    splitter: Splitter
    rows: Array
    folds: int
    seed: int
    training: NetworkModel
    x: Array | None = None

    def of(self, model: Literal["linear", "network"]) -> list[tuple[Array, Network]]:
        """(held-out rows as numbers among ``rows``, the model fitted without them) of each fold."""
        fitted = self.training.fold_linear if model == "linear" else self.training.fold_networks
        return [
            (np.searchsorted(self.rows, test[np.isin(test, self.rows)]), net)
            for (_, test), net in zip(self.splitter.split(self.folds, [self.seed, 0]), fitted, strict=True)
        ]

    def features(self) -> Array:
        """(rows, features) of the compared rows."""
        return self.x if self.x is not None else with_a_column(self.encoder.transform(self.problem, self.rows))
