"""`SpilledCounts`: counts of n-grams of more texts than fit into memory, in a temporary file."""

from __future__ import annotations

import tempfile
import weakref

import numpy as np

from ..arrays import Array
from .sparse_rows import SparseRows, stack


class SpilledCounts:
    """Rows of counts, written batch by batch and read back in blocks that are mixed from all batches.

    An entry takes four bytes: its bucket in the lower ``bits``, its count, cut to what is left, above. The file is
    removed with the object. Each batch is written in a random order and each block takes one part of every batch, so
    that a stream sorted by label does no harm.

    Parameters
    ----------
    bits : int
        There are ``2**bits`` buckets, at most 2**30.
    seed : int, default 0

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.text.sparse_rows import SparseRows
    >>> spilled = SpilledCounts(8)
    >>> for first in (0, 4):
    ...     rows = SparseRows(np.arange(5), np.arange(first, first + 4, dtype=np.int32), np.full(4, 2, np.float32), 256)
    ...     spilled.append(rows, np.arange(first, first + 4))
    >>> counts, numbers = spilled.block(0, 2)
    >>> len(counts), counts.values.tolist(), bool((counts.columns == numbers).all())
    (4, [2.0, 2.0, 2.0, 2.0], True)
    """

    def __init__(self, bits: int, seed: int = 0) -> None:
        self.rows, self.entries = 0, 0
        self._bits = bits
        self._rng = np.random.default_rng([seed, 11])
        self._file = tempfile.TemporaryFile(prefix="unbend-ngrams-")
        weakref.finalize(self, self._file.close)
        self._batches: list[tuple[int, Array, Array]] = []  # the first entry, the rows' lengths, their numbers

    def append(self, counts: SparseRows, numbers: Array) -> None:
        """Write some rows; ``numbers`` (rows,) are given back with them. Raises ``OSError`` where the disk is full."""
        order = self._rng.permutation(len(counts))
        mixed = counts.take(order)
        largest = (1 << (32 - self._bits)) - 1
        packed = mixed.columns.astype(np.uint32)
        packed |= np.minimum(mixed.values, largest).astype(np.uint32) << np.uint32(self._bits)
        self._file.write(packed.data)
        self._batches.append((self.entries, mixed.lengths.astype(np.int32), numbers[order]))
        self.rows += len(counts)
        self.entries += len(packed)

    def block(self, part: int, parts: int) -> tuple[SparseRows, Array]:
        """Part number ``part`` of every batch, as one: counts by buckets, and the numbers of the rows."""
        found, numbers = [], []
        for first, lengths, own in self._batches:
            begin, end = len(own) * part // parts, len(own) * (part + 1) // parts
            self._file.seek(4 * (first + int(lengths[:begin].sum(dtype=np.int64))))
            starts = np.zeros(end - begin + 1, np.int64)
            np.cumsum(lengths[begin:end], out=starts[1:])
            packed = np.frombuffer(self._file.read(4 * int(starts[-1])), np.uint32)
            columns = (packed & np.uint32((1 << self._bits) - 1)).astype(np.int32)
            found.append(SparseRows(starts, columns, (packed >> np.uint32(self._bits)).astype(np.float32), 0))
            numbers.append(own[begin:end])
        return stack(found, 1 << self._bits), np.concatenate(numbers)
