"""Rows of all shards in random order: shards in random order, several read in turn, rows shuffled in a pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array
from .shard import Shard

OPEN_SHARDS = 4  # read in turn, so that neighbouring files, which are often alike, do not follow each other

Rows = tuple[Array, Array]  # features (n, features) and targets (n,)


def blocks_in_turn(shards: Sequence[Shard], read: Callable[[Shard], Iterator[Rows]], seed: list[int]) -> Iterator[Rows]:
    """The blocks of all shards, which are opened in an order made from ``seed``, ``OPEN_SHARDS`` at a time."""
    waiting = [shards[k] for k in np.random.default_rng(seed).permutation(len(shards))]
    readers: list[Iterator[Rows]] = []
    while readers or waiting:
        while waiting and len(readers) < OPEN_SHARDS:
            readers.append(read(waiting.pop()))
        for reader in list(readers):
            block = next(reader, None)
            if block is None:
                readers.remove(reader)
            elif len(block[1]):
                yield block


@dataclass(eq=False)
class ShuffleBuffer:
    """Draws rows at random from a pool of ``size`` rows, which ``blocks`` fill up again once it is empty.

    Every row is drawn once. In memory are the pool, of ``size`` rows at least, and a block.
    """

    blocks: Iterator[Rows]
    size: int
    rng: np.random.Generator
    _pool: Rows | None = None
    _order: Array = field(default_factory=lambda: np.empty(0, np.int64))

    def draw(self, rows: int) -> Rows | None:
        """So many rows, or fewer at the end; None after it."""
        parts: list[Rows] = []
        while rows and (self._order.size or self._fill()):
            assert self._pool is not None
            taken, self._order = self._order[:rows], self._order[rows:]
            parts.append((self._pool[0][taken], self._pool[1][taken]))
            rows -= len(taken)
        return _joined(parts) if parts else None

    def _fill(self) -> bool:
        self._pool, parts, count = None, [], 0
        while count < self.size and (block := next(self.blocks, None)) is not None:
            parts.append(block)
            count += len(block[1])
        if parts:
            self._pool, self._order = _joined(parts), self.rng.permutation(count)
        return bool(parts)


def _joined(parts: list[Rows]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
