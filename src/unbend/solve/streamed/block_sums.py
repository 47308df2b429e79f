"""The sums of products of a block of rows, in doubles by a kernel or exactly, added to those of its folds."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...kernels.sources import load_kernels
from ...network.scaling import Scaler
from .exact_products import ROWS as EXACT_ROWS
from .exact_products import add_products, decimal_rests
from .exact_sums import ExactSums
from .row_check import flat_cells

KERNEL = "unbend.solve.streamed.gram_kernel"
ROWS = 1 << 16  # of a block
TILE, LANE_ROWS = 4, 32  # of the kernel: columns are a multiple of the first, and a lane adds up so many rows
ROUNDING = (LANE_ROWS + 12) * 2.0**-53  # of a sum of products of standardised numbers, against the sum of their sizes
_SAFE = (1e-200, 1e200)  # sums of squares in doubles between these have neither lost digits nor overflowed


def add_in_doubles(sums: list[ExactSums], x: Array, y: Array, weights: Array, fold: Array, reference: Scaler) -> bool:
    """Add the products of [x, y] standardised and 1, each row to the sums of its fold.

    Without ``weights`` (0,) all are 1, without folds (0,) there is one. Returns whether it was done: not if a number is
    not finite or its square is out of the range of doubles.
    """
    used = x.shape[1] + 2
    width = -(-used // TILE) * TILE
    high, low = np.zeros((2, len(sums), width, width))
    kernels = load_kernels(KERNEL)
    kernel = kernels.add_float32_rows if x.dtype == np.float32 else kernels.add_float64_rows
    y, weights = np.ascontiguousarray(y), np.ascontiguousarray(weights)
    standardisation = reference.centre, 1 / reference.scale
    kernel(*flat_cells(x), x.shape[1], y, weights, fold, *standardisation, high.ravel(), low.ravel())
    row, column = np.triu_indices(used)
    squares = np.diagonal(high, axis1=1, axis2=2)[:, :used]
    if (
        not np.isfinite(high[:, row, column]).all()
        or ((squares > 0) & ((squares < _SAFE[0]) | (squares > _SAFE[1]))).any()
    ):
        return False
    zero = np.flatnonzero((squares == 0).all(axis=0)[:-1])
    if len(zero) and (np.column_stack([x, y])[:, zero] != reference.centre[zero]).any():
        return False  # their squares are too small for a double
    places = np.tile(row * used + column, 2)
    for own, a, b in zip(sums, high, low, strict=True):
        own.add(np.concatenate([a[row, column], b[row, column]]), 0, places)
    return True


def add_exactly(sums: list[ExactSums], x: Array, y: Array, weights: Array, fold: Array, low: Array | None) -> None:
    """Add the products of [x + low, y] and 1, as `add_in_doubles` does; without ``low`` doubles are decimals."""
    values = np.column_stack([x, y, np.ones(len(y))]).astype(np.float64)
    rests = np.zeros_like(values)
    rests[:, -2] = decimal_rests(y)
    if low is not None:
        rests[:, :-2] = low
    elif x.dtype == np.float64:
        rests[:, :-2] = decimal_rests(x)
    for i, own in enumerate(sums):
        rows = np.flatnonzero(fold == i) if len(fold) else np.arange(len(y) if i == 0 else 0)
        for start in range(0, len(rows), EXACT_ROWS):
            part = rows[start : start + EXACT_ROWS]
            add_products(own, [values[part], rests[part]], weights[part] if len(weights) else None)
