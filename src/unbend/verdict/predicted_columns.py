"""`PredictedColumns`: the columns of a table of predictions: values or labels, probabilities, intervals, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ..data import ColumnArrays
from ..data.column_reading import check_column
from ..errors import DataError
from ..words import say
from .model import Model


@dataclass(frozen=True)
class PredictedColumns:
    """Which columns a prediction has.

    ``interval`` is the coverage of prediction intervals, None for none; ``proba`` says whether the probabilities of
    the classes are among them (None: if there are classes), ``flag`` the columns in which a row is unlike the training
    rows.
    """

    interval: float | None = None
    proba: bool | None = None
    flag: bool = False

    def of(self, model: Model, table: ColumnArrays) -> dict[str, pa.Array]:
        """The columns by name for the rows of ``table``.

        Raises ``DataError`` for columns that the model cannot make, ``BadInput`` for a coverage out of range.
        """
        x = model.encoder.transform(table)
        output = model.output_of(x)
        columns = {say("cli.predicted_column", target=model.target): pa.array(model.prediction(output))}
        if self.proba or (self.proba is None and model.classes):
            shares = model.class_probabilities(output)
            columns |= {f"P({name})": pa.array(shares[:, k]) for k, name in enumerate(model.classes)}
        if self.interval is not None:
            ends = model.interval_of(output, x, self.interval)
            columns |= {"low": pa.array(ends[:, 0]), "high": pa.array(ends[:, 1])}
        if self.flag:
            columns["unlike_training"] = pa.array(model.unlike_training(table), pa.string())
        return columns


def rows_beside(table: Any, ids: Sequence[str], append: bool, predicted: Sequence[str]) -> dict[str, Any]:
    """The columns of a table that stand in front of the predictions, as they were written: ``ids``, or all.

    Raises ``DataError`` for one that is not there, and for one that is called like a prediction.
    """
    for name in ids:
        check_column(name, table.column_names)
    names = table.column_names if append else ids
    clash = next((name for name in names if name in predicted), None)
    if clash is not None:
        raise DataError("cli.append_clash", column=clash)
    return {name: table[name] for name in names}
