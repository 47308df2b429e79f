"""The kernel that trains a small network: a full epoch in one loop, with no call per layer.

A minibatch is cut into *tiles* of as many rows as a SIMD vector has lanes; the values of one unit for the rows of a
tile are one vector. So every step, from the products to the activation, works on full vectors however narrow the layers
are; lanes beyond the last row of a minibatch hold zeros. ``h`` holds the units' values, ``d`` first their slopes, then
their deltas: tile after tile, in each tile layer after layer (``layers`` says where, see ``packing.py``).

This is the source of a kernel: ``codegen/generate.py`` fills in what is imported from ``stubs``.
"""

from __future__ import annotations

from typing import Any

from ...kernels.vector import load, store, zero_vector, zero_vectors
from ..codegen.stubs import (
    BETA1,
    BETA2,
    LANES,
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
    optimizer_step,
)
from ..layer_table import (
    ACTIVATION,
    INPUTS,
    MASK,
    OUTPUTS,
    PADDED_INPUTS,
    SLOPE,
    SOURCE,
    TARGET,
    TILE_SLOPES,
    TILE_VALUES,
    WEIGHTS,
)
from .blocks import accumulate_inputs, accumulate_outer, lane_sums, scale_by_sums, store_sums

TILE_COUNT = 8  # tiles that go through all layers together


