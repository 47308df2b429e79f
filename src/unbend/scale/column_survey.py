"""`ColumnSurvey`: what one pass over the rows says of a column, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from ..arrays import Array
from .distinct_values import DistinctValues
from .hashing import hash_labels, hash_numbers

_MISSING = np.uint64(0x1DE5C0FFEE)  # the hash of a missing cell
_DAY = 86_400e6  # microseconds


@dataclass
class ColumnSurvey:
    """Counts of a column: ``rows``, ``missing``, the ``least`` and ``greatest`` number, the different values.

    Numbers and dates (days since 1970) have least and greatest, labels none. Infinite cells count as missing.
    """

    rows: int = 0
    missing: int = 0
    least: float = np.inf
    greatest: float = -np.inf
    distinct: DistinctValues = field(default_factory=DistinctValues)

    def add(self, column: Any) -> Array:
        """Count the cells of an Arrow column; returns their hashes, (n,) uint64."""
        self.rows += len(column)
        return self._add_labels(column) if pt.is_string(column.type) else self._add_numbers(column)

    def _add_numbers(self, column: Any) -> Array:
        values = as_floats(column)
        known = np.isfinite(values)
        count = int(np.count_nonzero(known))
        hashes = hash_numbers(values)
        finite, their_hashes = (values, hashes) if count == len(values) else (values[known], hashes[known])
        self.missing += len(values) - count
        if count:
            self.least = min(self.least, float(finite.min()))
            self.greatest = max(self.greatest, float(finite.max()))
            self.distinct.add(their_hashes, finite)
        return hashes

    def _add_labels(self, column: Any) -> Array:
        codes, hashes, levels = hash_labels(column)
        counts = np.bincount(codes + 1, minlength=len(levels) + 1)
        self.missing += int(counts[0])
        self.distinct.add(hashes, np.array(levels, object), counts[1:])
        return np.append(hashes, _MISSING)[codes]

    def merge(self, other: ColumnSurvey) -> None:
        """Count the cells of another part of the table too."""
        self.rows += other.rows
        self.missing += other.missing
        self.least, self.greatest = min(self.least, other.least), max(self.greatest, other.greatest)
        self.distinct.merge(other.distinct)


def cell_hashes(column: Any) -> Array:
    """(n,) uint64 hashes of the cells of an Arrow column, as `ColumnSurvey.add` returns them."""
    if not pt.is_string(column.type):
        return hash_numbers(as_floats(column))
    codes, hashes, _ = hash_labels(column)
    return np.append(hashes, _MISSING)[codes]


def as_floats(column: Any) -> Array:
    """(n,) float64, NaN where a cell is missing; dates as days since 1970, booleans as 0 and 1."""
    if pt.is_timestamp(column.type):
        whole = column.cast(pa.int64())
        days = np.asarray(whole.fill_null(0).to_numpy() / _DAY, dtype=np.float64)
        days[whole.is_null().to_numpy()] = np.nan
        return days
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
