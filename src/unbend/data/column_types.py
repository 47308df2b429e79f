"""The few types unbend works with: columns of any Arrow type brought to them, by the same rules for every source.

Numbers, durations and decimals become ``float64``, but ``float32`` stays as it is; dates and times ``timestamp[us]``
(UTC where there is a zone); booleans ``bool``; text is read as numbers, booleans or dates where all of it can be and
stays ``string`` otherwise; declared categories become ``dictionary<string>``. What cannot become a feature (binary,
lists, structs) stays as it is; a column without any value is ``float64``.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from .date_parser import STAMP
from .missing_values import blanks_to_null, nans_to_null


def to_plain_type(column: Any) -> Any:
    """The column in one of the types above, its text not yet parsed."""
    kind = column.type
    if column.null_count == len(column):  # without values, the type must not depend on the source
        return pa.chunked_array([pa.nulls(len(column), pa.float64())])
    if isinstance(kind, pa.BaseExtensionType):
        return to_plain_type(column.cast(kind.storage_type))
    if pt.is_run_end_encoded(kind):
        return to_plain_type(pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type))
    if pt.is_dictionary(kind):
        chunks = [_category_labels(chunk.dictionary).take(chunk.indices) for chunk in column.chunks]
        return nans_to_null(blanks_to_null(pa.chunked_array(chunks, pa.string()))).dictionary_encode()
    if pt.is_float32(kind):
        return column
    if pt.is_integer(kind) or pt.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
    if pt.is_decimal(kind):  # through text, because that rounds correctly
        return column.cast(pa.string()).cast(pa.float64())
    if pt.is_large_string(kind) or pt.is_string_view(kind) or pt.is_time(kind):
        return column.cast(pa.string())
    if pt.is_date(kind) or pt.is_timestamp(kind):  # nanoseconds are cut; a date too far away is an error
        return column.cast(STAMP, safe=not (pt.is_timestamp(kind) and kind.unit == "ns"))
    if pt.is_duration(kind):
        return column.cast(pa.int64()).cast(pa.float64(), safe=False)
    return column


def _category_labels(values: Any) -> Any:
    """A dictionary's values as labels, whatever their type (intervals, for one, are structs)."""
    try:
        return as_labels(pa.chunked_array([values])).combine_chunks().cast(pa.string())
    except pa.ArrowNotImplementedError:
        return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())


def as_labels(column: Any) -> Any:
    """The column's values as labels: text as it is, ``true``/``false``, numbers as short as they go (1, not 1.0)."""
    if pt.is_string(column.type):
        return column
    if pt.is_floating(column.type):
        index = column.cast(pa.float64()).combine_chunks().dictionary_encode()
        labels = pa.array([shortest_number(value) for value in index.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([labels.take(index.indices)])
    return column.cast(pa.string())


def shortest_number(value: float) -> str:
    """``1.0`` as "1", ``0.25`` as "0.25": the shortest text that reads back as the same number."""
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(value)
