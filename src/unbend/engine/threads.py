"""Kernels on threads: they run without Python's lock, and no member of a stack touches another's numbers."""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from .machine import threads

_WORTH = 300_000  # multiplications; less is done before a second thread has woken up


def each(member: Callable[[int], None], members: int, work: int, most: int | None = None) -> None:
    """Call ``member(0) … member(members - 1)``, on several threads where one member's ``work`` is worth it."""
    hands = min(most or threads(), members) if work >= _WORTH else 1
    waiting = deque(range(members))

    def some() -> None:
        while waiting:
            try:
                k = waiting.popleft()
            except IndexError:  # another thread took the last one
                return
            member(k)

    team(some, hands)


def team(work: Callable[[], None], hands: int) -> None:
    """Call ``work`` on so many threads at once, this one among them; returns when all are done."""
    running = [_pool(hands - 1).submit(work) for _ in range(hands - 1)]
    try:
        work()
    finally:
        for future in running:
            future.result()


@cache
def _pool(helpers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(helpers, thread_name_prefix="unbend")


# A pool's threads do not exist in a forked child (joblib, gunicorn, multiprocessing on Linux): it makes its own.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)


@cache
def yield_address() -> int:
    """Where the system's function lies that lets another thread run."""
    if sys.platform == "win32":
        function = ctypes.windll.kernel32.SwitchToThread
    else:
        function = ctypes.CDLL(None).sched_yield
    return ctypes.cast(function, ctypes.c_void_p).value or 0
