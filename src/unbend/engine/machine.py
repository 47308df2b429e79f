"""This machine: SIMD width, cache-aligned arrays, and the system's function that yields the processor."""

from __future__ import annotations

import ctypes
import math
import sys
from functools import cache
from typing import Any

import numpy as np

from ..arrays import Array

_CACHE_LINE = 64  # bytes


@cache
def vector_lanes(itemsize: int) -> int:
    """Lanes of a SIMD vector of floats of ``itemsize`` bytes: 64 bytes with AVX-512, else 32."""
    import llvmlite.binding as llvm

    avx512 = llvm.get_host_cpu_features().get("avx512f", False)
    return (64 if avx512 else 32) // itemsize


def aligned_zeros(shape: int | tuple[int, ...], dtype: Any) -> Array:
    """As ``np.zeros``, aligned to a cache line, so that no SIMD vector straddles two."""
    dtype = np.dtype(dtype)
    size = (shape if isinstance(shape, int) else math.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + _CACHE_LINE, np.uint8)
    skip = -raw.__array_interface__["data"][0] % _CACHE_LINE
    array: Array = raw[skip : skip + size].view(dtype).reshape(shape)
    return array


@cache
def yield_function_address() -> int:
    """The address of the system function that yields the processor to another thread."""
    if sys.platform == "win32":
        function = ctypes.windll.kernel32.SwitchToThread
    else:
        function = ctypes.CDLL(None).sched_yield
    return ctypes.cast(function, ctypes.c_void_p).value or 0
