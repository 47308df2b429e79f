"""`ShardMap`: a function mapped over shards: here one after the other, on Dask each a task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from .shard import Shard

R = TypeVar("R")


class ShardMap(Protocol):
    """Maps a pure, picklable function over shards and yields the results in the shards' order."""

    def __call__(self, function: Callable[[Shard], R], shards: Sequence[Shard]) -> Iterator[R]:
        """The results, one by one."""


def serial(function: Callable[[Shard], R], shards: Sequence[Shard]) -> Iterator[R]:
    """One shard after the other, in this process."""
    return map(function, shards)
