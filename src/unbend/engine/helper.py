"""A thread that stays awake between jobs that follow each other closely (the kernels are in ``shared_answers.py``)."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import numpy as np

from ..arrays import Array

# places in the box, each on a cache line of its own
JOB_X, JOB_OUT, JOB_ROWS, JOB_COLUMNS, JOB_OUTPUTS = 0, 1, 2, 3, 4
JOB_NEXT, JOB_OPEN, JOB_ROUND, JOB_INSIDE = 8, 16, 24, 32
_WORDS = 40

JOB_PORTION = 18  # rows that are taken at once
_PATIENCE = 5_000  # looks, some tenths of a millisecond

Run = Callable[..., Any]


class Helper:
    """One network's helper; its thread ends with the object."""

    def __init__(self, run: Run, help_along: Run, plan: Array, p: Array) -> None:
        self._run, self._plan, self._p = run, plan, p
        self._box = np.zeros(_WORDS, np.int64)
        self._asleep = threading.Event()
        self._asleep.set()
        self._calls: SimpleQueue[bool] = SimpleQueue()
        self._busy = threading.Lock()
        self._process = os.getpid()
        arguments = (self._calls, self._asleep, help_along, plan, p, self._box)
        threading.Thread(target=_serve, args=arguments, daemon=True, name="unbend-helper").start()
        weakref.finalize(self, self._calls.put, False)

    def answer(self, x: Array, out: Array) -> bool:
        """Fill ``out`` from ``x`` together; False where another thread is at it, or this is a forked process."""
        if not self._busy.acquire(blocking=False):
            return False
        try:
            if self._process != os.getpid():
                return False
            self._run(x, self._plan, self._p, out, self._box)
            if self._asleep.is_set():
                self._asleep.clear()
                self._calls.put(True)
        finally:
            self._busy.release()
        return True


def _serve(
    calls: SimpleQueue[bool], asleep: threading.Event, help_along: Run, plan: Array, p: Array, box: Array
) -> None:
    while calls.get():
        help_along(plan, p, box, _PATIENCE)
        asleep.set()
