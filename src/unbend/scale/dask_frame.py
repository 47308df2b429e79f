"""`DaskShard`: a partition of a Dask data frame."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from .shard import Shard


@dataclass(frozen=True, kw_only=True)
class DaskShard(Shard):
    """A partition, computed where it is needed: in the task of a worker."""

    partition: Any

    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        frame = self.partition.compute(scheduler="synchronous")
        table = pa.Table.from_pandas(frame[list(columns)], preserve_index=False)
        for begin in range(0, table.num_rows, rows):
            yield table.slice(begin, rows)


def is_dask_frame(table: Any) -> bool:
    """Whether it is a Dask data frame."""
    module = sys.modules.get("dask.dataframe")
    return module is not None and isinstance(table, module.DataFrame)


def dask_shards(frame: Any) -> list[Shard]:
    """A shard for each partition of a Dask data frame."""
    columns = tuple(str(name) for name in frame.columns)
    partitions = enumerate(frame.to_delayed())
    return [
        DaskShard(name=f"partition {k}", key=f"partition-{k}", own_columns=columns, partition=partition)
        for k, partition in partitions
    ]
