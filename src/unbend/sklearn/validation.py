"""`validate_table`: checks X and y as scikit-learn requires and converts them to a table for the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, validate_data

from ..arrays import Array
from ..data import read_table
from ..data.column_reading import Types
from ..data.in_memory import to_array
from ..data.missing_values import blanks_to_null, nans_to_null
from ..data.parsed_table import ParsedTable
from ..data.problem import MIN_ROWS
from ..data.reader import parse_table
from ..data.target import infer_target
from ..errors import BadInput

TASKS = ("regression", "classification")


def validate_table(estimator: Any, X: Any, y: Any, *, reset: bool, types: Types | None = None) -> tuple[Any, Any]:
    """X as a parsed table and y (n,), validated as scikit-learn requires; with ``reset`` the estimator is being fitted.

    A data frame keeps its columns; an array is numeric, columns x1, x2, …, or, if its cells are text, textual.
    ``types`` are those of columns whose types are not inferred. Without ``reset`` y is passed through.
    """
    if reset:
        y = validate_data(estimator, y=y)
    checks = {"ensure_min_samples": MIN_ROWS if reset else 1, "estimator": estimator, "input_name": "X"}
    is_frame = hasattr(X, "columns")
    cells = X if is_frame else check_array(X, dtype=None, ensure_all_finite=False, **checks)
    validate_data(estimator, cells, skip_check_array=True, reset=reset)
    names = getattr(estimator, "feature_names_in_", None)
    if is_frame and names is not None:
        parsed = parse_table(X, types=types)
        check_array(np.zeros((parsed.table.num_rows, 1)), **checks)
    else:
        cells = _to_floats(check_array(cells, dtype=None, ensure_all_finite=False, **checks))
        columns = [f"x{i + 1}" for i in range(cells.shape[1])] if names is None else names
        parsed = parse_table(dict(zip(columns, cells.T, strict=True)), types=types)
    if reset:
        check_consistent_length(np.empty(parsed.table.num_rows), y)
    return parsed, y


def infer_task(y: Array, task: str | None) -> str:
    """The requested task, or the one that y suggests. Raises ``ValueError`` if y does not suit it."""
    if task is not None and task not in TASKS:
        raise BadInput("estimators.no_such_task", got=task)
    if task is None:
        task = infer_target(read_table({"y": to_array(y)}, types=_numeric(y))["y"], "y", None).task
    if task == "classification":
        check_classification_targets(y)
    return task


def _numeric(y: Any) -> Types:
    """No number of y is a date, even if 20200105 looks like one."""
    return {"y": "number"} if np.asarray(y).dtype.kind in "iuf" else {}


def with_target(parsed: ParsedTable, y: Array, task: str) -> tuple[ParsedTable, str, dict[str, Any]]:
    """The table with y as a further column, its name, and {label in the table: class} in the order of the classes."""
    table, target = parsed.table, "y"
    while target in table.column_names:
        target += "_"
    classes: dict[str, Any] = {}
    if task == "regression":
        column = pa.array(np.asarray(y, dtype=np.float64))
    else:
        values, codes = np.unique(y, return_inverse=True)
        if len(values) < 2:
            raise BadInput("estimators.one_class", got=values[0])
        labels = [str(value) for value in values.tolist()]
        if nans_to_null(blanks_to_null(pa.chunked_array([labels]))).null_count:  # " " and "NaN" are classes here
            labels = [repr(label) for label in labels]
        column = pa.array(np.array(labels, dtype=object)[codes], pa.string())
        classes = dict(zip(labels, values, strict=True))
    extended = table.append_column(target, column)
    return replace(parsed, table=extended), target, classes


def _to_floats(array: Array) -> Array:
    """float64 if the cells are numbers, text unchanged."""
    if array.dtype.kind in "OUS":
        try:
            return array.astype(np.float64)
        except ValueError:
            return array
    return array.astype(np.float64)
