"""`predict_in_parts`: predictions for a table of any size, a part for each shard, in the order of the rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..data import ColumnArrays
from ..data.parsed_table import ParsedTable
from ..errors import DataError, ModelError
from ..verdict import Model
from ..verdict.predicted_columns import PredictedColumns, rows_beside
from .shard import Shard
from .shard_map import ShardMap, on_threads
from .source import list_shards

BLOCK_ROWS = 1 << 16
_JOB = b"unbend.job"  # the entry of a part's metadata that says what it was made from


@dataclass(frozen=True)
class WrittenParts:
    """How many ``rows`` and ``parts`` a folder of predictions has; ``before`` parts were there already."""

    rows: int
    parts: int
    before: int


@dataclass(frozen=True, eq=False)
class PartWriter:
    """Writes the part of a shard: the ``columns`` that the ``model`` predicts, beside those called ``ids``, or all."""

    model: Model
    columns: PredictedColumns
    folder: Path
    ids: tuple[str, ...] = ()
    append: bool = False

    @property
    def job(self) -> bytes:
        """A digest of the model and of what is written: a part of another job is no part of this one."""
        choices = [asdict(self.columns), self.ids, self.append, self.model.description()]
        weights = b"".join(part.tobytes() for pair in self.model.network.arrays for part in pair)
        return hashlib.sha256(json.dumps(choices).encode() + weights).hexdigest().encode()

    def __call__(self, shard: Shard) -> tuple[int, bool] | DataError:
        """(rows, whether the part was there already) of a shard's part, or the error that says why there is none."""
        import pyarrow.parquet as pq

        path = self.folder / f"{shard.key.replace('/', '__')}-{shard.first_row:012d}.parquet"
        if path.exists() and (pq.read_schema(path).metadata or {}).get(_JOB) == self.job:
            return pq.read_metadata(path).num_rows, True
        temporary = path.with_name(f".{path.name}.part")
        rows, writer = 0, None
        try:
            for table in self._tables(shard):
                table = table.replace_schema_metadata({_JOB: self.job})
                writer = writer or pq.ParquetWriter(temporary, table.schema)
                writer.write_table(table)
                rows += table.num_rows
            if writer is not None:
                writer.close()
                temporary.replace(path)
        except DataError as error:
            return error
        except OSError as error:
            raise ModelError("network.cannot_write", path=path, reason=error.strerror or str(error)) from None
        finally:
            if writer is not None:
                writer.close()
            temporary.unlink(missing_ok=True)
        return rows, False

    def _tables(self, shard: Shard) -> Iterator[Any]:
        first = 0
        for table in shard.blocks(BLOCK_ROWS):
            parsed = self.model.encoder.convert(ParsedTable(table, locate=partial(_place, shard, first)))
            predicted = self.columns.of(self.model, ColumnArrays(parsed.table, parsed.unreadable))
            yield pa.table(rows_beside(table, self.ids, self.append, list(predicted)) | predicted)
            first += table.num_rows


def _place(shard: Shard, first: int, row: int) -> str:
    return shard.place(first + row)


def predict_in_parts(
    writer: PartWriter, place: str, *, query: str | None = None, shard_map: ShardMap = on_threads
) -> WrittenParts:
    """Write the predictions for a folder, pattern, address or query as Parquet files of a folder.

    A part is written beside its place and then renamed: it is whole or not there. One that the same model made of the
    same shard before stays, so that a job that was cut short goes on where it was. Raises `DataError` that names file
    and row for a shard that cannot be read, after all others are done.
    """
    shards: Sequence[Shard] = list_shards(place, query)[0]
    try:
        writer.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError("network.cannot_write", path=writer.folder, reason=error.strerror or str(error)) from None
    found = list(shard_map(writer, shards))
    written = [result for result in found if not isinstance(result, DataError)]
    if errors := [result for result in found if isinstance(result, DataError)]:
        raise errors[0]
    return WrittenParts(sum(rows for rows, _ in written), len(written), sum(before for _, before in written))
