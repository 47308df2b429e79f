"""`pack_weighting`: a `Weighting` in about a byte and a quarter for each column, as arrays of a file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arrays import Array
from .weighting import IDF_STEPS, Weighting

ARRAYS = {"idf", "sizes", "gaps"}
_MOST_BYTES = 5  # of a gap


def pack_weighting(weighting: Weighting) -> dict[str, Array]:
    """The columns stand in groups of one idf each, within which their buckets ascend: the distances between them are
    small and are stored in seven bits a byte, the lowest first; the highest bit says that more follow.

    Returns
    -------
    dict
        ``idf`` (groups,) in sixteenths, uint8; ``sizes`` (groups,), uint32; ``gaps``, uint8.
    """  # fmt: skip
    idf, first, sizes = np.unique(weighting.idf, return_index=True, return_counts=True)
    gaps = np.diff(weighting.buckets, prepend=-1) - 1
    gaps[first] = weighting.buckets[first]
    return {
        "idf": np.rint(idf * IDF_STEPS).astype(np.uint8),
        "sizes": sizes.astype(np.uint32),
        "gaps": _to_bytes(gaps),
    }


def unpack_weighting(arrays: Mapping[str, Array], total: int) -> Weighting:
    """What `pack_weighting` packed, of ``total`` buckets. Raises ``ValueError`` for anything else."""
    idf, sizes, gaps = (arrays[name] for name in ("idf", "sizes", "gaps"))
    _check(idf.dtype == np.uint8 and idf.ndim == 1 and bool((np.diff(idf.astype(int)) > 0).all()), "idf")
    _check(sizes.dtype == np.uint32 and sizes.shape == idf.shape and bool((sizes > 0).all()), "sizes of groups")
    _check(gaps.dtype == np.uint8 and gaps.ndim == 1, "gaps")
    numbers = _from_bytes(gaps)
    ends = np.cumsum(sizes, dtype=np.int64)
    _check(len(numbers) == (int(ends[-1]) if len(ends) else 0), "number of buckets")
    buckets = np.cumsum(numbers + 1)
    first = ends - sizes
    buckets -= np.repeat(buckets[first] - numbers[first], sizes)
    _check(len(buckets) == 0 or int(buckets.max()) < total, "number of buckets")
    _check(len(np.unique(buckets)) == len(buckets), "a bucket twice")
    return Weighting(buckets, np.repeat(idf.astype(np.float32) / IDF_STEPS, sizes), total)


def _to_bytes(numbers: Array) -> Array:
    """Numbers of at most 35 bits, in seven bits a byte."""
    lengths = np.ones(len(numbers), np.int64)
    for k in range(1, _MOST_BYTES):
        lengths += numbers >= 1 << 7 * k
    ends = np.cumsum(lengths)
    packed = np.zeros(int(lengths.sum()), np.uint8)
    for k in range(_MOST_BYTES):
        long = lengths > k
        more = np.where(lengths[long] > k + 1, 128, 0)
        packed[(ends - lengths)[long] + k] = (numbers[long] >> 7 * k & 127) | more
    return packed


def _from_bytes(packed: Array) -> Array:
    """The numbers that `_to_bytes` stored, int64."""
    last = np.flatnonzero(packed < 128)
    _check(len(packed) == 0 or (len(last) > 0 and last[-1] == len(packed) - 1), "gaps end")
    lengths = np.diff(last, prepend=-1)
    _check(len(lengths) == 0 or int(lengths.max()) <= _MOST_BYTES, "bytes of a gap")
    numbers = np.zeros(len(lengths), np.int64)
    for k in range(_MOST_BYTES):
        long = lengths > k
        numbers[long] += (packed[(last - lengths + 1)[long] + k] & np.int64(127)) << 7 * k
    return numbers


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
