"""Memory layout of the large kernel and of inference: the layer table, and packing weights into panels and back.

Outputs are padded with zeros to full SIMD vectors. A *panel* is the weights of a few neighbouring vectors of outputs,
input after input and the biases last, so that a product reads them in one stream. Full panels come first, then the
remaining vectors as panels of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ..layer_table import (
    ACTIVATION,
    COLUMNS,
    INPUTS,
    MASK,
    MOST_VECTORS,
    OUTPUTS,
    SLOPE,
    SOURCE,
    SOURCE_STRIDE,
    TARGET,
    TARGET_STRIDE,
    TRANSPOSED,
    VECTORS,
    WEIGHTS,
    round_up,
)
from ..machine import aligned_zeros

_EXTRA_ROWS = 16  # blocks may read, and not use, so many rows beyond the last


def layer_table(sizes: Sequence[tuple[int, int]], activations: Sequence[int], lanes: int, batch: int = 0) -> Array:
    """The layer table of a network with layers of ``sizes`` (inputs, outputs) and activations of these numbers.

    ``batch`` is the size of the largest minibatch, 0 for inference.
    """
    table = np.zeros((len(sizes), COLUMNS), dtype=np.int64)
    weights = source = slope = transposed = 0
    for layer, (inputs, outputs), activation in zip(table, sizes, activations, strict=True):
        vectors = -(-outputs // lanes)
        width, next_width = round_up(inputs + 1, lanes), round_up(outputs + 1, lanes)
        target = source + batch * width
        layer[[INPUTS, OUTPUTS, VECTORS, ACTIVATION, MASK]] = inputs, outputs, vectors, activation, -1
        layer[[SOURCE, SOURCE_STRIDE, TARGET, TARGET_STRIDE]] = source, width, target, next_width
        layer[[WEIGHTS, SLOPE, TRANSPOSED]] = weights, slope, transposed
        weights += (inputs + 1) * vectors * lanes
        source = target
        slope += batch * vectors * lanes
        transposed += round_up(inputs, lanes) * vectors * lanes
    table[:, MOST_VECTORS] = table[:, VECTORS].max()
    return table


def packed_length(table: Array, lanes: int) -> int:
    """The number of floats of the packed weights."""
    last = table[-1]
    return round_up(int(last[WEIGHTS] + (last[INPUTS] + 1 + _EXTRA_ROWS) * last[VECTORS] * lanes), lanes)


def pack(table: Array, pairs: Sequence[tuple[Array, Array]], lanes: int, panel: int, dtype: Any) -> Array:
    """The weights of m members, W (m, inputs, outputs) and b (m, 1, outputs), as (m, floats); panels of ``panel``
    vectors."""  # fmt: skip
    packed = aligned_zeros((len(pairs[0][0]), packed_length(table, lanes)), dtype)
    for layer, (W, b) in zip(table, pairs, strict=True):
        for view, first in _panels(packed, layer, lanes, panel):
            columns = slice(first, min(first + view.shape[2], W.shape[2]))
            view[:, :-1, : columns.stop - first] = W[:, :, columns]
            view[:, -1:, : columns.stop - first] = b[:, :, columns]
    return packed


def unpack(table: Array, packed: Array, lanes: int, panel: int) -> list[tuple[Array, Array]]:
    """The inverse of ``pack``: new W (m, inputs, outputs) and b (m, 1, outputs) of each layer."""
    pairs = []
    for layer in table:
        joined = np.concatenate([view for view, _ in _panels(packed, layer, lanes, panel)], axis=2)
        outputs = int(layer[OUTPUTS])
        pairs.append((joined[:, :-1, :outputs].copy(), joined[:, -1:, :outputs].copy()))
    return pairs


def _panels(packed: Array, layer: Array, lanes: int, panel: int) -> Iterator[tuple[Array, int]]:
    """Each panel of a layer as a view (m, inputs + 1, outputs), and its first output."""
    rows, vectors, at = int(layer[INPUTS]) + 1, int(layer[VECTORS]), int(layer[WEIGHTS])
    first = 0
    while first < vectors * lanes:
        width = (panel if first // lanes + panel <= vectors else 1) * lanes
        yield packed[:, at : at + rows * width].reshape(len(packed), rows, width), first
        at += rows * width
        first += width
