"""Command-line text for a box, a plane or a row, parsed and validated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput


def parse_numbers(text: str, option: str) -> Array:
    """Numbers between commas; raises ``BadInput`` that shows the part which is no number, and the ``option``."""
    values = []
    for part in text.split(","):
        try:
            values.append(float(part))
        except ValueError:
            raise BadInput("geometry.argument_number", what=option, got=part.strip() or "—") from None
    return np.array(values)


def parse_box(text: str | None) -> Array | None:
    """``-1,1,0,5`` as [[-1, 1], [0, 5]]."""
    if text is None:
        return None
    ends = parse_numbers(text, "--box")
    if len(ends) % 2:
        raise BadInput("geometry.argument_box", got=text)
    return ends.reshape(-1, 2)


def parse_plane(text: str | None, columns: Sequence[str], origin: Array | None) -> list[Array] | None:
    """``origin;direction;direction`` in numbers, or one or two column names to vary around ``origin`` (zeros)."""
    if text is None:
        return None
    if ";" in text:
        return [parse_numbers(part, "--plane") for part in text.split(";")]
    vectors = [np.zeros(len(columns)) if origin is None else origin]
    for name in (part.strip() for part in text.split(",")):
        if name not in columns:
            raise BadInput("geometry.argument_column", got=name, known=", ".join(list(columns)[:12]))
        vectors.append(np.eye(len(columns))[list(columns).index(name)])
    return vectors


def parse_row(text: str, columns: Sequence[str]) -> dict[str, str]:
    """``a=1,b=2``, or the values of all columns in order, as {column: text}."""
    parts = [part.strip() for part in text.split(",")]
    if all("=" in part for part in parts):
        row = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
        missing = [name for name in columns if name not in row]
        unknown = [name for name in row if name not in columns]
        if missing or unknown:
            raise BadInput("geometry.argument_row", got=", ".join([*unknown, *missing][:6]), known=", ".join(columns))
        return row
    if len(parts) != len(columns):
        raise BadInput("geometry.argument_row_length", want=len(columns), got=len(parts), known=", ".join(columns))
    return dict(zip(columns, parts, strict=True))


def table_rows(table: Any, inputs: int) -> Array:
    """A table of numbers as (n, inputs); raises ``BadInput`` where it has other columns."""
    try:
        columns = [np.asarray(table[name].to_numpy(), dtype=np.float64) for name in table.column_names]
    except (TypeError, ValueError):
        columns = []
    if len(columns) != inputs:
        raise BadInput("geometry.argument_table", want=inputs, got=", ".join(table.column_names[:12]))
    return np.column_stack(columns)
