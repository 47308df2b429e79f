"""`BlockEncoder`: blocks of a large table → features and targets, as a fitted model needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..arrays import Array
from ..data import ColumnArrays, Encoder
from ..data.column_types import as_labels
from ..errors import DataError
from .hashing import hash_rows
from .shard import Shard
from .table_form import TableForm


@dataclass(frozen=True, eq=False)
class BlockEncoder:
    """Turns blocks of the ``form`` into features with an ``encoder`` and targets of the ``classes``; picklable.

    Numbers that need nothing done to them are copied from Arrow's memory; all others go the encoder's way.
    """

    form: TableForm
    encoder: Encoder
    classes: tuple[str, ...]

    def blocks(
        self,
        shard: Shard,
        chosen: Callable[[Any, Array], Array] | None = None,
        seed: int = 0,
        columns: Sequence[str] = (),
    ) -> Iterator[tuple[Array, Array]]:
        """The shard's rows with a target, in order: features (n, features) and targets (n,).

        Features are float32 where all of them are whole numbers or came in single precision, else float64; they lie in
        columns. Targets are float64 values or int64 numbers of the classes. ``chosen`` says by their cells in
        these ``columns`` and by their hashes, made from ``seed``, which rows are wanted. Raises `DataError` that names
        file and row.
        """
        target = self.form.target
        first = 0
        for table in shard.blocks(self.form.block_rows, {*self.encoder.columns, target, *columns}):
            known = None
            if table[target].null_count or not pt.is_primitive(table[target].type):
                known = self.form.convert(table.select([target]), shard, first, [target])[target].is_valid().to_numpy()
            if chosen is not None:
                cells = self.form.convert(table.select(columns), shard, first, columns) if columns else None
                wanted = chosen(cells, hash_rows(shard.key, shard.first_row + first, table.num_rows, seed))
                known = wanted if known is None else known & wanted
            known = None if known is None or known.all() else known
            if known is None or known.any():
                yield self._encode(table if known is None else table.filter(pa.array(known)), shard, first, known)
            first += table.num_rows

    def _encode(self, table: Any, shard: Shard, first: int, known: Array | None) -> tuple[Array, Array]:
        if any(column.calendar is not None for column in self.encoder.column_encoders):
            converted = self.form.convert(table, shard, first, [*self.encoder.columns, self.form.target])
            y = self._targets(converted[self.form.target], shard)
            return self.encoder.transform(ColumnArrays(converted)), y
        plain = {column.name: _plain_numbers(table, column) for column in self.encoder.column_encoders}
        others = [name for name in self.encoder.columns if plain.get(name) is None]
        converted = self.form.convert(table, shard, first, [*others, self.form.target])
        y = self._targets(converted[self.form.target], shard)
        single = all(_is_single(plain[c.name], c.kind) for c in self.encoder.column_encoders)
        features = np.empty((len(self.encoder.names), len(y)), np.float32 if single else np.float64).T
        arrays = ColumnArrays(converted)
        start = 0
        for column in self.encoder.column_encoders:
            stop = start + len(column.names)
            values = plain[column.name]
            if values is None:
                column.fill(arrays, None, features[:, start:stop])
            else:
                features[:, start] = values
            start = stop
        return features, y

    def _targets(self, target: Any, shard: Shard) -> Array:
        """Values, or numbers of the classes. Raises `DataError` for a class that the sample had no row of."""
        if not self.classes:
            return np.asarray(target.to_numpy())
        labels = target if pt.is_string(target.type) else as_labels(target)
        numbers = pc.index_in(labels, value_set=pa.array(self.classes, pa.string()))
        if numbers.null_count:
            label = labels.filter(numbers.is_null())[0].as_py()
            raise DataError("scale.unknown_class", file=shard.name, target=self.form.target, label=label)
        return np.asarray(numbers.to_numpy().astype(np.int64))


def _plain_numbers(table: Any, column: Any) -> Array | None:
    """(n,) the column's numbers where they are features as they stand, else None."""
    if column.kind != "number" or not column.plain or column.indicator or column.limits:
        return None
    cells = table[column.name]
    if cells.null_count or not (pt.is_float32(cells.type) or pt.is_float64(cells.type) or pt.is_integer(cells.type)):
        return None
    values: Array = cells.to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):
        return values if np.isfinite(values.sum()) or np.isfinite(values).all() else None


def _is_single(values: Array | None, kind: str) -> bool:
    """Whether the features of a column lose nothing in single precision."""
    if values is None:
        return kind in ("category", "boolean")
    return values.dtype == np.float32 or (values.dtype.kind in "iu" and values.dtype.itemsize <= 2)
