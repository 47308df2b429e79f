"""Forward products of the large kernel and of inference: rows by panels of weights.

Each function keeps a block of sums in the processor's registers: six rows by as many vectors as a panel is wide, one
row or one vector at the edges. ``pattern`` is a tuple of as many vectors as the panel is wide.
"""

from __future__ import annotations

from typing import Any

from ...kernels.vector import zero_vector, zero_vectors
from ..codegen.stubs import LANES, PANEL_VECTORS, inlined
from ..layer_table import INPUTS, VECTORS, WEIGHTS
from .blocks import bias_block, multiply_add, store_block

BLOCK_ROWS = 6  # rows of a register block


@inlined
def forward_block(
    sums: Any, p: Any, w: Any, line: Any, a: Any, i: Any, stride: Any, inputs: Any, h: Any, at: Any, width: Any
) -> Any:
    """One block from its biases to its sums: rows of inputs a[i …], results to h[at …]."""
    z = sums
    for k in range(inputs):
        z = multiply_add(z, p, w + k * line, a, i + k, stride)
    store_block(h, at, width, z)


@inlined
def forward_panel(
    pattern: Any, p: Any, w: Any, a: Any, i: Any, stride: Any, inputs: Any, rows: Any, h: Any, at: Any, width: Any
) -> Any:
    """x W + b for the outputs of one panel, whose weights begin at p[w]."""
    line = len(pattern) * LANES
    full = rows // BLOCK_ROWS * BLOCK_ROWS
    for r in range(0, full, BLOCK_ROWS):
        z = bias_block(pattern, p, w + inputs * line, BLOCK_ROWS)
        forward_block(z, p, w, line, a, i + r * stride, stride, inputs, h, at + r * width, width)
    for r in range(full, rows):
        z1 = bias_block(pattern, p, w + inputs * line, 1)
        forward_block(z1, p, w, line, a, i + r * stride, stride, inputs, h, at + r * width, width)


@inlined
def forward_layer(p: Any, layer: Any, a: Any, i: Any, stride: Any, rows: Any, h: Any, at: Any, width: Any) -> Any:
    """x W + b of one layer: rows a[i …], ``stride`` floats apart, to h[at …], ``width`` floats apart."""
    like = zero_vector(h, LANES)
    inputs, vectors, w = layer[INPUTS], layer[VECTORS], layer[WEIGHTS]
    v = 0
    while v < vectors:
        if v + PANEL_VECTORS <= vectors:
            forward_panel(zero_vectors(like, PANEL_VECTORS), p, w, a, i, stride, inputs, rows, h, at + v * LANES, width)
            panel = PANEL_VECTORS
        else:
            forward_panel(zero_vectors(like, 1), p, w, a, i, stride, inputs, rows, h, at + v * LANES, width)
            panel = 1
        v += panel
        w += (inputs + 1) * panel * LANES
