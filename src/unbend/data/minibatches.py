"""Minibatches of rows, drawn at random without replacement, from memory or from a file larger than memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import DataError

_HEAD = 1 << 16  # bytes of a text file read to detect its delimiter


def minibatches(
    source: Any, batch_size: int = 100, *, target: str | None = None, seed: int = 0, epochs: int = 1
) -> Iterator[Any]:
    """Draw minibatches of rows at random without replacement; every row once in each epoch.

    Parameters
    ----------
    source : array (n, k), tuple of arrays, str or path
        Arrays in memory or memory-mapped, those of a tuple with equal numbers of rows; or the path of a CSV, TSV,
        Parquet or Feather file of numbers, which may be larger than memory: it is copied once, batch by batch, as
        float64 to a temporary file.
    batch_size : int, default 100
        Rows of a minibatch; the last one of an epoch may have fewer.
    target : str, optional
        The column of a file that becomes y.
    seed : int, default 0
        For the order of the rows.
    epochs : int, default 1
        Passes over the rows, each in another order.

    Yields
    ------
    array or tuple of arrays
        (b, k) for an array, a tuple for a tuple, (b, columns) for a file; with ``target`` the pair x (b, columns - 1)
        and y (b,).

    Raises
    ------
    DataError
        If rows or columns do not fit: unequal numbers of rows, no rows, columns that are not numeric, no such target.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x, y = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    >>> [batch_x.shape for batch_x, batch_y in ub.minibatches((x, y), batch_size=4)]
    [(4, 2), (4, 2), (2, 2)]
    """
    if batch_size < 1 or epochs < 1:
        raise DataError("data.batch_size", batch_size=batch_size, epochs=epochs)
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryFile(prefix="unbend-") as file:
        arrays, single = _arrays(source, target, file)
        rows = len(arrays[0])
        if rows == 0 or any(len(a) != rows for a in arrays):
            raise DataError("data.batch_rows", rows=", ".join(str(len(a)) for a in arrays))
        for _ in range(epochs):
            order = rng.permutation(rows)
            for start in range(0, rows, batch_size):
                indices = order[start : start + batch_size]
                batch = tuple(np.asarray(a[indices]) for a in arrays)
                yield batch[0] if single else batch


def _arrays(source: Any, target: str | None, file: Any) -> tuple[tuple[Any, ...], bool]:
    """The arrays to draw rows from, and whether the source is a single array."""
    if isinstance(source, tuple):
        return tuple(np.asanyarray(a) for a in source), False
    if not isinstance(source, str | Path):
        return (np.asanyarray(source),), True
    names, table = _copy_to_memmap(Path(source), file)
    if target is None:
        return (table,), True
    if target not in names:
        raise DataError("data.no_such_column", column=target, names=", ".join(names))
    position = names.index(target)
    others = [i for i in range(len(names)) if i != position]
    return (_ColumnView(table, others), _ColumnView(table, position)), False


class _ColumnView:
    """Some columns of a memory-mapped table, read from disk when rows are indexed."""

    def __init__(self, table: Array, columns: Any) -> None:
        self.table, self.columns = table, columns

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, rows: Array) -> Array:
        selected: Array = self.table[rows][:, self.columns]
        return selected


def _copy_to_memmap(path: Path, file: Any) -> tuple[list[str], Array]:
    """The names of a file's columns, and its numbers (n, k) memory-mapped from ``file``."""
    import pyarrow as pa

    if not path.is_file():
        raise DataError("data.no_such_file", path=path, sets="concrete")
    names: list[str] = []
    try:
        for batch in _record_batches(path):
            names = batch.schema.names
            for name, kind in zip(names, batch.schema.types, strict=True):
                if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
                    raise DataError("data.batch_numbers", path=path, column=name, kind=str(kind))
            columns = [column.cast(pa.float64()).to_numpy(zero_copy_only=False) for column in batch.columns]
            np.stack(columns, axis=1).tofile(file)
    except pa.ArrowException as error:
        raise DataError("data.unreadable", path=path, reason=str(error).splitlines()[0][:80]) from error
    file.flush()
    rows = file.tell() // (8 * len(names)) if names else 0
    if rows == 0:
        raise DataError("data.no_rows", source=path.name)
    return names, np.memmap(file, np.float64, "r", shape=(rows, len(names)))


def _record_batches(path: Path) -> Iterator[Any]:
    """The file's Arrow record batches, read one by one."""
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".feather", ".arrow", ".ipc"):
        from pyarrow import dataset

        yield from dataset.dataset(path, format="parquet" if suffix == ".parquet" else "feather").to_batches()
        return
    from pyarrow import csv

    with path.open("rb") as text:
        header = text.read(_HEAD).splitlines()[:1]
    delimiter = max(",;\t|", key=lambda d: header[0].count(d.encode())) if header else ","
    yield from csv.open_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter))
