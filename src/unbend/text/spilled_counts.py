"""`SpilledCounts`: counts of n-grams of more texts than fit into memory, in temporary files."""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..arrays import Array
from ..errors import DataError
from ..kernels.sources import load_kernels
from .sparse_rows import SparseRows

KERNEL = "unbend.text.packed_rows_kernel"
RUN_ROWS = 64  # rows: for so many, the files' places are in memory


@contextmanager
def spilling() -> Iterator[None]:
    """Raises ``DataError`` where temporary files cannot be written or read."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("text.cannot_spill", folder=tempfile.gettempdir(), reason=reason) from None


class SpilledCounts:
    """Rows of counts, written batch by batch and read back in blocks that are mixed from all batches.

    An entry takes four bytes: its bucket in the lower ``bits``, its count, cut to what is left, above. The files are
    removed with the object. Each batch is written in a random order and each block takes runs of rows at even distances
    from all that were written, so that a stream sorted by label does no harm.

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
    >>> for first in range(0, 400, 100):
    ...     columns = np.arange(first, first + 100, dtype=np.int32) % 256
    ...     rows = SparseRows(np.arange(101), columns, np.full(100, 2, np.float32), 256)
    ...     spilled.append(rows, columns, np.arange(100))
    >>> counts, numbers = spilled.block(0, 2)
    >>> len(counts), counts.values.max(), bool((counts.columns == numbers).all())
    (200, 2.0, True)
    """

    def __init__(self, bits: int, seed: int = 0) -> None:
        self.rows, self.entries = 0, 0
        self._bits, self._width = bits, 1 << bits
        self._rng = np.random.default_rng([seed, 11])
        self._entry_file, self._row_file = (tempfile.TemporaryFile(prefix=f"unbend-{n}-") for n in ("ngrams", "rows"))
        weakref.finalize(self, self._entry_file.close)
        weakref.finalize(self, self._row_file.close)
        self._starts = array("q")  # of each run of rows: the first row, the first entry
        self._row = np.dtype([("length", np.int32), ("number", np.int32)])

    @spilling()
    def append(self, counts: SparseRows, numbers: Array, rows: Array) -> None:
        """Write some ``rows`` (k,) of counts; their ``numbers`` (rows of counts,), always of one dtype, come back with
        them. Raises ``DataError`` where the disk is full."""  # fmt: skip
        order = self._rng.permutation(rows)
        self._row = np.dtype([("length", np.int32), ("number", numbers.dtype)])
        written = np.empty(len(order), self._row)
        written["length"], written["number"] = counts.lengths[order], numbers[order]
        ends = np.cumsum(written["length"], dtype=np.int64)
        for first in range(0, len(order), RUN_ROWS):
            self._starts.extend((self.rows + first, self.entries + int(ends[first - 1] if first else 0)))
        self._row_file.write(written.data)
        if len(order):
            self._entry_file.write(self._packed(counts, order, int(ends[-1])).data)
            self.entries += int(ends[-1])
        self.rows += len(order)

    @spilling()
    def block(self, part: int, parts: int) -> tuple[SparseRows, Array]:
        """Part number ``part`` of ``parts`` of the rows: counts by columns, and the numbers of the rows."""
        runs = self._runs(part, parts)
        rows = np.empty(sum(count for count, _, _ in runs), self._row)
        at = 0
        for count, first, _ in runs:
            self._row_file.seek(first * self._row.itemsize)
            self._row_file.readinto(rows[at : at + count].view(np.uint8).data)
            at += count
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(rows["length"], out=starts[1:])
        packed = np.empty(starts[-1], np.uint32)
        at = 0
        for count, _, entry in runs:
            begin, end = starts[at], starts[at + count]
            self._entry_file.seek(4 * entry)
            self._entry_file.readinto(packed[begin:end].view(np.uint8).data)
            at += count
        columns, values = np.empty(len(packed), np.int32), np.empty(len(packed), np.float32)
        load_kernels(KERNEL).unpack_rows(packed, self._bits, columns, values)
        return SparseRows(starts, columns, values, self._width), np.ascontiguousarray(rows["number"])

    @spilling()
    def replace(self, part: int, parts: int, counts: SparseRows, numbers: Array) -> None:
        """Write another form of the rows that `block` gave, with no more entries in any of them, in their place."""
        self._width = counts.width
        packed = self._packed(counts, np.arange(len(counts)), len(counts.columns))
        rows = np.empty(len(counts), self._row)
        rows["length"], rows["number"] = counts.lengths, numbers
        at = 0
        for count, first, entry in self._runs(part, parts):
            begin, end = counts.row_starts[at], counts.row_starts[at + count]
            self._row_file.seek(first * self._row.itemsize)
            self._row_file.write(rows[at : at + count].data)
            self._entry_file.seek(4 * entry)
            self._entry_file.write(packed[begin:end].data)
            at += count

    def _packed(self, counts: SparseRows, rows: Array, entries: int) -> Array:
        packed = np.empty(entries, np.uint32)
        csr = counts.row_starts, counts.columns, counts.values
        load_kernels(KERNEL).pack_rows(*csr, np.ascontiguousarray(rows, np.int64), self._bits, packed)
        return packed

    def _runs(self, part: int, parts: int) -> list[tuple[int, int, int]]:
        """(rows, first row, first entry) of every run of rows of a block."""
        starts = np.frombuffer(self._starts, np.int64).reshape(-1, 2)
        ends = np.append(starts[1:, 0], self.rows)
        chosen = np.arange(part, len(starts), parts)
        first, entry = starts[chosen].T
        return list(zip((ends[chosen] - first).tolist(), first.tolist(), entry.tolist(), strict=True))
