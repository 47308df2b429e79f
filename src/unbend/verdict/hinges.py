"""Columns and their curves: what the networks see of a table, and the layer that computes it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..arrays import Array
from ..network import Network, Scaler, fold, unfold
from ..network.merge import add_linear

MOST = 256  # pieces of all columns together
FEWEST = 10  # to a column: where columns are so many that each gets fewer, pieces cost more than they bring
ROWS = 10  # rows a piece should hold
WEIGHT = 2.0  # of a column's pieces, all together, next to the column itself


@dataclass(frozen=True, eq=False)
class Hinges:
    """Every column standardised, and for each that takes three values or more its *pieces*.

    A column is cut at its quantiles; piece j says how far a value has come from cut j to the next, 0 … 1 (piecewise
    linear encoding; Gorishniy, Rubachev & Babenko 2022, eq. 1). Any curve that bends at the cuts alone is a straight
    function of these, so that a network need not find steep or rough ones by itself. Each piece is standardised, then
    scaled so that a column's pieces together weigh ``WEIGHT`` times the column.
    """

    columns: Scaler
    edges: tuple[Array, ...]
    pieces: Scaler

    @classmethod
    def of(cls, x: Array, most: int) -> Hinges:
        """From x (n, columns): at most ``most`` pieces to a column, ``MOST`` in all, or none."""
        values = [np.unique(column) for column in x.T]
        count = min(most, room(sum(len(v) > 2 for v in values)), len(x) // ROWS)
        edges = tuple(_cuts(column, v, count) for column, v in zip(x.T, values, strict=True))
        scales = [Scaler.of(_pieces(column, cut)) for column, cut in zip(x.T, edges, strict=True) if len(cut)]
        size = [scale.size * np.sqrt(len(scale.size)) / WEIGHT for scale in scales]
        centre = [scale.centre for scale in scales]
        pieces = Scaler(np.concatenate(centre), np.concatenate(size)) if scales else Scaler.none(0)
        return cls(Scaler.of(x), edges, pieces)

    @property
    def alone(self) -> Hinges:
        """The columns without their pieces."""
        return Hinges(self.columns, (np.empty(0),) * len(self.edges), Scaler.none(0))

    @property
    def curved(self) -> bool:
        """Whether any column has pieces."""
        return len(self.pieces.size) > 0

    @property
    def features(self) -> int:
        """Columns and pieces."""
        return len(self.columns.size) + len(self.pieces.size)

    def __call__(self, x: Array, dtype: type = np.float64) -> Array:
        """(n, columns) -> (n, features): first the columns, then the pieces of the first, the second, …"""
        d = len(self.columns.size)
        found: Array = np.empty((len(x), self.features), dtype)
        found[:, :d] = self.columns(x)
        for column, cut, here in self._stretches():
            pieces = _pieces(x[:, column], cut)
            found[:, d:][:, here] = (pieces - self.pieces.centre[here]) / self.pieces.size[here]
        return found

    def lift(self, net: Network) -> Network:
        """A network of the standardised columns as one of all features."""
        (W, b), *rest = net.arrays
        W = np.vstack([W, np.zeros((self.features - len(W), W.shape[1]))])
        return Network.from_arrays([(W, b), *rest], [layer.activation for layer in net.layers], net.dtype)

    def stand(self, net: Network, straight: Network, share: float) -> Network:
        """The network of the raw columns that answers straight(x) + share * net(features of x)."""
        if not self.curved:
            return add_linear(self.before(net), straight, share)
        return self.before(add_linear(net, self.lift(unfold(straight, self.columns)), share))

    def before(self, net: Network) -> Network:
        """The network of the raw columns that answers what ``net`` answers for the features.

        Where there are pieces a ReLU layer comes first: two neurons hand a column on, max(x - c, 0) - max(c - x, 0),
        and one stands at each cut, since a piece is the difference of two such hinges. Exact up to rounding, float64.
        """
        d = len(self.columns.size)
        (W, b), *rest = [(W.astype(np.float64), b.astype(np.float64)) for W, b in net.arrays]
        activations = [layer.activation for layer in net.layers]
        if not self.curved:
            return fold(Network.from_arrays([(W, b), *rest], activations, "float64"), self.columns, None)
        of_columns, of_pieces = W[:d] / self.columns.size[:, None], W[d:] / self.pieces.size[:, None]
        way_in, at, onward = (
            [np.eye(d), -np.eye(d)],
            [-self.columns.centre, self.columns.centre],
            [of_columns, -of_columns],
        )
        for column, cut, here in self._stretches():
            slopes = of_pieces[here] / np.diff(cut)[:, None]
            way_in.append(np.repeat(np.eye(d)[:, [column]], len(cut), axis=1))
            at.append(-cut)
            onward.append(np.diff(slopes, axis=0, prepend=0, append=0))
        first = np.hstack(way_in), np.concatenate(at)
        second = np.vstack(onward), b - self.pieces.centre @ of_pieces
        return Network.from_arrays([first, second, *rest], ["relu", *activations], "float64")

    def _stretches(self) -> list[tuple[int, Array, slice]]:
        """(column, its cuts, its pieces among all) of each column that has pieces."""
        counts = [max(0, len(cut) - 1) for cut in self.edges]
        ends = np.cumsum(counts)
        return [(k, self.edges[k], slice(ends[k] - count, ends[k])) for k, count in enumerate(counts) if count]


def room(columns: int) -> int:
    """How many pieces each of so many columns may have at most; 0 where that would be too few to be worth it."""
    each = MOST // max(1, columns)
    return each if each >= FEWEST else 0


def _cuts(column: Array, values: Array, pieces: int) -> Array:
    """The ends of at most so many pieces with equally many rows each; none for one piece or fewer than three values.

    ``values`` are the column's, each once, sorted.
    """
    if pieces < 2 or len(values) < 3:
        return np.empty(0)
    cuts = values if len(values) <= pieces + 1 else np.unique(np.quantile(column, np.linspace(0, 1, pieces + 1)))
    # hinges closer than this would cancel to nothing but rounding
    apart = [cuts[0]]
    for cut in cuts[1:]:
        if cut - apart[-1] > 1e-6 * (cuts[-1] - cuts[0]):
            apart.append(cut)
    return np.asarray(apart) if len(apart) > 2 else np.empty(0)


def _pieces(column: Array, cut: Array) -> Array:
    return np.stack([np.clip((column - low) / (high - low), 0.0, 1.0) for low, high in pairwise(cut)], axis=1)
