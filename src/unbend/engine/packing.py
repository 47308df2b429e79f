"""Where everything lies in a tile kernel's arrays, and the way of the weights there and back.

A layer's W and b lie together: b is the last row, the weights of a unit whose value is always 1. Rows and columns are
filled up with zeros to multiples of four; four columns lie side by side, row after row, then the next four. One
layer has one line in ``plan``; the columns of a line are named here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from .memory import zeros

INPUTS, OUTPUTS = 0, 1  # the layer's sizes
PADDED = 2  # rows of its weights: inputs, the 1, zeros
WEIGHTS = 3  # where its weights begin
SOURCE, TARGET = 4, 5  # where its inputs and its values begin in a tile's units
SLOPE = 6  # where its slopes begin in a tile's slopes
CODE = 7  # which activation
MASK = 8  # where its dropout factors begin, or -1
UNITS, SLOPES = 9, 10  # units and slopes of a tile, the same in every line


def upward(n: int, multiple: int) -> int:
    """The next multiple, n itself included."""
    return -(-n // multiple) * multiple


def layout(sizes: Sequence[tuple[int, int]], codes: Sequence[int]) -> Array:
    """The plan of a network: ``sizes`` are its layers' (inputs, outputs), ``codes`` tell the activations apart."""
    plan = np.zeros((len(sizes), 11), dtype=np.int64)
    weights = source = slope = 0
    for line, (inputs, outputs), code in zip(plan, sizes, codes, strict=True):
        padded, columns = upward(inputs + 1, 4), upward(outputs, 4)
        line[:9] = inputs, outputs, padded, weights, source, source + padded, slope, code, -1
        weights += padded * columns
        source += padded
        slope += columns
    plan[:, UNITS] = source + upward(sizes[-1][1], 4)
    plan[:, SLOPES] = slope
    return plan


def length(plan: Array) -> int:
    """How many floats the packed weights take, filled up to whole lanes."""
    last = plan[-1]
    return upward(int(last[WEIGHTS] + last[PADDED] * upward(int(last[OUTPUTS]), 4)), 16)


def pack(plan: Array, pairs: Sequence[tuple[Array, Array]], dtype: Any) -> Array:
    """The weights of m members, W (m, inputs, outputs) and b (m, 1, outputs), as (m, floats)."""
    packed = zeros((len(pairs[0][0]), length(plan)), dtype)
    for line, (W, b) in zip(plan, pairs, strict=True):
        inputs, outputs = W.shape[1:]
        filled = np.zeros((len(W), line[PADDED], upward(outputs, 4)), dtype)
        filled[:, :inputs, :outputs] = W
        filled[:, inputs, :outputs] = b[:, 0]
        _block(packed, line)[...] = filled.reshape(len(W), line[PADDED], -1, 4).swapaxes(1, 2)
    return packed


def unpack(plan: Array, packed: Array) -> list[tuple[Array, Array]]:
    """The way back: new W (m, inputs, outputs) and b (m, 1, outputs) of each layer."""
    pairs = []
    for line in plan:
        inputs, outputs = line[INPUTS], line[OUTPUTS]
        filled = _block(packed, line).swapaxes(1, 2).reshape(len(packed), line[PADDED], -1)
        pairs.append((filled[:, :inputs, :outputs].copy(), filled[:, inputs : inputs + 1, :outputs].copy()))
    return pairs


def _block(packed: Array, line: Array) -> Array:
    """A layer's weights as a view (m, columns/4, rows, 4)."""
    blocks = upward(int(line[OUTPUTS]), 4) // 4
    floats = int(line[PADDED]) * blocks * 4
    return packed[:, line[WEIGHTS] : line[WEIGHTS] + floats].reshape(len(packed), blocks, int(line[PADDED]), 4)
