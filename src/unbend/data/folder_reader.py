"""`read_folder`: the files of a folder (all text tables or all Parquet, with the same columns) → one Arrow table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from ..words import say
from .notes import Note, join_names
from .parsed_table import ParsedTable, clean_names, row_place

_TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_PARQUET = (".parquet", ".pq")


def read_folder(folder: Path, read_one: Callable[[Path], ParsedTable]) -> ParsedTable:
    """Read all tables of a folder, in the order of their names, as one table; a note counts the files.

    Parquet files may lie in partitions (``year=2020/…``), whose values become columns. ``read_one`` reads a text
    table. Raises `DataError` for a folder without tables, with both kinds, and for files whose columns differ.
    """
    parquet = [path for path in _visible(folder.rglob("*"), folder) if path.name.lower().endswith(_PARQUET)]
    text = [path for path in _visible(folder.iterdir(), folder) if path.name.lower().endswith(_TEXT)]
    if not parquet and not text:
        raise DataError("data.no_tables_in_folder", path=folder)
    if parquet and text:
        raise DataError("data.mixed_folder", path=folder, parquet=len(parquet), text=len(text))
    paths = parquet or text
    note = Note("data.folder_read", {"count": len(paths), "path": folder.name or str(folder)})
    if parquet:
        table, notes = clean_names(_read_parquet(paths, folder), folder.name)
        return ParsedTable(table, (note, *notes))
    parsed = _concatenated([read_one(path) for path in paths], paths)
    return replace(parsed, notes=(note, *parsed.notes))


def _visible(paths: Any, folder: Path) -> list[Path]:
    def is_visible(path: Path) -> bool:
        return path.is_file() and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)

    return sorted(path for path in paths if is_visible(path))


def _read_parquet(paths: list[Path], folder: Path) -> Any:
    from pyarrow import dataset, fs, parquet

    options = dataset.FileSystemFactoryOptions(
        partition_base_dir=str(folder), partitioning=dataset.HivePartitioning.discover(infer_dictionary=False)
    )
    try:
        schemas = [parquet.read_schema(path) for path in paths]
        for path, schema in zip(paths, schemas, strict=True):
            _check_same(schemas[0].names, schema.names, paths[0], path)
        factory = dataset.FileSystemDatasetFactory(
            fs.LocalFileSystem(), [str(path) for path in paths], dataset.ParquetFileFormat(), options
        )
        table = factory.finish(factory.inspect(promote_options="permissive", fragments=len(paths))).to_table()
    except (pa.ArrowException, OSError) as error:
        raise DataError("data.unreadable", path=folder, reason=str(error).splitlines()[0][:120]) from None
    return table.drop_columns([name for name in table.column_names if name.startswith("__index_level_")])


def _check_same(expected: list[str], names: list[str], first: Path, path: Path) -> None:
    if set(expected) != set(names):
        odd = [name for name in (*expected, *names) if (name in expected) != (name in names)]
        raise DataError("data.folder_columns", first=first.name, file=path.name, columns=join_names(odd))


def _concatenated(tables: list[ParsedTable], paths: list[Path]) -> ParsedTable:
    names = tables[0].table.column_names
    for path, parsed in zip(paths, tables, strict=True):
        _check_same(names, parsed.table.column_names, paths[0], path)
    joined = pa.concat_tables([parsed.table.select(names) for parsed in tables])
    notes = tuple(dict.fromkeys((note.key, tuple(note.values.items())) for parsed in tables for note in parsed.notes))
    return ParsedTable(
        joined,
        tuple(Note(key, dict(values)) for key, values in notes),
        partial(_place, tables, [path.name for path in paths]),
        tables[0].comma_styles,
    )


def _place(tables: list[ParsedTable], names: list[str], row: int) -> str:
    """The file and the line of a row of the joined table."""
    ends = list(accumulate(parsed.table.num_rows for parsed in tables))
    for parsed, name, end in zip(tables, names, ends, strict=True):
        if row < end:
            return say("data.in_file", file=name, place=parsed.locate(row - end + parsed.table.num_rows))
    return row_place(row)
