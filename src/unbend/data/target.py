"""`infer_target`: the task that a target column implies (regression or classification) and its values: a `Target`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..errors import DataError
from .column_arrays import ColumnArrays
from .column_types import as_labels
from .notes import Note, join_names
from .parsed_table import ParsedTable

Task = Literal["regression", "classification"]
TASKS = ("regression", "classification")
MIN_CLASS_ROWS = 2
MAX_CLASSES = 1000
MAX_CLASS_NUMBERS = 10  # up to this many distinct integers may be class numbers


@dataclass(frozen=True)
class Target:
    """The task, ``y`` (rows,) of values or class numbers, the classes' labels, and notes on what was assumed."""

    task: Task
    y: np.ndarray
    classes: tuple[str, ...]
    notes: tuple[Note, ...]


def check_target(parsed: ParsedTable, name: str) -> None:
    """Raise `DataError` if the target cannot be learned: it is empty, or holds NaN, infinity, dates, nested values."""
    column = parsed.table[name]
    if column.null_count == len(column):
        raise DataError("data.target_missing", target=name, rows=len(column))
    if pt.is_floating(column.type):
        finite = pc.fill_null(pc.is_finite(column), True)
        row = pc.index(finite, False).as_py()
        if row >= 0:
            value = str(column[row].as_py())
            raise DataError("data.target_not_finite", target=name, place=parsed.locate(row), value=value)
    elif pt.is_timestamp(column.type):
        raise DataError("data.target_date", target=name)
    elif not (pt.is_boolean(column.type) or pt.is_string(column.type) or pt.is_dictionary(column.type)):
        raise DataError("data.target_type", target=name, type=str(column.type))


def infer_target(column: Any, name: str, task: str | None) -> Target:
    """The task and the values of a target without missing cells; ``task`` overrides what the values suggest.

    Raises `DataError` for an unknown task, a constant target, regression on text, classes with a single row, and more
    than ``MAX_CLASSES`` classes.
    """
    if task is not None and task not in TASKS:
        raise DataError("data.no_such_task", task=task, known=", ".join(TASKS))
    textual = pt.is_string(column.type) or pt.is_dictionary(column.type)
    if task == "regression" and textual:
        raise DataError("data.regression_on_text", target=name, value=as_labels(column.cast(pa.string()))[0].as_py())
    numbers = None if textual else ColumnArrays(pa.table({name: column})).numbers(name)
    distinct = np.unique(numbers) if numbers is not None else None
    if distinct is not None and len(distinct) == 1:
        raise DataError("data.target_constant", target=name, value=as_labels(column)[0].as_py())
    suggested, notes = ("classification", ()) if textual else _suggest_task(distinct, column, name, task)
    chosen = cast(Task, task or suggested)
    if chosen == "regression":
        assert numbers is not None
        return Target(chosen, numbers, (), notes)
    y, classes = _class_numbers(column, name)
    return Target(chosen, y, classes, notes)


def _suggest_task(distinct: Any, column: Any, name: str, task: str | None) -> tuple[Task, tuple[Note, ...]]:
    if task is not None:
        return cast(Task, task), ()
    if pt.is_boolean(column.type):
        return "classification", ()
    values = {"target": name, "count": len(distinct)}
    if len(distinct) == 2:
        return "classification", (Note("data.task_two_values", values),)
    few_integers = len(distinct) <= MAX_CLASS_NUMBERS and bool(np.all(distinct == np.floor(distinct)))
    if few_integers and distinct[0] in (0, 1) and distinct[-1] - distinct[0] + 1 == len(distinct):
        low, high = int(distinct[0]), int(distinct[-1])
        return "classification", (Note("data.task_class_numbers", {**values, "low": low, "high": high}),)
    return "regression", (Note("data.task_few_wholes", values),) if few_integers else ()


def _class_numbers(column: Any, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers (int64) and labels: text in alphabetical order, numbers in the order of their size."""
    count = pc.count_distinct(column.cast(pa.string()) if pt.is_dictionary(column.type) else column).as_py()
    if count == len(column):
        raise DataError("data.target_all_distinct", target=name, count=count)
    if count > MAX_CLASSES:  # checked before the labels are sorted, which takes long
        raise DataError("data.too_many_classes", target=name, count=count, most=MAX_CLASSES)
    if pt.is_floating(column.type):
        values, y, counts = np.unique(column.to_numpy(), return_inverse=True, return_counts=True)
        labels = tuple(as_labels(pa.chunked_array([values])).to_pylist())
    else:
        codes, labels = ColumnArrays(pa.table({name: column})).codes(name)
        y, counts = codes, np.bincount(codes, minlength=len(labels))
    if len(labels) == 1:
        raise DataError("data.target_constant", target=name, value=labels[0])
    rare = [label for label, count in zip(labels, counts, strict=True) if count < MIN_CLASS_ROWS]
    if rare:
        raise DataError("data.lonely_classes", target=name, classes=join_names(rare), needed=MIN_CLASS_ROWS)
    return y.astype(np.int64), labels
