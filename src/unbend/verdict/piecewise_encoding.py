"""`PiecewiseEncoding`: columns encoded piecewise linearly, the networks' inputs, as a ReLU layer computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..engine import BinnedRows
from ..network import Network, Scaler, fold, unfold
from ..network.merge import add_linear
from ..solve.linear_model.row_blocks import block_slices

MAX_BINS = 512  # of all columns together
MIN_BINS = 8  # per column: where the columns are so many that each gets fewer, bins cost more than they gain
ROWS_PER_BIN = 10
SCALED_ROWS = 20_000  # evenly spaced rows by which the bins are standardised, at most
WEIGHT = 2.0  # standard deviation of all bins of a column together, relative to that of the column itself


@dataclass(frozen=True, eq=False)
class PiecewiseEncoding:
    """Every column standardised, and for each with three values or more its *bins*.

    A column is cut at its quantiles; bin j is how far a value has come from cut j to the next, 0 … 1 (piecewise linear
    encoding; Gorishniy, Rubachev & Babenko 2022, eq. 1). Any piecewise linear function with kinks at the cuts alone is
    an affine function of the bins, so that a network need not learn steep or rough ones by itself. Each bin is
    standardised, then scaled so that a column's bins together weigh ``WEIGHT`` times the column. ``edges`` are the cuts
    of each column, empty for a column without bins; ``columns`` and ``bins`` scale the columns and the bins.
    """

    columns: Scaler
    edges: tuple[Array, ...]
    bins: Scaler

    @classmethod
    def of(cls, x: Array, max_bins: int) -> PiecewiseEncoding:
        """From x (n, columns): at most ``max_bins`` bins per column, ``MAX_BINS`` in all, or none."""
        count = min(max_bins, bins_per_column(several_valued(x)), len(x) // ROWS_PER_BIN)
        edges = tuple(_edges(column.astype(np.float64), count) for column in x.T)
        some = x[np.linspace(0, len(x) - 1, min(len(x), SCALED_ROWS)).astype(int)].astype(np.float64)
        scales = [Scaler.of(_encode(column, cuts)) for column, cuts in zip(some.T, edges, strict=True) if len(cuts)]
        size = [scale.scale * np.sqrt(len(scale.scale)) / WEIGHT for scale in scales]
        centre = [scale.centre for scale in scales]
        bins = Scaler(np.concatenate(centre), np.concatenate(size)) if scales else Scaler.none(0)
        return cls(Scaler.of(x), edges, bins)

    def without_bins(self) -> PiecewiseEncoding:
        """The standardised columns alone."""
        return PiecewiseEncoding(self.columns, (np.empty(0),) * len(self.edges), Scaler.none(0))

    @property
    def has_bins(self) -> bool:
        """Whether any column has bins."""
        return len(self.bins.scale) > 0

    @property
    def features(self) -> int:
        """Number of columns and bins."""
        return len(self.columns.scale) + len(self.bins.scale)

    def __call__(self, x: Array, dtype: type = np.float64) -> Array:
        """(n, columns) -> (n, features): first the columns, then the bins of the first, the second, …"""
        return self.binned(x, dtype).dense()

    def binned(self, x: Array, dtype: type = np.float32) -> BinnedRows:
        """The same of x (n, columns) or (m, n, columns), each bin's column by the bin that the value lies in."""
        binned = list(self._columns_with_bins())
        bins = np.empty((*x.shape[:-1], len(binned)), np.int32)
        position: Array = np.empty(bins.shape, dtype)
        for n, (column, cuts, own) in enumerate(binned):
            reached, position[..., n] = _position(x[..., column], cuts)
            bins[..., n] = own.start + reached
        starts = np.array([*(own.start for _, _, own in binned), len(self.bins.scale)])
        columns: Array = np.empty(x.shape, dtype)
        for own in block_slices(len(x), x[:1].size):
            columns[own] = self.columns(x[own])
        return BinnedRows(columns, bins, position, starts, self.bins.centre, self.bins.scale)

    def extend(self, net: Network) -> Network:
        """A network of the standardised columns as one of all features, with weights 0 for the bins."""
        (W, b), *others = net.arrays
        W = np.vstack([W, np.zeros((self.features - len(W), W.shape[1]))])
        return Network.from_arrays([(W, b), *others], [layer.activation for layer in net.layers], net.dtype)

    def add_to_linear(self, linear: Network, net: Network, weight: float) -> Network:
        """The network of the raw columns whose output is linear(x) + weight * net(features of x)."""
        if not self.has_bins:
            return add_linear(self.on_raw_columns(net), linear, weight)
        return self.on_raw_columns(add_linear(net, self.extend(unfold(linear, self.columns)), weight))

    def on_raw_columns(self, net: Network) -> Network:
        """The network of the raw columns with the outputs that ``net`` has for the features.

        Where there are bins, a ReLU layer comes first: two neurons pass a column on, max(x - c, 0) - max(c - x, 0),
        and one has its kink at each cut, since a bin is the difference of two such hinges. Exact up to rounding,
        float64.
        """
        d = len(self.columns.scale)
        (W, b), *others = [(W.astype(np.float64), b.astype(np.float64)) for W, b in net.arrays]
        activations = [layer.activation for layer in net.layers]
        if not self.has_bins:
            return fold(Network.from_arrays([(W, b), *others], activations, "float64"), self.columns, None)
        of_columns, of_bins = W[:d] / self.columns.scale[:, None], W[d:] / self.bins.scale[:, None]
        inputs, intercepts = [np.eye(d), -np.eye(d)], [-self.columns.centre, self.columns.centre]
        outputs = [of_columns, -of_columns]
        for column, cuts, own in self._columns_with_bins():
            slopes = of_bins[own] / np.diff(cuts)[:, None]
            inputs.append(np.repeat(np.eye(d)[:, [column]], len(cuts), axis=1))
            intercepts.append(-cuts)
            outputs.append(np.diff(slopes, axis=0, prepend=0, append=0))
        first = np.hstack(inputs), np.concatenate(intercepts)
        second = np.vstack(outputs), b - self.bins.centre @ of_bins
        return Network.from_arrays([first, second, *others], ["relu", *activations], "float64")

    def _columns_with_bins(self) -> list[tuple[int, Array, slice]]:
        """(column, its cuts, the slice of its bins among all) of each column with bins."""
        counts = [max(0, len(cuts) - 1) for cuts in self.edges]
        ends = np.cumsum(counts)
        return [(k, self.edges[k], slice(ends[k] - count, ends[k])) for k, count in enumerate(counts) if count]


