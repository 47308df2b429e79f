"""The matrices in a fastText file: plain, or as codes of a product quantiser (Jégou, Douze & Schmid 2011)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...arrays import Array
from .binary_reader import BinaryReader

_CODES = 256  # centroids of each part
_BLOCK = 1 << 21  # numbers computed at a time


class Matrix(Protocol):
    """What both kinds can do: ``shape``; chosen rows in float64."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def rows(self, numbers: Array) -> Array: ...


@dataclass(frozen=True, eq=False)
class DenseMatrix:
    """Plain float32 numbers (rows, columns)."""

    values: Array

    @property
    def shape(self) -> tuple[int, int]:
        return self.values.shape[0], self.values.shape[1]

    def rows(self, numbers: Array) -> Array:
        return self.values[numbers].astype(np.float64)


@dataclass(frozen=True, eq=False)
class QuantisedMatrix:
    """Row i: its parts are ``centroids[m][codes[i, m]]``, one after the other, times ``norms[i]``."""

    codes: Array
    centroids: tuple[Array, ...]
    norms: Array

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.codes), sum(part.shape[1] for part in self.centroids)

    def rows(self, numbers: Array) -> Array:
        parts = [centroids[self.codes[numbers, m]] for m, centroids in enumerate(self.centroids)]
        return np.concatenate(parts, axis=1).astype(np.float64) * self.norms[numbers, None].astype(np.float64)


def product(matrix: Matrix, numbers: Array, other: Array) -> Array:
    """The chosen rows times ``other`` (columns, k), computed in float64 some rows at a time."""
    table = np.empty((len(numbers), other.shape[1]))
    step = max(1, _BLOCK // max(other.shape))
    for start in range(0, len(numbers), step):
        table[start : start + step] = matrix.rows(numbers[start : start + step]) @ other
    return table


def read_dense(reader: BinaryReader) -> DenseMatrix:
    """The next matrix of a file, where it is plain."""
    rows, columns = reader.integer(64), reader.integer(64)
    return DenseMatrix(reader.array("<f4", rows, columns))


def read_quantised(reader: BinaryReader) -> QuantisedMatrix:
    """The next matrix of a file, where it is quantised."""
    has_norms = reader.flag("qnorm")
    rows, columns, size = reader.integer(64), reader.integer(64), reader.integer()
    codes = reader.array("u1", size)
    centroids = _read_centroids(reader, columns)
    if size != rows * len(centroids):
        reader.fail("size", name="codesize", got=size)
    norms = np.broadcast_to(np.float32(1), (rows,))
    if has_norms:
        norm_codes = reader.array("u1", rows)
        norms = _read_centroids(reader, 1)[0][norm_codes, 0]
    return QuantisedMatrix(codes.reshape(rows, len(centroids)), centroids, norms)


def _read_centroids(reader: BinaryReader, columns: int) -> tuple[Array, ...]:
    """One array (256, width) for each part of a row."""
    dim, parts, width, last = (reader.integer() for _ in range(4))
    if dim != columns or dim < 1:
        reader.fail("size", name="dim", got=dim)
    if width < 1 or not 1 <= last <= width or (parts - 1) * width + last != dim:
        reader.fail("size", name="nsubq, dsub", got=f"{parts}, {width}")
    whole = reader.array("<f4", parts - 1, _CODES, width)
    return (*whole, reader.array("<f4", _CODES, last))
