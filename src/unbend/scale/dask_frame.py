"""`DaskShard`: a partition of a Dask data frame."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from .shard import Shard


@dataclass(frozen=True, kw_only=True)
class DaskShard(Shard):
    """A ``partition``: a pandas data frame or the `Delayed` that computes it; or the ``future`` of one on a cluster."""

    partition: Any = None
    future: Any = None

    def with_partition(self, partition: Any) -> DaskShard:
        """The same shard with this data frame, or with none, in place of the future."""
        return replace(self, partition=partition, future=None)

    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        from dask.delayed import Delayed

        frame = self.partition if self.future is None else self.future.result()
        if isinstance(frame, Delayed):
            frame = frame.compute(scheduler="synchronous")
        table = pa.Table.from_pandas(frame[list(columns)], preserve_index=False)
        for begin in range(0, table.num_rows, rows):
            yield table.slice(begin, rows)


def is_dask_frame(table: Any) -> bool:
    """Whether it is a Dask data frame."""
    module = sys.modules.get("dask.dataframe")
    return module is not None and isinstance(table, module.DataFrame)


def dask_shards(frame: Any) -> list[Shard]:
    """A shard for each partition of a Dask data frame, with no more of its graph than it needs."""
    columns = tuple(str(name) for name in frame.columns)
    return [
        DaskShard(name=f"partition {k}", key=f"partition-{k}", own_columns=columns, **partition)
        for k, partition in enumerate(_partitions(frame))
    ]


def _partitions(frame: Any) -> list[dict[str, Any]]:
    """What each shard knows of its partition."""
    from dask.delayed import Delayed
    from dask.optimization import cull

    partitions, futures = frame.to_delayed(), _futures(frame)
    if futures:  # persisted: its graph is the cluster's
        return [{"future": future} for future in futures[0].client.compute(partitions)]
    return [{"partition": Delayed(one.key, cull(dict(one.dask), [one.key])[0])} for one in partitions]


def _futures(frame: Any) -> list[Any]:
    """Those that a persisted frame is made of."""
    if "distributed" not in sys.modules:
        return []
    from distributed import futures_of

    found: list[Any] = futures_of(frame)
    return found
