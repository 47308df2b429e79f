"""`PlotAxis`: a column of the data as an axis of the surface: numbers as they are, categories at the places 0, 1, …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data.column_encoder import ColumnEncoder


@dataclass(frozen=True)
class PlotAxis:
    """A column as an axis.

    ``features`` are the positions of its features in x; ``levels`` the names of its places, () where the column holds
    numbers. ``one_hot``: there is a feature for each level; else the first feature is the place.
    """

    name: str
    features: tuple[int, ...]
    levels: tuple[str, ...] = ()
    one_hot: bool = False

    def coordinates(self, x: Array) -> Array:
        """Places (n,) of the rows of x (n, features) on the axis; NaN where a category is none of the levels."""
        features = x[:, self.features]
        if not self.one_hot:
            return np.asarray(features[:, 0])
        return np.asarray(np.where(features.any(axis=1), features.argmax(axis=1), np.nan))

    def write(self, rows: Array, places: Array) -> None:
        """Set the column's features in ``rows`` (n, features) to the places (n,), a category's to the nearest level."""
        if self.levels:
            places = np.clip(np.rint(places), 0, len(self.levels) - 1)
        if self.one_hot:
            rows[:, self.features] = places[:, None] == np.arange(len(self.features))
        else:
            rows[:, self.features[0]] = places

    def typical(self, x: Array) -> Array:
        """Typical values (its features,): the median of numbers, the most frequent level of a category."""
        features = x[:, self.features]
        if not self.one_hot:
            return np.asarray(np.median(features, axis=0))
        return np.asarray(np.arange(len(self.features)) == features.sum(axis=0).argmax(), dtype=float)

    def interval(self, x: Array) -> tuple[float, float]:
        """Lower and upper end of the axis, with a margin."""
        if self.levels:
            return -0.5, len(self.levels) - 0.5
        values = self.coordinates(x)
        low, high = float(values.min()), float(values.max())
        margin = 0.08 * (high - low) if high > low else 1.0
        return low - margin, high + margin

    def text(self, place: float) -> str:
        """A place in words: "weight = 3.2e+03", "origin = Japan"."""
        if not self.levels:
            return f"{self.name} = {place:.3g}"
        return f"{self.name} = {self.levels[int(np.clip(np.rint(place), 0, len(self.levels) - 1))]}"

    def association(self, x: Array, y: Array) -> float:
        """How much of the variance of y (n,) the column's features account for, each alone: the largest R², 0 to 1."""
        features = x[:, self.features]
        spread = features.std(axis=0) * y.std()
        covariance = ((features - features.mean(axis=0)) * (y - y.mean())[:, None]).mean(axis=0)
        return float((np.divide(covariance, spread, out=np.zeros_like(spread), where=spread > 0) ** 2).max())


def plot_axes(encoders: Sequence[ColumnEncoder]) -> tuple[PlotAxis, ...]:
    """The columns that have features, in the order of the features."""
    axes, start = [], 0
    for encoder in encoders:
        stop = start + len(encoder.names)
        prefix = len(encoder.name) + 1
        if stop > start:
            levels: tuple[str, ...] = ()
            if encoder.kind == "category":
                levels = tuple(name[prefix:] for name in encoder.names)
            elif encoder.kind == "boolean" and encoder.plain:
                levels = tuple(encoder.levels)
            axes.append(PlotAxis(encoder.name, tuple(range(start, stop)), levels, encoder.kind == "category"))
        start = stop
    return tuple(axes)
