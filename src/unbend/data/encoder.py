"""Columns → a matrix of numbers. What is learned (medians, levels) comes from the given rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import DataError
from .columns import Column
from .notes import Note, name_list, nearest
from .part import Part
from .prepared import Prepared, prepare
from .problem import Problem
from .source import read_table

VERSION = 1


class Encoder:
    """Columns of a table → float64 features; fitted on some rows, usable on any table with the same columns.

    - number: itself; missing → the median of the fitted rows;
    - date: days since 1970-01-01, then as a number; boolean: 0/1, then as a number (missing → the median);
    - category: one feature for each level (none is dropped: the straight model's ridge settles the overlap); levels
      rare in the fitted rows share one feature "(other)", where levels never seen go too (all zeros without it);
    - a column with missing cells in the fitted rows gets one more feature, "NAME is missing";
    - features constant in the fitted rows are dropped.

    ``names``: "age", "color=red", "age is missing"; ``sources``: the column each feature comes from.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.names: tuple[str, ...] = tuple(name for part in self.parts for name in part.names)
        self.sources: tuple[str, ...] = tuple(part.name for part in self.parts for _ in part.names)

    @classmethod
    def fit(
        cls, data: Problem | Any, columns: Sequence[Column] | None = None, rows: np.ndarray | None = None
    ) -> Encoder:
        """Learn from ``rows`` (numbers from 0; all by default) of a `Problem` or a table read by `read_table`.

        ``columns``: those to encode, by default the problem's inputs; a column left out is never encoded. Raises
        `DataError` for a table without ``columns``.
        """
        if columns is None:
            if not isinstance(data, Problem):
                raise DataError("data.columns_needed")
            columns = data.inputs
        prepared = prepare(data.table if isinstance(data, Problem) else data)
        return cls([Part.fit(column, prepared, rows) for column in columns if column.kind != "left_out"])

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns a table must have; others are ignored."""
        return tuple(part.name for part in self.parts)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns whose cells are labels: give them to `read_table` as ``keep_text`` (a label "01" is not 1)."""
        return tuple(part.name for part in self.parts if part.kind in ("category", "boolean"))

    def transform(self, data: Problem | Any, rows: np.ndarray | None = None) -> np.ndarray:
        """(n, k) float64: the features of ``rows`` (all by default) of a `Problem`, or of anything `read_table` takes.

        A table's columns are converted once and kept while the table lives, so that calling this many times with the
        same table costs only the slicing. Raises `DataError` for a missing column and for text where numbers were.
        """
        prepared, length = self._prepare(data)
        count = length if rows is None else len(np.arange(length)[rows])
        features = np.empty((count, len(self.names)))
        at = 0
        for part in self.parts:
            width = len(part.names)
            part.fill(prepared, rows, features[:, at : at + width])
            at += width
        return features

    def notes(self, data: Problem | Any) -> tuple[Note, ...]:
        """What must be said about a table besides its features: labels that were never seen in the fitted rows."""
        prepared, _ = self._prepare(data)
        unseen = {part.name: part.unseen(prepared) for part in self.parts}
        return tuple(
            Note("data.unseen_labels", {"column": name, "labels": name_list(labels), "count": len(labels)})
            for name, labels in unseen.items()
            if labels
        )

    def _prepare(self, data: Problem | Any) -> tuple[Prepared, int]:
        if isinstance(data, Problem):
            data = data.table
        elif not isinstance(data, pa.Table):
            data = read_table(data, keep_text=self.text_columns)
        present = data.column_names
        for name in self.columns:
            if name not in present:
                near = nearest(name, [other for other in present if other not in self.columns])
                key = "data.column_missing" if near is None else "data.column_missing_near"
                raise DataError(key, column=name, near=near, known=name_list(present))
        return prepare(data), data.num_rows

    def to_dict(self) -> dict[str, Any]:
        """Everything learned, as plain JSON."""
        return {"version": VERSION, "columns": [part.to_dict() for part in self.parts]}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Encoder:
        """The encoder `to_dict` described. Raises `DataError` for a description of another version."""
        if saved.get("version") != VERSION:
            raise DataError("data.encoder_version", found=saved.get("version"), known=VERSION)
        return cls([Part.from_dict(part) for part in saved["columns"]])
