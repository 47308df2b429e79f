"""The kernel that trains a network of columns and bins: an epoch on one thread, and inference.

All but the bins is as in ``large/kernel.py``, whose functions it takes: blocks of rows forward and backward, then the
gradients and the optimizer's steps. The bins' weights ``w`` are kept apart (``first_layer.py``).
"""

from __future__ import annotations

from ..codegen.stubs import (
    BETA1,
    BETA2,
    LANES,
    Doubles,
    Floats,
    ReadFloats,
    ReadFloats2D,
    ReadInts,
    ReadInts2D,
    ReadInts32,
    Targets,
    entry_point,
    loss_and_deltas,
)
from ..large.backward import backward_layer, weight_gradients
from ..large.kernel import BATCH_BLOCK, finish_rows, gather_rows, product, transpose_slab
from ..layer_table import OUTPUTS, SOURCE_STRIDE, TARGET, TARGET_STRIDE, VECTORS
from .first_layer import add_bins, deltas_to_knots, update_bins, values_at_knots


@entry_point
def train_binned(
    x: ReadFloats2D, bins: ReadInts32, position: ReadFloats, starts: ReadInts, centre: ReadFloats, inverse: ReadFloats,
    y: Targets, order: ReadInts, batch: int, rate: float, steps: int, layers: ReadInts2D, slabs: ReadInts2D,
    p: Floats, state: Floats, decay: ReadFloats, w: Floats, w_state: Floats, w_decay: ReadFloats, g: Floats,
    w_g: Floats, values: Floats, knots: Floats, sums: Floats, h: Floats, d: Floats, t: Floats, nothing: ReadFloats,
    losses: Doubles, out: Floats,
) -> None:  # fmt: skip
    """An epoch of one member; ``p``, ``w`` and their states are changed in place. With ``out``, its outputs instead.

    As ``train_large``; beside its arguments, with q binned columns and B bins:

    ============= ==================== ==============================================================================
    argument      shape                meaning
    ============= ==================== ==============================================================================
    bins          (N * q,), int32      row after row, the bin of each column, numbered over all columns
    position      (N * q,)             how far into it, 0 … 1
    starts        (q + 1,)             each column's first bin, and B
    centre        (B,)                 a bin enters as (value - centre) * inverse
    w             (B * width,)         the bins' weights, ``width`` outputs each; ``w_state``, ``w_decay`` as for ``p``
    w_g           (B * width,)         workspace: their gradients
    values, knots ((B + q) * width,)   workspace: the bins' part, and sums of deltas, at the bins' ends; zeros at first
    sums          (2 * width,)         workspace
    nothing       (0,)                 in place of sample weights and masks
    out           (n * outputs,), (0,) the outputs for the rows in ``order``; empty: training
    ============= ==================== ==============================================================================
    """
    columns, first_layer, outputs, last = starts.shape[0] - 1, layers[0], layers[-1, OUTPUTS], layers[-1]
    width = first_layer[VECTORS] * LANES
    for n in range(slabs.shape[0]):
        transpose_slab(p, t, layers, slabs[n])
    for c in range(columns):
        values_at_knots(w, values, centre, inverse, starts, c, width)
    for first in range(0, order.shape[0], batch):
        size = min(batch, order.shape[0] - first)
        steps += 1
        c1, c2 = 1 - BETA1**steps, 1 - BETA2**steps
        for begin in range(0, size, BATCH_BLOCK):
            end = min(size, begin + BATCH_BLOCK)
            gather_rows(x, order, h, first, begin, end, first_layer[SOURCE_STRIDE])
            for i in range(layers.shape[0]):
                product(p, layers[i], h, begin, end)
                if i == 0:
                    add_bins(bins, position, order, columns, values, first_layer, h, first, begin, end)
                finish_rows(layers[i], nothing, h, d, first, begin, end)
            if out.shape[0] > 0:
                for r in range(begin, end):
                    for j in range(outputs):
                        out[(first + r) * outputs + j] = h[last[TARGET] + r * last[TARGET_STRIDE] + j]
                continue
            losses[0] += loss_and_deltas(y, nothing, order, last, h, d, first, begin, end, size)
            for i in range(layers.shape[0] - 1, 0, -1):
                backward_layer(t, d, layers[i], layers[i - 1], begin, end)
        if out.shape[0] > 0:
            continue
        for n in range(slabs.shape[0]):
            weight_gradients(h, d, layers[slabs[n, 0]], slabs[n, 1], slabs[n, 2], size, p, g, state, decay, rate,
                             c1, c2)  # fmt: skip
            transpose_slab(p, t, layers, slabs[n])
        for c in range(columns):
            deltas_to_knots(bins, position, order, columns, c, first, size, first_layer, d, knots)
            update_bins(knots, w, w_g, w_state, w_decay, centre, inverse, starts, c, width, sums, rate, c1, c2)
            values_at_knots(w, values, centre, inverse, starts, c, width)
