"""`Encoder`: the columns of a table → a matrix of features; fitted (medians, levels) on given rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import DataError
from .column import Column
from .column_arrays import ColumnArrays
from .column_encoder import ColumnEncoder
from .column_reading import ColumnType
from .notes import Note, closest_name, join_names
from .parsed_table import ParsedTable
from .problem import Problem
from .reader import convert_table, load_table
from .text_encoding import TextEncoding
from .type_inference import convert_columns

VERSION = 1
LARGE = 1 << 23  # cells


class Encoder:
    """Encodes the columns of a table as float64 features; fitted on some rows, usable on any table with these columns.

    - number: itself; missing → the median of the fitted rows;
    - date: days since 1970-01-01, then as a number; boolean: 0/1, then as a number (missing → the median);
    - category: one-hot, one feature for each level (none is dropped: the ridge penalty resolves the collinearity);
      levels rare in the fitted rows share one feature "(other)" with levels never seen (all zeros without it);
    - a column with missing cells in the fitted rows has one more feature, "NAME is missing";
    - features constant in the fitted rows are dropped;
    - text has features of its own, which belong to a model (`TextEncoding`): they come last.

    Attributes
    ----------
    names : tuple of str
        The features: "age", "color=red", "age is missing".
    sources : tuple of str
        The column of each feature.
    column_encoders : tuple of ColumnEncoder
        One for each column but text, in the order of the features.
    texts : tuple of TextEncoding
        One for each text column.

    Examples
    --------
    >>> from unbend.data import Encoder, pose_problem
    >>> table = {"age": [31, 28, None, 40] * 3, "room": ["A", "B", "A", "B"] * 3, "y": [1.5 * k for k in range(12)]}
    >>> encoder = Encoder.fit(pose_problem(table, "y"))
    >>> encoder.names
    ('age', 'age is missing', 'room=A', 'room=B')
    >>> encoder.transform({"age": [50], "room": ["B"]}).tolist()
    [[50.0, 0.0, 0.0, 1.0]]
    """

    def __init__(self, column_encoders: Sequence[ColumnEncoder], texts: Sequence[TextEncoding] = ()) -> None:
        self.column_encoders, self.texts = tuple(column_encoders), tuple(texts)
        self._all: tuple[ColumnEncoder | TextEncoding, ...] = (*self.column_encoders, *self.texts)
        self._read_columns = (*(column for column in self.column_encoders if column.calendar is None), *self.texts)
        self.names: tuple[str, ...] = tuple(name for column in self._all for name in column.names)
        self.sources: tuple[str, ...] = tuple(column.name for column in self._all for _ in column.names)

    @classmethod
    def fit(
        cls, data: Problem | Any, columns: Sequence[Column] | None = None, rows: np.ndarray | None = None
    ) -> Encoder:
        """Fit on some rows.

        Parameters
        ----------
        data : Problem or pyarrow.Table
            A table as `read_table` returns it.
        columns : sequence of Column, optional
            The columns to encode, by default the problem's inputs; a column left out is never encoded, nor is text.
        rows : array of int (k,), optional
            Row numbers from 0; by default all rows.

        Returns
        -------
        Encoder

        Raises
        ------
        DataError
            For a table without ``columns``.
        """
        if columns is None:
            if not isinstance(data, Problem):
                raise DataError("data.columns_needed")
            columns = data.inputs
        arrays = data.arrays if isinstance(data, Problem) else ColumnArrays(data)
        dense = [column for column in columns if column.kind not in ("text", "left_out")]
        return cls([ColumnEncoder.fit(column, arrays, rows) for column in dense])

    def with_texts(self, texts: Sequence[TextEncoding]) -> Encoder:
        """The same with other features of text."""
        return Encoder(self.column_encoders, texts)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns a table must have; others are ignored."""
        return tuple(column.name for column in self._read_columns)

    @property
    def table_columns(self) -> tuple[str, ...]:
        """For every feature the name of the table's column that it is made from."""
        made_from = {c.name: c.calendar.source for c in self.column_encoders if c.calendar is not None}
        return tuple(made_from.get(name, name) for name in self.sources)

    @property
    def types(self) -> dict[str, ColumnType]:
        """How the columns are read, for `read_table`: a label "01" is not 1, a percentage stays one."""
        return {column.name: column.type for column in self._read_columns}

    def transform(self, data: Problem | Any, rows: np.ndarray | None = None, *, compact: bool = False) -> np.ndarray:
        """Encode rows as features.

        Parameters
        ----------
        data : Problem, ColumnArrays or table
            Anything `read_table` takes. A `Problem` and a `ColumnArrays` hold their columns as arrays, so that further
            calls with them cost only the slicing.
        rows : array of int or bool, optional
            Row numbers from 0, or a mask; by default all rows.
        compact : bool, default False
            Float32 features where float32 holds each of the values exactly, as those of a float32 table; those of a
            large table in column order.

        Returns
        -------
        array (n, features)
            Float64, or float32 where they are compact.

        Raises
        ------
        DataError
            For a missing column and for text in a column of numbers.
        """
        arrays = self._arrays(data)
        length = arrays.table.num_rows
        count = length if rows is None else len(np.arange(length)[rows])
        exact = compact and not self.texts and all(column.fits_float32(arrays) for column in self.column_encoders)
        large = compact and count * len(self.names) > LARGE
        features = np.empty((count, len(self.names)), np.float32 if exact else np.float64, "F" if large else "C")
        start = 0
        for column in self._all:
            stop = start + len(column.names)
            column.fill(arrays, rows, features[:, start:stop])
            start = stop
        return features

    def unlike(self, data: Problem | Any) -> dict[str, np.ndarray] | None:
        """For each column (rows,) whether its values are unlike those of the fitted rows; ``None`` without ranges."""
        if any(
            column.plain and not column.range and column.kind in ("number", "date") for column in self.column_encoders
        ):
            return None
        arrays = self._arrays(data)
        return {column.name: column.unlike(arrays) for column in self._all}

    def notes(self, data: Problem | Any) -> tuple[Note, ...]:
        """Notes on a table to transform: labels that the fitted rows did not have."""
        arrays = self._arrays(data)
        unseen = {column.name: column.unseen(arrays) for column in self.column_encoders}
        return tuple(
            Note("data.unseen_labels", {"column": name, "labels": join_names(labels), "count": len(labels)})
            for name, labels in unseen.items()
            if labels
        )

    def _arrays(self, data: Problem | Any) -> ColumnArrays:
        """The data's columns. Raises `DataError` for a missing one."""
        if isinstance(data, Problem):
            arrays = data.arrays
        elif isinstance(data, ColumnArrays):
            arrays = data
        else:
            parsed = self._read(data)
            arrays = ColumnArrays(parsed.table, parsed.unreadable)
        self._require(arrays.table.column_names)
        return self._with_calendar(arrays)

    def _with_calendar(self, arrays: ColumnArrays) -> ColumnArrays:
        """The columns with those that are parts of dates."""
        table = arrays.table
        for column in self.column_encoders:
            if column.calendar is not None and column.name not in table.column_names:
                days = arrays.days(column.calendar.source)
                table = table.append_column(column.name, column.calendar.column(days))
        return arrays if table is arrays.table else ColumnArrays(table, arrays.unreadable)

    def convert(self, loaded: ParsedTable) -> ParsedTable:
        """The encoder's columns of a loaded table, read as the fitted rows were. Raises `DataError` without one."""
        self._require(loaded.table.column_names)
        return convert_table(replace(loaded, table=loaded.table.select(list(self.columns))), self.types)

    def _require(self, present: list[str]) -> None:
        for name in self.columns:
            if name not in present:
                near = closest_name(name, [other for other in present if other not in self.columns])
                key = "data.column_missing" if near is None else "data.column_missing_near"
                raise DataError(key, column=name, near=near, known=join_names(present))

    def _read(self, data: Any) -> ParsedTable:
        if isinstance(data, ParsedTable):
            return data
        if not isinstance(data, pa.Table):
            return self.convert(load_table(data))
        parsed = ParsedTable(data)
        if any(pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in data.schema.types):
            return convert_columns(parsed, self.types, digits_as_dates=False)
        return parsed

    def to_dict(self) -> dict[str, Any]:
        """Everything fitted but ``texts``, as plain JSON."""
        return {"version": VERSION, "columns": [column.to_dict() for column in self.column_encoders]}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Encoder:
        """The encoder `to_dict` described. Raises `DataError` for a description of another version."""
        if saved.get("version") != VERSION:
            raise DataError("data.encoder_version", found=saved.get("version"), known=VERSION)
        return cls([ColumnEncoder.from_dict(column) for column in saved["columns"]])
