"""`fits`: whether a fit of a table in memory needs no more than is allowed."""

from __future__ import annotations

import os

from ..memory import memory_limit
from .source import Source

SHARE = 0.5  # of the machine's memory, where no limit is set
COPIES = 6  # of a table as float64 that a fit in memory makes
_CELL = 8  # bytes


def memory_allowed(requested: str | None) -> int:
    """The bytes that a fit may use: as requested, or of ``UNBEND_MEMORY``, or half of the machine's."""
    limit = memory_limit(requested)
    return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) if limit is None else limit


def fits(source: Source, limit: int) -> bool:
    """Whether a fit of the whole table in memory would need no more than so many bytes; an estimate, rather high."""
    return sum(_bytes(shard.rows, len(shard.columns), shard.size) for shard in source.shards) <= limit


def _bytes(rows: int | None, columns: int, size: int) -> int:
    """What a shard's rows take: of so many cells, or of so many bytes of text."""
    return COPIES * (size if rows is None else max(size, rows * columns * _CELL))
