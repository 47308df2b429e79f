"""`TextColumnEncoder`: a text column as features of a table's encoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...arrays import Array
from ...data import ColumnArrays
from ...data.column_reading import ColumnType
from .text_features import TextFeatures

MOST_MADE = 4  # tables


@dataclass(frozen=True, eq=False)
class TextColumnEncoder:
    """The `TextEncoding` of an encoder, made with the model that its scores belong to.

    Parameters
    ----------
    name : str
        The column.
    names : tuple of str
        The features: what the text adds to each output, then the learned vector's numbers where there are any.
    parts : tuple of TextFeatures
        These sums over the n-grams, and those; none before a model is fitted: the column is then merely read.
    made : dict
        The features of the last tables, by where their texts are in memory.
    """

    name: str
    names: tuple[str, ...]
    parts: tuple[TextFeatures, ...]
    made: dict[tuple[Any, ...], tuple[Any, Array]] = field(default_factory=dict, repr=False)

    def fill(self, arrays: ColumnArrays, rows: Array | None, features: Array) -> None:
        """Write the features of ``rows`` into ``features`` (n, len(names)); a table's texts are read once."""
        if not self.parts:
            return
        column = arrays.table[self.name]
        place = tuple((b.address, c.offset, len(c)) for c in column.chunks for b in c.buffers() if b is not None)
        if place not in self.made:
            texts = arrays.texts(self.name)
            while len(self.made) >= MOST_MADE:
                del self.made[next(iter(self.made))]
            self.made[place] = column, np.concatenate([part(texts) for part in self.parts], axis=1)
        made = self.made[place][1]
        features[:] = made if rows is None else made[rows]

    def unlike(self, arrays: ColumnArrays) -> Array:
        """(rows,) whether a text has no n-gram at all that the fitted rows have."""
        texts = arrays.texts(self.name)
        known = [not text or any(part.knows(text) for part in self.parts[:1]) for text in texts]
        return ~np.array(known, bool)

    @property
    def type(self) -> ColumnType:
        """How the column is read."""
        return ColumnType("text", remembered=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        parts = [part.to_dict() for part in self.parts]
        return {"name": self.name, "names": list(self.names), "parts": parts}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> TextColumnEncoder:
        """The encoder that `to_dict` described. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for others."""
        parts = tuple(TextFeatures.from_dict(part) for part in saved["parts"])
        names = tuple(str(name) for name in saved["names"])
        if not parts or len(names) != sum(part.count for part in parts):
            raise ValueError("features of a text column")
        return cls(str(saved["name"]), names, parts)
