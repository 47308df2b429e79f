"""Where everything lies in the row kernels' arrays, and the weights' way there and back.

Outputs are filled up with zeros to whole lanes. A *panel* is the weights that lead to a few neighbouring lanes of
outputs, input after input and the biases last, so that a product reads them in one stream. Full panels come first,
then what is left in panels of one. One layer has one line in ``plan``; its columns are named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from .memory import zeros
from .packing import upward

INPUTS, OUTPUTS = 0, 1  # the layer's sizes
VECTORS = 2  # how many lanes its outputs take
WEIGHTS = 3  # where its panels begin
CODE = 4  # which activation
MASK = 5  # where its dropout factors begin, or -1
SOURCE, SOURCE_WIDTH = 6, 7  # training: where its inputs begin in h, and how far their rows are apart
TARGET, TARGET_WIDTH = 8, 9  # the same for its values
SLOPE = 10  # where its slopes begin in d; their rows are VECTORS lanes apart
WIDEST = 11  # the most lanes of any layer, the same in every line
TURNED = 12  # training: where its weights begin once more, in panels of inputs, output after output

CHUNK_ROWS = 96  # rows that go through all layers together
_SLACK = 16  # rows that blocks may read, and not use, beyond the last


def layout(sizes: Sequence[tuple[int, int]], codes: Sequence[int], lanes: int, batch: int = 0) -> Array:
    """The plan of a network; ``batch`` is the largest minibatch, 0 for inference. A row of inputs ends in a 1."""
    plan = np.zeros((len(sizes), 13), dtype=np.int64)
    weights = source = slope = turned = 0
    for line, (inputs, outputs), code in zip(plan, sizes, codes, strict=True):
        vectors = -(-outputs // lanes)
        width, next_width = upward(inputs + 1, lanes), upward(outputs + 1, lanes)
        target = source + batch * width
        line[:11] = inputs, outputs, vectors, weights, code, -1, source, width, target, next_width, slope
        weights += (inputs + 1) * vectors * lanes
        source = target
        slope += batch * vectors * lanes
        line[TURNED] = turned
        turned += upward(inputs, lanes) * vectors * lanes
    plan[:, WIDEST] = plan[:, VECTORS].max()
    return plan


def length(plan: Array, lanes: int) -> int:
    """How many floats the packed weights take."""
    last = plan[-1]
    return int(last[WEIGHTS] + (last[INPUTS] + 1 + _SLACK) * last[VECTORS] * lanes)


def pack(plan: Array, pairs: Sequence[tuple[Array, Array]], lanes: int, wide: int, dtype: Any) -> Array:
    """The weights of m members, W (m, inputs, outputs) and b (m, 1, outputs), as (m, floats)."""
    packed = zeros((len(pairs[0][0]), upward(length(plan, lanes), lanes)), dtype)
    for line, (W, b) in zip(plan, pairs, strict=True):
        for panel, first in _panels(packed, line, lanes, wide):
            some = slice(first, min(first + panel.shape[2], W.shape[2]))
            panel[:, :-1, : some.stop - first] = W[:, :, some]
            panel[:, -1:, : some.stop - first] = b[:, :, some]
    return packed


def unpack(plan: Array, packed: Array, lanes: int, wide: int) -> list[tuple[Array, Array]]:
    """The way back: new W (m, inputs, outputs) and b (m, 1, outputs) of each layer."""
    pairs = []
    for line in plan:
        table = np.concatenate([panel for panel, _ in _panels(packed, line, lanes, wide)], axis=2)
        outputs = int(line[OUTPUTS])
        pairs.append((table[:, :-1, :outputs].copy(), table[:, -1:, :outputs].copy()))
    return pairs


def _panels(packed: Array, line: Array, lanes: int, wide: int) -> Iterator[tuple[Array, int]]:
    """Each panel of a layer as a view (m, inputs + 1, outputs), and its first output."""
    rows, vectors, at = int(line[INPUTS]) + 1, int(line[VECTORS]), int(line[WEIGHTS])
    first = 0
    while first < vectors * lanes:
        across = (wide if first // lanes + wide <= vectors else 1) * lanes
        yield packed[:, at : at + rows * across].reshape(len(packed), rows, across), first
        at += rows * across
        first += across
