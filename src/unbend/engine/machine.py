"""What this machine has: threads to run on, floats a processor takes at once."""

from __future__ import annotations

import os
from functools import cache


@cache
def lanes(itemsize: int) -> int:
    """How many floats of ``itemsize`` bytes kernels work on side by side: 64 or 32 bytes' worth."""
    import llvmlite.binding as llvm

    wide = llvm.get_host_cpu_features().get("avx512f", False)
    return (64 if wide else 32) // itemsize


def threads() -> int:
    """How many threads may be used: ``$UNBEND_THREADS``, else the processors this process may run on."""
    chosen = os.environ.get("UNBEND_THREADS", "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    return _processors()


@cache
def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _quota()))


def _quota() -> int:
    """The processors a container may use (Linux control groups), rounded up; many where nothing is said."""
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            limit, period = file.read().split()[:2]
        return -(-int(limit) // int(period))
    except (OSError, ValueError):
        return 1_000
