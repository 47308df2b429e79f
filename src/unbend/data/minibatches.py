"""Minibatches: a hundred rows of a million, drawn at random without replacement, from memory or from a larger file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import DataError

_FIRST = 1 << 16  # bytes of a text file that show its delimiter


def minibatches(
    source: Any, batch_size: int = 100, *, target: str | None = None, seed: int = 0, epochs: int = 1
) -> Iterator[Any]:
    """The rows of ``source`` in random order, ``batch_size`` at a time; every row once in each of ``epochs`` rounds.

    ``source``: an array (n, k), in memory or memory-mapped; a tuple of arrays with as many rows each; or the path of a
    CSV, TSV, Parquet or Feather file of numbers, which may be larger than memory: it is copied once, piece by piece, as
    float64 to a temporary file. Arrays come as arrays (b, k), a tuple as a tuple; a file as (b, columns), or, with
    ``target``, as (x, y) of (b, columns - 1) and (b,). The order is made from ``seed``. Raises ``DataError`` where rows
    or columns do not fit.
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
                chosen = order[start : start + batch_size]
                batch = tuple(np.asarray(a[chosen]) for a in arrays)
                yield batch[0] if single else batch


def _arrays(source: Any, target: str | None, file: Any) -> tuple[tuple[Any, ...], bool]:
    """The arrays to draw rows from, and whether they are one."""
    if isinstance(source, tuple):
        return tuple(np.asanyarray(a) for a in source), False
    if not isinstance(source, str | Path):
        return (np.asanyarray(source),), True
    names, table = _copied(Path(source), file)
    if target is None:
        return (table,), True
    if target not in names:
        raise DataError("data.no_such_column", column=target, names=", ".join(names))
    at = names.index(target)
    return (_Columns(table, [i for i in range(len(names)) if i != at]), _Columns(table, at)), False


class _Columns:
    """Some columns of a memory-mapped table, read when rows are asked for."""

    def __init__(self, table: Array, columns: Any) -> None:
        self.table, self.columns = table, columns

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, rows: Array) -> Array:
        chosen: Array = self.table[rows][:, self.columns]
        return chosen


def _copied(path: Path, file: Any) -> tuple[list[str], Array]:
    """The names of a file's columns, and its numbers (n, k) memory-mapped from ``file``."""
    import pyarrow as pa

    if not path.is_file():
        raise DataError("data.no_such_file", path=path, sets="concrete")
    names: list[str] = []
    try:
        for part in _parts(path):
            names = part.schema.names
            for name, kind in zip(names, part.schema.types, strict=True):
                if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
                    raise DataError("data.batch_numbers", path=path, column=name, kind=str(kind))
            columns = [column.cast(pa.float64()).to_numpy(zero_copy_only=False) for column in part.columns]
            np.stack(columns, axis=1).tofile(file)
    except pa.ArrowException as error:
        raise DataError("data.unreadable", path=path, reason=str(error).splitlines()[0][:80]) from error
    file.flush()
    rows = file.tell() // (8 * len(names)) if names else 0
    if rows == 0:
        raise DataError("data.no_rows", source=path.name)
    return names, np.memmap(file, np.float64, "r", shape=(rows, len(names)))


def _parts(path: Path) -> Iterator[Any]:
    """The file piece by piece, as Arrow record batches."""
    ending = path.suffix.lower()
    if ending in (".parquet", ".feather", ".arrow", ".ipc"):
        from pyarrow import dataset

        yield from dataset.dataset(path, format="parquet" if ending == ".parquet" else "feather").to_batches()
        return
    from pyarrow import csv

    with path.open("rb") as text:
        line = text.read(_FIRST).splitlines()[:1]
    delimiter = max(",;\t|", key=lambda d: line[0].count(d.encode())) if line else ","
    yield from csv.open_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter))
