"""`BinaryReader`: numbers, arrays and words from a file's bytes, each length checked before anything is made."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ...arrays import Array
from ...errors import ModelError

_BYTE, _INT32, _INT64 = struct.Struct("<B"), struct.Struct("<i"), struct.Struct("<q")


class BinaryReader:
    """Reads a mapped file from front to back (little-endian). Arrays are views of the file, not copies.

    Raises ``ModelError`` where the file ends early.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.position = path, 0
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @property
    def remaining(self) -> int:
        """Bytes that are not read yet."""
        return len(self.data) - self.position

    def array(self, dtype: str, *shape: int) -> Array:
        """The next numbers, such as ``"<f4"``, in that shape."""
        size, kind = 1, np.dtype(dtype)
        for length in shape:
            if length < 0:
                self.fail("size", name=f"({', '.join(map(str, shape))})", got=length)
            size *= length
        self.require(size * kind.itemsize)
        values = np.frombuffer(self.data, kind, size, self.position) if size else np.zeros(0, kind)
        self.position += size * kind.itemsize
        return values.reshape(shape)

    def numbers(self, layout: struct.Struct) -> tuple[Any, ...]:
        """The next numbers, laid out as ``layout`` says."""
        self.require(layout.size)
        values = layout.unpack_from(self.data, self.position)
        self.position += layout.size
        return values

    def integer(self, bits: int = 32) -> int:
        """The next whole number, with sign."""
        return int(self.numbers(_INT64 if bits == 64 else _INT32)[0])

    def flag(self, name: str) -> bool:
        """The next byte, 0 or 1."""
        value = int(self.numbers(_BYTE)[0])
        if value > 1:
            self.fail("size", name=name, got=value)
        return value == 1

    def word(self) -> bytes:
        """The bytes up to the next zero byte."""
        end = self.data.find(b"\0", self.position)
        if end < 0:
            self.require(self.remaining + 1)
        word = self.data[self.position : end]
        self.position = end + 1
        return word

    def require(self, size: int) -> None:
        """Raises ``ModelError`` where fewer bytes than these are left."""
        if size > self.remaining:
            self.fail("short", wanted=size, has=self.remaining, at=self.position)

    def fail(self, key: str, **values: object) -> NoReturn:
        """Raise a ``ModelError`` about this file."""
        raise ModelError(f"fasttext.{key}", path=self.path, **values)