@inlined
def gather_rows(x: Any, order: Any, h: Any, first: int, size: int, tile_values: int) -> None:
    """Rows order[first : first + size] of x, transposed, into the input units of the tiles."""
    columns = x.shape[1]
    for lane in range((size + LANES - 1) // LANES * LANES):
        at = lane // LANES * tile_values * LANES + lane % LANES
        if lane < size:
            row = order[first + lane]
            for k in range(columns):
                h[at + k * LANES] = x[row, k]
        else:
            for k in range(columns):
                h[at + k * LANES] = 0


@inlined
def forward_layer(p: Any, h: Any, layer: Any, at: int, sums: Any) -> None:
    """z = x W + b of one layer, for as many tiles as ``sums`` holds; b is the weight of a unit that is always 1."""
    stride = layer[TILE_VALUES] * LANES
    for j in range(0, layer[OUTPUTS], 4):
        z = sums
        for k in range(layer[INPUTS] + 1):
            w = layer[WEIGHTS] + j * layer[PADDED_INPUTS] + 4 * k
            z = accumulate_inputs(z, p, w, 1, h, at + (layer[SOURCE] + k) * LANES, stride)
        store_sums(h, at + (layer[TARGET] + j) * LANES, stride, z, layer[OUTPUTS] - j)


@inlined
def forward(p: Any, layers: Any, masks: Any, h: Any, d: Any, first: int, size: int) -> None:
    """Values and slopes of all layers, for ``size`` rows; their dropout masks begin at row ``first``."""
    like = zero_vector(p, LANES)
    tile_values, tile_slopes = layers[0, TILE_VALUES], layers[0, TILE_SLOPES]
    tile_count = (size + LANES - 1) // LANES
    for i in range(layers.shape[0]):
        layer = layers[i]
        for tile in range(0, tile_count - 1, 2):
            forward_layer(p, h, layer, tile * tile_values * LANES, zero_vectors(like, 8))
        if tile_count % 2:
            forward_layer(p, h, layer, (tile_count - 1) * tile_values * LANES, zero_vectors(like, 4))
        for tile in range(tile_count):
            at, slope_at = (tile * tile_values + layer[TARGET]) * LANES, (tile * tile_slopes + layer[SLOPE]) * LANES
            activate(layer[ACTIVATION], h, d, at, slope_at, layer[OUTPUTS])
            if layer[MASK] >= 0:
                for lane in range(min(LANES, size - tile * LANES)):
                    mask = layer[MASK] + (first + tile * LANES + lane) * layer[OUTPUTS]
                    for j in range(layer[OUTPUTS]):
                        h[at + j * LANES + lane] *= masks[mask + j]
                        d[slope_at + j * LANES + lane] *= masks[mask + j]


@inlined
def backward_layer(p: Any, d: Any, layer: Any, previous: Any, at: int, sums: Any) -> None:
    """The deltas of the previous layer: its slopes times W delta, for as many tiles as ``sums`` holds."""
    stride = layer[TILE_SLOPES] * LANES
    for k in range(0, layer[INPUTS], 4):
        s = sums
        for j in range(layer[OUTPUTS]):
            w = layer[WEIGHTS] + (j // 4 * layer[PADDED_INPUTS] + k) * 4 + j % 4
            s = accumulate_inputs(s, p, w, 4, d, at + (layer[SLOPE] + j) * LANES, stride)
        scale_by_sums(d, at + (previous[SLOPE] + k) * LANES, stride, s, layer[INPUTS] - k)


@inlined
def backward(p: Any, layers: Any, d: Any, size: int) -> None:
    """All deltas, from the last layer's to the first's; they overwrite the slopes."""
    like = zero_vector(p, LANES)
    tile_slopes = layers[0, TILE_SLOPES]
    tile_count = (size + LANES - 1) // LANES
    for i in range(layers.shape[0] - 1, 0, -1):
        for tile in range(0, tile_count - 1, 2):
            backward_layer(p, d, layers[i], layers[i - 1], tile * tile_slopes * LANES, zero_vectors(like, 8))
        if tile_count % 2:
            backward_layer(
                p, d, layers[i], layers[i - 1], (tile_count - 1) * tile_slopes * LANES, zero_vectors(like, 4)
            )


@inlined
def weight_gradients(layers: Any, g: Any, h: Any, d: Any, size: int, first_of_batch: bool) -> None:
    """Gradients of all weights: inputs times deltas, summed over rows; added to ``g`` unless ``first_of_batch``."""
    like = zero_vector(g, LANES)
    tile_values, tile_slopes = layers[0, TILE_VALUES] * LANES, layers[0, TILE_SLOPES] * LANES
    tile_count = (size + LANES - 1) // LANES
    for i in range(layers.shape[0]):
        layer = layers[i]
        at = layer[WEIGHTS]
        for j in range(0, layer[OUTPUTS], 4):
            for k in range(0, layer[PADDED_INPUTS], LANES // 4):
                s = zero_vectors(like, LANES)
                for tile in range(tile_count):
                    s = accumulate_outer(s, h, tile * tile_values + (layer[SOURCE] + k) * LANES, LANES,
                                         d, tile * tile_slopes + (layer[SLOPE] + j) * LANES, LANES)  # fmt: skip
                block = lane_sums(s)
                store(g, at, block if first_of_batch else load(g, at, like) + block)
                at += LANES


@entry_point
def train_small(
    x: ReadFloats2D, y: Targets, weights: ReadFloats, order: ReadInts, masks: ReadFloats, batch: int, rate: float,
    steps: int, layers: ReadInts2D, p: Floats, state: Floats, decay: ReadFloats, g: Floats, h: Floats, d: Floats,
) -> float:  # fmt: skip
    """Train one member for one epoch; ``p`` and ``state`` are changed in place. Returns the summed loss.

    All float arrays have one dtype, ``n`` rows are trained on, and a member has F packed floats (``packing.py``).

    ========= ==================== ==================================================================================
    argument  shape                meaning
    ========= ==================== ==================================================================================
    x         (N, inputs)          rows
    y         (N * outputs,), (N,) targets, row after row; int64 class numbers for cross-entropy
    weights   (N,) or (0,)         sample weights of mean 1; empty: all 1
    order     (n,)                 indices of the rows, in the order of training
    masks     (sum n * outputs,)   dropout factors, layer after layer where column MASK of ``layers`` is not negative
    batch                          rows per minibatch; the last may have fewer
    rate                           learning rate
    steps                          optimizer steps done before this epoch, for Adam's bias correction
    layers    (L, columns)         layer table (``layer_table.py``)
    p         (F,)                 packed weights and biases
    state     (S * F,)             the optimizer's S state arrays, each packed as ``p``
    decay     (F,) or (0,)         weight decay of each packed number, 0 for biases; empty: none
    g         (F,)                 workspace: gradients
    h         (T * values + 1      workspace: values of T = TILE_COUNT tiles, units of b set to 1, and one vector
              vector,)             as a buffer of the loss
    d         (T * slopes,)        workspace: slopes of the activations, then deltas
    ========= ==================== ==================================================================================
    """
    rows = order.shape[0]
    loss = 0.0
    for start in range(0, rows, batch):
        stop = min(start + batch, rows)
        for first in range(start, stop, TILE_COUNT * LANES):
            size = min(TILE_COUNT * LANES, stop - first)
            gather_rows(x, order, h, first, size, layers[0, TILE_VALUES])
            forward(p, layers, masks, h, d, first, size)
            loss += loss_and_deltas(y, weights, order, layers[-1], h, d, first, size, stop - start)
            backward(p, layers, d, size)
            weight_gradients(layers, g, h, d, size, first == start)
        steps += 1
        optimizer_step(p, g, state, decay, 0, p.shape[0], rate, 1 - BETA1**steps, 1 - BETA2**steps)
    return loss
