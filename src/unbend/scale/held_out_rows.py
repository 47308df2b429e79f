"""`HeldOut`: which rows of a large table are never trained on, by a hash of the row's number, and reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .encoded_blocks import BlockEncoder
from .shard import Shard
from .shard_map import ShardMap
from .shuffle_buffer import Rows

MOST_ROWS = 20_000
MOST_SHARE = 0.1
_EVERY = 2**64 - 1


@dataclass(frozen=True)
class HeldOut:
    """The rows whose hash is greater than ``limit``; those of the verdict's sample have the least hashes."""

    limit: int
    seed: int

    @classmethod
    def of(cls, rows: int, seed: int) -> HeldOut:
        """About ``MOST_ROWS`` of so many rows, but no more than ``MOST_SHARE`` of them."""
        share = min(MOST_SHARE, MOST_ROWS / max(1, rows))
        return cls(int(_EVERY * (1 - share)), seed)

    def read(self, shards: Sequence[Shard], encoder: BlockEncoder, shard_map: ShardMap) -> Rows:
        """The held-out rows of all shards, in their order."""
        parts = list(shard_map(partial(_held_out_rows, encoder=encoder, held_out=self), shards))
        return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])

    def training_rows(self, shard: Shard, encoder: BlockEncoder) -> Iterator[Rows]:
        """All others of a shard, in blocks."""
        return encoder.blocks(shard, lambda hashes: hashes <= np.uint64(self.limit), self.seed)


def _held_out_rows(shard: Shard, *, encoder: BlockEncoder, held_out: HeldOut) -> Rows:
    none = np.empty((0, len(encoder.encoder.names))), np.empty(0, np.int64 if encoder.classes else np.float64)
    parts = [none, *encoder.blocks(shard, lambda hashes: hashes > np.uint64(held_out.limit), held_out.seed)]
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
