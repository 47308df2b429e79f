"""The inference kernel: rows by panels of weights, layer after layer, a chunk of rows at a time; alone or shared.

``predict`` runs on one thread. ``predict_shared`` shares a medium number of rows with a worker thread that spin-waits,
since waking a thread would take as long: it opens a *job* in an array of counters (``worker.py``), both
threads take portions of rows, and the caller waits only for portions in progress. If the worker is asleep, the caller
does all portions.

This is the source of a kernel: ``codegen/generate.py`` fills in what is imported from ``stubs``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray  # type: ignore[attr-defined]

from ...kernels.vector import load, store, zero_vector
from ..codegen.stubs import (
    LANES,
    AtomicInts,
    Floats2D,
    ReadFloats,
    ReadFloats2D,
    ReadInts2D,
    activate,
    compiled_once,
    entry_point,
    inlined,
)
from ..large.forward import forward_layer
from ..layer_table import ACTIVATION, MOST_VECTORS, VECTORS
from ..simd.atomics import address, atomic_load, atomic_store, fetch_add, fetch_sub, pause, pointer
from .worker import (
    CHUNK_ROWS,
    JOB_COLUMNS,
    JOB_NEXT,
    JOB_OPEN,
    JOB_OUT,
    JOB_OUTPUTS,
    JOB_ROUND,
    JOB_ROWS,
    JOB_WORKERS,
    JOB_X,
    PORTION_ROWS,
)


@compiled_once
def predict_rows(x: Any, first: int, end: int, layers: Any, p: Any, out: Any) -> None:
    """out[first:end] from x[first:end]."""
    like = zero_vector(p, LANES)
    most, width = min(CHUNK_ROWS, end - first), layers[0, MOST_VECTORS] * LANES
    h = np.empty(2 * most * width, p.dtype)  # the values of a layer and of the next
    for start in range(first, end, CHUNK_ROWS):
        rows = min(CHUNK_ROWS, end - start)
        forward_layer(p, layers[0], x, start * x.shape[1], x.shape[1], rows, h, 0, layers[0, VECTORS] * LANES)
        activate(layers[0, ACTIVATION], h, h, 0, 0, rows * layers[0, VECTORS])
        at = 0
        for n in range(1, layers.shape[0]):
            source, at = at, most * width - at
            stride, next_stride = layers[n - 1, VECTORS] * LANES, layers[n, VECTORS] * LANES
            forward_layer(p, layers[n], h, source, stride, rows, h, at, next_stride)
            activate(layers[n, ACTIVATION], h, h, at, 0, rows * layers[n, VECTORS])
        outputs = out.shape[1]
        full = outputs // LANES * LANES
        for r in range(rows):
            source = at + r * layers[-1, VECTORS] * LANES
            for j in range(0, full, LANES):
                store(out, (start + r) * outputs + j, load(h, source + j, like))
            for j in range(full, outputs):
                out[start + r, j] = h[source + j]


@entry_point
def predict(x: ReadFloats2D, first: int, end: int, layers: ReadInts2D, p: ReadFloats, out: Floats2D) -> None:
    """out[first:end] from x[first:end]."""
    predict_rows(x, first, end, layers, p, out)


@inlined
def work_on_portions(layers: Any, p: Any, job: Any) -> None:
    """Take portions of the open job until none remains."""
    rows = atomic_load(job, JOB_ROWS)
    x = carray(pointer(atomic_load(job, JOB_X), p), (rows, atomic_load(job, JOB_COLUMNS)))
    out = carray(pointer(atomic_load(job, JOB_OUT), p), (rows, atomic_load(job, JOB_OUTPUTS)))
    while True:
        first = fetch_add(job, JOB_NEXT) * PORTION_ROWS
        if first >= rows:
            break
        predict_rows(x, first, min(rows, first + PORTION_ROWS), layers, p, out)


@entry_point
def predict_shared(x: ReadFloats2D, layers: ReadInts2D, p: ReadFloats, out: Floats2D, job: AtomicInts) -> None:
    """Open a job, work on it, close it, and wait until the worker has finished its last portion."""
    atomic_store(job, JOB_X, address(x))
    atomic_store(job, JOB_OUT, address(out))
    atomic_store(job, JOB_ROWS, x.shape[0])
    atomic_store(job, JOB_COLUMNS, x.shape[1])
    atomic_store(job, JOB_OUTPUTS, out.shape[1])
    atomic_store(job, JOB_NEXT, 0)
    atomic_store(job, JOB_OPEN, 1)
    fetch_add(job, JOB_ROUND)
    work_on_portions(layers, p, job)
    atomic_store(job, JOB_OPEN, 0)
    while atomic_load(job, JOB_WORKERS) > 0:
        pause()


@entry_point
def work_on_jobs(layers: ReadInts2D, p: ReadFloats, job: AtomicInts, spins: int) -> None:
    """The worker: join every job that is opened, until none was opened during ``spins`` polls."""
    last_round, polls = 0, 0
    while polls < spins:
        current_round = atomic_load(job, JOB_ROUND)
        if current_round == last_round:
            polls += 1
            pause()
            continue
        last_round, polls = current_round, 0
        fetch_add(job, JOB_WORKERS)  # from here on the caller waits …
        if atomic_load(job, JOB_OPEN) == 1:  # … if the job is still open
            work_on_portions(layers, p, job)
        fetch_sub(job, JOB_WORKERS)
