"""A model of a table's own columns, for targets in which a formula reads cells: SQL and Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..data.column_encoder import ColumnEncoder
from ..errors import ModelError
from ..geometry import collapse
from ..network.layers import Layer
from .export_model import ExportModel


@dataclass(frozen=True, eq=False)
class RawColumn:
    """A column, and the places of its features among the network's inputs, in the encoder's order.

    ``value`` is that of the number itself, ``levels`` those of a category's own labels, ``other`` that of its other
    labels, ``missing`` that of the flag; None or () where there is none.
    """

    encoder: ColumnEncoder
    value: int | None
    levels: tuple[int, ...]
    other: int | None
    missing: int | None

    @property
    def is_category(self) -> bool:
        """Whether the cells are labels."""
        return self.encoder.kind == "category"

    def level_weights(self, weights: Array) -> tuple[list[tuple[str, float]], float, float]:
        """What a cell of a category adds to a sum: the labels' own weights, that of other labels, of missing cells."""
        own = [(label, float(weights[place])) for label, place in zip(self.encoder.levels, self.levels, strict=True)]
        other = 0.0 if self.other is None else float(weights[self.other])
        return own, other, 0.0 if self.missing is None else float(weights[self.missing])


def table_columns(columns: Sequence[RawColumn]) -> list[RawColumn]:
    """Those that a row has cells for: all but the parts of dates, which are made from the dates."""
    return [column for column in columns if column.encoder.calendar is None]


def raw_columns(model: ExportModel) -> tuple[RawColumn, ...]:
    """The table's columns; a bare network's inputs are columns of numbers that are never missing.

    Raises ``ModelError`` for a table with text columns, whose n-grams no formula of cells can count.
    """
    if model.texts:
        raise ModelError("export.text_columns", columns=", ".join(text.name for text in model.texts))
    encoders: Sequence[ColumnEncoder] = model.encoders or [
        ColumnEncoder(name, "number", fill_value=np.nan) for name in model.columns
    ]
    return tuple(_places(encoders))


def _places(encoders: Sequence[ColumnEncoder]) -> Iterator[RawColumn]:
    place = 0
    for encoder in encoders:
        is_category = encoder.kind == "category"
        levels = tuple(range(place, place + len(encoder.levels))) if is_category else ()
        value = place if not is_category and encoder.plain else None
        place += len(levels) + (value is not None)
        other = place if encoder.other else None
        place += encoder.other
        missing = place if encoder.indicator else None
        place += encoder.indicator
        yield RawColumn(encoder, value, levels, other, missing)


def affine_layers(model: ExportModel) -> tuple[Layer, ...]:
    """The network's layers, affine runs merged, in doubles."""
    network = model.network
    doubles = type(network).from_arrays(network.arrays, [layer.activation for layer in network.layers], "float64")
    return collapse(doubles).layers
