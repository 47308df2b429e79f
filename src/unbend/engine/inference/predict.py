"""`compiled`: a network as a compiled function of an array; `infer_members` for all members of a stack."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...activations import Activation
from ...arrays import Array
from ...network.epoch import Recipe
from ...network.gradient import Pair
from ...network.network import Network
from ...threads import parallel_for, run_on_threads, thread_count
from ..codegen.cache import load_kernel
from ..codegen.generate import KernelSpec, distinct, panel_vectors
from ..large.packing import layer_table, pack
from ..machine import vector_lanes
from .worker import CHUNK_ROWS, Worker

# multiplications from which it pays to share rows with the worker thread, and to wake all threads
_MIN_WORKER_MULTIPLICATIONS, _MIN_THREADS_MULTIPLICATIONS = 1_500_000, 25_000_000
_PORTIONS = 16  # portions of rows for each thread: none waits long for the last one


def compiled(net: Network) -> Callable[[Any], Array]:
    """The network as a compiled function of an array.

    Parameters
    ----------
    net : Network
        The network; its weights are copied.

    Returns
    -------
    callable
        (n, inputs) -> (n, outputs), or one row (inputs,) -> (outputs,). It gives what ``net(x)`` gives, up to
        rounding, in a fraction of the time: a small network answers a few rows in about a microsecond. A C-contiguous
        array of the network's dtype is taken as it is; anything else is cast by ``net.rows``.

    Raises
    ------
    ShapeError
        By the returned function, when ``x`` does not fit the network.

    Notes
    -----
    The first network with some set of activations takes a second or two to compile; from then on the code is loaded
    from the cache folder.

    Examples
    --------
    >>> import numpy as np, unbend as ub
    >>> from unbend.engine import compiled
    >>> net = ub.Network([ub.Dense(2, 4, "tanh"), ub.Dense(4, 3)], seed=0)
    >>> compiled(net)(np.zeros((5, 2), "float32")).shape
    (5, 3)
    """
    records = [layer.activation for layer in net.layers]
    spec = _spec(records, net.dtype)
    layers, packed = _packed(records, [(W[None], b[None, None]) for W, b in net.arrays], spec)
    run, p = load_kernel("predict", spec), packed[0]
    inputs, outputs, dtype = net.inputs, net.outputs, net.dtype
    weights = sum(W.size for W, _ in net.arrays)
    few_rows = _MIN_WORKER_MULTIPLICATIONS // weights
    empty, array_type = np.empty, np.ndarray
    on_threads = _on_threads(spec, layers, p, max(CHUNK_ROWS, _MIN_THREADS_MULTIPLICATIONS // weights))

    def predict(x: Any) -> Array:
        if type(x) is array_type and x.ndim == 2 and x.dtype is dtype and x.flags.c_contiguous:
            n, columns = x.shape
            if columns == inputs and n <= few_rows:
                out = empty((n, outputs), dtype)
                run(x, 0, n, layers, p, out)
                return out
        rows = np.ascontiguousarray(net.rows(x))
        out = empty((len(rows), outputs), dtype)
        if len(rows) <= few_rows or not on_threads(rows, out):
            run(rows, 0, len(rows), layers, p, out)
        return out if np.ndim(x) == 2 else out[0]

    return predict


def infer_members(recipe: Recipe, pairs: Sequence[Pair], x: Array) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs) or (m, n, inputs)."""
    spec = _spec(recipe.activations, x.dtype)
    layers, p = _packed(recipe.activations, pairs, spec)
    run = load_kernel("predict", spec)
    out = np.empty((len(p), x.shape[-2], recipe.layers[-1].outputs), x.dtype)

    def member(k: int) -> None:
        run(x if x.ndim == 2 else x[k], 0, x.shape[-2], layers, p[k], out[k])

    parallel_for(member, len(p), work=x.shape[-2] * p.shape[1])
    return out


def _on_threads(spec: KernelSpec, layers: Array, p: Array, many: int) -> Callable[[Array, Array], bool]:
    """Inference on more than one thread, where there are more: up to ``many`` rows with a worker, beyond on all."""
    workers: list[Worker] = []

    def predict(x: Array, out: Array) -> bool:
        threads = thread_count()
        if threads == 1:
            return False
        if len(x) > many:
            _spread(load_kernel("predict", spec), x, layers, p, out, threads)
            return True
        if not workers:
            shared, work = (load_kernel("predict_shared", spec, name) for name in ("predict_shared", "work_on_jobs"))
            workers.append(Worker(shared, work, layers, p))
        return workers[0].predict(x, out)

    return predict


def _spread(run: Any, x: Array, layers: Array, p: Array, out: Array, threads: int) -> None:
    """Portions of rows on all threads."""
    portion = -(-len(x) // (_PORTIONS * threads * CHUNK_ROWS)) * CHUNK_ROWS
    starts = deque(range(0, len(x), portion))

    def work_off() -> None:
        while starts:
            try:
                start = starts.popleft()
            except IndexError:  # another thread took the last one
                return
            run(x, start, min(len(x), start + portion), layers, p, out)

    run_on_threads(work_off, threads)


def _spec(activations: Sequence[Activation], dtype: np.dtype[Any]) -> KernelSpec:
    return KernelSpec(distinct(activations), None, None, dtype.name, vector_lanes(dtype.itemsize))


def _packed(activations: Sequence[Activation], pairs: Sequence[Pair], spec: KernelSpec) -> tuple[Array, Array]:
    """The layer table and the members' packed weights (m, floats)."""
    sizes = [(W.shape[1], W.shape[2]) for W, _ in pairs]
    table = layer_table(sizes, [spec.activations.index(a) for a in activations], spec.lanes)
    return table, pack(table, pairs, spec.lanes, panel_vectors(spec), spec.dtype)
