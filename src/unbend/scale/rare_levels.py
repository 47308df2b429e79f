"""Labels of a large table that the verdict's rows have too few of: the encoders learn them, and notes say how many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..data import Encoder, Note
from ..verdict import Model
from .survey import Survey


def with_counted_levels(model: Model, found: Survey) -> Model:
    """A model that was fitted to all rows: it has seen every label that the survey counted, also the rare ones.

    Their rows have no feature of their own, as before; predictions no longer take them for new.
    """
    columns = []
    for column in model.encoder.column_encoders:
        labels = _counted(found, column)
        rare = {*column.rare, *labels}.difference(column.levels) if labels else column.rare
        columns.append(replace(column, rare=tuple(sorted(rare))) if labels else column)
    return replace(model, encoder=Encoder(columns, model.encoder.texts))


def rare_level_notes(encoder: Encoder, found: Survey) -> list[Note]:
    """For each category how many of its labels have no feature of their own, and how many rows these are."""
    notes = []
    for column in encoder.column_encoders:
        rows = _counted(found, column)
        distinct = 0 if column.kind != "category" or column.calendar else found.columns[column.name].distinct.count
        if rare := {label: count for label, count in rows.items() if label not in column.levels}:
            values = {"column": column.name, "count": len(rare), "all": len(rows), "rows": sum(rare.values())}
            notes.append(Note("scale.rare_levels", values))
        elif not rows and distinct:
            error = f"{100 * found.columns[column.name].distinct.error:.1f}"
            values = {"column": column.name, "all": distinct, "error": error, "own": len(column.levels)}
            notes.append(Note("scale.many_levels", values))
    return notes


def _counted(found: Survey, column: Any) -> dict[str, int]:
    """The rows of every label of a category, where they were counted; {} where there are too many, and of others."""
    if column.kind != "category" or column.calendar is not None:
        return {}
    distinct = found.columns[column.name].distinct
    return {str(label): rows for label, rows in distinct.most_frequent(len(distinct.hashes)) or ()}
