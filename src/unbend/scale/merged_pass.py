"""`merged`: a pass over shards whose results are merged into one, saved now and then, and resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..errors import ModelError
from ..train.checkpoint import Checkpoint
from .shard import Shard
from .shard_map import ShardMap
from .state_record import from_record, to_record

R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)


class Total(Protocol[R_contra]):
    """What the results of shards are merged into; a `to_record` says all of it."""

    def merge(self, other: R_contra, /) -> None:
        """Take in the result of another shard."""


M = TypeVar("M", bound=Total[Any])


@dataclass(frozen=True)
class SavedPasses:
    """Where passes over shards are saved: each in a folder of its own in ``folder``.

    ``resume`` says whether what is there is used: the folder's name says what a pass depends on, so that none is taken
    for another one.
    """

    folder: Path
    resume: bool

    def open(self, name: str, shards: Sequence[Shard], job: Sequence[Any]) -> SavedPass:
        """The pass of this name over these shards; ``job``, JSON, is what else its results depend on."""
        own = f"{name}-{_digest([_contents(shards), job])}"
        return SavedPass(Checkpoint(self.folder / own, self.resume), own)


@dataclass(frozen=True)
class SavedPass:
    """The ``checkpoint`` of the pass ``name``."""

    checkpoint: Checkpoint
    name: str

    def load(self) -> tuple[Any, int] | None:
        """The total, and of how many shards it is; None for a new start."""
        found = self.checkpoint.load({"pass": self.name}, None)
        if found is None:
            return None
        arrays, values = found
        try:
            return from_record(arrays, values["total"]), int(values["shards"])
        except (KeyError, TypeError, ValueError) as error:
            path = self.checkpoint.path
            raise ModelError("train.damaged_checkpoint", path=path, reason=str(error)[:60]) from error

    def write(self, total: Any, shards: int) -> None:
        """Save the total of so many shards."""
        arrays, record = to_record(total)
        self.checkpoint.write(arrays, {"total": record, "shards": shards})


def merged(
    total: M,
    task: Callable[[Shard], R],
    shards: Sequence[Shard],
    *,
    shard_map: ShardMap,
    saved: SavedPass | None = None,
) -> M:
    """The ``total`` with the task's results for all shards, in their order; a saved one goes on behind its shards."""
    begun = None if saved is None else saved.load()
    total, done = (total, 0) if begun is None else begun
    for result in shard_map(task, shards[done:]):
        total.merge(result)
        done += 1
        if saved is not None and (done == len(shards) or saved.checkpoint.due):
            saved.write(total, done)
    return total


def _contents(shards: Sequence[Shard]) -> list[list[Any]]:
    """What is known of the shards' contents before they are read."""
    return [[shard.key, shard.size, shard.first_row, shard.rows, shard.changed] for shard in shards]


def _digest(job: Any) -> str:
    return hashlib.sha256(json.dumps(job).encode()).hexdigest()[:16]
