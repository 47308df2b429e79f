"""`TextEncoding`: what `Encoder` needs of a text column's features, which are fitted together with a model."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from .column_arrays import ColumnArrays
from .column_reading import ColumnType


class TextEncoding(Protocol):
    """A text column as features."""

    @property
    def name(self) -> str:
        """The column."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The features."""
        ...

    @property
    def type(self) -> ColumnType:
        """How the column is read."""
        ...

    def fill(self, arrays: ColumnArrays, rows: np.ndarray | None, features: np.ndarray) -> None:
        """Write the features of ``rows`` into ``features`` (n, len(names))."""
        ...

    def unlike(self, arrays: ColumnArrays) -> np.ndarray:
        """(rows,) whether a text is unlike those of the fitted rows."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        ...
