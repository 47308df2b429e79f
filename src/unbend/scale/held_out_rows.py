"""`HeldOut`: which rows of a large table are never trained on: by hashes of rows or groups, or the last in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..arrays import Array
from .column_survey import as_floats, cell_hashes
from .encoded_blocks import BlockEncoder
from .hashing import hash_text, mix
from .shard import Shard
from .shard_map import ShardMap
from .shuffle_buffer import Rows
from .survey import Survey

MOST_ROWS = 20_000
MOST_SHARE = 0.1
_EVERY = 2**64 - 1


@dataclass(frozen=True)
class HeldOut:
    """The rows whose hash is greater than ``limit``; those of the verdict's sample have the least hashes.

    With a ``group`` the groups whose hash is at least ``first`` are set apart, with a ``time`` the rows from ``first``
    on: none of these is trained on, and those of them with hashes beyond the limit are held out. About a ``share`` of
    all rows is set apart.
    """

    limit: int
    seed: int
    share: float
    group: str | None = None
    time: str | None = None
    first: float | int = 0

    @classmethod
    def of(cls, rows: int, seed: int) -> HeldOut:
        """About ``MOST_ROWS`` of so many rows, but no more than ``MOST_SHARE`` of them."""
        share = min(MOST_SHARE, MOST_ROWS / max(1, rows))
        return cls(_limit(share), seed, share)

    @classmethod
    def of_groups(cls, rows: int, seed: int, found: Survey, group: str) -> HeldOut:
        """Rows of ``MOST_SHARE`` of the groups of a column, one at least."""
        groups = found.columns[group].distinct
        first = _limit(MOST_SHARE)
        if groups.exact:
            hashes = np.sort(_group_hashes(groups.hashes, seed))
            first = int(hashes[-max(1, round(MOST_SHARE * len(hashes)))])
        return cls(_limit(MOST_ROWS / max(1, MOST_SHARE * rows)), seed, MOST_SHARE, group=group, first=first)

    @classmethod
    def of_times(cls, rows: int, seed: int, found: Survey, time: str) -> HeldOut:
        """Of the rows that are the last in time."""
        found.sample.uniform.settle()
        times = as_floats(found.sample.uniform.table[time])
        times = np.sort(times[~np.isnan(times)])
        last = min(MOST_SHARE, MOST_ROWS / max(1, rows))
        later = times[times > times[0]] if len(times) else times
        first = max(times[int((1 - last) * len(times))], later[0]) if len(later) else np.inf
        share = float(np.mean(times >= first)) if len(times) else 0.0
        return cls(_limit(MOST_ROWS / max(1, share * rows)), seed, share, time=time, first=float(first))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that say which rows are set apart."""
        return tuple(name for name in (self.group, self.time) if name is not None)

    def held_out(self, cells: Any, hashes: Array) -> Array:
        """(n,) which of some rows are held out, by their hashes (n,) and the ``cells`` of ``columns``."""
        beyond = hashes > np.uint64(self.limit)
        return beyond & (self._later(cells) if self.columns else True)

    def trained(self, cells: Any, hashes: Array) -> Array:
        """(n,) which of some rows are trained on; none without a time, where there is one."""
        if self.time is not None:
            return np.asarray(as_floats(cells[self.time]) < self.first)
        return ~self._later(cells) if self.columns else hashes <= np.uint64(self.limit)

    def _later(self, cells: Any) -> Array:
        if self.time is not None:
            return np.asarray(as_floats(cells[self.time]) >= self.first)
        return _group_hashes(cell_hashes(cells[self.group]), self.seed) >= np.uint64(self.first)

    def read(self, shards: Sequence[Shard], encoder: BlockEncoder, shard_map: ShardMap) -> Rows:
        """The held-out rows of all shards, in their order."""
        parts = list(shard_map(partial(_held_out_rows, encoder=encoder, held_out=self), shards))
        return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])

    def training_rows(self, shard: Shard, encoder: BlockEncoder) -> Iterator[Rows]:
        """The rows of a shard that are trained on, in blocks."""
        return encoder.blocks(shard, self.trained, self.seed, self.columns)


def _held_out_rows(shard: Shard, *, encoder: BlockEncoder, held_out: HeldOut) -> Rows:
    none = np.empty((0, len(encoder.encoder.names))), np.empty(0, np.int64 if encoder.classes else np.float64)
    parts = [none, *encoder.blocks(shard, held_out.held_out, held_out.seed, held_out.columns)]
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def _limit(share: float) -> int:
    """The hash beyond which about this share of all hashes lie."""
    return int(_EVERY * (1 - min(1.0, share)))


def _group_hashes(hashes: Array, seed: int) -> Array:
    """Hashes of groups, other ones for every seed."""
    return mix(hashes ^ hash_text(f"group {seed}"))
