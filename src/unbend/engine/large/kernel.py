"""The kernel that trains a larger network: an epoch of blocked matrix products, on several threads.

A minibatch is cut into blocks of rows. A thread takes a block and does everything with it: gather, forward, loss, and
backward to the first layer's deltas. When all blocks are done, the weights are cut into *slabs* of rows, and a thread
takes a slab: the product of inputs and deltas over the full minibatch, and the optimizer's step (``updates.py``).
Blocks and slabs depend on sizes alone, and each is done by one thread: results do not depend on the number of threads.

Values ``h`` and slopes ``d`` lie row after row, layer after layer (``packing.py``); a row of values ends in a 1, whose
weights are b. This is the source of a kernel: ``codegen/generate.py`` fills in what is imported from ``stubs``.
"""

from __future__ import annotations

from typing import Any

from ...kernels.vector import load, store, zero_vector
from ..codegen.stubs import (
    BETA1,
    BETA2,
    LANES,
    AtomicInts,
    Doubles,
    Floats,
    ReadFloats,
    ReadFloats2D,
    ReadInts,
    ReadInts2D,
    Targets,
    activate,
    entry_point,
    inlined,
    loss_and_deltas,
)
from ..layer_table import (
    ACTIVATION,
    MASK,
    OUTPUTS,
    SLOPE,
    SOURCE,
    SOURCE_STRIDE,
    TARGET,
    TARGET_STRIDE,
    VECTORS,
)
from ..simd.atomics import atomic_load, atomic_store, call_address, fetch_add, pause
from .backward import backward_layer, transpose_weights, weight_gradients
from .forward import forward_layer

# Small enough that no thread waits long for the last one; multiples of the 6 rows of a register block, and slabs of the
# 16 lanes by which weights are transposed.
BATCH_BLOCK, WEIGHT_SLAB = 24, 48
# The threads' shared counters, each on a cache line of its own: next block, next slab, threads at the barrier, and how
# often all were there.
NEXT_BLOCK, NEXT_SLAB, ARRIVED, GENERATION = 0, 8, 16, 24
COUNTERS = 32
SPINS = 2_000  # before a waiting thread yields the processor


@inlined
def barrier(sync: Any, threads: int, yield_address: int) -> None:
    """Wait until all threads are here; then blocks and slabs are handed out from the first again."""
    generation = atomic_load(sync, GENERATION)
    if fetch_add(sync, ARRIVED) == threads - 1:
        atomic_store(sync, ARRIVED, 0)
        atomic_store(sync, NEXT_BLOCK, 0)
        atomic_store(sync, NEXT_SLAB, 0)
        atomic_store(sync, GENERATION, generation + 1)
        return
    spins = 0
    while atomic_load(sync, GENERATION) == generation:
        spins += 1
        pause()
        if spins > SPINS:
            call_address(yield_address)


@inlined
def gather_rows(x: Any, order: Any, h: Any, first: int, begin: int, end: int, width: int) -> None:
    """Rows order[first + begin : first + end] of x as the first layer's inputs."""
    like, columns = zero_vector(h, LANES), x.shape[1]
    full = columns // LANES * LANES
    for r in range(begin, end):
        row, at = order[first + r] * columns, r * width
        for k in range(0, full, LANES):
            store(h, at + k, load(x, row + k, like))
        for k in range(full, columns):
            h[at + k] = x[order[first + r], k]


@inlined
def product(p: Any, layer: Any, h: Any, begin: int, end: int) -> None:
    """x W + b of one layer for the rows begin … end."""
    stride, width = layer[SOURCE_STRIDE], layer[TARGET_STRIDE]
    source, target = layer[SOURCE] + begin * stride, layer[TARGET] + begin * width
    forward_layer(p, layer, h, source, stride, end - begin, h, target, width)


@inlined
def finish_rows(layer: Any, masks: Any, h: Any, d: Any, first: int, begin: int, end: int) -> None:
    """Activation, slopes and dropout of the rows begin … end of the minibatch that starts at ``first``."""
    outputs, width, slope_width = layer[OUTPUTS], layer[TARGET_STRIDE], layer[VECTORS] * LANES
    for r in range(begin, end):
        at, slope_at = layer[TARGET] + r * width, layer[SLOPE] + r * slope_width
        activate(layer[ACTIVATION], h, d, at, slope_at, layer[VECTORS])
        for j in range(outputs, slope_width):  # beyond the last output: the constant 1, then zeros
            h[at + j] = 1 if j == outputs else 0
            d[slope_at + j] = 0
        if layer[MASK] >= 0:
            mask = layer[MASK] + (first + r) * outputs
            for j in range(outputs):
                h[at + j] *= masks[mask + j]
                d[slope_at + j] *= masks[mask + j]


