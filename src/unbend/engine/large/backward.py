"""Backward products of the large kernel: deltas of the previous layer, and gradients of the weights.

As in ``forward.py``, a block of sums stays in registers, and ``pattern`` is a tuple as wide as a panel.
"""

from __future__ import annotations

from typing import Any

from ...kernels.vector import zero_vector, zero_vectors
from ..codegen.stubs import LANES, PANEL_VECTORS, apply_gradients, inlined, update_weights
from ..layer_table import INPUTS, OUTPUTS, SLOPE, SOURCE, SOURCE_STRIDE, TRANSPOSED, VECTORS, WEIGHTS
from .blocks import multiply_add, scale_by_block, transpose_square, zero_block
from .forward import BLOCK_ROWS


@inlined
def transpose_weights(p: Any, t: Any, layer: Any, first: Any, end: Any) -> Any:
    """The weights of inputs first … end transposed for backpropagation: panels of inputs, output after output."""
    like = zero_vector(p, LANES)
    inputs, vectors = layer[INPUTS], layer[VECTORS]
    in_full_panels = (inputs + LANES - 1) // LANES // PANEL_VECTORS * PANEL_VECTORS
    v, w = 0, layer[WEIGHTS]
    while v < vectors:
        line = (PANEL_VECTORS if v + PANEL_VECTORS <= vectors else 1) * LANES
        for k in range(first, min(end, inputs), LANES):
            c = k // LANES
            panel = c // PANEL_VECTORS * PANEL_VECTORS if c < in_full_panels else c
            stride = (PANEL_VECTORS if c < in_full_panels else 1) * LANES
            at = layer[TRANSPOSED] + panel * LANES * vectors * LANES + (c - panel) * LANES
            for n in range(0, line, LANES):
                transpose_square(like, p, w + k * line + n, line, t, at + (v * LANES + n) * stride, stride)
        v += line // LANES
        w += (inputs + 1) * line


@inlined
def backward_panel(
    pattern: Any, t: Any, w: Any, d: Any, i: Any, stride: Any, outputs: Any, rows: Any, at: Any, width: Any
) -> Any:
    """W delta for one panel of inputs, multiplied into the slopes d[at …]."""
    line = len(pattern) * LANES
    full = rows // BLOCK_ROWS * BLOCK_ROWS
    for r in range(0, full, BLOCK_ROWS):
        z = zero_block(pattern, BLOCK_ROWS)
        for j in range(outputs):
            z = multiply_add(z, t, w + j * line, d, i + r * stride + j, stride)
        scale_by_block(d, at + r * width, width, z)
    for r in range(full, rows):
        z1 = zero_block(pattern, 1)
        for j in range(outputs):
            z1 = multiply_add(z1, t, w + j * line, d, i + r * stride + j, stride)
        scale_by_block(d, at + r * width, width, z1)


@inlined
def backward_layer(t: Any, d: Any, layer: Any, previous: Any, begin: Any, end: Any) -> Any:
    """The deltas of the previous layer for the rows begin … end: its slopes, which they overwrite, times W delta."""
    like = zero_vector(d, LANES)
    stride, width = layer[VECTORS] * LANES, previous[VECTORS] * LANES
    i, w = layer[SLOPE] + begin * stride, layer[TRANSPOSED]
    v = 0
    while v < previous[VECTORS]:
        at = previous[SLOPE] + begin * width + v * LANES
        if v + PANEL_VECTORS <= previous[VECTORS]:
            backward_panel(
                zero_vectors(like, PANEL_VECTORS), t, w, d, i, stride, layer[OUTPUTS], end - begin, at, width
            )
            panel = PANEL_VECTORS
        else:
            backward_panel(zero_vectors(like, 1), t, w, d, i, stride, layer[OUTPUTS], end - begin, at, width)
            panel = 1
        v += panel
        w += panel * LANES * stride


@inlined
def gradient_block(sums: Any, count: Any, h: Any, i: Any, d: Any, j: Any, layer: Any, size: Any, p: Any, g: Any,
                   decay: Any, w: Any, line: Any, rate: Any) -> Any:  # fmt: skip
    """One block of gradients: ``count`` inputs h[i …] times vectors of deltas d[j …], summed over the minibatch."""
    z = sums
    for r in range(size):
        z = multiply_add(z, d, j + r * layer[VECTORS] * LANES, h, i + r * layer[SOURCE_STRIDE], 1)
    apply_gradients(z, count, p, g, decay, w, line, rate)


@inlined
def gradient_panel(pattern: Any, h: Any, d: Any, j: Any, layer: Any, first: Any, end: Any, size: Any, p: Any, g: Any,
                   decay: Any, w: Any, rate: Any) -> Any:  # fmt: skip
    """The gradients of one panel's weights for the inputs first … end."""
    line = len(pattern) * LANES
    full = first + (end - first) // BLOCK_ROWS * BLOCK_ROWS
    for k in range(first, full, BLOCK_ROWS):
        z = zero_block(pattern, BLOCK_ROWS)
        gradient_block(z, BLOCK_ROWS, h, layer[SOURCE] + k, d, j, layer, size, p, g, decay, w + k * line, line, rate)
    for k in range(full, end):
        z1 = zero_block(pattern, 1)
        gradient_block(z1, 1, h, layer[SOURCE] + k, d, j, layer, size, p, g, decay, w + k * line, line, rate)


@inlined
def weight_gradients(h: Any, d: Any, layer: Any, first: Any, end: Any, size: Any, p: Any, g: Any, state: Any,
                     decay: Any, rate: Any, c1: Any, c2: Any) -> Any:  # fmt: skip
    """The gradients of the weights of inputs first … end, and the optimizer's step with them."""
    like = zero_vector(p, LANES)
    vectors, w = layer[VECTORS], layer[WEIGHTS]
    v = 0
    while v < vectors:
        j = layer[SLOPE] + v * LANES
        if v + PANEL_VECTORS <= vectors:
            gradient_panel(zero_vectors(like, PANEL_VECTORS), h, d, j, layer, first, end, size, p, g, decay, w, rate)
            panel = PANEL_VECTORS
        else:
            gradient_panel(zero_vectors(like, 1), h, d, j, layer, first, end, size, p, g, decay, w, rate)
            panel = 1
        line = panel * LANES
        update_weights(p, g, state, decay, w + first * line, w + end * line, rate, c1, c2)
        v += panel
        w += (layer[INPUTS] + 1) * line
