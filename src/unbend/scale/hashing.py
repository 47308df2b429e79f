"""64-bit hashes of cells and of row numbers, the same on every machine and in every process."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.types as pt

from ..arrays import Array

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(numbers: Array) -> Array:
    """(n,) uint64 → (n,) uint64: a bijection whose bits all depend on all (the finaliser of SplitMix64).

    Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA.
    """
    z = numbers + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def hash_text(text: str) -> np.uint64:
    """The hash of a text."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()))


def hash_rows(key: str, first: int, count: int, seed: int) -> Array:
    """(count,) uint64 hashes of the rows ``first``, ``first`` + 1, … of the file ``key``."""
    start = hash_text(f"{seed} {key}")
    return mix(mix(np.arange(first, first + count, dtype=np.uint64)) ^ start)


def hash_numbers(values: Array) -> Array:
    """(n,) uint64 hashes of float64 values; 0.0 and -0.0 are one value, and so are all NaN."""
    values = values + 0.0
    bits = values.view(np.uint64)
    nan = np.isnan(values)
    if nan.any():
        bits = np.where(nan, np.uint64(0x7FF8000000000000), bits)
    return mix(bits)


def hash_labels(column: Any) -> tuple[Array, Array, list[str]]:
    """((n,) codes of the cells, -1 for missing ones; (levels,) hashes of the levels; the levels) of an Arrow column."""
    encoded = column.combine_chunks() if pt.is_dictionary(column.type) else column.combine_chunks().dictionary_encode()
    levels: list[str] = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return codes, np.array([hash_text(level) for level in levels], dtype=np.uint64), levels
