"""`Worker`: a second thread that spin-waits between calls in quick succession and processes part of their rows."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import numpy as np

from ...arrays import Array

# indices into the job, an array of int64: first what is to be computed …
JOB_X, JOB_OUT, JOB_ROWS, JOB_COLUMNS, JOB_OUTPUTS = 0, 1, 2, 3, 4
# … then counters, each on a cache line of its own: next portion, whether the job is open, number of the job, and how
# many workers run it
JOB_NEXT, JOB_OPEN, JOB_ROUND, JOB_WORKERS = 8, 16, 24, 32
_JOB_LENGTH = 40

CHUNK_ROWS = 96  # rows that go through all layers together
PORTION_ROWS = 18  # rows of a shared job that a thread takes each time
_SPINS = 5_000  # polls before the worker goes to sleep: some tenths of a millisecond

Run = Callable[..., Any]


class Worker:
    """The worker of one compiled network; its thread ends with the object."""

    def __init__(self, predict_shared: Run, work_on_jobs: Run, layers: Array, p: Array) -> None:
        self._run, self._layers, self._p = predict_shared, layers, p
        self._job = np.zeros(_JOB_LENGTH, np.int64)
        self._asleep = threading.Event()
        self._asleep.set()
        self._wake_ups: SimpleQueue[bool] = SimpleQueue()
        self._busy = threading.Lock()
        self._process = os.getpid()
        arguments = (self._wake_ups, self._asleep, work_on_jobs, layers, p, self._job)
        threading.Thread(target=_serve, args=arguments, daemon=True, name="unbend-worker").start()
        weakref.finalize(self, self._wake_ups.put, False)

    def predict(self, x: Array, out: Array) -> bool:
        """Fill ``out`` from ``x`` on both threads; False if another thread is calling, or in a forked process."""
        if not self._busy.acquire(blocking=False):
            return False
        try:
            if self._process != os.getpid():
                return False
            self._run(x, self._layers, self._p, out, self._job)
            if self._asleep.is_set():
                self._asleep.clear()
                self._wake_ups.put(True)
        finally:
            self._busy.release()
        return True


def _serve(
    wake_ups: SimpleQueue[bool], asleep: threading.Event, work_on_jobs: Run, layers: Array, p: Array, job: Array
) -> None:
    while wake_ups.get():
        work_on_jobs(layers, p, job, _SPINS)
        asleep.set()
