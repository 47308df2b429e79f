"""scikit-learn's X and y → a table for the verdict."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, validate_data

from ..arrays import Array
from ..data import read_table
from ..data.in_memory import to_array
from ..data.missing_values import blanks_to_null, nans_to_null
from ..data.parsed_table import ParsedTable
from ..data.problem import MIN_ROWS
from ..data.reader import parse_table
from ..data.target import infer_target
from ..errors import BadInput

TASKS = ("regression", "classification")


def checked(estimator: Any, X: Any, y: Any, reset: bool, keep_text: Collection[str] = ()) -> tuple[Any, Any]:
    """X as an Arrow table, and y (n,) where the estimator is fitted (``reset``): checked as scikit-learn asks.

    A frame keeps its columns; an array is one of numbers, columns x1, x2, …, or, where its cells are text, of text.
    Columns in ``keep_text`` are not read as numbers or dates.
    """
    if reset:
        y = validate_data(estimator, y=y)
    ensure = {"ensure_min_samples": MIN_ROWS if reset else 1, "estimator": estimator, "input_name": "X"}
    framed = hasattr(X, "columns")
    cells = X if framed else check_array(X, dtype=None, ensure_all_finite=False, **ensure)
    validate_data(estimator, cells, skip_check_array=True, reset=reset)
    names = getattr(estimator, "feature_names_in_", None)
    if framed and names is not None:
        table = read_table(X, keep_text=keep_text)
        check_array(np.zeros((table.num_rows, 1)), **ensure)
    else:
        cells = _numbers(check_array(cells, dtype=None, ensure_all_finite=False, **ensure))
        named = [f"x{i + 1}" for i in range(cells.shape[1])] if names is None else names
        table = read_table(dict(zip(named, cells.T, strict=True)), keep_text=keep_text)
    if reset:
        check_consistent_length(np.empty(table.num_rows), y)
    return table, y


def task_of(y: Array, task: str | None) -> str:
    """The task that is asked for, or that y suggests. Raises ``ValueError`` where y is none of its kind."""
    if task is not None and task not in TASKS:
        raise BadInput("estimators.no_such_task", got=task)
    if task is None:
        task = infer_target(read_table({"y": to_array(y)})["y"], "y", None).task
    if task == "classification":
        check_classification_targets(y)
    return task


def problem_table(table: Any, y: Array, task: str) -> tuple[ParsedTable, str, dict[str, Any]]:
    """The table with y as one more column, that column's name, and {label in the table: class} in order of classes."""
    target = "y"
    while target in table.column_names:
        target += "_"
    if task == "regression":
        column, classes = pa.array(np.asarray(y, dtype=np.float64)), {}
    else:
        values, codes = np.unique(y, return_inverse=True)
        if len(values) < 2:
            raise BadInput("estimators.one_class", got=values[0])
        labels = [str(value) for value in values.tolist()]
        if nans_to_null(
            blanks_to_null(pa.chunked_array([labels]))
        ).null_count:  # " " and "NaN" are classes here, not gaps
            labels = [repr(label) for label in labels]
        column, classes = (
            pa.array(np.array(labels, dtype=object)[codes], pa.string()),
            dict(zip(labels, values, strict=True)),
        )
    whole = table.append_column(target, column)
    return parse_table(whole, keep_text=(*_text_columns(table), target)), target, classes


def _text_columns(table: Any) -> list[str]:
    return [name for name in table.column_names if pa.types.is_string(table[name].type)]


def _numbers(array: Array) -> Array:
    """float64 where the cells are numbers, text as it is."""
    if array.dtype.kind in "OUS":
        try:
            return array.astype(np.float64)
        except ValueError:
            return array
    return array.astype(np.float64)
