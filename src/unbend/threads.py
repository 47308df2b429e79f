"""`thread_count`, `parallel_for`, `run_on_threads`: a thread pool for kernels, which release the GIL."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

_MIN_MULTIPLICATIONS_PER_TASK = 300_000  # fewer are done before a second thread has woken up


_own = threading.local()  # ``busy``: this thread runs one of several tasks at once


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


def parallel_for(task: Callable[[int], None], count: int, work: int, max_threads: int | None = None) -> None:
    """Call ``task(0) … task(count - 1)``, on several threads if a task's ``work`` (multiplications) justifies it.

    A task that itself calls this keeps to its own thread: the others are busy with other tasks.
    """
    workers = min(max_threads or thread_count(), count) if work >= _MIN_MULTIPLICATIONS_PER_TASK else 1
    if getattr(_own, "busy", False):
        workers = 1
    queue = deque(range(count))

    def run_tasks() -> None:
        _own.busy, before = workers > 1 or getattr(_own, "busy", False), getattr(_own, "busy", False)
        try:
            while queue:
                try:
                    k = queue.popleft()
                except IndexError:  # another thread took the last one
                    return
                task(k)
        finally:
            _own.busy = before

    run_on_threads(run_tasks, workers)


@contextmanager
def one_thread() -> Iterator[None]:
    """A context in which `parallel_for` keeps to the calling thread: others, or other processes, have their tasks."""
    before, _own.busy = getattr(_own, "busy", False), True
    try:
        yield
    finally:
        _own.busy = before


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
