"""`model_data`: the columns a formula needs, as doubles, from a dict of arrays or any table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Array
from ..errors import DataError
from ..words import say
from .named_functions import column_identifiers


class ModelData(NamedTuple):
    """``values`` {name: (rows in use,)} of the rows without missing values; ``mask`` (rows of the data,) marks those.

    ``notes`` tell how many rows were dropped.
    """

    values: dict[str, Array]
    mask: Array
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """The number of rows in use."""
        return int(self.mask.sum())


def named_columns(data: Any) -> tuple[Any, list[str]]:
    """The data as a mapping of columns that ``model_data`` takes, and the names of its columns.

    Columns whose names are no identifiers are there a second time under a name that is (see ``language.identifiers``).
    """
    if isinstance(data, Mapping) and all(_is_array(v) for v in data.values()):
        renamed = {
            new: data[name]
            for name, new in column_identifiers([n for n in data if isinstance(n, str)]).items()
            if new != name
        }
        return ({**data, **renamed} if renamed else data), [str(name) for name in (*data, *renamed)]
    from ..data import read_table

    table = read_table(data)
    for name, new in column_identifiers(table.column_names).items():
        if new != name:
            table = table.append_column(new, table[name])
    return table, list(table.column_names)


def model_data(columns: Any, names: Sequence[str], extra: Mapping[str, Any] | None = None) -> ModelData:
    """The named columns of what ``named_columns`` returned, and further arrays of the same length.

    Raises ``DataError`` if a column is missing, is not numeric, has another length or is infinite.
    """
    known = list(columns) if isinstance(columns, Mapping) else list(columns.column_names)
    values: dict[str, Array] = {}
    for name in names:
        if name not in known:
            raise DataError("solve.no_column", name=name, known=", ".join(map(str, known)))
        values[name] = _to_floats(columns[name], name)
    values.update({name: _to_floats(array, name) for name, array in (extra or {}).items()})
    lengths = {name: len(v) for name, v in values.items()}
    if len(set(lengths.values())) > 1:
        raise DataError("solve.lengths", lengths=", ".join(f"{name} {n}" for name, n in lengths.items()))
    rows = next(iter(lengths.values()), 0)
    mask = np.ones(rows, dtype=bool)
    for name, array in values.items():
        if np.isinf(array).any():
            raise DataError("solve.infinite", name=name, row=int(np.flatnonzero(np.isinf(array))[0]) + 1)
        mask &= ~np.isnan(array)
    if not mask.any():
        raise DataError("solve.no_rows")
    dropped = rows - int(mask.sum())
    notes = (say("solve.rows_left_out", count=dropped, rows=rows),) if dropped else ()
    return ModelData(values={name: array[mask] for name, array in values.items()}, mask=mask, notes=notes)


def _is_array(values: Any) -> bool:
    return isinstance(values, (np.ndarray, list, tuple))


def _to_floats(values: Any, name: str) -> Array:
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
