"""`out_of_fold_table`: the held-out predictions of every compared row as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Problem
from ..data.column_reading import check_column
from ..errors import DataError
from .compare import Comparison
from .scores import probabilities

IDENTIFIERS = ("data.left_out_id_name", "data.left_out_all_distinct", "data.left_out_row_number",
               "verdict.left_out_group")  # fmt: skip


def out_of_fold_table(
    problem: Problem, comparison: Comparison, *, ids: Iterable[str] | None = None, first_row: int = 0
) -> Any:
    """The rows of the comparison with each model's prediction when the row was held out.

    Columns: ``row``, its number in the table that was read, counted from ``first_row``; the columns ``ids``, by default
    those that identify rows or groups; the target; a column for each model with its value or most probable label; for
    classes "MODEL P(LABEL)". Predictions are null in rows that were never held out. Raises ``DataError`` for a column
    that is not there, and for one whose name is that of a prediction.
    """
    if ids is None:
        names = [c.name for c in problem.columns if c.why is not None and c.why.key in IDENTIFIERS]
    else:
        names = list(dict.fromkeys(ids))
        for name in names:
            check_column(name, problem.table.column_names)
    models = [model for model in comparison.models if model != "constant"]
    predicted: dict[str, Any] = {}
    for model in models:
        predicted |= _predictions(model, comparison.outputs[model], problem.classes)
    taken = {"row", *predicted}
    clash = next((name for name in (*(ids or ()), problem.target) if name in taken), None)
    if clash is not None:
        raise DataError("verdict.out_of_fold_clash", column=clash)
    own = {name: problem.table[name] for name in names if name not in taken and name != problem.target}
    actual = pa.array(np.asarray(problem.classes)[problem.y]) if problem.classes else pa.array(problem.y)
    return pa.table({"row": pa.array(problem.source_rows + first_row), **own, problem.target: actual, **predicted})


def _predictions(model: str, output: Array, classes: tuple[str, ...]) -> dict[str, Any]:
    """{column: values} of one model's outputs (rows, k)."""
    missing = np.isnan(output[:, 0])
    if not classes:
        return {model: pa.array(output[:, 0], mask=missing)}
    shares = probabilities(np.where(missing[:, None], 0.0, output))
    labels = np.asarray(classes)[shares.argmax(axis=1)]
    columns = {model: pa.array(labels, pa.string(), mask=missing)}
    return columns | {f"{model} P({name})": pa.array(shares[:, k], mask=missing) for k, name in enumerate(classes)}
