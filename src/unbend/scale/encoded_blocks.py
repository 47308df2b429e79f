"""`BlockEncoder`: blocks of a large table → features and targets, as a fitted model needs them."""

from __future__ import annotations

from collections.abc import Iterator
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
from .shard import Shard
from .source import converted_blocks
from .table_form import TableForm


@dataclass(frozen=True, eq=False)
class BlockEncoder:
    """Turns blocks of the ``form`` into features with an ``encoder`` and targets of the ``classes``; picklable."""

    form: TableForm
    encoder: Encoder
    classes: tuple[str, ...]

    def blocks(self, shard: Shard) -> Iterator[tuple[Array, Array]]:
        """The shard's rows with a target, in order: features (n, features) float64 and targets (n,).

        Targets are float64 values or int64 numbers of the classes. Raises `DataError` that names file and row.
        """
        first = 0
        for table in converted_blocks(shard, self.form):
            target = table[self.form.target]
            if target.null_count:
                known = target.is_valid()
                yield self._encode(table.filter(known), shard, first, known.to_numpy())
            else:
                yield self._encode(table, shard, first, None)
            first += table.num_rows

    def _encode(self, table: Any, shard: Shard, first: int, known: Array | None) -> tuple[Array, Array]:
        target = table[self.form.target]
        y = self._classes(target) if self.classes else target.cast(pa.float64()).to_numpy()
        wrong = np.flatnonzero(y < 0 if self.classes else ~np.isfinite(y))
        if len(wrong):
            row = int(wrong[0] if known is None else np.flatnonzero(known)[wrong[0]])
            values = {"place": shard.place(first + row), "value": str(target[int(wrong[0])].as_py())}
            raise DataError("data.target_not_finite", target=self.form.target, **values)
        return self.encoder.transform(ColumnArrays(table)), y

    def _classes(self, target: Any) -> Array:
        labels = target if pt.is_string(target.type) else as_labels(target)
        numbers = pc.index_in(labels, value_set=pa.array(self.classes, pa.string()))
        return np.asarray(pc.fill_null(numbers, -1).to_numpy().astype(np.int64))
