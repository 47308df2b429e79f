"""Products of rows and panels of weights: forward, backward, and by the weights. Text of the row kernels.

Each keeps a block of sums in the processor's registers: six rows by four lanes where there are so many, one row or
one lane at the edges. ``pattern`` is a tuple of as many lanes as the panel is wide.
"""

from __future__ import annotations

from typing import Any

from .blocks import zeros
from .lanes import lanes
from .panel_blocks import add_line, begin, begin_zero, put_lines, scale_lines, turn_square
from .panel_packing import INPUTS, OUTPUTS, SLOPE, SOURCE, SOURCE_WIDTH, TURNED, VECTORS, WEIGHTS
from .pieces import LANES, TALL, WIDE, inner, renew, settle


@inner
def grow(
    sums: Any, p: Any, w: Any, line: Any, a: Any, i: Any, apart: Any, inputs: Any, h: Any, at: Any, width: Any
) -> Any:
    """One block from its biases to its sums: rows of inputs a[i …], to h[at …]."""
    z = sums
    for k in range(inputs):
        z = add_line(z, p, w + k * line, a, i + k, apart)
    put_lines(h, at, width, z)


@inner
def one_panel(
    pattern: Any, p: Any, w: Any, a: Any, i: Any, apart: Any, inputs: Any, rows: Any, h: Any, at: Any, width: Any
) -> Any:
    """x W + b for the outputs of one panel, which begins at w."""
    line = len(pattern) * LANES
    tall = rows // TALL * TALL
    for r in range(0, tall, TALL):
        z = begin(pattern, p, w + inputs * line, TALL)
        grow(z, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width, width)
    for r in range(tall, rows):
        z1 = begin(pattern, p, w + inputs * line, 1)
        grow(z1, p, w, line, a, i + r * apart, apart, inputs, h, at + r * width, width)


@inner
def product(p: Any, layer: Any, a: Any, i: Any, apart: Any, rows: Any, h: Any, at: Any, width: Any) -> Any:
    """x W + b of one layer: rows from a[i …], ``apart`` floats from each other, to h[at …], ``width`` apart."""
    like = lanes(h, LANES)
    inputs, vectors, w = layer[INPUTS], layer[VECTORS], layer[WEIGHTS]
    v = 0
    while v < vectors:
        if v + WIDE <= vectors:
            one_panel(zeros(like, WIDE), p, w, a, i, apart, inputs, rows, h, at + v * LANES, width)
            across = WIDE
        else:
            one_panel(zeros(like, 1), p, w, a, i, apart, inputs, rows, h, at + v * LANES, width)
            across = 1
        v += across
        w += (inputs + 1) * across * LANES


@inner
def turn(p: Any, t: Any, layer: Any, first: Any, end: Any) -> Any:
    """The weights of the inputs first … end once more, in panels of inputs, output after output."""
    like = lanes(p, LANES)
    inputs, vectors = layer[INPUTS], layer[VECTORS]
    wide = (inputs + LANES - 1) // LANES // WIDE * WIDE
    v, w = 0, layer[WEIGHTS]
    while v < vectors:
        line = (WIDE if v + WIDE <= vectors else 1) * LANES
        for k in range(first, min(end, inputs), LANES):
            c = k // LANES
            panel = c // WIDE * WIDE if c < wide else c
            apart = (WIDE if c < wide else 1) * LANES
            at = layer[TURNED] + panel * LANES * vectors * LANES + (c - panel) * LANES
            for n in range(0, line, LANES):
                turn_square(like, p, w + k * line + n, line, t, at + (v * LANES + n) * apart, apart)
        v += line // LANES
        w += (inputs + 1) * line


