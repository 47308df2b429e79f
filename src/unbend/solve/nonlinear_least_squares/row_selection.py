"""The rows of a long table on which starting points are compared: an even grid, and the rows that stand out.

A peak narrower than the grid would not be seen on the grid alone. Rows stand out by an extreme response, or where the
curvature of the response along the variable (second differences of block means, for blocks of several lengths) is
largest. They count with the weight of the rows they stand for, so that sums of squares estimate those of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...arrays import Array

_EXTREME = 16  # rows with the largest, and with the smallest response
_BLOCKS = 4  # blocks of every length that stand out most
_ROWS_OF_BLOCK = 6  # rows taken from a block and its two neighbours together, or all of them if they are fewer


class RowSelection(NamedTuple):
    """``rows`` in ascending order, their ``weights``, and those among them that are ``prominent``; each an array."""

    rows: Array
    weights: Array
    prominent: Array


def select_rows(variables: Sequence[Array], y: Array, count: int) -> RowSelection:
    """About ``count`` rows of the data, all if there are no more; ``variables`` and ``y`` are (rows,)."""
    n = len(y)
    if n <= count:
        return RowSelection(np.arange(n), np.ones(n), np.arange(0))
    weights = _prominent_rows(variables, y, n / count)
    prominent = np.array(sorted(weights))
    grid = np.linspace(0, n - 1, max(count - len(prominent), count // 2)).astype(int)
    grid = grid[~np.isin(grid, prominent)]
    share = (n - sum(weights.values())) / max(len(grid), 1)
    weights.update(dict.fromkeys(grid.tolist(), max(share, 1.0)))
    rows = np.array(sorted(weights))
    return RowSelection(rows, np.array([weights[i] for i in rows.tolist()]), prominent)


def _prominent_rows(variables: Sequence[Array], y: Array, spacing: float) -> dict[int, float]:
    """{row: number of rows it stands for}"""
    order = np.argsort(y, kind="stable")
    weights = dict.fromkeys([*order[:_EXTREME].tolist(), *order[-_EXTREME:].tolist()], 1.0)
    for column in variables[:3]:
        along = np.argsort(column, kind="stable")
        length = 1
        while length <= 2 * spacing and 3 * length < len(y):
            for first in _most_curved_blocks(y[along], length):
                step = max(1, 3 * length // _ROWS_OF_BLOCK)
                for i in range(max(first - length, 0), min(first + 2 * length, len(y)), step):
                    weights.setdefault(int(along[i]), float(step))
            length *= 2
    return weights


def _most_curved_blocks(y: Array, length: int) -> list[int]:
    """The first rows of the blocks whose mean differs most from that of the two blocks beside them."""
    offsets = (0, length // 2) if length > 1 else (0,)
    curvatures: list[tuple[float, int]] = []
    for offset in offsets:
        blocks = (len(y) - offset) // length
        means = y[offset : offset + blocks * length].reshape(blocks, length).mean(axis=1)
        size = np.abs(means[1:-1] - (means[:-2] + means[2:]) / 2)
        curvatures.extend(zip(size.tolist(), (offset + length * np.arange(1, blocks - 1)).tolist(), strict=True))
    chosen: list[int] = []
    for _, first in sorted(curvatures, key=lambda item: -item[0])[: 8 * _BLOCKS]:
        if len(chosen) < _BLOCKS and all(abs(first - other) > 2 * length for other in chosen):
            chosen.append(first)
    return chosen
