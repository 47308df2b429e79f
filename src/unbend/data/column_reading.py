"""How the text of a column is read: its requested or remembered type, and the meaning of its signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from ..errors import DataError
from .notes import closest_name, join_names

TypeName = Literal["number", "category", "date", "boolean", "text"]
TYPES = ("number", "category", "date", "boolean", "text")


@dataclass(frozen=True)
class Reading:
    """What the text of a column of numbers or dates was found to mean.

    ``comma``: "thousands", "decimal" or "" where no cell has a comma; ``unit``: "%", a currency or ""; ``date``: the
    order or form of the dates; ``lenient``: whether cells that are neither numbers nor dates count as missing.
    """

    comma: str = ""
    unit: str = ""
    date: str = ""
    lenient: bool = False

    def to_dict(self) -> dict[str, Any]:
        """What differs from the default, as plain JSON."""
        return {name: value for name, value in asdict(self).items() if value}


AS_WRITTEN = Reading()  # nothing had to be understood


@dataclass(frozen=True)
class ColumnType:
    """The type a column is read as. ``remembered``: it is that of a fitted model, with its ``reading``."""

    name: TypeName
    reading: Reading = AS_WRITTEN
    remembered: bool = False


Types = Mapping[str, "str | ColumnType"]


def requested_types(types: Types, columns: list[str]) -> dict[str, ColumnType]:
    """Types by column; names of types are checked. Raises `DataError` for an unknown type and an unknown column."""
    result = {}
    for column, requested in types.items():
        if isinstance(requested, ColumnType):
            result[column] = requested
            continue
        if requested not in TYPES:
            raise DataError("data.no_such_type", column=column, type=requested, known=", ".join(TYPES))
        check_column(column, columns)
        result[column] = ColumnType(cast(TypeName, requested), Reading(lenient=True))
    return result


def check_column(name: str, columns: list[str]) -> None:
    """Raise `DataError` if there is no column of this name."""
    if name not in columns:
        near = closest_name(str(name), columns)
        if near is not None:
            raise DataError("data.no_such_column_near", column=name, near=near)
        raise DataError("data.no_such_column", column=name, names=join_names(columns))
