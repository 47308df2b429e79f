"""`ShardMap`: a function mapped over shards: on the threads of this process, or on Dask each a task."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from ..threads import thread_count
from .shard import Shard

R = TypeVar("R")


class ShardMap(Protocol):
    """Maps a pure, picklable function over shards and yields the results in the shards' order."""

    def __call__(self, function: Callable[[Shard], R], shards: Sequence[Shard], /) -> Iterator[R]:
        """The results, one by one."""


def on_threads(function: Callable[[Shard], R], shards: Sequence[Shard]) -> Iterator[R]:
    """As many shards at once as there are threads, which read and compute without the GIL most of the time."""
    workers = min(thread_count(), len(shards))
    if workers <= 1:
        yield from map(function, shards)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[R]] = deque()
        for shard in shards:
            waiting.append(pool.submit(function, shard))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
