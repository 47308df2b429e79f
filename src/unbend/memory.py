"""Memory: sizes as text, what this process uses, what a limit leaves, and giving back what is not in use."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from functools import cache
from typing import Any

from .errors import BadInput

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]i?|)b?\s*", re.IGNORECASE)


def parse_size(text: str | int) -> int:
    """Bytes from "2GB", "500MB", "1.5GiB" or a number. Raises ``BadInput`` for anything else."""
    match = _SIZE.fullmatch(str(text))
    size = int(float(match[1]) * _UNITS[match[2].lower()]) if match else 0
    if size <= 0 or isinstance(text, bool):
        raise BadInput("memory.size", got=text)
    return size


def size_text(size: float) -> str:
    """Bytes as "850 MB" or "1.2 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 0.9995e9 else f"{max(1, round(size / 1e6))} MB"


def memory_limit(requested: str | int | None = None) -> int | None:
    """The most bytes this process may use: what was requested, else ``$UNBEND_MEMORY``; None without a limit.

    Raises ``BadInput`` for what is no size.
    """
    text = requested if requested is not None else os.environ.get("UNBEND_MEMORY", "").strip()
    return None if text == "" else parse_size(text)


def machine_memory() -> int:
    """The bytes of memory that this machine, or the container on it, has."""
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 2**33
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            return min(size, int(file.read()))
    except (OSError, ValueError):  # no container, or "max"
        return size


def used_memory() -> int:
    """The bytes of memory in use by this process; where the system does not tell, the most it has used so far."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return peak_memory()


def peak_memory() -> int:
    """The most bytes that this process has used so far; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def release_unused() -> None:
    """Give memory that the allocators keep for later back to the system, where they can (Arrow's, glibc's)."""
    arrow: Any = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return getattr(ctypes.CDLL(None), "malloc_trim", None)
    except OSError:
        return None
