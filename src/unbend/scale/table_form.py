"""`TableForm`: the columns of a large table and the types they are read as, fixed by a look at the first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..data import Note
from ..data.column_reading import ColumnType, Reading, requested_types
from ..data.date_parser import STAMP
from ..data.notes import join_names
from ..data.parsed_table import ParsedTable
from ..data.sentences import carries_words
from ..data.target import MAX_CLASS_NUMBERS
from ..data.type_inference import convert_columns
from ..errors import DataError
from .first_rows import arrow_kind, first_rows
from .remote_files import one_line
from .shard import Shard

_ARROW = {"number": pa.float64(), "date": STAMP, "boolean": pa.bool_(), "category": pa.string(), "text": pa.string()}


@dataclass(frozen=True)
class TableForm:
    """The columns of every shard: ``types`` {name: type}, ``left_out`` {name: Arrow type} for those of no use.

    ``target`` is the column to predict, and ``few_targets`` says that it may hold classes; ``requested`` are the
    columns whose type the user named; ``notes`` say what was assumed of the columns' text; ``text_bytes`` is how many
    bytes of sentences a row has, in the mean.
    """

    types: Mapping[str, ColumnType]
    left_out: Mapping[str, str]
    target: str
    few_targets: bool = False
    requested: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    text_bytes: float = 0.0

    @property
    def readings(self) -> dict[str, Reading]:
        """How each column's text was read, as `ParsedTable` takes it."""
        return {name: kind.reading for name, kind in self.types.items()}

    @classmethod
    def look(cls, shards: Sequence[Shard], target: str, types: Mapping[str, str] | None = None) -> TableForm:
        """The form of the first rows of some of the shards. Raises `DataError` as `read_table` does for a table."""
        joined = first_rows(shards, types)
        requested = requested_types(types or {}, joined.table.column_names)
        converted = convert_columns(joined, types)
        found, left_out = {}, {}
        for name in converted.table.column_names:
            kind = _type_name(converted.table[name], joined.table[name], requested.get(name))
            if kind is None:
                left_out[name] = str(converted.table[name].type)
            else:
                reading = converted.readings.get(name, Reading())
                found[name] = ColumnType(kind, reading, remembered=kind in ("number", "date", "boolean"))  # type: ignore[arg-type]
        few = target in found and (
            found[target].name != "number" or pc.count_distinct(converted.table[target]).as_py() <= MAX_CLASS_NUMBERS
        )
        useless = [Note("data.left_out_nested", {"column": name, "type": kind}) for name, kind in left_out.items()]
        of_files = {note.key: note for shard in reversed(shards) for note in shard.notes}  # the first of each
        notes = (*of_files.values(), *converted.notes, *(Note("verdict.left_out", {"what": why}) for why in useless))
        texts = sum(_text_bytes(converted.table[name], kind.name) for name, kind in found.items() if name != target)
        return cls(found, left_out, target, few, tuple(requested), notes, texts / len(joined.table))

    @property
    def names(self) -> list[str]:
        """The columns in use, in the table's order."""
        return list(self.types)

    @property
    def block_rows(self) -> int:
        """The rows of a block, whatever reads it: a power of two, so that a block has some four million cells, and no
        more than some eight megabytes of sentences."""  # fmt: skip
        most = min(2**22 / max(1, len(self.types)), 2**23 / max(1.0, self.text_bytes))
        return int(2 ** np.clip(np.floor(np.log2(most)), 8, 16))

    def convert(self, table: Any, shard: Shard, first: int, names: Sequence[str] | None = None) -> Any:
        """The columns ``names`` of a block, by default all in use, in their types.

        ``first`` is the number of the block's first row in the shard. Raises `DataError` that names file and row for a
        block with other columns and for a cell of another type.
        """
        if names is None:
            check_columns([*self.types, *self.left_out], table.column_names, shard)
        types = {name: self.types[name] for name in (self.types if names is None else names)}
        raw = table.select(list(types))
        parsed = ParsedTable(raw, locate=lambda row: shard.place(first + row), comma_styles=shard.comma_styles)
        try:
            converted = convert_columns(parsed, types, digits_as_dates=False)
        except pa.ArrowException as error:
            raise DataError("scale.broken_shard", place=shard.place(first), reason=one_line(error)) from None
        for name, cells in converted.unreadable.items():
            if name not in self.requested and (wrong := np.flatnonzero(np.asarray(cells.fill_null(False)))).size:
                row = int(wrong[0])
                place = shard.place(first + row)
                raise DataError("data.text_for_number", column=name, place=place, value=str(raw[name][row].as_py()))
        columns = {name: _cast(converted.table[name], name, kind, shard, first) for name, kind in types.items()}
        if self.target in types and types[self.target].name == "number":
            _check_target(columns[self.target], self.target, shard, first)
        return pa.table(columns)


def _check_target(column: Any, name: str, shard: Shard, first: int) -> None:
    """Raise `DataError` for the first target that is infinite or NaN."""
    row = pc.index(pc.fill_null(pc.is_finite(column), True), False).as_py()
    if row >= 0:
        values = {"place": shard.place(first + row), "value": str(column[row].as_py())}
        raise DataError("data.target_not_finite", target=name, **values)


def check_columns(expected: Sequence[str], found: Sequence[str], shard: Shard) -> None:
    """Raise `DataError` where a shard has not just the ``expected`` columns, in any order."""
    if set(expected) != set(found):
        odd = [name for name in (*expected, *found) if (name in expected) != (name in found)]
        raise DataError("scale.other_columns", file=shard.name, columns=join_names(odd))


def _text_bytes(column: Any, kind: str) -> int:
    """The bytes of a column's sentences; 0 for a column of anything else."""
    if kind == "text" or (kind == "category" and pt.is_string(column.type) and carries_words(column)):
        return int(pc.sum(pc.binary_length(column.cast(pa.string()))).as_py() or 0)
    return 0


def _type_name(column: Any, raw: Any, requested: ColumnType | None) -> str | None:
    """The type of a converted column; None for one that cannot become a feature."""
    if requested is not None:
        return requested.name
    if raw.null_count == len(raw) and (pt.is_string(raw.type) or pt.is_dictionary(raw.type)):
        return "category"
    return arrow_kind(column)


def _cast(column: Any, name: str, kind: ColumnType, shard: Shard, first: int) -> Any:
    """The column in the one Arrow type of its kind: a block without any value has none of its own."""
    wanted = _ARROW[kind.name]
    if column.type == wanted:
        return column
    try:
        return column.cast(wanted)
    except pa.ArrowException:
        values = {"place": shard.place(first), "column": name, "found": str(column.type), "expected": kind.name}
        raise DataError("scale.other_type", **values) from None
