"""`DualFile`: dual variables of more rows than fit into memory, in a temporary file."""

from __future__ import annotations

import tempfile
import weakref

import numpy as np

from ...arrays import Array
from ...text.spilled_counts import spilling


class DualFile:
    """Dual variables block by block; the file is removed with the object.

    Examples
    --------
    >>> duals = DualFile()
    >>> alpha = duals.read(0, (1, 2))
    >>> alpha[:] = 0.5
    >>> duals.write(0, alpha)
    >>> duals.read(0, (1, 2)).tolist(), duals.read(1, (1, 1)).tolist()
    ([[0.5, 0.5]], [[0.0]])
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="unbend-duals-")
        weakref.finalize(self, self._file.close)
        self._places: dict[int, int] = {}
        self._end = 0

    @spilling()
    def read(self, block: int, shape: tuple[int, int]) -> Array:
        """The block's variables (outputs, rows), float64; 0 before the first `write`."""
        if block not in self._places:
            return np.zeros(shape)
        self._file.seek(self._places[block])
        return np.frombuffer(bytearray(self._file.read(8 * shape[0] * shape[1]))).reshape(shape)

    @spilling()
    def write(self, block: int, alpha: Array) -> None:
        """Store a block's variables, always of one shape. Raises ``DataError`` where the disk is full."""
        if block not in self._places:
            self._places[block] = self._end
            self._end += alpha.nbytes
        self._file.seek(self._places[block])
        self._file.write(np.ascontiguousarray(alpha).data)
