"""Memory layout of the small kernel: the layer table, and packing weights into one array and back.

The W and b of a layer lie together: b is the last row, the weights of a unit whose value is always 1. Rows and columns
are padded with zeros to multiples of four. Four columns lie side by side, row after row, then the next four.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ..layer_table import (
    ACTIVATION,
    COLUMNS,
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
    round_up,
)
from ..machine import aligned_zeros

_COLUMNS = 4  # columns of W that are interleaved
_LANES = 16  # the most lanes of any SIMD vector


def layer_table(sizes: Sequence[tuple[int, int]], activations: Sequence[int]) -> Array:
    """The layer table of a network with layers of ``sizes`` (inputs, outputs) and activations of these numbers."""
    table = np.zeros((len(sizes), COLUMNS), dtype=np.int64)
    weights = values = slopes = 0
    for layer, (inputs, outputs), activation in zip(table, sizes, activations, strict=True):
        padded, columns = round_up(inputs + 1, 4), round_up(outputs, _COLUMNS)
        layer[[INPUTS, OUTPUTS, PADDED_INPUTS, ACTIVATION]] = inputs, outputs, padded, activation
        layer[[WEIGHTS, SOURCE, TARGET, SLOPE, MASK]] = weights, values, values + padded, slopes, -1
        weights += padded * columns
        values += padded
        slopes += columns
    table[:, TILE_VALUES] = values + round_up(sizes[-1][1], 4)
    table[:, TILE_SLOPES] = slopes
    return table


def packed_length(table: Array) -> int:
    """The number of floats of the packed weights, padded to full SIMD vectors."""
    last = table[-1]
    return round_up(int(last[WEIGHTS] + last[PADDED_INPUTS] * round_up(int(last[OUTPUTS]), _COLUMNS)), _LANES)


def pack(table: Array, pairs: Sequence[tuple[Array, Array]], dtype: Any) -> Array:
    """The weights of m members, W (m, inputs, outputs) and b (m, 1, outputs), as (m, floats)."""
    packed = aligned_zeros((len(pairs[0][0]), packed_length(table)), dtype)
    for layer, (W, b) in zip(table, pairs, strict=True):
        inputs, outputs = W.shape[1:]
        padded = np.zeros((len(W), layer[PADDED_INPUTS], round_up(outputs, _COLUMNS)), dtype)
        padded[:, :inputs, :outputs] = W
        padded[:, inputs, :outputs] = b[:, 0]
        _blocks(packed, layer)[...] = padded.reshape(len(W), layer[PADDED_INPUTS], -1, _COLUMNS).swapaxes(1, 2)
    return packed


def unpack(table: Array, packed: Array) -> list[tuple[Array, Array]]:
    """The inverse of ``pack``: new W (m, inputs, outputs) and b (m, 1, outputs) of each layer."""
    pairs = []
    for layer in table:
        inputs, outputs = layer[INPUTS], layer[OUTPUTS]
        padded = _blocks(packed, layer).swapaxes(1, 2).reshape(len(packed), layer[PADDED_INPUTS], -1)
        pairs.append((padded[:, :inputs, :outputs].copy(), padded[:, inputs : inputs + 1, :outputs].copy()))
    return pairs


def _blocks(packed: Array, layer: Array) -> Array:
    """A layer's weights as a view (m, blocks of columns, rows, columns of a block)."""
    start, rows = int(layer[WEIGHTS]), int(layer[PADDED_INPUTS])
    blocks = round_up(int(layer[OUTPUTS]), _COLUMNS) // _COLUMNS
    weights = packed[:, start : start + rows * blocks * _COLUMNS]
    return weights.reshape(len(packed), blocks, rows, _COLUMNS)
