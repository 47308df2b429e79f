"""`Int8Blocks`: a matrix as 8-bit codes; each block of 64 numbers in a row of them all has a scale of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array

BLOCK = 64


@dataclass(frozen=True, eq=False)
class Int8Blocks:
    """Number i of the matrix, counted row by row, is ``codes[i] * scales[i // 64]``.

    Parameters
    ----------
    codes : array of int8, (rows, columns)
    scales : array of float32
        One for each block.
    """

    codes: Array
    scales: Array

    @classmethod
    def from_matrix(cls, matrix: Array) -> Int8Blocks:
        """Each block's largest magnitude becomes 127; the others are rounded to the nearest code."""
        flat = np.zeros(-(-matrix.size // BLOCK) * BLOCK, np.float32)
        flat[: matrix.size] = matrix.reshape(-1)
        blocks = flat.reshape(-1, BLOCK)
        scales = np.abs(blocks).max(axis=1, initial=0).astype(np.float32) / np.float32(127)
        codes = np.rint(blocks / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
        return cls(codes.reshape(-1)[: matrix.size].reshape(matrix.shape), scales)

    @property
    def shape(self) -> tuple[int, int]:
        return self.codes.shape[0], self.codes.shape[1]

    @property
    def nbytes(self) -> int:
        """Bytes of codes and scales."""
        return self.codes.nbytes + self.scales.nbytes

    def rows(self, numbers: Array) -> Array:
        """The chosen rows in float64."""
        width = self.codes.shape[1]
        place = np.asarray(numbers)[:, None] * width + np.arange(width)
        return np.asarray(self.codes[numbers].astype(np.float64) * self.scales[place // BLOCK].astype(np.float64))
