"""Rows of counts as packed entries of four bytes, and a number for each row: the kernel, compiled by
``kernels/sources.py``.

An entry's column is in its lower bits, its count, cut to what is left, above.
"""

import numpy as np

from ..kernels.declare import (
    Float32s,
    Int32s,
    Int64s,
    ReadFloat32s,
    ReadInt32s,
    ReadInt64s,
    ReadUint32s,
    Uint32s,
    entry_point,
)
from .hashing_kernel import CHARACTER_START, WORD_START, finish, mix


@entry_point
def pack_rows(
    row_starts: ReadInt64s, columns: ReadInt32s, counts: ReadFloat32s, rows: ReadInt64s, bits: int, packed: Uint32s
) -> None:
    """The entries of some rows, in their order, one row behind the other."""
    largest = (1 << (32 - bits)) - 1
    at = 0
    for k in range(len(rows)):
        for p in range(row_starts[rows[k]], row_starts[rows[k] + 1]):
            packed[at] = np.int64(columns[p]) | (np.int64(min(counts[p], largest)) << bits)
            at += 1


@entry_point
def unpack_rows(packed: ReadUint32s, bits: int, columns: Int32s, counts: Float32s) -> None:
    """Columns and counts of packed entries."""
    mask = (1 << bits) - 1
    for p in range(len(packed)):
        entry = np.int64(packed[p])
        columns[p] = entry & mask
        counts[p] = entry >> bits


@entry_point
def row_keys(row_starts: ReadInt64s, columns: ReadInt32s, counts: ReadFloat32s, keys: Int64s) -> None:
    """A hash of 64 bits of each row's entries, in their order."""
    for row in range(len(row_starts) - 1):
        first, second = np.int64(CHARACTER_START), np.int64(WORD_START)
        for p in range(row_starts[row], row_starts[row + 1]):
            entry = np.int64(columns[p]) ^ (np.int64(counts[p]) & 0xFF) << 24
            first, second = mix(first, entry), mix(second, entry)
        keys[row] = (finish(first) << 32) | finish(second)