@inner
def pull_panel(
    pattern: Any, t: Any, w: Any, d: Any, i: Any, apart: Any, outputs: Any, rows: Any, at: Any, width: Any
) -> Any:
    """W delta for one panel of inputs, multiplied into the slopes d[at …]."""
    line = len(pattern) * LANES
    tall = rows // TALL * TALL
    for r in range(0, tall, TALL):
        z = begin_zero(pattern, TALL)
        for j in range(outputs):
            z = add_line(z, t, w + j * line, d, i + r * apart + j, apart)
        scale_lines(d, at + r * width, width, z)
    for r in range(tall, rows):
        z1 = begin_zero(pattern, 1)
        for j in range(outputs):
            z1 = add_line(z1, t, w + j * line, d, i + r * apart + j, apart)
        scale_lines(d, at + r * width, width, z1)


@inner
def pull_back(t: Any, d: Any, layer: Any, before: Any, first: Any, end: Any) -> Any:
    """The deltas of the layer before, in place of its slopes: its slopes times W delta."""
    like = lanes(d, LANES)
    apart, width = layer[VECTORS] * LANES, before[VECTORS] * LANES
    i, w = layer[SLOPE] + first * apart, layer[TURNED]
    v = 0
    while v < before[VECTORS]:
        at = before[SLOPE] + first * width + v * LANES
        if v + WIDE <= before[VECTORS]:
            pull_panel(zeros(like, WIDE), t, w, d, i, apart, layer[OUTPUTS], end - first, at, width)
            across = WIDE
        else:
            pull_panel(zeros(like, 1), t, w, d, i, apart, layer[OUTPUTS], end - first, at, width)
            across = 1
        v += across
        w += across * LANES * apart


@inner
def sum_up(sums: Any, count: Any, h: Any, i: Any, d: Any, j: Any, layer: Any, size: Any, p: Any, g: Any, decay: Any,
           w: Any, line: Any, rate: Any) -> Any:  # fmt: skip
    """One block of derivatives: ``count`` inputs h[i …] times lanes of deltas d[j …], summed over the minibatch."""
    z = sums
    for r in range(size):
        z = add_line(z, d, j + r * layer[VECTORS] * LANES, h, i + r * layer[SOURCE_WIDTH], 1)
    settle(z, count, p, g, decay, w, line, rate)


@inner
def derive_panel(pattern: Any, h: Any, d: Any, j: Any, layer: Any, first: Any, end: Any, size: Any, p: Any, g: Any,
                 decay: Any, w: Any, rate: Any) -> Any:  # fmt: skip
    """The derivatives by one panel's weights of the inputs first … end."""
    line = len(pattern) * LANES
    tall = first + (end - first) // TALL * TALL
    for k in range(first, tall, TALL):
        z = begin_zero(pattern, TALL)
        sum_up(z, TALL, h, layer[SOURCE] + k, d, j, layer, size, p, g, decay, w + k * line, line, rate)
    for k in range(tall, end):
        z1 = begin_zero(pattern, 1)
        sum_up(z1, 1, h, layer[SOURCE] + k, d, j, layer, size, p, g, decay, w + k * line, line, rate)


@inner
def derive(h: Any, d: Any, layer: Any, first: Any, end: Any, size: Any, p: Any, g: Any, state: Any, decay: Any,
           rate: Any, c1: Any, c2: Any) -> Any:  # fmt: skip
    """The derivatives by the weights of the inputs first … end, and the optimiser's step with them."""
    like = lanes(p, LANES)
    vectors, w = layer[VECTORS], layer[WEIGHTS]
    v = 0
    while v < vectors:
        j = layer[SLOPE] + v * LANES
        if v + WIDE <= vectors:
            derive_panel(zeros(like, WIDE), h, d, j, layer, first, end, size, p, g, decay, w, rate)
            across = WIDE
        else:
            derive_panel(zeros(like, 1), h, d, j, layer, first, end, size, p, g, decay, w, rate)
            across = 1
        line = across * LANES
        renew(p, g, state, decay, w + first * line, w + end * line, rate, c1, c2)
        v += across
        w += (layer[INPUTS] + 1) * line
