"""Members on threads: the kernels run without Python's lock, and no member touches another's numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from .machine import threads

_WORTH = 300_000  # multiplications; less is done before a second thread has woken up


def each(member: Callable[[int], None], members: int, work: int) -> None:
    """Call ``member(0) … member(members - 1)``, on several threads where one member's ``work`` is worth it."""
    helpers = min(threads(), members) - 1
    if helpers < 1 or work < _WORTH:
        for k in range(members):
            member(k)
        return
    waiting = iter(range(members))  # next() on it is atomic

    def some() -> None:
        for k in waiting:
            member(k)

    running: list[Future[None]] = [_pool(helpers).submit(some) for _ in range(helpers)]
    some()
    for future in running:
        future.result()


@cache
def _pool(helpers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(helpers, thread_name_prefix="unbend")
