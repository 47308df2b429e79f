"""This machine: SIMD width, number of threads, cache-aligned arrays, and a thread pool for kernels.

Kernels release the GIL, and the members of a stack share no array that is written to, so they can run in parallel.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

from ..arrays import Array

_CACHE_LINE = 64  # bytes
_MIN_MULTIPLICATIONS_PER_TASK = 300_000  # fewer are done before a second thread has woken up


@cache
def vector_lanes(itemsize: int) -> int:
    """Lanes of a SIMD vector of floats of ``itemsize`` bytes: 64 bytes with AVX-512, else 32."""
    import llvmlite.binding as llvm

    avx512 = llvm.get_host_cpu_features().get("avx512f", False)
    return (64 if avx512 else 32) // itemsize


def aligned_zeros(shape: int | tuple[int, ...], dtype: Any) -> Array:
    """As ``np.zeros``, aligned to a cache line, so that no SIMD vector straddles two."""
    dtype = np.dtype(dtype)
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + _CACHE_LINE, np.uint8)
    skip = -raw.ctypes.data % _CACHE_LINE
    array: Array = raw[skip : skip + size].view(dtype).reshape(shape)
    return array


# number of threads ---------------------------------------------------------------------------------------------------


def thread_count() -> int:
    """How many threads may be used: ``$UNBEND_THREADS``, else the processors this process may run on."""
    requested = os.environ.get("UNBEND_THREADS", "")
    if requested.isdigit() and int(requested) > 0:
        return int(requested)
    return _processors()


@cache
def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _cgroup_quota()))


def _cgroup_quota() -> int:
    """The processors a container may use (Linux control groups), rounded up; a large number where there is no limit."""
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            limit, period = file.read().split()[:2]
        return -(-int(limit) // int(period))
    except (OSError, ValueError):
        return 1_000


# running on threads --------------------------------------------------------------------------------------------------


def parallel_for(task: Callable[[int], None], count: int, work: int, max_threads: int | None = None) -> None:
    """Call ``task(0) … task(count - 1)``, on several threads if a task's ``work`` (multiplications) justifies it."""
    workers = min(max_threads or thread_count(), count) if work >= _MIN_MULTIPLICATIONS_PER_TASK else 1
    queue = deque(range(count))

    def run_tasks() -> None:
        while queue:
            try:
                k = queue.popleft()
            except IndexError:  # another thread took the last one
                return
            task(k)

    run_on_threads(run_tasks, workers)


def run_on_threads(work: Callable[[], None], workers: int) -> None:
    """Call ``work`` on ``workers`` threads simultaneously, including the calling one; returns when all are done."""
    futures = [_pool(workers - 1).submit(work) for _ in range(workers - 1)]
    try:
        work()
    finally:
        for future in futures:
            future.result()


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="unbend")


# A pool's threads do not exist in a forked child (joblib, gunicorn, multiprocessing on Linux): it makes its own.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)


@cache
def yield_function_address() -> int:
    """The address of the system function that yields the processor to another thread."""
    if sys.platform == "win32":
        function = ctypes.windll.kernel32.SwitchToThread
    else:
        function = ctypes.CDLL(None).sched_yield
    return ctypes.cast(function, ctypes.c_void_p).value or 0
