"""`fits`: whether a fit of a table in memory needs no more than is allowed."""

from __future__ import annotations

from ..log import notice
from ..memory import machine_memory, size_text, used_memory
from ..verdict.training_memory import LIBRARY_BYTES
from ..words import say
from .network_of_all_rows import POOL_BYTES
from .source import Source
from .survey import sample_rows

SHARE = 0.5  # of the machine's memory, where no limit is set
COPIES = 4  # of a table as float64 that a fit in memory makes
SAMPLE_COPIES = 6  # of a sample's rows that a fit in parts makes
TEXT_COPIES = 45  # of texts that a fit in memory makes, as n-grams
STREAM_BYTES = 3 << 27  # of n-grams, counts and weights of a fit to texts in parts
_CELL = 8  # bytes


def memory_allowed(requested: int | None) -> int:
    """The bytes that a fit may use: as requested, or half of the machine's."""
    return int(SHARE * machine_memory()) if requested is None else requested


def say_what_parts_take(source: Source, limit: int | None) -> None:
    """A line on stderr where reading the table in parts will take more than the limit that was requested."""
    most, text_bytes = sample_rows(source.form), source.form.text_bytes
    sample = min(most, sum(most if shard.rows is None else shard.rows for shard in source.shards))
    drawn = SAMPLE_COPIES * _CELL * len(source.form.types) * sample
    trained = max(STREAM_BYTES, int(TEXT_COPIES * text_bytes * sample)) if text_bytes else 3 * POOL_BYTES
    needed = used_memory() + LIBRARY_BYTES + drawn + trained
    if limit is not None and needed > limit:
        notice(say("memory.parts_take", needed=size_text(needed), allowed=size_text(limit)))


def fits(source: Source, limit: int) -> bool:
    """Whether a fit of the whole table in memory would need no more than so many bytes; an estimate, rather high."""
    table = sum(_bytes(shard.rows, len(shard.columns), shard.size) for shard in source.shards)
    texts = sum(_text_bytes(shard.rows, source.form.text_bytes, shard.size) for shard in source.shards)
    return used_memory() + LIBRARY_BYTES + table + TEXT_COPIES * texts <= limit


def _text_bytes(rows: int | None, each: float, size: int) -> float:
    """The bytes of a shard's sentences; where its rows are not known, those of all of it."""
    return (size if rows is None else rows * each) if each else 0.0


def _bytes(rows: int | None, columns: int, size: int) -> int:
    """What a shard's rows take: of so many cells, or of so many bytes of text."""
    return COPIES * (size if rows is None else max(size, rows * columns * _CELL))
