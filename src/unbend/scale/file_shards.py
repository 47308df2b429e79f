"""Shards of files: row groups of a Parquet file, a Feather or Arrow file, a text table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow.fs import FileSystem

from ..data.csv_dialect import comma_styles
from ..data.missing_values import BLANKS
from ..data.parsed_table import check_names
from ..errors import DataError
from .file_listing import ListedFile
from .remote_files import one_line, refuse_lost
from .shard import FileShard, Shard
from .text_layout import TextLayout

SHARD_ROWS = 1_048_576  # a Parquet file of more rows is cut between row groups into shards of about as many
UNPACKED = 5  # times its size, about, is what a compressed text unpacks to
_TEXT_BLOCK = 1 << 22  # bytes of text parsed at once
_HEAD = 1 << 16  # bytes that tell the layout of a text, or more, until there are …
_HEAD_LINES = 20  # lines
_RAGGED = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")


def file_shards(files: FileSystem, file: ListedFile, kind: str) -> list[Shard]:
    """The shards of a file. Raises `DataError` for one that is empty, truncated or damaged."""
    if file.size == 0:
        raise DataError("data.empty_file", source=file.key)
    of_kind = {"Parquet": _parquet_shards, "Arrow": _arrow_shards, "text": _text_shards}[kind]
    try:
        shards = of_kind(files, file)
    except (pa.ArrowException, OSError) as error:
        refuse_lost(files, error, file.key)
        if kind == "text":
            raise DataError("data.unreadable", path=file.key, reason=one_line(error)) from None
        key = "data.encrypted" if "crypt" in str(error).lower() else "data.damaged_file"
        raise DataError(key, source=file.key, kind=kind) from None
    if shards:
        check_names([*shards[0].columns], file.key)
    return shards


@dataclass(frozen=True, kw_only=True)
class ParquetShard(FileShard):
    """The row groups from ``begin`` to ``end`` of a Parquet file."""

    begin: int
    end: int

    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        import pyarrow.parquet as pq

        with self.files.open_input_file(self.path) as file:
            groups = list(range(self.begin, self.end))
            parquet = pq.ParquetFile(file, pre_buffer=False)
            yield from parquet.iter_batches(
                batch_size=rows, row_groups=groups, columns=list(columns), use_threads=False
            )


def _parquet_shards(files: FileSystem, file: ListedFile) -> list[Shard]:
    """Runs of whole row groups, the same for whoever reads the file."""
    import pyarrow.parquet as pq

    with files.open_input_file(file.path) as opened:
        parquet = pq.ParquetFile(opened, pre_buffer=False)
        groups = [parquet.metadata.row_group(group) for group in range(parquet.metadata.num_row_groups)]
        sizes = [group.num_rows for group in groups]
        names = _named(parquet.schema_arrow.names)
    shards: list[Shard] = []
    begin = first_row = rows = 0
    for group, size in enumerate(sizes):
        rows += size
        if rows >= SHARD_ROWS or group == len(sizes) - 1:
            shards.append(
                ParquetShard(
                    name=file.key,
                    key=file.key,
                    own_columns=names,
                    first_row=first_row,
                    rows=rows,
                    size=sum(one.total_byte_size for one in groups[begin : group + 1]),
                    partitions=file.partitions,
                    file=file,
                    files=files,
                    begin=begin,
                    end=group + 1,
                )
            )
            begin, first_row, rows = group + 1, first_row + rows, 0
    return shards


@dataclass(frozen=True, kw_only=True)
class ArrowShard(FileShard):
    """A Feather or Arrow file."""

    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        with self.files.open_input_file(self.path) as file:
            reader = pa.ipc.open_file(file)
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number).select(list(columns))
                for begin in range(0, batch.num_rows, rows):
                    yield batch.slice(begin, rows)


def _arrow_shards(files: FileSystem, file: ListedFile) -> list[Shard]:
    with files.open_input_file(file.path) as opened:
        reader = pa.ipc.open_file(opened)
        names = _named(reader.schema.names)
        rows = sum(reader.get_batch(number).num_rows for number in range(reader.num_record_batches))
    return [
        ArrowShard(
            name=file.key,
            key=file.key,
            own_columns=names,
            rows=rows,
            size=file.size,
            partitions=file.partitions,
            file=file,
            files=files,
        )
    ]


def _named(names: list[str]) -> tuple[str, ...]:
    """The columns without the saved nameless index of a data frame."""
    return tuple(name for name in names if not name.startswith("__index_level_"))


@dataclass(frozen=True, kw_only=True)
class TextShard(FileShard):
    """A text table (CSV, TSV, …), also compressed; its cells come as text."""

    layout: TextLayout

    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        import pyarrow.csv as pacsv

        names = list(self.layout.names)
        read = pacsv.ReadOptions(
            use_threads=False,
            block_size=_TEXT_BLOCK,
            column_names=names,
            skip_rows=self.layout.above,
            encoding=self.layout.encoding,
        )
        parse = pacsv.ParseOptions(delimiter=self.layout.delimiter, newlines_in_values=True)
        convert = pacsv.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=list(BLANKS),
        )
        with self.files.open_input_stream(self.path, compression="detect") as stream:
            try:
                yield from pacsv.open_csv(stream, read, parse, convert)
            except pa.ArrowInvalid as error:
                if ragged := _RAGGED.search(str(error)):
                    line, expected, found = map(int, ragged.groups())
                    values = {"line": line, "expected": expected, "found": found}
                    raise DataError("data.ragged", source=self.name, **values) from None
                raise


def _text_shards(files: FileSystem, file: ListedFile) -> list[Shard]:
    with files.open_input_stream(file.path, compression="detect") as stream:
        head = stream.read(_HEAD)
        while head.count(b"\n") < _HEAD_LINES and (more := stream.read(len(head))):
            head += more
    layout = TextLayout.of(head, file.key)
    return [
        TextShard(
            name=file.key,
            key=file.key,
            own_columns=layout.used,
            notes=layout.notes,
            comma_styles=comma_styles(layout.delimiter),
            size=file.size * (UNPACKED if file.key.lower().endswith((".gz", ".bz2", ".zst")) else 1),
            partitions=file.partitions,
            file=file,
            files=files,
            layout=layout,
        )
    ]
