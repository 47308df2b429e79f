"""How much memory a fit may use, and whether a table fits into it."""

from __future__ import annotations

import os
import re

from ..errors import BadInput
from .source import Source

SHARE = 0.5  # of the machine's memory, where nothing else is said
COPIES = 6  # of a table as float64 that a fit in memory makes
_CELL = 8  # bytes
_UNITS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def memory_limit(text: str | None = None) -> int:
    """The bytes that a fit may use: of ``text`` ("2GB", "500 MB"), of ``UNBEND_MEMORY``, or half of the machine's.

    Raises `BadInput` for anything else than a size.
    """
    given = text or os.environ.get("UNBEND_MEMORY")
    if not given:
        return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*", given.lower())
    if match is None or float(match[1]) == 0:
        raise BadInput("scale.memory", got=given)
    return int(float(match[1]) * (1024 if match[3] else 1000) ** _UNITS[match[2]])


def fits(source: Source, limit: int) -> bool:
    """Whether a fit of the whole table in memory would need no more than so many bytes; an estimate, rather high."""
    return sum(_bytes(shard.rows, len(shard.columns), shard.size) for shard in source.shards) <= limit


def _bytes(rows: int | None, columns: int, size: int) -> int:
    """What a shard's rows take: of so many cells, or of so many bytes of text."""
    return COPIES * (size if rows is None else max(size, rows * columns * _CELL))