def bins_per_column(columns: int) -> int:
    """How many bins each of so many columns may have at most; 0 where that would be too few to be useful."""
    each = MAX_BINS // max(1, columns)
    return each if each >= MIN_BINS else 0


def several_valued(x: Array) -> int:
    """How many of the columns have three values or more, and may have bins."""
    return sum(_distinct_values(column, 3) == 3 for column in x.T)


def _distinct_values(column: Array, most: int) -> int:
    """How many different values there are, counted up to so many."""
    count = 0
    while len(column) and count < most:
        count, column = count + 1, column[column != column[0]]
    return count


def _edges(column: Array, bins: int) -> Array:
    """The ends of at most so many bins with equally many rows each; none for one bin or fewer than three values."""
    values = np.unique(column) if bins >= 2 else column[:0]
    if len(values) < 3:
        return np.empty(0)
    cuts = values if len(values) <= bins + 1 else np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)))
    # hinges closer than this would cancel to rounding errors
    distinct = [cuts[0]]
    for cut in cuts[1:]:
        if cut - distinct[-1] > 1e-6 * (cuts[-1] - cuts[0]):
            distinct.append(cut)
    return np.asarray(distinct) if len(distinct) > 2 else np.empty(0)


def _position(column: Array, cuts: Array) -> tuple[Array, Array]:
    """(n,) the bin that each value has reached, and how far it has come in it, 0 … 1."""
    reached = np.clip(np.searchsorted(cuts, column, side="right") - 1, 0, len(cuts) - 2)
    low, high = cuts[reached], cuts[reached + 1]
    return reached, np.clip((column - low) / (high - low), 0.0, 1.0)


def _encode(column: Array, cuts: Array) -> Array:
    """(n, bins) the bins of a column, not standardised."""
    reached, way = _position(column, cuts)
    bins = (np.arange(len(cuts) - 1) < reached[:, None]).astype(np.float64)
    bins[np.arange(len(column)), reached] = way
    return bins