@inlined
def forward(p: Any, layers: Any, masks: Any, h: Any, d: Any, first: int, begin: int, end: int) -> None:
    """Values and slopes of all layers for the rows begin … end of the minibatch that starts at ``first``."""
    for i in range(layers.shape[0]):
        product(p, layers[i], h, begin, end)
        finish_rows(layers[i], masks, h, d, first, begin, end)


@inlined
def transpose_slab(p: Any, t: Any, layers: Any, slab: Any) -> None:
    """A slab's weights transposed for backpropagation; the first layer needs none."""
    if slab[0] > 0:
        transpose_weights(p, t, layers[slab[0]], slab[1], slab[2])


@entry_point
def train_large(
    x: ReadFloats2D, y: Targets, weights: ReadFloats, order: ReadInts, masks: ReadFloats, batch: int, rate: float,
    steps: int, layers: ReadInts2D, slabs: ReadInts2D, p: Floats, state: Floats, decay: ReadFloats, g: Floats,
    h: Floats, d: Floats, t: Floats, losses: Doubles, sync: AtomicInts, threads: int, yield_address: int,
) -> None:  # fmt: skip
    """One thread's part of an epoch of one member; ``p`` and ``state`` are changed in place.

    ``threads`` threads call this with the same arguments. All float arrays but ``losses`` have one dtype; a member has
    F packed floats (``packing.py``).

    ============= ==================== ==============================================================================
    argument      shape                meaning
    ============= ==================== ==============================================================================
    x             (N, inputs)          rows
    y             (N * outputs,), (N,) targets, row after row; int64 class numbers for cross-entropy
    weights       (N,) or (0,)         sample weights of mean 1; empty: all 1
    order         (n,)                 indices of the rows, in the order of training
    masks         (sum n * outputs,)   dropout factors, layer after layer where column MASK of ``layers`` is >= 0
    batch                              rows per minibatch; the last may have fewer
    rate                               learning rate
    steps                              optimizer steps done before this epoch, for Adam's bias correction
    layers        (L, columns)         layer table (``layer_table.py``)
    slabs         (slabs, 3)           slabs of weights: layer, first input, end; the biases are the last input
    p             (F,)                 packed weights and biases
    state         (S * F,)             the optimizer's S state arrays, each packed as ``p``
    decay         (F,) or (0,)         weight decay of each packed number, 0 for biases; empty: none
    g             (F,)                 workspace: gradients
    h             see ``epoch.py``     workspace: values of the minibatch, row after row, the inputs of b set to 1
    d             see ``epoch.py``     workspace: slopes of the activations, then deltas
    t             see ``epoch.py``     workspace: transposed weights
    losses        (blocks,), float64   the summed loss of each block of rows is added to it
    sync          (COUNTERS,), int64   shared counters, zeros at the start; atomic access alone
    threads                            how many threads call this
    yield_address                      address of the system function that yields the processor
    ============= ==================== ==============================================================================
    """
    while True:
        n = fetch_add(sync, NEXT_SLAB)
        if n >= slabs.shape[0]:
            break
        transpose_slab(p, t, layers, slabs[n])
    barrier(sync, threads, yield_address)
    for first in range(0, order.shape[0], batch):
        size = min(batch, order.shape[0] - first)
        steps += 1
        while True:
            n = fetch_add(sync, NEXT_BLOCK)
            begin, end = n * BATCH_BLOCK, min(size, n * BATCH_BLOCK + BATCH_BLOCK)
            if begin >= size:
                break
            gather_rows(x, order, h, first, begin, end, layers[0, SOURCE_STRIDE])
            forward(p, layers, masks, h, d, first, begin, end)
            losses[n] += loss_and_deltas(y, weights, order, layers[-1], h, d, first, begin, end, size)
            for i in range(layers.shape[0] - 1, 0, -1):
                backward_layer(t, d, layers[i], layers[i - 1], begin, end)
        barrier(sync, threads, yield_address)
        while True:
            n = fetch_add(sync, NEXT_SLAB)
            if n >= slabs.shape[0]:
                break
            weight_gradients(h, d, layers[slabs[n, 0]], slabs[n, 1], slabs[n, 2], size, p, g, state, decay, rate,
                             1 - BETA1**steps, 1 - BETA2**steps)  # fmt: skip
            transpose_slab(p, t, layers, slabs[n])
        barrier(sync, threads, yield_address)
