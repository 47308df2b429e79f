"""Arrays that begin on a cache line, so that a full set of lanes never lies across two."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array

_LINE = 64  # bytes


def zeros(shape: int | tuple[int, ...], dtype: Any) -> Array:
    """As ``np.zeros``, beginning on a cache line."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    raw = np.zeros(size + _LINE, np.uint8)
    skip = -raw.ctypes.data % _LINE
    array: Array = raw[skip : skip + size].view(kind).reshape(shape)
    return array
