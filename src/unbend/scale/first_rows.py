"""`first_rows`: some rows of some shards of a large table as one table, by which its form is fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..data.column_reading import Reading
from ..data.parsed_table import ParsedTable
from ..data.type_inference import convert_columns
from ..errors import DataError
from .shard import Shard

LOOKED_SHARDS = 16  # spread over all
LOOKED_ROWS = 4096  # of each


def first_rows(shards: Sequence[Shard], types: Mapping[str, str] | None = None) -> ParsedTable:
    """The first rows of some of the shards, without those that are unlike most of them. Raises `DataError` for none."""
    chosen = np.unique(np.linspace(0, len(shards) - 1, LOOKED_SHARDS).round().astype(int))
    return _joined(_alike(_looked([shards[k] for k in chosen]), types))


def arrow_kind(column: Any) -> str | None:
    """The type of a converted column; None for one that cannot become a feature."""
    kind = column.type
    if pt.is_floating(kind):
        return "number"
    if pt.is_timestamp(kind):
        return "date"
    if pt.is_boolean(kind):
        return "boolean"
    return "category" if pt.is_string(kind) or pt.is_dictionary(kind) else None


def _looked(shards: Sequence[Shard]) -> list[tuple[Shard, Any]]:
    """The first rows of the shards that have some and can be read. Raises `DataError` where none has."""
    looked: list[tuple[Shard, Any]] = []
    errors = []
    for shard in shards:
        try:
            looked += [(shard, table) for table in islice(shard.blocks(LOOKED_ROWS), 1)]
        except DataError as error:
            errors.append(error)
    if not looked:
        raise errors[0] if errors else DataError("data.no_rows", source=shards[0].name)
    return looked


def _alike(looked: list[tuple[Shard, Any]], types: Mapping[str, str] | None) -> list[tuple[Shard, Any]]:
    """Those of the first rows whose columns are of the types, and written as, most of them are: a bad file decides
    nothing. Raises the first error where none can be converted."""  # fmt: skip
    found: list[tuple[Shard, Any, dict[str, str]]] = []
    errors = []
    for shard, table in looked:
        parsed = ParsedTable(table, locate=shard.place, comma_styles=shard.comma_styles)
        try:
            converted = convert_columns(parsed, types)
        except DataError as error:
            errors.append(error)
            continue
        signs = {}
        for name in table.column_names:
            if table[name].null_count < len(table):
                signs[name] = arrow_kind(converted.table[name]) or "nested"
                signs[f"{name}\0"] = _decimal_sign(table[name], converted.readings.get(name, Reading()))
        found.append((shard, table, {name: sign for name, sign in signs.items() if sign}))
    if not found:
        raise errors[0]
    votes: dict[str, Counter[str]] = {}
    for _, _, signs in found:
        for name, sign in signs.items():
            votes.setdefault(name, Counter())[sign] += 1
    most = {name: count.most_common(1)[0][0] for name, count in votes.items()}
    odd = [sum(sign != most[name] for name, sign in signs.items()) for _, _, signs in found]
    return [(shard, table) for (shard, table, _), count in zip(found, odd, strict=True) if count == min(odd)]


def _decimal_sign(cells: Any, reading: Reading) -> str:
    """ "," or "." where a column of text has numbers with a decimal comma or point, else ""."""
    if reading.comma == "decimal":
        return ","
    point = pt.is_string(cells.type) and pc.any(pc.match_substring_regex(cells, r"^\s*[-+]?\d*\.\d")).as_py()
    return "." if point else ""


def _joined(looked: list[tuple[Shard, Any]]) -> ParsedTable:
    """The first rows of several shards as one table."""
    names = looked[0][1].column_names
    tables = [table.select(names) for _, table in looked]
    try:
        joined = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:  # numbers here, text that reads as numbers there
        joined = pa.concat_tables([table.cast(pa.schema([(name, pa.string()) for name in names])) for table in tables])
    ends = np.cumsum([table.num_rows for table in tables])

    def locate(row: int) -> str:
        k = int(np.searchsorted(ends, row, side="right"))
        return looked[k][0].place(row - int(ends[k]) + tables[k].num_rows)

    return ParsedTable(joined, locate=locate, comma_styles=looked[0][0].comma_styles)
