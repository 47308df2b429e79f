"""`BinnedRows`: rows of columns and of their piecewise linear encoding, by bin and position instead of all features.

Of a column's bins only one lies between 0 and 1 in a row: those before it are 1, those after it 0 (Gorishniy, Rubachev
& Babenko 2022, eq. 1). Its number and value say all, so that products with the encoding need a few sums, not a product
for every bin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from ...arrays import Array


@dataclass(frozen=True, eq=False)
class BinnedRows:
    """Rows (n) or (members, n) of inputs: ``columns`` (…, d), then all bins (…, B) of the q binned columns.

    ``bins`` (…, q) int32 are the numbers of the bins that the values lie in, counted over all columns, ``position``
    (…, q) how far into them, 0 … 1. ``starts`` (q + 1,) are the numbers of each column's first bin, and B. A bin enters
    as (value - ``centre``) / ``scale``, (B,) each.
    """

    columns: Array
    bins: Array
    position: Array
    starts: Array
    centre: Array
    scale: Array

    @classmethod
    def of_columns(cls, columns: Array) -> BinnedRows:
        """Rows of columns (n, d) or (members, n, d), not copied, without bins."""
        nothing = columns[..., :0]
        no_bins = np.empty(0)
        return cls(columns, nothing.astype(np.int32), nothing, np.zeros(1, np.int64), no_bins, no_bins)

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, features) or (members, n, features)."""
        return (*self.columns.shape[:-1], self.columns.shape[-1] + len(self.centre))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The float type of columns and positions."""
        return self.columns.dtype

    def of_member(self, k: int) -> BinnedRows:
        """Member k's rows, (n)."""
        return replace(self, columns=self.columns[k], bins=self.bins[k], position=self.position[k])

    def dense(self) -> Array:
        """All features, (n, d + B) or (members, n, d + B)."""
        d = self.columns.shape[-1]
        features: Array = np.empty(self.shape, self.dtype)
        features[..., :d] = self.columns
        for q, (start, end) in enumerate(pairwise(self.starts)):
            reached, position = self.bins[..., q, None] - start, self.position[..., q, None]
            numbers = np.arange(end - start)
            values = np.where(numbers < reached, 1, np.where(numbers == reached, position, 0))
            features[..., d + start : d + end] = (values - self.centre[start:end]) / self.scale[start:end]
        return features
