"""Rows of a model's own columns with what it predicts for them, for files that show it at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import ColumnArrays, Encoder, read_table
from ..data.column_encoder import ColumnEncoder
from ..data.column_reading import check_column
from ..formula.evaluate.floats import Floats
from ..formula.evaluate.tape import Tape
from .export_model import ExportModel
from .formula_model import FormulaModel

_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Sample:
    """``cells``: rows of numbers, texts, dates and None; ``predicted``: the outputs, or the label, for each."""

    cells: list[list[Any]]
    predicted: list[list[Any]]


def sample_rows(model: ExportModel, rows: Any = None) -> Sample:
    """The rows of a table with their predictions; without a table typical and extreme values of each column."""
    if not model.encoders:
        x = np.array([[0.0], [1.0], [-1.0], [0.5]]) * np.ones(len(model.columns))
        if rows is not None:
            x = _numbers(rows, model.columns)
        return Sample(x.tolist(), _predicted(model, x))
    encoder = Encoder(model.encoders)
    own = [one for one in model.encoders if one.calendar is None]
    if rows is None:
        columns = {one.name: _typical(one) for one in own}
        table = pa.table({name: pa.array(values) for name, values in columns.items()})
    else:
        table = read_table(rows, types=encoder.types).select(list(encoder.columns))
    cells = [_cells(one, table[one.name]) for one in own]
    return Sample([list(row) for row in zip(*cells, strict=True)], _predicted(model, encoder.transform(table)))


def formula_rows(formula: FormulaModel, rows: Any = None) -> Sample:
    """The rows of a table with the formula's values; without a table small numbers."""
    x = np.arange(1.0, 5.0)[:, None] * np.ones(len(formula.columns))
    if rows is not None:
        x = _numbers(rows, formula.columns)
    tape: Tape[Any] = Tape([formula.tree])
    values = tape.run(dict(zip(formula.columns, x.T, strict=True)), Floats())[0]
    return Sample(x.tolist(), np.broadcast_to(values, len(x))[:, None].tolist())


def _numbers(rows: Any, names: Sequence[str]) -> Array:
    table = read_table(rows)
    for name in names:
        check_column(name, table.column_names)
    arrays = ColumnArrays(table)
    return np.column_stack([arrays.numbers(name) for name in names])


def _predicted(model: ExportModel, inputs: Any) -> list[list[Any]]:
    outputs = np.asarray(model.network(inputs.astype(model.network.dtype)), dtype=float)
    if not model.classes:
        rows: list[list[Any]] = outputs.tolist()
        return rows
    scores = np.column_stack([np.zeros(len(outputs)), outputs]) if model.has_log_odds else outputs
    return [[model.classes[k]] for k in scores.argmax(axis=1)]


def _typical(encoder: ColumnEncoder) -> Sequence[Any]:
    """The typical value, four from the least to the greatest, and a missing cell; labels in turn."""
    if encoder.kind in ("category", "boolean"):
        labels = encoder.levels or ("",)
        return [*(labels[k % len(labels)] for k in range(5)), None]
    values: list[Any] = [encoder.fill_value, *(encoder.range or (encoder.fill_value,) * 4)]
    if encoder.kind == "date":
        return [*(_EPOCH + timedelta(days=value) for value in values), None]
    return [*values, None]


def _cells(encoder: ColumnEncoder, column: Any) -> list[Any]:
    values = column.to_pylist()
    if encoder.kind in ("category", "boolean"):
        return [None if value is None else str(value) for value in values]
    if encoder.kind == "date":
        return [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in values]
    return [None if value is None or not np.isfinite(value) else float(value) for value in values]
