"""Products of rows and panels of weights: forward, backward, and by the weights. Text of the row kernels.

Each keeps a block of sums in the processor's registers: six rows by four lanes where there are so many, one row or
one lane at the edges.
"""

from __future__ import annotations

from typing import Any

from .blocks import add_across, scale_parts, totals, zeros
from .lanes import lanes
from .panel_blocks import add_line, begin, begin_zero, put_lines
from .panel_packing import INPUTS, SLOPE, SOURCE, SOURCE_WIDTH, VECTORS, WEIGHTS
from .pieces import LANES, TALL, WIDE, inner, renew, settle


@inner
def grow(sums: Any, p: Any, w: Any, line: Any, a: Any, i: Any, apart: Any, inputs: Any, h: Any, at: Any, width: Any) -> None:
    """One block from its biases to its sums."""
    z = sums
    for k in range(inputs):
        z = add_line(z, p, w + k * line, a, i + k, apart)
    put_lines(h, at, width, z)


@inner
def product(p: Any, layer: Any, a: Any, i: int, apart: int, rows: int, h: Any, at: int, width: int) -> None:
    """x W + b of one layer: rows from a[i …], ``apart`` floats from each other, to h[at …], ``width`` apart."""
    like = lanes(h, LANES)
    inputs, vectors, w = layer[INPUTS], layer[VECTORS], layer[WEIGHTS]
    tall = rows // TALL * TALL
    v = 0
    while v < vectors:
        if v + WIDE <= vectors:
            line = WIDE * LANES
            for r in range(0, tall, TALL):
                z = begin(like, p, w + inputs * line, TALL, WIDE)
                grow(z, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width + v * LANES, width)
            for r in range(tall, rows):
                z1 = begin(like, p, w + inputs * line, 1, WIDE)
                grow(z1, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width + v * LANES, width)
        else:
            line = LANES
            for r in range(0, tall, TALL):
                z2 = begin(like, p, w + inputs * line, TALL, 1)
                grow(z2, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width + v * LANES, width)
            for r in range(tall, rows):
                z3 = begin(like, p, w + inputs * line, 1, 1)
                grow(z3, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width + v * LANES, width)
        v += line // LANES
        w += (inputs + 1) * line


@inner
def pull_back(p: Any, d: Any, layer: Any, before: Any, begin_row: int, end_row: int) -> None:
    """The deltas of the layer before, in place of its slopes: its slopes times W delta, a few rows by four inputs."""
    like = lanes(d, LANES)
    vectors, width, target_width = layer[VECTORS], layer[VECTORS] * LANES, before[VECTORS] * LANES
    rows = LANES // 4
    for r in range(begin_row, end_row, rows):
        for k in range(0, layer[INPUTS], 4):
            s = zeros(like, LANES)
            v, w = 0, layer[WEIGHTS]
            while v < vectors:
                across = WIDE if v + WIDE <= vectors else 1
                line = across * LANES
                for c in range(0, line, LANES):
                    s = add_across(s, d, layer[SLOPE] + r * width + v * LANES + c, width, p, w + k * line + c, line)
                v += across
                w += (layer[INPUTS] + 1) * line
            scale_parts(d, before[SLOPE] + r * target_width + k, target_width, totals(s), end_row - r)


@inner
def derive_block(
    sums: Any, count: Any, p: Any, g: Any, decay: Any, h: Any, i: Any, apart: Any, d: Any, j: Any, width: Any,
    size: Any, w: Any, line: Any, rate: Any,
) -> None:  # fmt: skip
    """One block of derivatives: ``count`` inputs h[i …] times lanes of deltas d[j …], summed over the minibatch."""
    z = sums
    for r in range(size):
        z = add_line(z, d, j + r * width, h, i + r * apart, 1)
    settle(z, count, p, g, decay, w, line, rate)


@inner
def derive(
    p: Any, g: Any, state: Any, decay: Any, h: Any, d: Any, layer: Any, first: int, end: int, size: int,
    rate: float, c1: float, c2: float,
) -> None:  # fmt: skip
    """The derivatives by the weights of the inputs first … end, and the optimiser's step with them."""
    like = lanes(p, LANES)
    vectors, width, apart, w = layer[VECTORS], layer[VECTORS] * LANES, layer[SOURCE_WIDTH], layer[WEIGHTS]
    tall = first + (end - first) // TALL * TALL
    v = 0
    while v < vectors:
        j = layer[SLOPE] + v * LANES
        if v + WIDE <= vectors:
            line = WIDE * LANES
            for k in range(first, tall, TALL):
                z = begin_zero(like, TALL, WIDE)
                derive_block(z, TALL, p, g, decay, h, layer[SOURCE] + k, apart, d, j, width, size, w + k * line, line, rate)
            for k in range(tall, end):
                z1 = begin_zero(like, 1, WIDE)
                derive_block(z1, 1, p, g, decay, h, layer[SOURCE] + k, apart, d, j, width, size, w + k * line, line, rate)
        else:
            line = LANES
            for k in range(first, tall, TALL):
                z2 = begin_zero(like, TALL, 1)
                derive_block(z2, TALL, p, g, decay, h, layer[SOURCE] + k, apart, d, j, width, size, w + k * line, line, rate)
            for k in range(tall, end):
                z3 = begin_zero(like, 1, 1)
                derive_block(z3, 1, p, g, decay, h, layer[SOURCE] + k, apart, d, j, width, size, w + k * line, line, rate)
        renew(p, g, state, decay, w + first * line, w + end * line, rate, c1, c2)
        v += line // LANES
        w += (layer[INPUTS] + 1) * line
