"""`predict_in_parts`: predictions for a table of any size, a part for each shard, in the order of the rows."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.fs import FileSystem, LocalFileSystem

from .. import log
from ..data import ColumnArrays
from ..data.notes import join_names
from ..data.parsed_table import ParsedTable
from ..errors import DataError, ModelError
from ..verdict import Model
from ..verdict.predicted_columns import PredictedColumns, rows_beside
from .remote_files import one_line, open_place, shown_place
from .shard import Shard
from .shard_map import ShardMap, on_threads
from .source import BadShard, list_shards

BLOCK_ROWS = 1 << 16  # at most, and so few that …
TEXT_ROWS = 1 << 13  # of a table with text
BLOCK_CELLS = 1 << 22  # … these times the columns, or the features made of them, are not more
MOST_NOTES = 20
_JOB = b"unbend.job"  # the entry of a part's metadata that says what it was made from


@dataclass(frozen=True)
class WrittenPart:
    """A part of so many ``rows``, with remarks on them; ``before``: it was there already."""

    rows: int
    before: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenParts:
    """How many ``rows`` and ``parts`` a folder of predictions has; ``before`` parts were there already.

    ``skipped`` shards are left out; ``notes`` are remarks on the rows.
    """

    rows: int
    parts: int
    before: int
    skipped: tuple[BadShard, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PartWriter:
    """Writes the part of a shard: the ``columns`` that the ``model`` predicts, beside those called ``ids``, or all.

    The ``folder`` is a path or the address of one.
    """

    model: Model
    columns: PredictedColumns
    folder: str | Path
    ids: tuple[str, ...] = ()
    append: bool = False

    def job(self, shard: Shard) -> bytes:
        """A digest of the model, of what is written, and of what is known of the shard's contents before it is read: a
        part of another job is no part of this one."""  # fmt: skip
        choices = [asdict(self.columns), self.ids, self.append, self.model.description()]
        contents = [shard.key, shard.size, shard.first_row, shard.rows, shard.changed]
        weights = b"".join(part.tobytes() for pair in self.model.network.arrays for part in pair)
        return hashlib.sha256(json.dumps([choices, contents]).encode() + weights).hexdigest().encode()

    def __call__(self, shard: Shard) -> WrittenPart | DataError:
        """The part of a shard, written if it is not there; or the error that says why there is none."""
        import pyarrow.parquet as pq

        files, folder = open_place(self.folder)
        name, job = f"{shard.key.replace('/', '__')}-{shard.first_row:012d}.parquet", self.job(shard)
        path, temporary = f"{folder}/{name}", f"{folder}/.{name}.part"
        if (rows := _rows_of(files, path, job)) is not None:
            return WrittenPart(rows, before=True)
        rows, writer, notes = 0, None, dict[str, None]()
        try:
            for table, remarks in self.tables(shard):
                table = table.replace_schema_metadata({_JOB: job})
                writer = writer or pq.ParquetWriter(temporary, table.schema, filesystem=files)
                writer.write_table(table)
                rows += table.num_rows
                notes |= dict.fromkeys(remarks)
            if writer is not None:
                writer.close()
                _sync(files, temporary)
                files.move(temporary, path)
        except DataError as error:
            return error
        except (pa.ArrowException, OSError) as error:
            raise ModelError("network.cannot_write", path=path, reason=_reason(error)) from None
        finally:
            with suppress(pa.ArrowException, OSError):  # of a full disk or a lost server, which were named before
                if writer is not None:
                    writer.close()
                files.delete_file(temporary)
        return WrittenPart(rows, notes=tuple(notes)[:MOST_NOTES])

    def tables(self, shard: Shard) -> Iterator[tuple[Any, list[str]]]:
        """The part, block by block, with remarks on each; one block of a shard without rows."""
        missing = [name for name in (*self.model.columns, *self.ids) if name not in shard.columns]
        if missing:
            raise DataError("scale.no_column", file=shard.name, columns=join_names(missing))
        widest, first = max(len(shard.columns), self.model.network.inputs), 0
        for table in shard.blocks(max(1, min(BLOCK_ROWS, BLOCK_CELLS // widest))):
            yield self._predicted(table, partial(_place, shard, first))
            first += table.num_rows
        if first == 0:
            empty = pa.table({name: pa.array([], pa.string()) for name in shard.columns})
            yield self._predicted(empty, shard.place)

    def _predicted(self, table: Any, locate: Callable[[int], str]) -> tuple[Any, list[str]]:
        parsed = self.model.encoder.convert(ParsedTable(table, locate=locate))
        arrays = ColumnArrays(parsed.table, parsed.unreadable)
        predicted = self.columns.of(self.model, arrays)
        remarks = [note.text() for note in (*parsed.notes, *self.model.notes(arrays))]
        return pa.table(rows_beside(table, self.ids, self.append, list(predicted)) | predicted), remarks


def _rows_of(files: FileSystem, path: str, job: bytes) -> int | None:
    """The rows of a part that is there and whole, if it is one of this job; else None."""
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path, filesystem=files)
    except (pa.ArrowException, OSError):
        return None
    return int(metadata.num_rows) if (metadata.metadata or {}).get(_JOB) == job else None


def _sync(files: FileSystem, path: str) -> None:
    if isinstance(files, LocalFileSystem):
        with Path(path).open("rb+") as file:
            os.fsync(file.fileno())


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or one_line(error)


def _place(shard: Shard, first: int, row: int) -> str:
    return shard.place(first + row)


def predict_in_parts(
    writer: PartWriter,
    place: str,
    *,
    query: str | None = None,
    shard_map: ShardMap = on_threads,
    skip_bad: bool = False,
) -> WrittenParts:
    """Write the predictions for a folder, pattern, address or query as Parquet files of a folder.

    A part is written beside its place and then renamed: it is whole or not there. One that the same model made of the
    same shard before stays, so that a job that was cut short goes on where it was. In memory are a few blocks of rows.
    Raises `DataError` that names file and row for a shard that cannot be read, after all others are done, unless
    ``skip_bad``.
    """
    shards, unreadable = list_shards(place, query, skip_bad)
    files, folder = open_place(writer.folder)
    try:
        files.create_dir(folder, recursive=True)
    except (pa.ArrowException, OSError) as error:
        place = shown_place(str(writer.folder))
        raise ModelError("network.cannot_write", path=place, reason=_reason(error)) from None
    written: list[WrittenPart] = []
    errors: list[tuple[Shard, DataError]] = []
    for shard, result in zip(shards, shard_map(writer, shards), strict=True):
        if isinstance(result, DataError):
            errors.append((shard, result))
        else:
            written.append(result)
            log.info("log.part", name=shard.name, rows=result.rows, done=len(written), parts=len(shards))
    if errors and not skip_bad:
        raise errors[0][1]
    return WrittenParts(
        rows=sum(part.rows for part in written),
        parts=len(written),
        before=sum(part.before for part in written),
        skipped=(*unreadable, *(BadShard(shard.name, str(error)) for shard, error in errors)),
        notes=tuple(dict.fromkeys(note for part in written for note in part.notes))[:MOST_NOTES],
    )
