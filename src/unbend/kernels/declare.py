"""Decorators and type names for kernel modules that ``sources.py`` compiles.

Here they do nothing, so that a kernel module is ordinary Python for readers, linters, type checkers and tests: its
functions run uncompiled where they are imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..arrays import Array

# types of an entry point's arguments: one-dimensional contiguous arrays; those called Read… are read-only
ReadUint8s = Array
ReadUint32s = Array
ReadInt32s = Array
ReadInt64s = Array
ReadFloat32s = Array
ReadFloat64s = Array
Uint32s = Array
Int32s = Array
Int64s = Array
Float32s = Array
Float64s = Array

_F = TypeVar("_F", bound=Callable[..., Any])


def inlined(function: _F) -> _F:
    """Decorator of a function that other functions of the kernel call: compiled into its callers."""
    return function


def entry_point(function: _F) -> _F:
    """Decorator of a function that Python calls; it runs without the GIL."""
    return function
