"""What exported code needs to know of a table's columns to read their cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...data.column_encoder import ColumnEncoder
from ...data.missing_values import MISSING_LABELS, MISSING_WORDS
from ..export_model import ExportModel
from ..ngram_sums.tables import NgramSums

_NOT_FINITE = ("inf", "+inf", "-inf", "infinity", "-infinity")
MISSING = tuple(dict.fromkeys(text.lower() for text in (*MISSING_LABELS, *MISSING_WORDS, *_NOT_FINITE)))


def needs_encode(model: ExportModel) -> bool:
    """Whether the cells of the table are anything else than plain numbers."""
    read = any(one.kind != "number" or one.reading.comma or one.reading.unit for one in model.encoders)
    return read or bool(model.texts)


def cell_columns(model: ExportModel) -> list[dict[str, Any]]:
    """Each column as plain values.

    ``name``, ``kind``; ``labels``: a category's own, or the words for a boolean's two; ``missing``: labels that are
    missing cells; ``comma``, ``unit``, ``date``, ``lenient``: how text is read. Where the model takes encoded columns
    also ``value``, ``other``, ``flag``: which features there are; ``fill``, ``low``, ``high``. A part of dates has no
    cell of its own: ``dates`` is the place of the dates' cell, ``part`` the part, ``names`` the labels of its numbers.
    A text has the numbers of its tables among `text_tables`, ``first`` and ``last``.
    """
    own = [one.name for one in model.encoders if one.calendar is None]
    columns = [_column(one, own, is_encoded=model.is_encoded) for one in model.encoders]
    ends = np.cumsum([len(text.parts) for text in model.texts]).tolist()
    for text, end in zip(model.texts, ends, strict=True):
        columns.append({"name": text.name, "kind": "text", "first": end - len(text.parts), "last": end - 1})
    return columns


def text_tables(model: ExportModel) -> list[NgramSums]:
    """The n-grams of all text columns, each table with its part of a column's features, in their order."""
    return [NgramSums.of(part) for text in model.texts for part in text.parts]


def cell_count(model: ExportModel) -> int:
    """How many cells a row has."""
    return sum(1 for one in model.encoders if one.calendar is None) + len(model.texts)


def _column(encoder: ColumnEncoder, own: Sequence[str], *, is_encoded: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": encoder.name, "kind": encoder.kind}
    if encoder.kind == "category":
        found |= {"labels": list(encoder.levels), "other": encoder.other, "flag": encoder.indicator}
        if (calendar := encoder.calendar) is not None:
            found |= {"dates": own.index(calendar.source), "part": calendar.part, "names": list(calendar.labels)}
        return found | {"missing": [mark for mark in MISSING_LABELS if mark not in encoder.levels]}
    if encoder.kind == "boolean":
        found["labels"] = [[encoder.levels[0], "0", "false"], [encoder.levels[1], "1", "true"]]
    else:
        reading = encoder.reading
        found |= {"comma": reading.comma, "unit": bool(reading.unit), "date": reading.date, "lenient": reading.lenient}
    if is_encoded:
        low, high = encoder.limits or (-1e308, 1e308)
        found |= {"value": encoder.plain, "flag": encoder.indicator, "fill": encoder.fill_value}
        found |= {"low": low, "high": high}
    return found
