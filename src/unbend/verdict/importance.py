"""Permutation importance on held-out rows: how much worse the folds' models predict without a column's information."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Encoder
from ..data.notes import join_names
from ..display import Displayed
from ..errors import BadInput
from ..network import Network
from .decide import LEVEL, corrected_interval
from .scores import row_losses

MAX_ROWS = 2_000  # of all folds; more would narrow intervals that are narrow already
SHUFFLES = 3
MOST = 30  # columns by default


@dataclass(frozen=True)
class Importance:
    """Of one column, or of several ``columns`` shuffled jointly: the ``drop`` of the held-out score, 0 … 1 and above,
    when their values are replaced by those of other rows, and its 95 % ``interval``."""  # fmt: skip

    name: str
    columns: tuple[str, ...]
    drop: float
    interval: tuple[float, float]

    @property
    def shown(self) -> bool:
        """Whether the interval lies above 0."""
        return self.interval[0] > 0


@dataclass(frozen=True, eq=False)
class Importances(Displayed, Sequence[Importance]):
    """The importance of each column or group of columns, the largest first.

    Attributes
    ----------
    items : tuple of Importance
        One for each column or group.
    conditional : bool
        Whether only what the other columns do not say was shuffled.
    """

    items: tuple[Importance, ...]
    conditional: bool = False

    def __getitem__(self, index: Any) -> Any:
        """By place, or by the name of a column or group."""
        if isinstance(index, str):
            return next(item for item in self.items if item.name == index)
        return self.items[index]

    def __len__(self) -> int:
        """The number of columns and groups."""
        return len(self.items)

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return {
            "conditional": self.conditional,
            "columns": [
                {"name": i.name, "columns": list(i.columns), "drop": i.drop, "interval": list(i.interval)}
                for i in self.items
            ],
        }

    def __repr__(self) -> str:
        shown = ", ".join(f"{i.name} {i.drop:.3f} [{i.interval[0]:.3f}, {i.interval[1]:.3f}]" for i in self.items[:8])
        return f"Importances({shown}{', …' if len(self) > 8 else ''})"


def permutation_importance(
    folds: Sequence[tuple[Array, Network]],
    x: Array,
    y: Array,
    classes: int,
    groups: Mapping[str, tuple[tuple[str, ...], Array]],
    *,
    constant_loss: float,
    ratio: float,
    seed: int,
    conditional: bool = False,
    within_folds: bool = False,
    shuffles: int = SHUFFLES,
) -> Importances:
    """The importance of each group of features (Breiman 2001; Fisher, Rudin & Dominici 2019, eq. 3).

    Parameters
    ----------
    folds : sequence of (rows, Network)
        Held-out rows, and the model that was fitted without them.
    x, y : array (n, features), array (n,)
        The features of all rows, and values or class numbers.
    classes : int
        0 for values.
    groups : mapping of str to (columns, features)
        By name the columns and the numbers of their features, which are shuffled jointly.
    constant_loss : float
        The held-out loss of the constant: a drop of the score is an increase of the loss relative to it.
    ratio : float
        Test rows / training rows of a fold, for the corrected interval over the folds.
    seed, shuffles : int
        Of the shuffles, and how many.
    conditional : bool
        Replace only what a ridge regression on the other features does not predict (Chamma, Engemann & Thirion 2023):
        correlated columns then do not share their importance, and no impossible rows arise.
    within_folds : bool
        Take the values from rows of the same fold, where each fold has features of its own.
    """
    if not folds:
        return Importances((), conditional)
    rng = np.random.default_rng([seed, 12])
    share = min(1.0, MAX_ROWS / max(1, sum(len(rows) for rows, _ in folds)))
    held_out = [(np.sort(rng.permutation(rows)[: max(2, round(share * len(rows)))]), net) for rows, net in folds]
    base = [row_losses(net(x[rows]), y[rows], classes).mean() for rows, net in held_out]
    donors = [_donors(len(x), [rows for rows, _ in held_out] if within_folds else [], rng) for _ in range(shuffles)]
    items = []
    for name, (columns, features) in groups.items():
        expected = _expected(x, features) if conditional else np.zeros((len(x), len(features)))
        increase = np.empty(len(held_out))
        for k, (rows, net) in enumerate(held_out):
            losses = []
            for donor in donors:
                shuffled = x[rows].copy()
                other = donor[rows]
                shuffled[:, features] = expected[rows] + (x[other][:, features] - expected[other])
                losses.append(row_losses(net(shuffled), y[rows], classes).mean())
            increase[k] = (np.mean(losses) - base[k]) / constant_loss
        low, high, _ = corrected_interval(increase, ratio, LEVEL)
        items.append(Importance(name, columns, float(increase.mean()), (float(low), float(high))))
    items.sort(key=lambda item: -item.drop)
    return Importances(tuple(items), conditional)


def feature_groups(
    encoder: Encoder, groups: Mapping[str, Sequence[str]], shown: Sequence[str]
) -> dict[str, tuple[tuple[str, ...], Array]]:
    """The features of each named group of columns, and of every other column in ``shown`` by itself.

    Raises ``BadInput`` for a column that is no input and for one that is in two groups.
    """
    inputs = list(dict.fromkeys(encoder.sources))
    named: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for name, columns in groups.items():
        own = (columns,) if isinstance(columns, str) else tuple(columns)
        for column in own:
            if column not in inputs or column in taken:
                key = "verdict.importance_twice" if column in taken else "verdict.importance_column"
                raise BadInput(key, column=column, known=join_names(inputs))
            taken.add(column)
        named[name] = own
    named |= {column: (column,) for column in inputs if column in shown and column not in taken}
    sources = np.asarray(encoder.sources)
    return {name: (columns, np.flatnonzero(np.isin(sources, columns))) for name, columns in named.items()}


def _donors(count: int, folds: Sequence[Array], rng: np.random.Generator) -> Array:
    """(count,) for each row another one at random, of its own fold where there are ``folds``."""
    donors: Array = rng.permutation(count)
    for rows in folds:
        donors[rows] = rng.permutation(rows)
    return donors


def _expected(x: Array, features: Array) -> Array:
    """(n, len(features)) what a ridge regression on all other features predicts of these ones."""
    others = np.delete(x, features, axis=1)
    centred = (others - others.mean(axis=0)) / np.where(others.std(axis=0) > 0, others.std(axis=0), 1.0)
    own = x[:, features]
    gram = centred.T @ centred + 1e-3 * len(x) * np.eye(centred.shape[1])
    return np.asarray(own.mean(axis=0) + centred @ np.linalg.solve(gram, centred.T @ (own - own.mean(axis=0))))
