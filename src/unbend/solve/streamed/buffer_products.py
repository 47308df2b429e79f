"""Products of buffered rows: functions of the kernels of ``gram_kernel.py`` and ``logistic_kernel.py``.

A buffer holds the standardised rows column after column. Products are added up in eight lanes, every eighth row in one,
and these pairwise; what a buffer adds up to is added to a block's sums with its rounding error (two-sum: Knuth, The Art
of Computer Programming 2, 4.2.2). The order of all additions is that of the source: the bits do not depend on the width
of the processor's vectors.
"""

from typing import Any

from ...arrays import Array
from ...kernels.declare import inlined
from ...kernels.vector import fma, load, sum_lanes, zero_vector

BUFFER = 256  # rows
LANES = 8
TILE = 4  # the columns of a buffer are a multiple of these, the last ones 0


@inlined
def add_lanes(a: Any, b: Any, c: Any, d: Any, out: Array, at: Any) -> None:
    """Set four numbers of out to the sums of the lanes of four vectors."""
    out[at], out[at + 1], out[at + 2], out[at + 3] = sum_lanes(a), sum_lanes(b), sum_lanes(c), sum_lanes(d)


@inlined
def multiply_buffers(
    left: Array, left_start: Any, right: Array, right_start: Any, width: int, out: Array, at: int
) -> None:
    """Set out[at:] (width, width) on and above the diagonal to left'right of two buffers."""
    like = zero_vector(right, LANES)
    for i in range(0, width, TILE):
        for j in range(i, width, TILE):
            s00, s01, s02, s03 = like, like, like, like
            s10, s11, s12, s13 = like, like, like, like
            s20, s21, s22, s23 = like, like, like, like
            s30, s31, s32, s33 = like, like, like, like
            for r in range(0, BUFFER, LANES):
                a, b = left_start + i * BUFFER + r, right_start + j * BUFFER + r
                b0, b1 = load(right, b, like), load(right, b + BUFFER, like)
                b2, b3 = load(right, b + 2 * BUFFER, like), load(right, b + 3 * BUFFER, like)
                column = load(left, a, like)
                s00, s01 = fma(column, b0, s00), fma(column, b1, s01)
                s02, s03 = fma(column, b2, s02), fma(column, b3, s03)
                column = load(left, a + BUFFER, like)
                s10, s11 = fma(column, b0, s10), fma(column, b1, s11)
                s12, s13 = fma(column, b2, s12), fma(column, b3, s13)
                column = load(left, a + 2 * BUFFER, like)
                s20, s21 = fma(column, b0, s20), fma(column, b1, s21)
                s22, s23 = fma(column, b2, s22), fma(column, b3, s23)
                column = load(left, a + 3 * BUFFER, like)
                s30, s31 = fma(column, b0, s30), fma(column, b1, s31)
                s32, s33 = fma(column, b2, s32), fma(column, b3, s33)
            to = at + i * width + j
            add_lanes(s00, s01, s02, s03, out, to)
            to += width
            add_lanes(s10, s11, s12, s13, out, to)
            to += width
            add_lanes(s20, s21, s22, s23, out, to)
            to += width
            add_lanes(s30, s31, s32, s33, out, to)


@inlined
def add_compensated(products: Array, high: Array, low: Array, start: Any) -> None:
    """Add products to high from ``start`` on, and the rounding errors to low."""
    for p in range(len(products)):
        new, old = products[p], high[start + p]
        total = old + new
        part = total - old
        high[start + p] = total
        low[start + p] += (old - (total - part)) + (new - part)


@inlined
def standardise(
    x: Any,
    row_stride: int,
    column_stride: int,
    columns: int,
    first: int,
    count: int,
    centre: Any,
    factor: Any,
    out: Array,
    at: Any,
) -> None:
    """Copy (x - centre) * factor of ``count`` rows from ``first`` on to a buffer, from ``at`` on."""
    for j in range(columns):
        middle, by = centre[j], factor[j]
        start = first * row_stride + j * column_stride
        own = out[at + j * BUFFER : at + j * BUFFER + count]
        if row_stride == 1:
            cells = x[start : start + count]
            for r in range(len(cells)):
                own[r] = (cells[r] - middle) * by
        else:
            for r in range(count):
                own[r] = (x[start + r * row_stride] - middle) * by


@inlined
def clear_rest(out: Array, start: Any, columns: int, count: Any) -> None:
    """Set the rows of the buffer at ``start`` from row ``count`` on to 0."""
    for j in range(columns):
        out[start + j * BUFFER + count : start + (j + 1) * BUFFER] = 0.0
