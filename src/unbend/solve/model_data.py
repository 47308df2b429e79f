"""The columns a formula needs, as doubles, from a dict of arrays or any table; what was left out is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Array
from ..errors import DataError
from ..words import say


class Columns(NamedTuple):
    """``values`` {name: (rows,)} without rows that miss a value; ``kept`` tells which rows of the data those are."""

    values: dict[str, Array]
    kept: Array
    notes: tuple[str, ...]


def names_of(data: Any) -> tuple[Any, list[str]]:
    """The data in a form ``columns`` takes, and the names of its columns.

    Columns that no formula can name stand there a second time, spelled as one can (see ``formula.identifiers``).
    """
    from .named_functions import column_identifiers

    if isinstance(data, Mapping) and all(_is_array(v) for v in data.values()):
        more = {
            new: data[name]
            for name, new in column_identifiers([n for n in data if isinstance(n, str)]).items()
            if new != name
        }
        return ({**data, **more} if more else data), [str(name) for name in (*data, *more)]
    from ..data import read_table

    table = read_table(data)
    for name, new in column_identifiers(table.column_names).items():
        if new != name:
            table = table.append_column(new, table[name])
    return table, list(table.column_names)


def columns(data: Any, wanted: Sequence[str], extra: Mapping[str, Any] | None = None) -> Columns:
    """The wanted columns of what ``names_of`` gave, and further arrays of the same length.

    Raises ``DataError`` where a column is missing, is not made of numbers, has another length or is infinite.
    """
    known = list(data) if isinstance(data, Mapping) else list(data.column_names)
    found: dict[str, Array] = {}
    for name in wanted:
        if name not in known:
            raise DataError("solve.no_column", name=name, known=", ".join(map(str, known)))
        found[name] = _numbers(data[name], name)
    found.update({name: _numbers(values, name) for name, values in (extra or {}).items()})
    rows = {name: len(v) for name, v in found.items()}
    if len(set(rows.values())) > 1:
        raise DataError("solve.lengths", lengths=", ".join(f"{name} {n}" for name, n in rows.items()))
    count = next(iter(rows.values()), 0)
    kept = np.ones(count, dtype=bool)
    for name, values in found.items():
        if np.isinf(values).any():
            raise DataError("solve.infinite", name=name, row=int(np.flatnonzero(np.isinf(values))[0]) + 1)
        kept &= ~np.isnan(values)
    if not kept.any():
        raise DataError("solve.no_rows")
    missing = count - int(kept.sum())
    notes = (say("solve.rows_left_out", count=missing, rows=count),) if missing else ()
    return Columns({name: values[kept] for name, values in found.items()}, kept, notes)


def _is_array(values: Any) -> bool:
    return isinstance(values, (np.ndarray, list, tuple))


def _numbers(values: Any, name: str) -> Array:
    if hasattr(values, "to_numpy") and not isinstance(values, np.ndarray):
        values = values.to_numpy()
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "fiub" and not (array.dtype == object and _are_numbers(array.tolist())):
            raise ValueError
        array = array.astype(float)
    except (ValueError, TypeError) as error:
        raise DataError("solve.not_numbers", name=name) from error
    if array.ndim != 1:
        raise DataError("solve.not_a_column", name=name, shape="×".join(map(str, array.shape)))
    return array


def _are_numbers(values: Collection[Any]) -> bool:
    return all(v is None or isinstance(v, (int, float, np.number)) for v in values)
